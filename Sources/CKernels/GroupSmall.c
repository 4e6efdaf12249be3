// Groups of few elements, laid out once for all their runs.
//
// All of the group is one tile. Its layout says where each register is: in the thread's scratch, in a buffer, or, for
// what is the same in every run, in the layout itself. A run is left with little but the steps.
#include "Group.h"

#include <string.h>

typedef struct {
    uint16_t reg;
    int32_t buffer;
    int64_t offset;  // in bytes
} placed_register;

typedef struct {
    int64_t scratch;          // bytes of it
    int32_t placed_count, filled_count;
    placed_register *placed;
    const dk_input **filled;  // inputs that every run writes into scratch
    // A register is at scratch + place, or at `place` itself where in_scratch is 0.
    uintptr_t *places, *in_scratch;
} layout;

static int64_t elements_of(const dk_group *group, uint16_t reg) {
    return group->register_full[reg] ? group->rows * group->columns : group->rows;
}

static int64_t room_of(const dk_group *group, uint16_t reg) {
    return (elements_of(group, reg) * group->register_bytes[reg] + 15) & ~(int64_t)15;
}

static int is_constant(const dk_input *input) {
    return input->kind == DK_INPUT_CONSTANT_FULL || input->kind == DK_INPUT_CONSTANT_ROW || input->kind == DK_INPUT_COLUMN_INDEX;
}

static int is_placed(const dk_group *group, const dk_input *input) {
    return input->kind == DK_INPUT_FULL || input->kind == DK_INPUT_ROW || (input->kind == DK_INPUT_COLUMN && group->rows == 1);
}

int64_t dk_group_layout_bytes(const dk_group *group) {
    if (group->rows * group->columns <= 0 || group->rows * group->columns > DK_SMALL_GROUP) return 0;
    for (int32_t i = 0; i < group->output_count; i++) if (group->outputs[i].row_stride) return 0;
    int64_t bytes = (int64_t)sizeof(layout) + group->register_count * 2 * (int64_t)sizeof(uintptr_t)
        + (group->input_count + group->output_count) * (int64_t)(sizeof(placed_register) + sizeof(dk_input *)) + 16;
    for (int32_t i = 0; i < group->input_count; i++)
        if (is_constant(&group->inputs[i])) bytes += room_of(group, group->inputs[i].reg);
    return bytes;
}

void dk_prepare_group(dk_group *group, void *memory) {
    layout *l = memory;
    const int32_t most = group->input_count + group->output_count;
    *l = (layout){.placed = (placed_register *)(l + 1)};
    l->filled = (const dk_input **)(l->placed + most);
    l->places = (uintptr_t *)(l->filled + most);
    l->in_scratch = l->places + group->register_count;
    char *constants = (char *)(((uintptr_t)(l->in_scratch + group->register_count) + 15) & ~(uintptr_t)15);
    for (int32_t r = 0; r < group->register_count; r++) l->in_scratch[r] = ~(uintptr_t)0;

    for (int32_t i = 0; i < group->input_count; i++) {
        const dk_input *input = &group->inputs[i];
        const int64_t bytes = group->register_bytes[input->reg], count = elements_of(group, input->reg);
        if (is_placed(group, input)) {
            l->placed[l->placed_count++] = (placed_register){input->reg, input->buffer, input->offset * bytes};
            l->in_scratch[input->reg] = 0;
        } else if (is_constant(input)) {
            if (input->kind == DK_INPUT_COLUMN_INDEX)
                for (int64_t e = 0; e < count; e++) ((int64_t *)constants)[e] = e % group->columns;
            else dk_repeat(constants, &input->constant, bytes, count);
            l->places[input->reg] = (uintptr_t)constants;
            l->in_scratch[input->reg] = 0;
            constants += room_of(group, input->reg);
        } else {
            l->filled[l->filled_count++] = input;
        }
    }
    for (int32_t i = 0; i < group->output_count; i++) {
        const dk_output *output = &group->outputs[i];
        const int64_t bytes = group->register_bytes[output->reg];
        l->placed[l->placed_count++] = (placed_register){output->reg, output->buffer, output->offset * bytes};
        l->in_scratch[output->reg] = 0;
    }
    for (int32_t r = 0; r < group->register_count; r++) {
        if (!l->in_scratch[r]) continue;
        l->places[r] = (uintptr_t)l->scratch;
        l->scratch += room_of(group, (uint16_t)r);
    }
    group->layout = l;
}

static void fill(const dk_group *group, const dk_input *input, char *out, const char *base) {
    const int64_t bytes = group->register_bytes[input->reg], count = elements_of(group, input->reg);
    switch ((dk_input_kind)input->kind) {
    case DK_INPUT_SCALAR_FULL: case DK_INPUT_SCALAR_ROW: dk_repeat(out, base, bytes, count); break;
    case DK_INPUT_COLUMN:
        for (int64_t r = 0; r < group->rows; r++, out += group->columns * bytes) memcpy(out, base, (size_t)(group->columns * bytes));
        break;
    case DK_INPUT_STRIDED_FULL: case DK_INPUT_STRIDED_ROW: dk_gather_strided(out, base, input, bytes, 0, count); break;
    default: break;  // is where it has to be
    }
}

void dk_run_small_group(const dk_group *group, void *const *buffers) {
    const layout *l = group->layout;
    char *registers[group->register_count + 1];
    const uintptr_t scratch = l->scratch ? (uintptr_t)dk_scratch(0, (size_t)l->scratch) : 0;
    for (int32_t r = 0; r < group->register_count; r++) registers[r] = (char *)(l->places[r] + (scratch & l->in_scratch[r]));
    for (int32_t i = 0; i < l->placed_count; i++) {
        const placed_register *placed = &l->placed[i];
        registers[placed->reg] = (char *)buffers[placed->buffer] + placed->offset;
    }
    for (int32_t i = 0; i < l->filled_count; i++) {
        const dk_input *input = l->filled[i];
        fill(group, input, registers[input->reg], (const char *)buffers[input->buffer] + input->offset * group->register_bytes[input->reg]);
    }
    dk_group_worker worker = {.group = group, .registers = registers};
    const dk_step *end = group->steps + group->step_count;
    for (const dk_step *step = group->steps; step < end; step++) {
        if (step->kind == DK_STEP_MAP_FULL)
            step->function(group->rows * group->columns, registers[step->out], registers[step->a], registers[step->b], registers[step->c]);
        else dk_group_step(&worker, step, group->rows, group->columns);
    }
}
