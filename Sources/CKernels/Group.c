// Runs a fused group: its list of steps, tile after tile.
//
// A register's tile lies in the thread's scratch, or is the tile of an input or output in its own buffer. Setting up is
// a walk over the registers and inputs, since groups over four elements are part of the smallest networks.
#include "Group.h"

#include <string.h>

// ---------------------------------------------------------------------------------------------------------------- tiles

static void point_outputs(dk_group_worker *worker, int64_t row) {
    const dk_group *group = worker->group;
    for (int32_t i = 0; i < group->output_count; i++) {
        const dk_output *output = &group->outputs[i];
        if (output->row_stride) continue;
        int64_t element = output->offset + (output->full ? row * group->columns : row);
        worker->registers[output->reg] =
            (char *)worker->buffers[output->buffer] + element * group->register_bytes[output->reg];
    }
}

// Outputs whose rows lie apart were written to scratch, row after row.
static void spread_outputs(const dk_group_worker *worker, int64_t first, int64_t rows) {
    const dk_group *group = worker->group;
    for (int32_t i = 0; i < group->output_count; i++) {
        const dk_output *output = &group->outputs[i];
        if (!output->row_stride) continue;
        const int64_t bytes = group->register_bytes[output->reg], row_bytes = group->columns * bytes;
        char *to = (char *)worker->buffers[output->buffer] + (output->offset + first * output->row_stride) * bytes;
        for (int64_t r = 0; r < rows; r++) memcpy(to + r * output->row_stride * bytes, worker->registers[output->reg] + r * row_bytes, (size_t)row_bytes);
    }
}

void dk_run_group_rows(const dk_group *group, void *const *buffers, int64_t first, int64_t count) {
    if (count <= 0) return;
    if (group->layout && count == group->rows) {
        dk_run_small_group(group, buffers);
        return;
    }
    char *registers[group->register_count + 1];
    dk_group_worker worker = {.group = group, .buffers = buffers};
    int64_t tile = group->rows_per_tile < count ? group->rows_per_tile : count;
    if (count > tile && dk_group_is_one_chain(group)) tile = count;
    dk_group_prepare(&worker, registers, tile, group->columns);
    for (int64_t row = first; row < first + count; row += tile) {
        int64_t rows = first + count - row < tile ? first + count - row : tile;
        dk_group_load(&worker, row, rows, 0, group->columns);
        point_outputs(&worker, row);
        dk_group_run_steps(&worker, rows, group->columns, NULL);
        spread_outputs(&worker, row, rows);
    }
}

typedef struct {
    const dk_group *group;
    void *const *buffers;
    int64_t rows_per_task;
} row_tasks;

static void run_task(void *context, int64_t index) {
    const row_tasks *tasks = context;
    int64_t first = index * tasks->rows_per_task, count = tasks->group->rows - first;
    dk_run_group_rows(tasks->group, tasks->buffers, first, count < tasks->rows_per_task ? count : tasks->rows_per_task);
}

void dk_run_group(const void *arguments, void *const *buffers) {
    const dk_group *group = arguments;
    if (group->layout) {
        dk_run_small_group(group, buffers);
    } else if (group->stream) {
        dk_run_group_streamed(group, buffers);
    } else if (dk_group_is_small(group)) {
        dk_run_group_rows(group, buffers, 0, group->rows);
    } else {
        int64_t tiles = (group->rows + group->rows_per_tile - 1) / group->rows_per_tile;
        row_tasks tasks = {group, buffers, dk_group_units_per_task(group, tiles) * group->rows_per_tile};
        dk_parallel((group->rows + tasks.rows_per_task - 1) / tasks.rows_per_task, run_task, &tasks);
    }
}
