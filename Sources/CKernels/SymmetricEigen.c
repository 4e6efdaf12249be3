// Eigenvalues and eigenvectors of symmetric matrices: to tridiagonal form by reflections, then implicit QL steps with Wilkinson's shift
// (Golub and Van Loan, Matrix Computations, 8.3).
#include "Matrix.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define MOST_STEPS 80

// a (both triangles) becomes tridiagonal: diagonal, below; q, as rows, the columns of Q with Q T Q^T = a. work: 2 n.
static void tridiagonalize(double *a, int64_t n, double *diagonal, double *below, double *q, double *work) {
    double *v = work, *w = work + n;
    memset(q, 0, (size_t)(n * n) * sizeof *q);
    for (int64_t i = 0; i < n; i++) q[i * n + i] = 1;
    for (int64_t k = 0; k + 1 < n; k++) {
        const int64_t m = n - k - 1;
        double *corner = a + (k + 1) * n + k + 1;
        double largest = 0, sum = 0;
        for (int64_t i = 0; i < m; i++) {
            v[i] = a[(k + 1 + i) * n + k];
            if (i > 0 && fabs(v[i]) > largest) largest = fabs(v[i]);
        }
        below[k] = v[0];
        if (largest == 0) continue;
        for (int64_t i = 1; i < m; i++) sum += v[i] / largest * (v[i] / largest);
        const double length = -copysign(hypot(v[0], largest * sqrt(sum)), v[0]), scale = (length - v[0]) / length, divisor = v[0] - length;
        below[k] = length;
        v[0] = 1;
        for (int64_t i = 1; i < m; i++) v[i] /= divisor;
        for (int64_t i = 0; i < m; i++) w[i] = scale * dk_dot(corner + i * n, v, m);
        const double half = scale / 2 * dk_dot(w, v, m);
        for (int64_t i = 0; i < m; i++) w[i] -= half * v[i];
        for (int64_t i = 0; i < m; i++) {
            dk_subtract_rows(corner + i * n, m, w, 0, v + i, 0, 1);
            dk_subtract_rows(corner + i * n, m, v, 0, w + i, 0, 1);
        }
        // Q becomes Q H: in each row of Q's columns (q's columns), that is a combination of q's rows k+1 on.
        double *rows = q + (k + 1) * n;
        for (int64_t j = 0; j < n; j++) w[j] = 0;
        dk_subtract_rows(w, n, rows, n, v, 1, m);
        for (int64_t j = 0; j < n; j++) w[j] *= -scale;
        for (int64_t i = 0; i < m; i++) dk_subtract_rows(rows + i * n, n, w, 0, v + i, 0, 1);
    }
    for (int64_t i = 0; i < n; i++) diagonal[i] = a[i * n + i];
}

// Returns whether it converged. q's rows turn along.
static int diagonalize(double *d, double *e, int64_t n, double *q) {
    for (int64_t first = 0; first < n; first++) {
        for (int steps = 0;; steps++) {
            int64_t last = first;
            while (last + 1 < n && fabs(e[last]) > DBL_EPSILON * (fabs(d[last]) + fabs(d[last + 1]))) last++;
            if (last == first) break;
            if (steps == MOST_STEPS) return 0;
            const double shape = (d[first + 1] - d[first]) / (2 * e[first]);
            double g = d[last] - d[first] + e[first] / (shape + copysign(hypot(shape, 1), shape));
            double s = 1, c = 1, moved = 0;
            int64_t i = last - 1;
            for (; i >= first; i--) {
                const double f = s * e[i], b = c * e[i], r = hypot(f, g);
                e[i + 1] = r;
                if (r == 0) {
                    // The matrix falls apart here.
                    d[i + 1] -= moved;
                    e[last] = 0;
                    break;
                }
                s = f / r;
                c = g / r;
                g = d[i + 1] - moved;
                const double t = (d[i] - g) * s + 2 * c * b;
                moved = s * t;
                d[i + 1] = g + moved;
                g = c * t - b;
                dk_rotate(q + i * n, q + (i + 1) * n, n, c, s);
            }
            if (i >= first) continue;
            d[first] -= moved;
            e[first] = g;
            e[last] = 0;
        }
    }
    return 1;
}

static void symmetric_eigen(const dk_matrix_arguments *g, void *const *buffers, int64_t member) {
    const int64_t n = g->rows, at = member * n * n;
    double *a = dk_scratch(2, (size_t)(2 * n * n + 4 * n) * sizeof(double)), *q = a + n * n, *d = q + n * n, *e = d + n, *work = e + n;
    dk_load_matrix(a, buffers[g->in], g->in_offset + at, n * n, g->dtype);
    int good = 1;
    double largest = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            const double x = a[i * n + j];
            if (!isfinite(x)) good = 0;
            if (fabs(x) > largest) largest = fabs(x);
            a[j * n + i] = x;
        }
    // A power of two keeps squares in range, and changes no digit.
    int exponent = 0;
    if (largest > 0) frexp(largest, &exponent);
    for (int64_t i = 0; i < n * n; i++) a[i] = ldexp(a[i], -exponent);
    if (n > 0 && good) {
        e[n - 1] = 0;
        tridiagonalize(a, n, d, e, q, work);
        e[n - 1] = 0;
        good = diagonalize(d, e, n, q);
    }
    // Ascending, by selection; the largest element of each vector made positive.
    for (int64_t k = 0; k < n && good; k++) {
        int64_t least = k, largest_place = 0;
        for (int64_t i = k + 1; i < n; i++)
            if (d[i] < d[least]) least = i;
        const double value = d[least];
        d[least] = d[k];
        d[k] = value;
        if (least != k) dk_rotate(q + k * n, q + least * n, n, 0, 1);
        for (int64_t j = 1; j < n; j++)
            if (fabs(q[k * n + j]) > fabs(q[k * n + largest_place]) * (1 + 1e-9)) largest_place = j;
        const double sign = q[k * n + largest_place] < 0 ? -1 : 1;
        for (int64_t j = 0; j < n; j++) a[j * n + k] = sign * q[k * n + j];
    }
    for (int64_t k = 0; k < n; k++) d[k] = good ? ldexp(d[k], exponent) : NAN;
    for (int64_t k = 0; k < n * n && !good; k++) a[k] = NAN;
    dk_store_matrix(buffers[g->out0], member * n, d, n, g->dtype);
    dk_store_matrix(buffers[g->out1], at, a, n * n, g->dtype);
}

void dk_symmetric_eigen(const void *arguments, void *const *buffers) {
    const dk_matrix_arguments *g = arguments;
    dk_each_matrix(g, buffers, 8 * g->rows * g->rows * g->rows, symmetric_eigen);
}
