// Groups whose rows are too long to hold: each row is read piece by piece.
//
// A chunk is a fixed number of pieces. Each reduction has one partial result for a chunk, and those of a row are joined
// in order; then the steps on row registers run once more, for the row as a whole. All of it is cut by shape alone.
#include "Group.h"

#include <string.h>

#define CHUNK_COLUMNS 16384

typedef struct {
    const dk_group *group;
    void *const *buffers;
    int64_t tile;           // columns of a piece
    int64_t chunk;          // columns of a chunk, a multiple of the tile
    int64_t chunks;         // of a row
    int64_t units_per_task; // a unit is a chunk of a row
    int32_t reductions;     // how many of the steps are reductions
    int32_t row_outputs;
    dk_partial *partials;   // [row, chunk, reduction]; NULL when a row is one chunk
} stream;

static const dk_reduction_functions *functions_of(const dk_step *step) {
    return &dk_reductions()->reductions[step->reduction][step->dtype];
}

// Runs the steps before `after` over the pieces of a chunk; leaves the partial results of its reductions.
static void run_chunk(const stream *s, dk_group_worker *worker, int64_t row, int64_t chunk, dk_partial *partials) {
    const dk_group *group = s->group;
    int64_t first = chunk * s->chunk, end = first + s->chunk < group->columns ? first + s->chunk : group->columns;
    int32_t reduction = 0;
    for (int32_t i = 0; i < group->after; i++)
        if (group->steps[i].kind == DK_STEP_REDUCE) partials[reduction++] = functions_of(&group->steps[i])->identity;
    for (int64_t column = first; column < end; column += s->tile) {
        int64_t columns = end - column < s->tile ? end - column : s->tile;
        dk_group_load(worker, row, 1, column, columns);
        for (int32_t i = 0; i < group->output_count; i++) {
            const dk_output *output = &group->outputs[i];
            if (!output->full) continue;  // written when the row is complete
            worker->registers[output->reg] = (char *)worker->buffers[output->buffer]
                + (output->offset + row * group->columns + column) * group->register_bytes[output->reg];
        }
        dk_group_run_steps(worker, 1, columns, partials);
    }
}

// The row registers of a whole row, from its inputs and the results of its reductions; then the row's outputs.
static void finish_row(const stream *s, dk_group_worker *worker, int64_t row, const dk_partial *results) {
    const dk_group *group = s->group;
    if (s->row_outputs == 0) return;
    dk_group_load(worker, row, 1, 0, 0);
    int32_t reduction = 0;
    for (int32_t i = 0; i < group->step_count; i++) {
        const dk_step *step = &group->steps[i];
        if (step->kind == DK_STEP_REDUCE)
            dk_store_partials((dk_dtype)step->dtype, 1, worker->registers[step->out], &results[reduction++]);
        else if (step->kind == DK_STEP_MAP_ROW)
            dk_group_step(worker, step, 1, 0);
    }
    for (int32_t i = 0; i < group->output_count; i++) {
        const dk_output *output = &group->outputs[i];
        if (output->full) continue;
        int64_t bytes = group->register_bytes[output->reg];
        memcpy((char *)worker->buffers[output->buffer] + (output->offset + row) * bytes, worker->registers[output->reg],
               (size_t)bytes);
    }
}

static void run_task(void *context, int64_t index) {
    const stream *s = context;
    char *registers[s->group->register_count + 1];
    dk_partial local[s->reductions + 1];
    dk_group_worker worker = {.group = s->group, .buffers = s->buffers};
    dk_group_prepare(&worker, registers, 1, s->tile < s->group->columns ? s->tile : s->group->columns);
    int64_t units = s->group->rows * s->chunks, first = index * s->units_per_task;
    int64_t end = first + s->units_per_task < units ? first + s->units_per_task : units;
    for (int64_t unit = first; unit < end; unit++) {
        dk_partial *partials = s->partials ? s->partials + unit * s->reductions : local;
        run_chunk(s, &worker, unit / s->chunks, unit % s->chunks, partials);
        if (s->chunks == 1) finish_row(s, &worker, unit, partials);
    }
}

// Joins the chunks of each row, in order.
static void finish_rows(const stream *s) {
    char *registers[s->group->register_count + 1];
    dk_group_worker worker = {.group = s->group, .buffers = s->buffers};
    dk_group_prepare(&worker, registers, 1, 1);
    for (int64_t row = 0; row < s->group->rows; row++) {
        dk_partial *results = s->partials + row * s->chunks * s->reductions;
        int32_t reduction = 0;
        for (int32_t i = 0; i < s->group->after; i++) {
            const dk_step *step = &s->group->steps[i];
            if (step->kind != DK_STEP_REDUCE) continue;
            for (int64_t chunk = 1; chunk < s->chunks; chunk++)
                functions_of(step)->combine(1, &results[reduction], &results[chunk * s->reductions + reduction]);
            reduction++;
        }
        finish_row(s, &worker, row, results);
    }
}

void dk_run_group_streamed(const dk_group *group, void *const *buffers) {
    if (group->rows == 0) return;
    stream s = {.group = group, .buffers = buffers};
    int64_t tiles = CHUNK_COLUMNS / group->tile;
    s.chunk = group->tile * (tiles > 1 ? tiles : 1);
    s.tile = dk_group_is_one_chain(group) ? s.chunk : group->tile;
    s.chunks = group->columns > s.chunk ? (group->columns + s.chunk - 1) / s.chunk : 1;
    for (int32_t i = 0; i < group->after; i++) s.reductions += group->steps[i].kind == DK_STEP_REDUCE;
    for (int32_t i = 0; i < group->output_count; i++) s.row_outputs += !group->outputs[i].full;
    int64_t units = group->rows * s.chunks;
    if (s.chunks > 1) s.partials = dk_scratch(3, (size_t)(units * s.reductions) * sizeof(dk_partial));
    int small = dk_group_is_small(group);
    s.units_per_task = small ? units : dk_group_units_per_task(group, units);
    dk_parallel((units + s.units_per_task - 1) / s.units_per_task, run_task, &s);
    if (s.chunks > 1) finish_rows(&s);
}
