// Finds the functions of an operation for the processor at hand.
#include "Elementwise.h"

#include <pthread.h>

static const dk_elementwise_table *table(void) {
#if defined(__x86_64__)
    if (dk_wide_tiles()) return &dk_elementwise_avx512;
    if (dk_instruction_set() == 1) return &dk_elementwise_avx2;
#endif
    return &dk_elementwise_portable;
}

dk_tile_function dk_tile(dk_operation operation, dk_dtype dtype) { return table()->operations[operation][dtype].tile; }
dk_tile_function dk_tile_cast(dk_dtype from, dk_dtype to) { return table()->casts[from][to].tile; }

// --------------------------------------------------------------------------------- from a tile function to its block's

// A step has its tile function only, so the pairs are kept in a hash table by its address.
#define PLACES 2048
static dk_elementwise_functions pairs[PLACES];
static pthread_once_t pairs_once = PTHREAD_ONCE_INIT;

// The place of the function, or the empty one where it would be.
static dk_elementwise_functions *place_of(dk_tile_function tile) {
    uint64_t place = ((uint64_t)(uintptr_t)tile * 0x9e3779b97f4a7c15u) >> 53;
    while (pairs[place].tile && pairs[place].tile != tile) place = (place + 1) % PLACES;
    return &pairs[place];
}

static void fill_pairs(void) {
    for (int operation = 0; operation < DK_OPERATION_COUNT; operation++)
        for (int dtype = 0; dtype < DK_DTYPES; dtype++) {
            const dk_elementwise_functions *functions = &table()->operations[operation][dtype];
            if (functions->tile) *place_of(functions->tile) = *functions;
        }
    for (int from = 0; from < DK_DTYPES; from++)
        for (int to = 0; to < DK_DTYPES; to++) {
            const dk_elementwise_functions *functions = &table()->casts[from][to];
            *place_of(functions->tile) = *functions;
        }
}

dk_block_function dk_block(dk_tile_function tile) {
    pthread_once(&pairs_once, fill_pairs);
    return place_of(tile)->block;
}
