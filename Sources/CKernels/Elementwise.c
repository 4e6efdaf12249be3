// Finds the tile function of an operation for the processor at hand.
#include "Elementwise.h"

static const dk_elementwise_table *table(void) {
#if defined(__x86_64__)
    if (dk_instruction_set() == 1) return &dk_elementwise_avx2;
#endif
    return &dk_elementwise_portable;
}

dk_tile_function dk_tile(dk_operation operation, dk_dtype dtype) { return table()->operations[operation][dtype]; }
dk_tile_function dk_tile_cast(dk_dtype from, dk_dtype to) { return table()->casts[from][to]; }
