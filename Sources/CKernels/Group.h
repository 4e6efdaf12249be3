// What the parts of the group interpreter share.
#ifndef DESCENT_GROUP_H
#define DESCENT_GROUP_H

#include "CKernels.h"
#include "Elementwise.h"
#include "Reduce.h"

#include <string.h>

// A group at work on one thread: `registers` says where the tile of each register is now.
typedef struct {
    const dk_group *group;
    void *const *buffers;
    char **registers;
    int64_t rows;  // of a whole tile
    const dk_reduction_table *reductions;  // NULL until a step asks for it
    // A link for each step that runs on tiles (`run` is NULL where it is not part of a chain) and one behind each
    // chain; NULL when there are no chains.
    dk_link *links;
} dk_group_worker;

static inline const dk_reduction_functions *dk_group_reduction(dk_group_worker *worker, const dk_step *step) {
    if (!worker->reductions) worker->reductions = dk_reductions();
    return &worker->reductions->reductions[step->reduction][step->dtype];
}

// Gives every register its place in the thread's scratch and fills those that are the same in all tiles. `registers`
// has room for all of the group; a tile has at most `rows` rows and `columns` columns.
void dk_group_prepare(dk_group_worker *worker, char **registers, int64_t rows, int64_t columns);
// Points the inputs at the tile of `rows` rows from `row` and `columns` columns from `column`, and fills the strided ones.
void dk_group_load(dk_group_worker *worker, int64_t row, int64_t rows, int64_t column, int64_t columns);
void dk_group_step(dk_group_worker *worker, const dk_step *step, int64_t rows, int64_t columns);
// Runs the steps on a tile: those before `after` when the group is streamed. Where `partials` is given, reductions go on
// in there, in the order of the steps.
void dk_group_run_steps(dk_group_worker *worker, int64_t rows, int64_t columns, dk_partial *partials);

// How many steps run on tiles.
int64_t dk_group_tile_steps(const dk_group *group);
// True when all of the group is one chain that reads memory in order: then a tile may be as long as one likes.
int dk_group_is_one_chain(const dk_group *group);

// What a register needs in scratch: nothing since it lies in a buffer, the elements of a tile, or those of a block.
enum { DK_ROOM_NONE, DK_ROOM_TILE, DK_ROOM_BLOCK };
// Fills `room`, one for each register, for tiles of this many elements; true when chains are to be made.
int dk_group_find_rooms(const dk_group *group, int64_t elements, uint8_t *room);
// `links` has room for two links a step.
void dk_group_make_links(dk_group_worker *worker, const uint8_t *room, dk_link *links);

// How many units make a task: about 1/64 of the work, but worth a thread's attention. Depends on the group alone.
int64_t dk_group_units_per_task(const dk_group *group, int64_t units);
int dk_group_is_small(const dk_group *group);

// Groups up to this many elements can be laid out before they run.
#define DK_SMALL_GROUP (4 * DK_BLOCK)
// All of a group that has a layout.
void dk_run_small_group(const dk_group *group, void *const *buffers);

void dk_run_group_streamed(const dk_group *group, void *const *buffers);

// out[i] = the element at `value`, for count elements of 1, 2, 4 or 8 bytes.
static inline void dk_repeat(char *out, const void *value, int64_t bytes, int64_t count) {
    typedef uint64_t pair __attribute__((vector_size(16)));
    uint64_t x = 0;
    if (bytes == 8) memcpy(&x, value, 8);
    else if (bytes == 4) {
        uint32_t word;
        memcpy(&word, value, 4);
        x = word * 0x100000001u;
    } else if (bytes == 2) {
        uint16_t half;
        memcpy(&half, value, 2);
        x = half * 0x0001000100010001u;
    } else x = *(const uint8_t *)value * 0x0101010101010101u;
    int64_t total = count * bytes, i = 0;
    if (total >= 16) {
        pair both = {x, x};
        for (; i + 16 <= total; i += 16) memcpy(out + i, &both, 16);
        memcpy(out + total - 16, &both, 16);  // the rest, together with some that are there already
        return;
    }
    if (total & 8) { memcpy(out, &x, 8); i = 8; }
    if (total & 4) { memcpy(out + i, &x, 4); i += 4; }
    for (; i < total; i++) out[i] = (char)(x >> 8 * (i & 1));
}
// out[i] = element start + i, in row-major order of dims, of the strided input whose first element is at `base`.
void dk_gather_strided(char *out, const char *base, const dk_input *input, int64_t bytes, int64_t start, int64_t count);

#endif
