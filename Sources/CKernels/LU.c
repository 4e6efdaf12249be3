// Gauss's elimination with partial pivoting.
#include "Matrix.h"
#include "Movement.h"

#include <math.h>

#define PANEL 48
#define TASK_ROWS 16

typedef struct {
    double *a;
    int64_t n, first, last;
} trailing;

static void trailing_task(void *context, int64_t task) {
    const trailing *t = context;
    const int64_t n = t->n, begin = t->last + task * TASK_ROWS, end = begin + TASK_ROWS < n ? begin + TASK_ROWS : n;
    for (int64_t i = begin; i < end; i++)
        dk_subtract_rows(t->a + i * n + t->last, n - t->last, t->a + t->first * n + t->last, n, t->a + i * n + t->first, 1, t->last - t->first);
}

static void exchange(double *a, int64_t n, int64_t *order, int64_t i, int64_t j) {
    for (int64_t k = 0; k < n; k++) {
        const double held = a[i * n + k];
        a[i * n + k] = a[j * n + k];
        a[j * n + k] = held;
    }
    const int64_t held = order[i];
    order[i] = order[j];
    order[j] = held;
}

// a becomes L and U, packed; returns the sign of the order. A column without a pivot is left as it is: U then has a 0.
static double factor(double *a, int64_t n, int64_t *order) {
    double sign = 1;
    for (int64_t first = 0; first < n; first += PANEL) {
        const int64_t last = first + PANEL < n ? first + PANEL : n;
        for (int64_t k = first; k < last; k++) {
            int64_t pivot = k;
            for (int64_t i = k + 1; i < n; i++)
                if (fabs(a[i * n + k]) > fabs(a[pivot * n + k])) pivot = i;
            if (pivot != k) {
                exchange(a, n, order, k, pivot);
                sign = -sign;
            }
            const double top = a[k * n + k];
            if (top == 0) continue;
            for (int64_t i = k + 1; i < n; i++) {
                a[i * n + k] /= top;
                dk_subtract_rows(a + i * n + k + 1, last - k - 1, a + k * n + k + 1, n, a + i * n + k, 1, 1);
            }
        }
        for (int64_t i = first + 1; i < last; i++)
            dk_subtract_rows(a + i * n + last, n - last, a + first * n + last, n, a + i * n + first, 1, i - first);
        const int64_t rest = n - last;
        trailing t = {a, n, first, last};
        dk_move(rest * rest * (last - first) * 4, (rest + TASK_ROWS - 1) / TASK_ROWS, trailing_task, &t);
    }
    return sign;
}

static void lu(const dk_matrix_arguments *g, void *const *buffers, int64_t member) {
    const int64_t n = g->rows, at = member * n * n;
    double *a = dk_scratch(2, (size_t)(n * n) * sizeof(double));
    int64_t *order = (int64_t *)buffers[g->out1] + member * n;
    dk_load_matrix(a, buffers[g->in], g->in_offset + at, n * n, g->dtype);
    for (int64_t i = 0; i < n; i++) order[i] = i;
    const double sign = factor(a, n, order);
    dk_store_matrix(buffers[g->out0], at, a, n * n, g->dtype);
    dk_store_matrix(buffers[g->out2], member, &sign, 1, g->dtype);
}

void dk_lu(const void *arguments, void *const *buffers) {
    const dk_matrix_arguments *g = arguments;
    dk_each_matrix(g, buffers, g->rows * g->rows * g->rows, lu);
}
