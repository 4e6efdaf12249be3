// What the parts of the group interpreter share.
#ifndef DESCENT_GROUP_H
#define DESCENT_GROUP_H

#include "CKernels.h"
#include "Reduce.h"

#include <string.h>

// A group at work on one thread: `registers` says where the tile of each register is now.
typedef struct {
    const dk_group *group;
    void *const *buffers;
    char **registers;
    int64_t rows;  // of a whole tile
    const dk_reduction_table *reductions;  // NULL until a step asks for it
} dk_group_worker;

// Gives every register its place in the thread's scratch and fills those that are the same in all tiles. `registers`
// has room for all of the group; a tile has at most `rows` rows and `columns` columns.
void dk_group_prepare(dk_group_worker *worker, char **registers, int64_t rows, int64_t columns);
// Points the inputs at the tile of `rows` rows from `row` and `columns` columns from `column`, and fills the strided ones.
void dk_group_load(dk_group_worker *worker, int64_t row, int64_t rows, int64_t column, int64_t columns);
void dk_group_step(dk_group_worker *worker, const dk_step *step, int64_t rows, int64_t columns);

// How many units make a task: about 1/64 of the work, but worth a thread's attention. Depends on the group alone.
int64_t dk_group_units_per_task(const dk_group *group, int64_t units);
int dk_group_is_small(const dk_group *group);

void dk_run_group_streamed(const dk_group *group, void *const *buffers);

// out[i] = the element at `value`, for count elements of 1, 4 or 8 bytes.
static inline void dk_repeat(char *out, const void *value, int64_t bytes, int64_t count) {
    typedef uint64_t pair __attribute__((vector_size(16)));
    uint64_t x = 0;
    if (bytes == 8) memcpy(&x, value, 8);
    else if (bytes == 4) {
        uint32_t word;
        memcpy(&word, value, 4);
        x = word * 0x100000001u;
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
    for (; i < total; i++) out[i] = (char)x;
}
// out[i] = element start + i, in row-major order of dims, of the strided input whose first element is at `base`.
void dk_gather_strided(char *out, const char *base, const dk_input *input, int64_t bytes, int64_t start, int64_t count);

#endif
