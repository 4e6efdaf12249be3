// Householder's reflections, with LAPACK's signs.
#include "Matrix.h"

#include <math.h>
#include <string.h>

// The norm of a column's elements below the first, without overflow.
static double norm_below(const double *a, int64_t rows, int64_t stride) {
    double largest = 0, sum = 0;
    for (int64_t i = 1; i < rows; i++) {
        const double size = fabs(a[i * stride]);
        if (size > largest || isnan(size)) largest = size;
    }
    if (!(largest > 0) || isinf(largest)) return largest;
    for (int64_t i = 1; i < rows; i++) {
        const double part = a[i * stride] / largest;
        sum += part * part;
    }
    return largest * sqrt(sum);
}

// q[0 ..< rows][0 ..< count] less scale v (v^T q); v is a column whose first element counts as 1.
static void reflect_rows(const double *v, int64_t stride, double scale, double *q, int64_t wide, int64_t rows, int64_t count, double *work) {
    if (scale == 0 || count == 0) return;
    // dk_subtract_rows takes away: the sum is built with its sign turned.
    for (int64_t j = 0; j < count; j++) work[j] = -q[j];
    dk_subtract_rows(work, count, q + wide, wide, v + stride, stride, rows - 1);
    for (int64_t j = 0; j < count; j++) work[j] *= -scale;
    const double one = 1;
    dk_subtract_rows(q, count, work, 0, &one, 0, 1);
    for (int64_t i = 1; i < rows; i++) dk_subtract_rows(q + i * wide, count, work, 0, v + i * stride, 0, 1);
}

void dk_reflect(double *a, int64_t rows, int64_t columns, double *scale, double *work) {
    for (int64_t k = 0; k < columns; k++) {
        double *corner = a + k * columns + k;
        const double below = norm_below(corner, rows - k, columns), first = *corner;
        scale[k] = 0;
        if (below == 0) continue;
        const double length = -copysign(hypot(first, below), first);
        scale[k] = (length - first) / length;
        for (int64_t i = 1; i < rows - k; i++) corner[i * columns] /= first - length;
        *corner = length;
        reflect_rows(corner, columns, scale[k], corner + 1, columns, rows - k, columns - k - 1, work);
    }
}

void dk_apply_reflections(const double *a, int64_t rows, int64_t columns, const double *scale, double *q, int64_t wide, int identity, double *work) {
    for (int64_t k = columns - 1; k >= 0; k--) {
        const int64_t from = identity ? k : 0;
        reflect_rows(a + k * columns + k, columns, scale[k], q + k * wide + from, wide, rows - k, wide - from, work);
    }
}

static void qr(const dk_matrix_arguments *g, void *const *buffers, int64_t member) {
    const int64_t rows = g->rows, columns = g->columns, count = rows * columns;
    double *a = dk_scratch(2, (size_t)(2 * count + 2 * columns) * sizeof(double)), *q = a + count, *scale = q + count, *work = scale + columns;
    dk_load_matrix(a, buffers[g->in], g->in_offset + member * count, count, g->dtype);
    dk_reflect(a, rows, columns, scale, work);
    memset(q, 0, (size_t)count * sizeof *q);
    for (int64_t i = 0; i < columns; i++) q[i * columns + i] = 1;
    dk_apply_reflections(a, rows, columns, scale, q, columns, 1, work);
    dk_store_matrix(buffers[g->out0], member * count, q, count, g->dtype);
    for (int64_t i = 0; i < columns; i++)
        for (int64_t j = 0; j < i; j++) a[i * columns + j] = 0;
    dk_store_matrix(buffers[g->out1], member * columns * columns, a, columns * columns, g->dtype);
}

void dk_qr(const void *arguments, void *const *buffers) {
    const dk_matrix_arguments *g = arguments;
    dk_each_matrix(g, buffers, 4 * g->rows * g->columns * g->columns, qr);
}
