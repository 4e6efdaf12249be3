// Cholesky's decomposition, and systems with a triangular matrix.
#include "Matrix.h"
#include "Movement.h"

#include <math.h>
#include <string.h>

// Rows of a panel: what is subtracted from the rest of the matrix in one pass over it.
#define PANEL 48
#define TASK_ROWS 16

typedef struct {
    double *u;
    int64_t n, first, last;
} trailing;

// Rows after the panel less their part of the panel's product. Only the upper triangle.
static void trailing_task(void *context, int64_t task) {
    const trailing *t = context;
    const int64_t begin = t->last + task * TASK_ROWS, end = begin + TASK_ROWS < t->n ? begin + TASK_ROWS : t->n;
    for (int64_t i = begin; i < end; i++) {
        const double *panel = t->u + t->first * t->n + i;
        dk_subtract_rows(t->u + i * t->n + i, t->n - i, panel, t->n, panel, t->n, t->last - t->first);
    }
}

// u, upper triangle of a symmetric matrix, becomes U with U^T U = u. Returns n, or the first row whose pivot is not positive.
static int64_t factor(double *u, int64_t n) {
    for (int64_t first = 0; first < n; first += PANEL) {
        const int64_t last = first + PANEL < n ? first + PANEL : n;
        for (int64_t i = first; i < last; i++) {
            double *row = u + i * n;
            const double *panel = u + first * n + i;
            dk_subtract_rows(row + i, n - i, panel, n, panel, n, i - first);
            if (!(row[i] > 0) || isinf(row[i])) return i;
            const double pivot = sqrt(row[i]);
            row[i] = pivot;
            for (int64_t j = i + 1; j < n; j++) row[j] /= pivot;
        }
        const int64_t rest = n - last;
        trailing t = {u, n, first, last};
        dk_move(rest * rest * (last - first) * 2, (rest + TASK_ROWS - 1) / TASK_ROWS, trailing_task, &t);
    }
    return n;
}

static void cholesky(const dk_matrix_arguments *g, void *const *buffers, int64_t member) {
    const int64_t n = g->rows, at = member * n * n;
    double *u = dk_scratch(2, (size_t)(2 * n * n) * sizeof(double)), *l = u + n * n;
    dk_load_matrix(l, buffers[g->in], g->in_offset + at, n * n, g->dtype);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++) u[i * n + j] = l[j * n + i];
    const int64_t good = factor(u, n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) l[i * n + j] = j > i ? 0 : j >= good ? NAN : u[j * n + i];
    dk_store_matrix(buffers[g->out0], at, l, n * n, g->dtype);
}

void dk_cholesky(const void *arguments, void *const *buffers) {
    const dk_matrix_arguments *g = arguments;
    dk_each_matrix(g, buffers, g->rows * g->rows * g->rows / 3, cholesky);
}

// --------------------------------------------------------------------------------------------------- triangular systems

// Columns of the right side that one task solves for.
#define TASK_COLUMNS 128

typedef struct {
    const dk_matrix_arguments *g;
    const double *matrix;
    double *x;
} system_plan;

static void system_task(void *context, int64_t task) {
    const system_plan *plan = context;
    const dk_matrix_arguments *g = plan->g;
    const int64_t n = g->rows, wide = g->rights, first = task * TASK_COLUMNS, count = wide - first < TASK_COLUMNS ? wide - first : TASK_COLUMNS;
    // The element (i, k) of op(T).
    const int64_t across = g->transposed ? n : 1, down = g->transposed ? 1 : n;
    const int forward = !g->lower == !!g->transposed;
    for (int64_t step = 0; step < n; step++) {
        const int64_t i = forward ? step : n - 1 - step, known = forward ? 0 : i + 1;
        double *row = plan->x + i * wide + first;
        dk_subtract_rows(row, count, plan->x + known * wide + first, wide, plan->matrix + i * down + known * across, across, step);
        if (g->unit) continue;
        const double pivot = plan->matrix[i * n + i];
        for (int64_t j = 0; j < count; j++) row[j] /= pivot;
    }
}

static void triangular_solve(const dk_matrix_arguments *g, void *const *buffers, int64_t member) {
    const int64_t n = g->rows, wide = g->rights;
    double *matrix = dk_scratch(2, (size_t)(n * n + n * wide) * sizeof(double)), *x = matrix + n * n;
    dk_load_matrix(matrix, buffers[g->in], g->in_offset + member * n * n, n * n, g->dtype);
    dk_load_matrix(x, buffers[g->right], g->right_offset + member * n * wide, n * wide, g->dtype);
    system_plan plan = {g, matrix, x};
    dk_move(n * n * wide * 2, (wide + TASK_COLUMNS - 1) / TASK_COLUMNS, system_task, &plan);
    dk_store_matrix(buffers[g->out0], member * n * wide, x, n * wide, g->dtype);
}

void dk_triangular_solve(const void *arguments, void *const *buffers) {
    const dk_matrix_arguments *g = arguments;
    dk_each_matrix(g, buffers, g->rows * g->rows * g->rights / 2, triangular_solve);
}
