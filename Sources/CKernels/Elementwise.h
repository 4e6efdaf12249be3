// What a variant of the element-by-element kernels exports.
#ifndef DESCENT_ELEMENTWISE_H
#define DESCENT_ELEMENTWISE_H

#include "CKernels.h"
#include "InstructionSet.h"

// Steps that follow one another run as a chain, over a block of this many elements at a time: each does its block and
// jumps to the next. What passes between them stays in the nearest cache (or does not leave the store buffer), and
// memory is read and written while the processor computes, as in one loop that does everything.
#define DK_BLOCK 64

typedef struct dk_link dk_link;
// Works on the elements from `at` on, then jumps to the link behind it.
typedef void (*dk_block_function)(const dk_link *link, int64_t at);
struct dk_link {
    dk_block_function run;
    void *out;
    const void *a, *b, *c;
    // All ones for what has a place for every element, 0 for what has only the room of a block.
    int64_t out_mask, a_mask, b_mask, c_mask;
};

typedef struct {
    dk_tile_function tile;
    dk_block_function block;
} dk_elementwise_functions;

typedef struct {
    dk_elementwise_functions operations[DK_OPERATION_COUNT][DK_DTYPES];
    dk_elementwise_functions casts[DK_DTYPES][DK_DTYPES];
} dk_elementwise_table;

extern const dk_elementwise_table dk_elementwise_portable;  // also NEON's
#if defined(__x86_64__)
extern const dk_elementwise_table dk_elementwise_avx2, dk_elementwise_avx512;
#endif

// The block function of the same operation; NULL for a function that is not from dk_tile or dk_tile_cast.
dk_block_function dk_block(dk_tile_function tile);

#endif
