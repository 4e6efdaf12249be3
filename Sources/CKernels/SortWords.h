// Sorting rows whose elements have four bytes. Inside of the sorts: Sort.c calls it.
#ifndef DESCENT_SORT_WORDS_H
#define DESCENT_SORT_WORDS_H

#include "CKernels.h"

// Elements of these types have a key of 32 bits.
static inline int dk_sorts_words(uint8_t dtype) { return dtype == DK_FLOAT32 || dtype == DK_INT32; }

// out[i] = the place of the i-th of `count` elements in their stable order, i < kept. NaN last either way. `threads`: the pool may be used.
void dk_order_words(const void *in, int64_t count, int64_t kept, uint8_t dtype, int descending, int threads, int64_t *out);
// out = the elements in order. NaN last either way, all alike; -0 comes before 0 when ascending.
void dk_sort_words(const void *in, int64_t count, uint8_t dtype, int descending, int threads, void *out);
// The first places of the order, for a `kept` of at most DK_FEW_KEPT.
#define DK_FEW_KEPT 64
// The threads share the sorting of a row of so many elements.
#define DK_SHARED_ROW (1 << 16)
void dk_select_words(const void *in, int64_t count, int64_t kept, uint8_t dtype, int descending, int64_t *out);

#endif
