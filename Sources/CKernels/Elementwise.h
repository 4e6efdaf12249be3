// What a variant of the element-by-element kernels exports.
#ifndef DESCENT_ELEMENTWISE_H
#define DESCENT_ELEMENTWISE_H

#include "CKernels.h"

typedef struct {
    dk_tile_function operations[DK_OPERATION_COUNT][DK_DTYPES];
    dk_tile_function casts[DK_DTYPES][DK_DTYPES];
} dk_elementwise_table;

extern const dk_elementwise_table dk_elementwise_portable;  // also NEON's
#if defined(__x86_64__)
extern const dk_elementwise_table dk_elementwise_avx2;
#endif

#endif
