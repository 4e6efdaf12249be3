// What a variant of the reduction kernels exports.
//
// A partial result is 8 bytes: a double for the float types, an int64 (that wraps) for the others.
#ifndef DESCENT_REDUCE_H
#define DESCENT_REDUCE_H

#include "CKernels.h"
#include "Elementwise.h"

typedef union {
    double real;
    int64_t integer;
} dk_partial;

// Columns that one call of `columns` or `arg_columns` may have.
#define DK_STRIP 512

typedef struct {
    // out[r] = reduction of the dense row r, in the dtype.
    void (*rows)(int64_t rows, int64_t columns, void *out, const void *in);
    // The same for one row, as a partial result.
    dk_partial (*row)(int64_t columns, const void *in);
    // out[c] = reduction of column c; rows are `stride` elements apart, at most DK_STRIP columns.
    void (*columns)(int64_t rows, int64_t columns, int64_t stride, dk_partial *out, const void *in);
    // into[i] = into[i] combined with from[i].
    void (*combine)(int64_t count, dk_partial *into, const dk_partial *from);
    dk_partial identity;
} dk_reduction_functions;

typedef struct {
    // The place of the first extreme element (or the first NaN) of a dense row.
    int64_t (*row)(int64_t columns, const void *in);
    // The same for each column.
    void (*columns)(int64_t rows, int64_t columns, int64_t stride, int64_t *out, const void *in);
    // Of places in ascending order, the one that wins.
    int64_t (*choose)(int64_t count, const int64_t *places, const void *in);
} dk_arg_functions;

typedef struct {
    dk_reduction_functions reductions[4][DK_DTYPES];
    dk_arg_functions args[2][DK_DTYPES];
} dk_reduction_table;

extern const dk_reduction_table dk_reductions_portable;  // also NEON's
#if defined(__x86_64__)
extern const dk_reduction_table dk_reductions_avx2, dk_reductions_avx512;
#endif

static inline const dk_reduction_table *dk_reductions(void) {
#if defined(__x86_64__)
    if (dk_wide_tiles()) return &dk_reductions_avx512;
    if (dk_instruction_set() == 1) return &dk_reductions_avx2;
#endif
    return &dk_reductions_portable;
}

// out[i] = partials[i] in the dtype.
void dk_store_partials(dk_dtype dtype, int64_t count, void *out, const dk_partial *partials);

#endif
