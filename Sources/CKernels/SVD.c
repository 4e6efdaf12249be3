// Singular values by one-sided Jacobi rotations (Hestenes 1958; Demmel and Veselic 1992), which find small ones to their own last digits,
// after a QR decomposition of tall matrices.
#include "Matrix.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define MOST_SWEEPS 60
// Squares below this have lost digits: such a column counts as 0. (The matrix is scaled to about 1 first.)
#define NOTHING 1e-290

// Turns w's rows (length n) until they are orthogonal, and v's along. Returns whether it converged.
static int orthogonalize(double *w, double *v, int64_t n) {
    const double tolerance = DBL_EPSILON * sqrt((double)n);
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
        int turned = 0;
        for (int64_t p = 0; p < n; p++)
            for (int64_t q = p + 1; q < n; q++) {
                double *x = w + p * n, *y = w + q * n;
                const double xx = dk_dot(x, x, n), yy = dk_dot(y, y, n), xy = dk_dot(x, y, n);
                if (xx < NOTHING || yy < NOTHING || fabs(xy) <= tolerance * sqrt(xx) * sqrt(yy)) continue;
                turned = 1;
                const double slope = (yy - xx) / (2 * xy);
                const double t = copysign(1, slope) / (fabs(slope) + hypot(slope, 1)), c = 1 / sqrt(1 + t * t);
                dk_rotate(x, y, n, c, c * t);
                dk_rotate(v + p * n, v + q * n, n, c, c * t);
            }
        if (!turned) return 1;
    }
    return 0;
}

// A unit vector orthogonal to the first `count` rows of w, written to row `count`.
static void complete(double *w, int64_t n, int64_t count) {
    double *row = w + count * n;
    for (int64_t start = 0; start < n; start++) {
        memset(row, 0, (size_t)n * sizeof *row);
        row[start] = 1;
        // Twice is enough (Kahan).
        for (int time = 0; time < 2; time++)
            for (int64_t k = 0; k < count; k++) {
                const double part = dk_dot(w + k * n, row, n);
                dk_subtract_rows(row, n, w + k * n, 0, &part, 0, 1);
            }
        const double length = sqrt(dk_dot(row, row, n));
        if (length < 0.5 / sqrt((double)n)) continue;
        for (int64_t j = 0; j < n; j++) row[j] /= length;
        return;
    }
}

typedef struct {
    double *u, *s, *v;  // [rows, columns], [columns], and V's columns as rows
} decomposition;

// Numbers of scratch that `decompose` needs.
static int64_t needed(int64_t rows, int64_t columns) { return 2 * rows * columns + 2 * columns * columns + 3 * columns; }

static decomposition decompose(const dk_matrix_arguments *g, void *const *buffers, int64_t member, double *memory) {
    const int64_t rows = g->rows, n = g->columns, count = rows * n;
    double *a = memory, *u = a + count, *w = u + count, *v = w + n * n, *s = v + n * n, *scale = s + n, *work = scale + n;
    decomposition result = {u, s, v};
    dk_load_matrix(a, buffers[g->in], g->in_offset + member * count, count, g->dtype);
    double largest = 0;
    int good = 1, exponent = 0;
    for (int64_t i = 0; i < count; i++) {
        if (!isfinite(a[i])) good = 0;
        if (fabs(a[i]) > largest) largest = fabs(a[i]);
    }
    if (largest > 0) frexp(largest, &exponent);
    for (int64_t i = 0; i < count; i++) a[i] = ldexp(a[i], -exponent);
    memset(v, 0, (size_t)(n * n) * sizeof *v);
    for (int64_t i = 0; i < n; i++) v[i * n + i] = 1;
    if (good) {
        if (rows > n) dk_reflect(a, rows, n, scale, work);
        // The columns of R (or of the square matrix itself), as rows.
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++) w[j * n + i] = rows > n && i > j ? 0 : a[i * n + j];
        good = orthogonalize(w, v, n);
    }
    if (!good) {
        for (int64_t i = 0; i < count; i++) u[i] = NAN;
        for (int64_t i = 0; i < n * n; i++) v[i] = NAN;
        for (int64_t i = 0; i < n; i++) s[i] = NAN;
        return result;
    }
    for (int64_t k = 0; k < n; k++) {
        const double square = dk_dot(w + k * n, w + k * n, n);
        s[k] = square < NOTHING ? 0 : sqrt(square);
    }
    // Descending, by selection.
    for (int64_t k = 0; k < n; k++) {
        int64_t most = k, place = 0;
        for (int64_t i = k + 1; i < n; i++)
            if (s[i] > s[most]) most = i;
        const double value = s[most];
        s[most] = s[k];
        s[k] = value;
        if (most != k) {
            dk_rotate(w + k * n, w + most * n, n, 0, 1);
            dk_rotate(v + k * n, v + most * n, n, 0, 1);
        }
        for (int64_t j = 1; j < n; j++)
            if (fabs(v[k * n + j]) > fabs(v[k * n + place]) * (1 + 1e-9)) place = j;
        const double sign = v[k * n + place] < 0 ? -1 : 1;
        for (int64_t j = 0; j < n; j++) v[k * n + j] *= sign;
        if (value == 0) complete(w, n, k);
        else for (int64_t j = 0; j < n; j++) w[k * n + j] *= sign / value;
    }
    memset(u, 0, (size_t)count * sizeof *u);
    for (int64_t k = 0; k < n; k++) {
        for (int64_t i = 0; i < n; i++) u[i * n + k] = w[k * n + i];
        s[k] = ldexp(s[k], exponent);
    }
    if (rows > n) dk_apply_reflections(a, rows, n, scale, u, n, 0, work);
    return result;
}

static void svd(const dk_matrix_arguments *g, void *const *buffers, int64_t member) {
    const int64_t rows = g->rows, n = g->columns;
    double *memory = dk_scratch(2, (size_t)(needed(rows, n) + n * n) * sizeof(double)), *turned = memory + needed(rows, n);
    const decomposition d = decompose(g, buffers, member, memory);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) turned[i * n + j] = d.v[j * n + i];
    dk_store_matrix(buffers[g->out0], member * rows * n, d.u, rows * n, g->dtype);
    dk_store_matrix(buffers[g->out1], member * n, d.s, n, g->dtype);
    dk_store_matrix(buffers[g->out2], member * n * n, turned, n * n, g->dtype);
}

void dk_svd(const void *arguments, void *const *buffers) {
    const dk_matrix_arguments *g = arguments;
    dk_each_matrix(g, buffers, 8 * g->rows * g->columns * g->columns, svd);
}

static void pseudo_inverse(const dk_matrix_arguments *g, void *const *buffers, int64_t member) {
    const int64_t rows = g->rows, n = g->columns;
    double *memory = dk_scratch(2, (size_t)(needed(rows, n) + rows * n) * sizeof(double)), *out = memory + needed(rows, n);
    const decomposition d = decompose(g, buffers, member, memory);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < rows; j++) {
            double sum = 0;
            for (int64_t k = 0; k < n; k++)
                if (!(d.s[k] <= g->tolerance * d.s[0])) sum += d.v[k * n + i] / d.s[k] * d.u[j * n + k];
            out[i * rows + j] = sum;
        }
    dk_store_matrix(buffers[g->out0], member * rows * n, out, rows * n, g->dtype);
}

void dk_pseudo_inverse(const void *arguments, void *const *buffers) {
    const dk_matrix_arguments *g = arguments;
    dk_each_matrix(g, buffers, 9 * g->rows * g->columns * g->columns, pseudo_inverse);
}
