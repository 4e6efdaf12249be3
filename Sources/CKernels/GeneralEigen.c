// Eigenvalues and right eigenvectors of general matrices, real or complex: balancing, Hessenberg form by Householder's reflections, QR
// steps with Wilkinson's shift to Schur's form, back substitution (Francis 1961; Golub and Van Loan, chapter 7). All in float64.
#include "Matrix.h"
#include "Movement.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct { double r, i; } complex;

static inline complex times(complex a, complex b) { return (complex){a.r * b.r - a.i * b.i, a.r * b.i + a.i * b.r}; }
static inline complex plus(complex a, complex b) { return (complex){a.r + b.r, a.i + b.i}; }
static inline complex minus(complex a, complex b) { return (complex){a.r - b.r, a.i - b.i}; }
static inline double size(complex a) { return hypot(a.r, a.i); }
static inline complex over(complex a, complex b) {
    const double scale = fmax(fabs(b.r), fabs(b.i)), c = b.r / scale, d = b.i / scale, s = (c * c + d * d) * scale;
    return (complex){(a.r * c + a.i * d) / s, (a.i * c - a.r * d) / s};
}
static complex root(complex a) {
    const double m = size(a);
    if (m == 0) return (complex){0, 0};
    const double t = sqrt(0.5 * (m + fabs(a.r))), u = fabs(a.i) / (2 * t);
    const double real = a.r >= 0 ? t : u, imaginary = a.r >= 0 ? u : t;
    return (complex){real, a.i < 0 ? -imaginary : imaginary};
}

// A square matrix row by row, real and imaginary parts apart.
typedef struct { double *r, *i; int64_t n; } plane;
static inline complex get(plane a, int64_t row, int64_t column) { return (complex){a.r[row * a.n + column], a.i[row * a.n + column]}; }
static inline void set(plane a, int64_t row, int64_t column, complex x) { a.r[row * a.n + column] = x.r; a.i[row * a.n + column] = x.i; }

// Powers of two that bring rows and columns of each index to about the same size (Parlett and Reinsch 1969).
static void balance(plane a, double *scale) {
    const int64_t n = a.n;
    for (int64_t i = 0; i < n; i++) scale[i] = 1;
    for (int changed = 1, rounds = 0; changed && rounds < 100; rounds++) {
        changed = 0;
        for (int64_t i = 0; i < n; i++) {
            double row = 0, column = 0;
            for (int64_t j = 0; j < n; j++) {
                if (j == i) continue;
                row += fabs(a.r[i * n + j]) + fabs(a.i[i * n + j]);
                column += fabs(a.r[j * n + i]) + fabs(a.i[j * n + i]);
            }
            if (row == 0 || column == 0) continue;
            const double sum = row + column;
            double factor = 1;
            while (column < row / 2) { factor *= 2; column *= 4; }
            while (column >= row * 2) { factor /= 2; column /= 4; }
            if ((column + row) / factor >= 0.95 * sum) continue;
            changed = 1;
            scale[i] *= factor;
            for (int64_t j = 0; j < n; j++) { a.r[i * n + j] /= factor; a.i[i * n + j] /= factor; }
            for (int64_t j = 0; j < n; j++) { a.r[j * n + i] *= factor; a.i[j * n + i] *= factor; }
        }
    }
}

// a becomes Q^H a Q, zero below its first subdiagonal. q's rows: the columns of Q.
static void hessenberg(plane a, plane q, double *vr, double *vi, double *wr, double *wi) {
    const int64_t n = a.n;
    for (int64_t k = 0; k + 2 < n; k++) {
        double below = 0, all = 0;
        for (int64_t i = k + 1; i < n; i++) {
            const complex x = get(a, i, k);
            vr[i] = x.r; vi[i] = x.i;
            all += x.r * x.r + x.i * x.i;
            if (i > k + 1) below += x.r * x.r + x.i * x.i;
        }
        if (below == 0) continue;
        const double norm = sqrt(all), first = hypot(vr[k + 1], vi[k + 1]);
        // v = x + (phase of its first element) |x|, so that nothing cancels.
        const double pr = first == 0 ? 1 : vr[k + 1] / first, pi = first == 0 ? 0 : vi[k + 1] / first;
        vr[k + 1] += pr * norm; vi[k + 1] += pi * norm;
        const double f = 2 / (below + (first + norm) * (first + norm));
        // From the left: a -= f v (v^H a).
        memset(wr, 0, (size_t)n * sizeof *wr);
        memset(wi, 0, (size_t)n * sizeof *wi);
        for (int64_t i = k + 1; i < n; i++) {
            const double *r = a.r + i * n, *s = a.i + i * n;
            for (int64_t j = k; j < n; j++) { wr[j] += vr[i] * r[j] + vi[i] * s[j]; wi[j] += vr[i] * s[j] - vi[i] * r[j]; }
        }
        for (int64_t i = k + 1; i < n; i++) {
            double *r = a.r + i * n, *s = a.i + i * n;
            const double cr = f * vr[i], ci = f * vi[i];
            for (int64_t j = k; j < n; j++) { r[j] -= cr * wr[j] - ci * wi[j]; s[j] -= cr * wi[j] + ci * wr[j]; }
        }
        // From the right: a -= f (a v) v^H.
        for (int64_t i = 0; i < n; i++) {
            double *r = a.r + i * n, *s = a.i + i * n, sr = 0, si = 0;
            for (int64_t j = k + 1; j < n; j++) { sr += r[j] * vr[j] - s[j] * vi[j]; si += r[j] * vi[j] + s[j] * vr[j]; }
            sr *= f; si *= f;
            for (int64_t j = k + 1; j < n; j++) { r[j] -= sr * vr[j] + si * vi[j]; s[j] -= si * vr[j] - sr * vi[j]; }
        }
        // Q -= f (Q v) v^H, on rows of its transpose.
        memset(wr, 0, (size_t)n * sizeof *wr);
        memset(wi, 0, (size_t)n * sizeof *wi);
        for (int64_t j = k + 1; j < n; j++) {
            const double *r = q.r + j * n, *s = q.i + j * n;
            for (int64_t i = 0; i < n; i++) { wr[i] += r[i] * vr[j] - s[i] * vi[j]; wi[i] += r[i] * vi[j] + s[i] * vr[j]; }
        }
        for (int64_t j = k + 1; j < n; j++) {
            double *r = q.r + j * n, *s = q.i + j * n;
            const double cr = f * vr[j], ci = -f * vi[j];
            for (int64_t i = 0; i < n; i++) { r[i] -= cr * wr[i] - ci * wi[i]; s[i] -= cr * wi[i] + ci * wr[i]; }
        }
        for (int64_t i = k + 2; i < n; i++) set(a, i, k, (complex){0, 0});
    }
}

// (x, y) becomes (c x + s y, c y - conj(s) x) for rows of `count` elements.
static void rotate_rows(double *xr, double *xi, double *yr, double *yi, int64_t count, double c, complex s) {
    for (int64_t j = 0; j < count; j++) {
        const double ar = xr[j], ai = xi[j], br = yr[j], bi = yi[j];
        xr[j] = c * ar + s.r * br - s.i * bi; xi[j] = c * ai + s.r * bi + s.i * br;
        yr[j] = c * br - s.r * ar - s.i * ai; yi[j] = c * bi - s.r * ai + s.i * ar;
    }
}

// The eigenvalue of the last two rows and columns of the part that ends at `last`, the one nearer to its corner.
static complex shift(plane h, int64_t last) {
    const complex a = get(h, last - 1, last - 1), d = get(h, last, last), bc = times(get(h, last - 1, last), get(h, last, last - 1));
    complex half = minus(a, d);
    half.r *= 0.5; half.i *= 0.5;
    const complex r = root(plus(times(half, half), bc));
    const complex one = plus(half, r), other = minus(half, r), larger = size(one) > size(other) ? one : other;
    return size(larger) == 0 ? d : minus(d, over(bc, larger));
}

// h (Hessenberg) becomes upper triangular, Z^H h Z; q's rows are rotated with it. 0 if it did not converge.
static int schur(plane h, plane q) {
    const int64_t n = h.n;
    int64_t last = n - 1;
    for (int rounds = 0; last > 0; rounds++) {
        int64_t first = last;
        for (; first > 0; first--) {
            const double nearby = size(get(h, first - 1, first - 1)) + size(get(h, first, first));
            if (size(get(h, first, first - 1)) > DBL_EPSILON * nearby && size(get(h, first, first - 1)) > DBL_MIN) continue;
            set(h, first, first - 1, (complex){0, 0});
            break;
        }
        if (first == last) { last--; rounds = -1; continue; }
        if (rounds > 90) return 0;
        complex by = shift(h, last);
        // Now and then another shift, for matrices that go round in circles.
        if (rounds % 10 == 9) by = (complex){by.r + size(get(h, last, last - 1)), by.i};
        for (int64_t k = first; k < last; k++) {
            const complex x = k == first ? minus(get(h, k, k), by) : get(h, k, k - 1), y = k == first ? get(h, k + 1, k) : get(h, k + 1, k - 1);
            const double sx = size(x), sy = size(y), norm = hypot(sx, sy);
            if (sy == 0) continue;
            // c real, and s = phase(x) conj(y) / norm.
            const double c = sx / norm;
            const complex phase = sx == 0 ? (complex){1, 0} : (complex){x.r / sx, x.i / sx};
            complex s = times(phase, (complex){y.r, -y.i});
            s.r /= norm; s.i /= norm;
            const int64_t from = k == first ? k : k - 1, end = k + 2 < last ? k + 2 : last;
            rotate_rows(h.r + k * n + from, h.i + k * n + from, h.r + (k + 1) * n + from, h.i + (k + 1) * n + from, n - from, c, s);
            if (k > first) set(h, k + 1, k - 1, (complex){0, 0});
            for (int64_t i = 0; i <= end; i++) {
                const complex a = get(h, i, k), b = get(h, i, k + 1);
                const complex bs = times(b, (complex){s.r, -s.i}), as = times(a, s);
                set(h, i, k, (complex){c * a.r + bs.r, c * a.i + bs.i});
                set(h, i, k + 1, (complex){c * b.r - as.r, c * b.i - as.i});
            }
            rotate_rows(q.r + k * n, q.i + k * n, q.r + (k + 1) * n, q.i + (k + 1) * n, n, c, (complex){s.r, -s.i});
        }
    }
    return 1;
}

// The eigenvector of t's diagonal element k, times Z and the scale, of length 1 and with a real, positive largest element.
static void eigenvector(plane t, plane q, const double *scale, int64_t k, double norm, double *xr, double *xi, double *vr, double *vi) {
    const int64_t n = t.n;
    const complex value = get(t, k, k);
    const double least = fmax(DBL_EPSILON * norm, DBL_MIN);
    xr[k] = 1; xi[k] = 0;
    for (int64_t i = k - 1; i >= 0; i--) {
        double sr = 0, si = 0;
        const double *r = t.r + i * n, *s = t.i + i * n;
        for (int64_t j = i + 1; j <= k; j++) { sr -= r[j] * xr[j] - s[j] * xi[j]; si -= r[j] * xi[j] + s[j] * xr[j]; }
        complex gap = minus(get(t, i, i), value);
        // Equal eigenvalues: a vector as near as rounding allows.
        if (size(gap) < least) gap = (complex){least, 0};
        const complex x = over((complex){sr, si}, gap);
        xr[i] = x.r; xi[i] = x.i;
        const double large = fabs(x.r) + fabs(x.i);
        if (large > 1e100) for (int64_t j = i; j <= k; j++) { xr[j] /= large; xi[j] /= large; }
    }
    memset(vr, 0, (size_t)n * sizeof *vr);
    memset(vi, 0, (size_t)n * sizeof *vi);
    for (int64_t j = 0; j <= k; j++) {
        const double *r = q.r + j * n, *s = q.i + j * n;
        for (int64_t i = 0; i < n; i++) { vr[i] += r[i] * xr[j] - s[i] * xi[j]; vi[i] += r[i] * xi[j] + s[i] * xr[j]; }
    }
    double largest = 0;
    for (int64_t i = 0; i < n; i++) { vr[i] *= scale[i]; vi[i] *= scale[i]; largest = fmax(largest, fmax(fabs(vr[i]), fabs(vi[i]))); }
    double sum = 0, best = -1;
    int64_t place = 0;
    for (int64_t i = 0; i < n; i++) {
        vr[i] /= largest; vi[i] /= largest;
        const double square = vr[i] * vr[i] + vi[i] * vi[i];
        sum += square;
        if (square > best * (1 + 1e-9)) { best = square; place = i; }
    }
    const double size_of = sqrt(best), length = sqrt(sum), c = vr[place] / size_of / length, s = -vi[place] / size_of / length;
    for (int64_t i = 0; i < n; i++) {
        const double r = vr[i], m = vi[i];
        vr[i] = r * c - m * s; vi[i] = r * s + m * c;
    }
    vi[place] = 0;
}

// Of a real matrix: eigenvalues real or in exact pairs, with vectors to match. values and the rows of v as they come.
static void pair(double *wr, double *wi, plane v, char *done) {
    const int64_t n = v.n;
    memset(done, 0, (size_t)n);
    for (int64_t i = 0; i < n; i++) {
        if (done[i]) continue;
        int64_t partner = i;
        double best = 2 * fabs(wi[i]);
        for (int64_t j = i + 1; j < n; j++) {
            const double distance = hypot(wr[j] - wr[i], wi[j] + wi[i]);
            if (!done[j] && distance < best) { best = distance; partner = j; }
        }
        done[i] = done[partner] = 1;
        if (partner == i) {
            wi[i] = 0;
            double sum = 0;
            for (int64_t k = 0; k < n; k++) { sum += v.r[i * n + k] * v.r[i * n + k]; v.i[i * n + k] = 0; }
            for (int64_t k = 0; k < n; k++) v.r[i * n + k] /= sqrt(sum);
            continue;
        }
        wr[i] = wr[partner] = 0.5 * (wr[i] + wr[partner]);
        wi[i] = 0.5 * (wi[i] - wi[partner]);
        wi[partner] = -wi[i];
        for (int64_t k = 0; k < n; k++) { v.r[partner * n + k] = v.r[i * n + k]; v.i[partner * n + k] = -v.i[i * n + k]; }
    }
}

typedef struct { const dk_eigen_arguments *g; void *const *buffers; } eigen_job;

static void eigen_task(void *context, int64_t member) {
    const eigen_job *job = context;
    const dk_eigen_arguments *g = job->g;
    const int64_t n = g->size, squares = n * n, at = member * squares;
    double *block = dk_scratch(2, (size_t)(6 * squares + 9 * n) * sizeof(double) + (size_t)n);
    plane a = {block, block + squares, n}, q = {block + 2 * squares, block + 3 * squares, n}, v = {block + 4 * squares, block + 5 * squares, n};
    double *w = block + 6 * squares, *wr = w, *wi = w + n, *scale = w + 2 * n, *work = w + 3 * n;
    char *done = (char *)(work + 6 * n);
    dk_load_matrix(a.r, job->buffers[g->real], g->real_offset + at, squares, g->dtype);
    dk_load_matrix(a.i, job->buffers[g->imaginary], g->imaginary_offset + at, squares, g->dtype);
    double largest = 0;
    int good = 1, is_real = 1;
    for (int64_t k = 0; k < squares; k++) {
        if (!isfinite(a.r[k]) || !isfinite(a.i[k])) good = 0;
        if (a.i[k] != 0) is_real = 0;
        largest = fmax(largest, fmax(fabs(a.r[k]), fabs(a.i[k])));
    }
    // A power of two keeps squares in range, and changes no digit.
    int exponent = 0;
    if (largest > 0 && good) frexp(largest, &exponent);
    for (int64_t k = 0; k < squares; k++) { a.r[k] = ldexp(a.r[k], -exponent); a.i[k] = ldexp(a.i[k], -exponent); }
    memset(q.r, 0, (size_t)(2 * squares) * sizeof(double));
    for (int64_t k = 0; k < n; k++) q.r[k * n + k] = 1;
    if (good) {
        balance(a, scale);
        hessenberg(a, q, work, work + n, work + 2 * n, work + 3 * n);
        good = schur(a, q);
    }
    if (good) {
        double norm = 0;
        for (int64_t k = 0; k < squares; k++) norm = fmax(norm, fmax(fabs(a.r[k]), fabs(a.i[k])));
        for (int64_t k = 0; k < n; k++) {
            const complex value = get(a, k, k);
            wr[k] = value.r; wi[k] = value.i;
            eigenvector(a, q, scale, k, norm, work, work + n, v.r + k * n, v.i + k * n);
        }
        if (is_real) pair(wr, wi, v, done);
    }
    // By real parts, then imaginary ones, ascending. a takes the vectors as columns.
    for (int64_t k = 0; k < n; k++) {
        int64_t least = k;
        for (int64_t j = k + 1; j < n && good; j++) if (wr[j] < wr[least] || (wr[j] == wr[least] && wi[j] < wi[least])) least = j;
        const double value_r = wr[least], value_i = wi[least];
        wr[least] = wr[k]; wi[least] = wi[k];
        wr[k] = good ? ldexp(value_r, exponent) : NAN; wi[k] = good ? ldexp(value_i, exponent) : NAN;
        for (int64_t i = 0; i < n; i++) {
            const double r = v.r[least * n + i], s = v.i[least * n + i];
            v.r[least * n + i] = v.r[k * n + i]; v.i[least * n + i] = v.i[k * n + i];
            a.r[i * n + k] = good ? r : NAN; a.i[i * n + k] = good ? s : NAN;
        }
    }
    dk_store_matrix(job->buffers[g->values_real], member * n, wr, n, g->dtype);
    dk_store_matrix(job->buffers[g->values_imaginary], member * n, wi, n, g->dtype);
    dk_store_matrix(job->buffers[g->vectors_real], at, a.r, squares, g->dtype);
    dk_store_matrix(job->buffers[g->vectors_imaginary], at, a.i, squares, g->dtype);
}

void dk_eigen(const void *arguments, void *const *buffers) {
    const dk_eigen_arguments *g = arguments;
    const eigen_job job = {g, buffers};
    dk_move(g->batch * 100 * g->size * g->size * g->size, g->batch, eigen_task, (void *)&job);
}
