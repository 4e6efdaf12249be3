#include "Matrix.h"
#include "Movement.h"

#include <string.h>

typedef struct {
    const dk_matrix_arguments *g;
    void *const *buffers;
    dk_matrix_body body;
} members;

static void member_task(void *context, int64_t member) {
    const members *all = context;
    all->body(all->g, all->buffers, member);
}

void dk_each_matrix(const dk_matrix_arguments *g, void *const *buffers, int64_t cost, dk_matrix_body body) {
    members all = {g, buffers, body};
    // One matrix alone may use the pool itself; a multiply-add here costs about as much as moving four bytes.
    if (g->batch > 1) dk_move(g->batch * cost * 4, g->batch, member_task, &all);
    else for (int64_t member = 0; member < g->batch; member++) body(g, buffers, member);
}

void dk_load_matrix(double *to, const void *from, int64_t at, int64_t count, uint8_t dtype) {
    if (dtype == DK_FLOAT64) memcpy(to, (const double *)from + at, (size_t)count * sizeof *to);
    else for (int64_t i = 0; i < count; i++) to[i] = ((const float *)from)[at + i];
}

void dk_store_matrix(void *to, int64_t at, const double *from, int64_t count, uint8_t dtype) {
    if (dtype == DK_FLOAT64) memcpy((double *)to + at, from, (size_t)count * sizeof *from);
    else for (int64_t i = 0; i < count; i++) ((float *)to)[at + i] = (float)from[i];
}

// A piece of a row that stays in the nearest cache while the others pass.
#define PIECE 512

#define INLINE static inline __attribute__((always_inline))

INLINE void subtract_rows(double *restrict row, int64_t count, const double *restrict rows, int64_t stride, const double *coefficients, int64_t step,
                          int64_t terms) {
    for (int64_t first = 0; first < count; first += PIECE) {
        const int64_t n = count - first < PIECE ? count - first : PIECE;
        double *restrict out = row + first;
        const double *restrict in = rows + first;
        int64_t k = 0;
        for (; k + 4 <= terms; k += 4) {
            const double a = coefficients[k * step], b = coefficients[(k + 1) * step], c = coefficients[(k + 2) * step], d = coefficients[(k + 3) * step];
            const double *restrict p = in + k * stride, *restrict q = p + stride, *restrict r = q + stride, *restrict s = r + stride;
            for (int64_t j = 0; j < n; j++) out[j] -= a * p[j] + b * q[j] + c * r[j] + d * s[j];
        }
        for (; k < terms; k++) {
            const double a = coefficients[k * step];
            const double *restrict p = in + k * stride;
            for (int64_t j = 0; j < n; j++) out[j] -= a * p[j];
        }
    }
}

INLINE double dot(const double *restrict x, const double *restrict y, int64_t count) {
    double sums[8] = {0};
    int64_t j = 0;
    for (; j + 8 <= count; j += 8)
        for (int lane = 0; lane < 8; lane++) sums[lane] += x[j + lane] * y[j + lane];
    double sum = ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
    for (; j < count; j++) sum += x[j] * y[j];
    return sum;
}

INLINE void rotate(double *restrict x, double *restrict y, int64_t count, double c, double s) {
    for (int64_t j = 0; j < count; j++) {
        const double a = x[j], b = y[j];
        x[j] = c * a - s * b;
        y[j] = s * a + c * b;
    }
}

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx2,fma")))
WIDE static void subtract_rows_wide(double *row, int64_t count, const double *rows, int64_t stride, const double *coefficients, int64_t step, int64_t terms) {
    subtract_rows(row, count, rows, stride, coefficients, step, terms);
}
WIDE static double dot_wide(const double *x, const double *y, int64_t count) { return dot(x, y, count); }
WIDE static void rotate_wide(double *x, double *y, int64_t count, double c, double s) { rotate(x, y, count, c, s); }
#define CHOOSE(call, wide) if (dk_instruction_set() == 1) return wide; return call
#else
#define CHOOSE(call, wide) return call
#endif

void dk_subtract_rows(double *row, int64_t count, const double *rows, int64_t stride, const double *coefficients, int64_t step, int64_t terms) {
    CHOOSE(subtract_rows(row, count, rows, stride, coefficients, step, terms), subtract_rows_wide(row, count, rows, stride, coefficients, step, terms));
}

double dk_dot(const double *x, const double *y, int64_t count) { CHOOSE(dot(x, y, count), dot_wide(x, y, count)); }

void dk_rotate(double *x, double *y, int64_t count, double c, double s) { CHOOSE(rotate(x, y, count, c, s), rotate_wide(x, y, count, c, s)); }
