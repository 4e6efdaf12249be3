// Batches of small matrices: so many that the call of a tile for each would take longer than the sums.
//
// A row of c is held in registers while the rows of b pass; the sizes are constants, so a whole product is a straight run of
// instructions. Each sum is made in the order of p.
#include "InstructionSet.h"
#include "Product.h"

// The largest size; beyond it a register tile is faster.
#define MOST 8

#define INLINE static inline __attribute__((always_inline))

// Items first ..< last of the batch, of m x k and k x n.
#define BODY(T) \
    INLINE void body_##T(const dk_small_products *s, int64_t first, int64_t last, const int64_t m, const int n, const int64_t k) { \
        const dk_matrices *x = &s->first; \
        for (int64_t z = first; z < last; z++) { \
            const T *a = (const T *)x->a + z * s->a_batch, *b = (const T *)x->b + z * s->b_batch; \
            const T *addend = x->addend ? (const T *)x->addend + z * m * x->addend_row : NULL; \
            T *c = (T *)x->c + z * m * n; \
            for (int64_t i = 0; i < m; i++) { \
                T sums[MOST]; \
                _Pragma("clang loop unroll(full)") for (int j = 0; j < n; j++) sums[j] = 0; \
                for (int64_t p = 0; p < k; p++) { \
                    const T left = a[i * x->a_row + p * x->a_column]; \
                    _Pragma("clang loop unroll(full)") for (int j = 0; j < n; j++) sums[j] += left * b[p * x->b_row + j]; \
                } \
                if (addend) for (int j = 0; j < n; j++) sums[j] += addend[i * x->addend_row + j]; \
                _Pragma("clang loop unroll(full)") for (int j = 0; j < n; j++) c[i * n + j] = sums[j]; \
            } \
        } \
    }
BODY(float)
BODY(double)

// A square product has all its sizes as constants; another the columns alone.
#define SIZE(T, n) case n: \
    if (m == n && k == n) body_##T(s, first, last, n, n, n); \
    else body_##T(s, first, last, m, n, k); \
    return;
#define CHOOSE(name, T) static void name(const dk_small_products *s, int64_t first, int64_t last) { \
    const int64_t m = s->first.m, k = s->first.k; \
    switch (s->first.n) { \
        SIZE(T, 2) SIZE(T, 3) SIZE(T, 4) SIZE(T, 5) SIZE(T, 6) SIZE(T, 7) SIZE(T, 8) \
    } \
}

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
CHOOSE(float32_wide, float)
CHOOSE(float64_wide, double)
#pragma clang attribute pop
#endif
CHOOSE(float32, float)
CHOOSE(float64, double)

int dk_suits_small_products(const dk_matrices *x, uint8_t dtype) {
    const int64_t n = x->n;
    if ((dtype != DK_FLOAT32 && dtype != DK_FLOAT64) || x->b_column != 1 || x->m > MOST || x->k > MOST) return 0;
    return n >= 2 && n <= MOST;
}

void dk_small_products_run(const dk_small_products *s, uint8_t dtype, int64_t first, int64_t last) {
#if defined(__x86_64__)
    if (dk_instruction_set() == 1) {
        if (dtype == DK_FLOAT32) float32_wide(s, first, last);
        else float64_wide(s, first, last);
        return;
    }
#endif
    if (dtype == DK_FLOAT32) float32(s, first, last);
    else float64(s, first, last);
}
