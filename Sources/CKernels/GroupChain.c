// Chains: DK_STEP_MAP_FULL steps that follow one another, run a block of elements at a time (see Elementwise.h).
#include "Group.h"

#include <string.h>

static int is_map(const dk_step *step) { return step->kind == DK_STEP_MAP_FULL && dk_block(step->function) != NULL; }

int64_t dk_group_tile_steps(const dk_group *group) { return group->stream ? group->after : group->step_count; }

int dk_group_is_one_chain(const dk_group *group) {
    for (int32_t i = 0; i < group->input_count; i++) {
        const uint8_t kind = group->inputs[i].kind;
        if (kind == DK_INPUT_COLUMN ? !group->stream
            : kind != DK_INPUT_FULL && kind != DK_INPUT_SCALAR_FULL && kind != DK_INPUT_CONSTANT_FULL) return 0;
    }
    for (int64_t i = 0; i < group->step_count; i++) if (!is_map(&group->steps[i])) return 0;
    for (int32_t i = 0; i < group->output_count; i++) if (group->outputs[i].row_stride) return 0;
    return group->step_count > 0;
}

int dk_group_find_rooms(const dk_group *group, int64_t elements, uint8_t *room) {
    // `written`: the number of the chain that wrote the register last, SAME for what is the same in all blocks.
    enum { NOWHERE = -2, SAME = -1 };
    int32_t written[group->register_count + 1], chain = 0;
    const int chained = elements > DK_SMALL_GROUP;
    for (int32_t r = 0; r < group->register_count; r++) {
        room[r] = chained && group->register_full[r] ? DK_ROOM_BLOCK : DK_ROOM_TILE;
        written[r] = NOWHERE;
    }
    for (int32_t i = 0; i < group->input_count; i++) {
        const dk_input *input = &group->inputs[i];
        if (input->kind == DK_INPUT_FULL) room[input->reg] = DK_ROOM_NONE;
        else if (input->kind == DK_INPUT_SCALAR_FULL || input->kind == DK_INPUT_CONSTANT_FULL) written[input->reg] = SAME;
        else room[input->reg] = DK_ROOM_TILE;
    }
    for (int32_t i = 0; i < group->output_count; i++)
        if (group->outputs[i].full) room[group->outputs[i].reg] = group->outputs[i].row_stride ? DK_ROOM_TILE : DK_ROOM_NONE;
    if (!chained) return 0;

    int chains = 0;
#define OUTSIDE(r) if (room[r] == DK_ROOM_BLOCK) room[r] = DK_ROOM_TILE
#define READ(r) if (written[r] != chain && written[r] != SAME) OUTSIDE(r)
    for (int64_t i = 0; i < dk_group_tile_steps(group); i++) {
        const dk_step *step = &group->steps[i];
        if (is_map(step)) {
            READ(step->a);
            READ(step->b);
            READ(step->c);
            written[step->out] = chain;
            chains = 1;
            continue;
        }
        chain++;
        if (step->kind == DK_STEP_MAP_ROW) continue;
        OUTSIDE(step->a);
        if (step->kind == DK_STEP_MAP_FULL) { OUTSIDE(step->b); OUTSIDE(step->c); }
        if (step->kind != DK_STEP_PICK && step->kind != DK_STEP_REDUCE) OUTSIDE(step->out);
    }
    return chains;
}

// The last link of a chain: on to the next block, from the first link.
static void next_block(const dk_link *last, int64_t at) {
    const dk_link *first = last->a;
    at += DK_BLOCK;
    if (at < last->a_mask) __attribute__((musttail)) return first->run(first, at);
}

void dk_group_make_links(dk_group_worker *worker, const uint8_t *room, dk_link *links) {
    const dk_group *group = worker->group;
    worker->links = links;
#define MASK(r) (room[r] == DK_ROOM_BLOCK ? 0 : -1)
    for (int64_t i = 0, count = dk_group_tile_steps(group); i < count; i++, links++) {
        const dk_step *step = &group->steps[i];
        if (!is_map(step)) {
            links->run = NULL;
            continue;
        }
        *links = (dk_link){dk_block(step->function), NULL, NULL, NULL, NULL,
                           MASK(step->out), MASK(step->a), MASK(step->b), MASK(step->c)};
        if (i + 1 == count || !is_map(step + 1)) (++links)->run = next_block;
    }
}

// Runs the chain of `links` on a tile of `count` elements; returns how many steps that was.
static int32_t run_chain(dk_group_worker *worker, dk_link *links, const dk_step *steps, int64_t count) {
    char **registers = worker->registers;
    const int64_t whole = count / DK_BLOCK * DK_BLOCK;
    int32_t length = 0;
    for (; links[length].run != next_block; length++) {
        dk_link *link = &links[length];
        const dk_step *step = &steps[length];
        link->out = registers[step->out];
        link->a = registers[step->a];
        link->b = registers[step->b];
        link->c = registers[step->c];
    }
    links[length].a = links;
    links[length].a_mask = whole;
    if (whole > 0) links->run(links, 0);
    if (whole == count) return length;
    const uint8_t *bytes = worker->group->register_bytes;
    for (int32_t i = 0; i < length; i++) {
        const dk_link *link = &links[i];
        const dk_step *step = &steps[i];
        step->function(count - whole, (char *)link->out + (whole & link->out_mask) * bytes[step->out],
                       (const char *)link->a + (whole & link->a_mask) * bytes[step->a],
                       (const char *)link->b + (whole & link->b_mask) * bytes[step->b],
                       (const char *)link->c + (whole & link->c_mask) * bytes[step->c]);
    }
    return length;
}

void dk_group_run_steps(dk_group_worker *worker, int64_t rows, int64_t columns, dk_partial *partials) {
    const dk_step *steps = worker->group->steps;
    dk_link *links = worker->links;
    int32_t reduction = 0;
    for (int64_t i = 0, count = dk_group_tile_steps(worker->group); i < count;) {
        const dk_step *step = &steps[i];
        if (links && links->run) {
            const int32_t length = run_chain(worker, links, step, rows * columns);
            i += length;
            links += length + 1;
            continue;
        }
        if (partials && step->kind == DK_STEP_REDUCE) {
            const dk_reduction_functions *functions = dk_group_reduction(worker, step);
            dk_partial part = functions->row(columns, worker->registers[step->a]);
            functions->combine(1, &partials[reduction++], &part);
        } else {
            dk_group_step(worker, step, rows, columns);
        }
        i++;
        if (links) links++;
    }
}
