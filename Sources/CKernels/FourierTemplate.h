// Fourier transforms of one element type for one instruction set: T, LANES (64 bytes are two vectors), NAME(x).
#include "FourierStages.h"

// What a task takes at once: a line of the cache, two vectors of columns.
#define BLOCK (2 * LANES)
typedef T NAME(loose) __attribute__((vector_size(sizeof(T) * LANES), aligned(sizeof(T))));
#define LOOSE NAME(loose)

static int64_t NAME(room)(const dk_fourier_core *core) { return core->convolution ? core->convolution->count : core->count; }

// --- Columns in and out of vectors ---

// to[j] = `lanes` neighbours at from + j * step, zeros in the other lanes.
static void NAME(load)(V *to, const T *from, int64_t step, int64_t count, int64_t lanes) {
    if (lanes == LANES) {
        for (int64_t j = 0; j < count; j++) to[j] = *(const LOOSE *)(from + j * step);
        return;
    }
    for (int64_t j = 0; j < count; j++) {
        V v = {0};
        for (int64_t i = 0; i < lanes; i++) v[i] = from[j * step + i];
        to[j] = v;
    }
}

static void NAME(save)(T *to, int64_t step, const V *from, int64_t count, int64_t lanes, T scale) {
    if (lanes == LANES) {
        for (int64_t j = 0; j < count; j++) *(LOOSE *)(to + j * step) = from[j] * scale;
        return;
    }
    for (int64_t j = 0; j < count; j++) {
        for (int64_t i = 0; i < lanes; i++) to[j * step + i] = from[j][i] * scale;
    }
}

// A square of LANES vectors, transposed.
static inline __attribute__((always_inline)) void NAME(turn)(V *v) {
#if LANES == 8
    V a[8], b[8];
    for (int i = 0; i < 4; i++) {
        a[i] = __builtin_shufflevector(v[i], v[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        a[i + 4] = __builtin_shufflevector(v[i], v[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
    for (int i = 0; i < 8; i += 2) {
        b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int i = 0; i < 8; i += 4) {
        v[i] = __builtin_shufflevector(b[i], b[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        v[i + 1] = __builtin_shufflevector(b[i], b[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        v[i + 2] = __builtin_shufflevector(b[i + 1], b[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        v[i + 3] = __builtin_shufflevector(b[i + 1], b[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
#else
    const V a = __builtin_shufflevector(v[0], v[1], 0, 4, 2, 6), b = __builtin_shufflevector(v[0], v[1], 1, 5, 3, 7);
    const V c = __builtin_shufflevector(v[2], v[3], 0, 4, 2, 6), d = __builtin_shufflevector(v[2], v[3], 1, 5, 3, 7);
    v[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    v[1] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    v[2] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    v[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
#endif
}

// to[j][i] = from[i * stride + j] for i < lanes: rows become columns.
static void NAME(load_rows)(V *to, const T *from, int64_t stride, int64_t count, int64_t lanes) {
    int64_t j = 0;
    if (lanes == LANES) {
        for (; j + LANES <= count; j += LANES) {
            V v[LANES];
            for (int i = 0; i < LANES; i++) v[i] = *(const LOOSE *)(from + i * stride + j);
            NAME(turn)(v);
            for (int i = 0; i < LANES; i++) to[j + i] = v[i];
        }
    }
    for (; j < count; j++) {
        V v = {0};
        for (int64_t i = 0; i < lanes; i++) v[i] = from[i * stride + j];
        to[j] = v;
    }
}

static void NAME(save_rows)(T *to, int64_t stride, const V *from, int64_t count, int64_t lanes, T scale) {
    int64_t j = 0;
    if (lanes == LANES) {
        for (; j + LANES <= count; j += LANES) {
            V v[LANES];
            for (int i = 0; i < LANES; i++) v[i] = from[j + i] * scale;
            NAME(turn)(v);
            for (int i = 0; i < LANES; i++) *(LOOSE *)(to + i * stride + j) = v[i];
        }
    }
    for (; j < count; j++) {
        for (int64_t i = 0; i < lanes; i++) to[i * stride + j] = from[j][i] * scale;
    }
}

// --- Real transforms of even length: a complex one of half the length ---

// With z the transform of x[2j] + i x[2j + 1], h = n / 2: X[k] = E + w^k O and X[h - k] = conj(E - w^k O), where
// E = (z[k] + conj(z[h - k])) / 2 and O = (z[k] - conj(z[h - k])) / 2i. And the other way, times two.
#define HALVES(suffix, E) \
    static void NAME(unravel_##suffix)(int64_t h, const E *zr, const E *zi, E *yr, E *yi, const T *w, T scale) { \
        const T *ws = w + h / 2 + 1, half = (T)0.5 * scale; \
        for (int64_t k = 0; k <= h / 2; k++) { \
            const int64_t j = h - k, o = k == 0 ? 0 : j; \
            const E er = (zr[k] + zr[o]) * half, ei = (zi[k] - zi[o]) * half, dr = (zr[k] - zr[o]) * half, di = (zi[k] + zi[o]) * half; \
            const E tr = di * w[k] + dr * ws[k], ti = di * ws[k] - dr * w[k]; \
            yr[k] = er + tr; yi[k] = ei + ti; \
            yr[j] = er - tr; yi[j] = ti - ei; \
        } \
    } \
    static void NAME(ravel_##suffix)(int64_t h, const E *xr, const E *xi, E *zr, E *zi, const T *w) { \
        const T *ws = w + h / 2 + 1; \
        zr[0] = xr[0] + xr[h]; \
        zi[0] = xr[0] - xr[h]; \
        for (int64_t k = 1; k <= h / 2; k++) { \
            const int64_t j = h - k; \
            const E er = xr[k] + xr[j], ei = xi[k] - xi[j], dr = xr[k] - xr[j], di = xi[k] + xi[j]; \
            const E pr = dr * w[k] + di * ws[k], pi = di * w[k] - dr * ws[k]; \
            zr[k] = er - pi; zi[k] = ei + pr; \
            zr[j] = er + pi; zi[j] = pr - ei; \
        } \
    }
HALVES(columns, V)
HALVES(row, T)

// --- One row ---

typedef struct {
    const dk_fourier_core *core;
    const T *xr, *xi;
    T *yr, *yi, *middle;
    T scale;
} NAME(row_job);

// The columns of the row as an array [first][second], times twiddles, into the middle.
static void NAME(row_columns)(void *context, int64_t index) {
    const NAME(row_job) *job = context;
    const dk_fourier_core *core = job->core, *inside = core->first;
    const int64_t n1 = inside->count, n2 = core->second->count, padded = dk_fourier_padded(n2), room = n1;
    V *scratch = dk_scratch(2, (size_t)(8 * room) * sizeof(V));
    T *mr = job->middle, *mi = mr + n1 * padded;
    const T *br = core->between, *bi = br + n1 * n2;
    const int64_t start = index * BLOCK;
    for (int64_t set = 0; set < 2; set++) {
        const int64_t left = n2 - start - set * LANES, lanes = left < LANES ? left : LANES;
        if (lanes <= 0) break;
        V *x = scratch + 4 * set * room;
        NAME(load)(x, job->xr + start + set * LANES, n2, n1, lanes);
        NAME(load)(x + room, job->xi + start + set * LANES, n2, n1, lanes);
    }
    for (int64_t set = 0; set < 2; set++) {
        const int64_t at = start + set * LANES, left = n2 - at, lanes = left < LANES ? left : LANES;
        if (lanes <= 0) break;
        V *x = scratch + 4 * set * room;
        if (NAME(columns)(inside, x, x + room, x + 2 * room, x + 3 * room)) x += 2 * room;
        for (int64_t k = 0; k < n1; k++) {
            const V real = x[k], imaginary = x[room + k];
            if (lanes == LANES) {
                const V c = *(const LOOSE *)(br + k * n2 + at), s = *(const LOOSE *)(bi + k * n2 + at);
                *(LOOSE *)(mr + k * padded + at) = real * c - imaginary * s;
                *(LOOSE *)(mi + k * padded + at) = real * s + imaginary * c;
            } else {
                for (int64_t i = 0; i < lanes; i++) {
                    const T c = br[k * n2 + at + i], s = bi[k * n2 + at + i];
                    mr[k * padded + at + i] = real[i] * c - imaginary[i] * s;
                    mi[k * padded + at + i] = real[i] * s + imaginary[i] * c;
                }
            }
        }
    }
}

// The rows of the middle, as columns of the result [second][first].
static void NAME(row_rows)(void *context, int64_t index) {
    const NAME(row_job) *job = context;
    const dk_fourier_core *core = job->core, *inside = core->second;
    const int64_t n1 = core->first->count, n2 = inside->count, padded = dk_fourier_padded(n2), room = n2;
    V *scratch = dk_scratch(2, (size_t)(8 * room) * sizeof(V));
    const T *mr = job->middle, *mi = mr + n1 * padded;
    V *results[2] = {NULL, NULL};
    for (int64_t set = 0; set < 2; set++) {
        const int64_t at = index * BLOCK + set * LANES, left = n1 - at, lanes = left < LANES ? left : LANES;
        if (lanes <= 0) break;
        V *x = scratch + 4 * set * room;
        NAME(load_rows)(x, mr + at * padded, padded, n2, lanes);
        NAME(load_rows)(x + room, mi + at * padded, padded, n2, lanes);
        results[set] = NAME(columns)(inside, x, x + room, x + 2 * room, x + 3 * room) ? x + 2 * room : x;
    }
    for (int64_t set = 0; set < 2 && results[set]; set++) {
        const int64_t at = index * BLOCK + set * LANES, left = n1 - at, lanes = left < LANES ? left : LANES;
        NAME(save)(job->yr + at, n1, results[set], n2, lanes, job->scale);
        NAME(save)(job->yi + at, n1, results[set] + room, n2, lanes, job->scale);
    }
}

static void NAME(each)(int64_t elements, int64_t count, dk_task task, void *context) {
    if (elements >= 1 << 14) dk_parallel(count, task, context);
    else for (int64_t i = 0; i < count; i++) task(context, i);
}

static void NAME(scaled_row)(const dk_fourier_core *core, const T *xr, const T *xi, T *yr, T *yi, T *temporary, T scale) {
    const int64_t n = core->count;
    if (core->convolution) {
        const dk_fourier_core *inside = core->convolution;
        const int64_t m = inside->count;
        const T *cr = core->chirp, *ci = cr + n, *hr = core->chirp_transform, *hi = hr + m;
        T *ar = temporary, *ai = ar + m, *br = ai + m, *bi = br + m, *rest = bi + m;
        for (int64_t k = 0; k < n; k++) {
            ar[k] = xr[k] * cr[k] - xi[k] * ci[k];
            ai[k] = xr[k] * ci[k] + xi[k] * cr[k];
        }
        memset(ar + n, 0, (size_t)(m - n) * sizeof(T));
        memset(ai + n, 0, (size_t)(m - n) * sizeof(T));
        NAME(scaled_row)(inside, ar, ai, br, bi, rest, 1);
        for (int64_t k = 0; k < m; k++) {
            const T real = br[k], imaginary = bi[k];
            br[k] = real * hr[k] - imaginary * hi[k];
            bi[k] = real * hi[k] + imaginary * hr[k];
        }
        // Back with real and imaginary parts exchanged, which changes the exponent's sign.
        NAME(scaled_row)(inside, bi, br, ai, ar, rest, 1);
        for (int64_t k = 0; k < n; k++) {
            yr[k] = (ar[k] * cr[k] - ai[k] * ci[k]) * scale;
            yi[k] = (ar[k] * ci[k] + ai[k] * cr[k]) * scale;
        }
        return;
    }
    if (core->first) {
        NAME(row_job) job = {core, xr, xi, yr, yi, temporary, scale};
        NAME(each)(n, (core->second->count + BLOCK - 1) / BLOCK, NAME(row_columns), &job);
        NAME(each)(n, (core->first->count + BLOCK - 1) / BLOCK, NAME(row_rows), &job);
        return;
    }
    V *x = dk_scratch(2, (size_t)(4 * n) * sizeof(V));
    NAME(load)(x, xr, 1, n, 1);
    NAME(load)(x + n, xi, 1, n, 1);
    if (NAME(columns)(core, x, x + n, x + 2 * n, x + 3 * n)) x += 2 * n;
    NAME(save)(yr, 1, x, n, 1, scale);
    NAME(save)(yi, 1, x + n, n, 1, scale);
}

static void NAME(row)(const dk_fourier_core *core, const void *xr, const void *xi, void *yr, void *yi, void *temporary) {
    NAME(scaled_row)(core, xr, xi, yr, yi, temporary, 1);
}

// A row of any role.
static void NAME(row_task)(void *context, int64_t index) {
    const dk_fourier_job *job = context;
    const dk_fourier_arguments *g = job->arguments;
    const dk_fourier_plan *plan = g->plan;
    const dk_fourier_core *core = plan->core;
    const int64_t n = plan->count, h = n / 2, some = h + 1;
    const T scale = (T)g->scale;
    T *temporary = dk_scratch(3, (size_t)(dk_fourier_temporary(core) + 4 * n) * sizeof(T));
    T *ar = temporary, *ai = ar + n, *br = ai + n, *bi = br + n, *rest = bi + n;
    const T *xr = job->in_real, *xi = job->in_imaginary;
    T *yr = job->out_real, *yi = job->out_imaginary;
    if (g->role == DK_FOURIER_COMPLEX) {
        xr += index * n; xi += index * n; yr += index * n; yi += index * n;
        if (g->inverse) NAME(scaled_row)(core, xi, xr, yi, yr, rest, scale);
        else NAME(scaled_row)(core, xr, xi, yr, yi, rest, scale);
    } else if (g->role == DK_FOURIER_REAL) {
        xr += index * n; yr += index * some; yi += index * some;
        if (plan->unravel) {
            for (int64_t j = 0; j < h; j++) { ar[j] = xr[2 * j]; ai[j] = xr[2 * j + 1]; }
            NAME(scaled_row)(core, ar, ai, br, bi, rest, 1);
            NAME(unravel_row)(h, br, bi, yr, yi, plan->unravel, scale);
        } else {
            memset(ai, 0, (size_t)n * sizeof(T));
            NAME(scaled_row)(core, xr, ai, br, bi, rest, scale);
            memcpy(yr, br, (size_t)some * sizeof(T));
            memcpy(yi, bi, (size_t)some * sizeof(T));
        }
    } else {
        xr += index * some; xi += index * some; yr += index * n;
        if (plan->unravel) {
            NAME(ravel_row)(h, xr, xi, ar, ai, plan->unravel);
            NAME(scaled_row)(core, ai, ar, bi, br, rest, scale);
            for (int64_t j = 0; j < h; j++) { yr[2 * j] = br[j]; yr[2 * j + 1] = bi[j]; }
        } else {
            ar[0] = xr[0];
            ai[0] = 0;
            for (int64_t k = 1; k <= h; k++) { ar[k] = ar[n - k] = xr[k]; ai[k] = xi[k]; ai[n - k] = -xi[k]; }
            NAME(scaled_row)(core, ai, ar, bi, yr, rest, scale);
        }
    }
}

// --- Many columns, or short rows taken as columns ---

// Where the columns of a task lie, in arrays of `entries` places on the transformed axis.
typedef struct {
    int64_t outer, first, lanes, inner;
} NAME(place);

static void NAME(take)(const NAME(place) *at, V *to, const T *from, int64_t entries, int64_t start, int64_t step, int64_t count) {
    if (at->inner == 1) NAME(load_rows)(to, from + at->first * entries, entries, count, at->lanes);
    else NAME(load)(to, from + (at->outer * entries + start) * at->inner + at->first, step * at->inner, count, at->lanes);
}

static void NAME(give)(const NAME(place) *at, T *to, int64_t entries, const V *from, int64_t start, int64_t step, int64_t count, T scale) {
    if (at->inner == 1) NAME(save_rows)(to + at->first * entries, entries, from, count, at->lanes, scale);
    else NAME(save)(to + (at->outer * entries + start) * at->inner + at->first, step * at->inner, from, count, at->lanes, scale);
}

static void NAME(some_columns)(const dk_fourier_job *job, const NAME(place) *at) {
    const dk_fourier_arguments *g = job->arguments;
    const dk_fourier_plan *plan = g->plan;
    const dk_fourier_core *core = plan->core;
    const int64_t n = plan->count, h = n / 2, some = h + 1, own = NAME(room)(core), room = own > some ? own : some;
    const T scale = (T)g->scale;
    V *xr = dk_scratch(2, (size_t)(4 * room) * sizeof(V)), *xi = xr + room, *yr = xi + room, *yi = yr + room;
    if (g->role == DK_FOURIER_COMPLEX) {
        NAME(take)(at, g->inverse ? xi : xr, job->in_real, n, 0, 1, n);
        NAME(take)(at, g->inverse ? xr : xi, job->in_imaginary, n, 0, 1, n);
    } else if (g->role == DK_FOURIER_REAL) {
        if (!plan->unravel) {
            NAME(take)(at, xr, job->in_real, n, 0, 1, n);
            memset(xi, 0, (size_t)n * sizeof(V));
        } else if (at->inner == 1) {
            NAME(take)(at, yr, job->in_real, n, 0, 1, n);
            for (int64_t j = 0; j < h; j++) { xr[j] = yr[2 * j]; xi[j] = yr[2 * j + 1]; }
        } else {
            NAME(take)(at, xr, job->in_real, n, 0, 2, h);
            NAME(take)(at, xi, job->in_real, n, 1, 2, h);
        }
    } else if (plan->unravel) {
        NAME(take)(at, yr, job->in_real, some, 0, 1, some);
        NAME(take)(at, yi, job->in_imaginary, some, 0, 1, some);
        NAME(ravel_columns)(h, yr, yi, xi, xr, plan->unravel);
    } else {
        NAME(take)(at, xi, job->in_real, some, 0, 1, some);
        NAME(take)(at, xr, job->in_imaginary, some, 0, 1, some);
        xr[0] = (V){0};
        for (int64_t k = 1; k <= h; k++) { xi[n - k] = xi[k]; xr[n - k] = -xr[k]; }
    }
    const int moved = NAME(columns)(core, xr, xi, yr, yi);
    const V *zr = moved ? yr : xr, *zi = moved ? yi : xi;
    V *free_real = moved ? xr : yr, *free_imaginary = moved ? xi : yi;
    if (g->role == DK_FOURIER_COMPLEX) {
        NAME(give)(at, job->out_real, n, g->inverse ? zi : zr, 0, 1, n, scale);
        NAME(give)(at, job->out_imaginary, n, g->inverse ? zr : zi, 0, 1, n, scale);
    } else if (g->role == DK_FOURIER_REAL) {
        if (plan->unravel) {
            NAME(unravel_columns)(h, zr, zi, free_real, free_imaginary, plan->unravel, 1);
            zr = free_real;
            zi = free_imaginary;
        }
        NAME(give)(at, job->out_real, some, zr, 0, 1, some, scale);
        NAME(give)(at, job->out_imaginary, some, zi, 0, 1, some, scale);
    } else if (!plan->unravel) {
        NAME(give)(at, job->out_real, n, zi, 0, 1, n, scale);
    } else if (at->inner == 1) {
        for (int64_t j = 0; j < h; j++) { free_real[2 * j] = zi[j]; free_real[2 * j + 1] = zr[j]; }
        NAME(give)(at, job->out_real, n, free_real, 0, 1, n, scale);
    } else {
        NAME(give)(at, job->out_real, n, zi, 0, 2, h, scale);
        NAME(give)(at, job->out_real, n, zr, 1, 2, h, scale);
    }
}

static void NAME(column_task)(void *context, int64_t index) {
    const dk_fourier_job *job = context;
    const int64_t inner = job->arguments->inner, columns = inner == 1 ? job->arguments->outer : inner;
    const int64_t blocks = (columns + BLOCK - 1) / BLOCK, start = index % blocks * BLOCK;
    for (int64_t set = 0; set < 2 && start + set * LANES < columns; set++) {
        const int64_t left = columns - start - set * LANES;
        const NAME(place) at = {index / blocks, start + set * LANES, left < LANES ? left : LANES, inner};
        NAME(some_columns)(job, &at);
    }
}

static void NAME(run)(const dk_fourier_job *job) {
    const dk_fourier_arguments *g = job->arguments;
    const dk_fourier_core *core = g->plan->core;
    const int64_t work = g->outer * g->inner * g->plan->count;
    const int is_long = NAME(room)(core) > 1024, has_rows = core->first || core->convolution;
    if (g->inner == 1 && has_rows && (is_long || g->outer < LANES)) {
        if (g->outer == 1) NAME(row_task)((void *)job, 0);
        else NAME(each)(work, g->outer, NAME(row_task), (void *)job);
        return;
    }
    const int64_t columns = g->inner == 1 ? g->outer : g->inner, blocks = (columns + BLOCK - 1) / BLOCK;
    NAME(each)(work, (g->inner == 1 ? 1 : g->outer) * blocks, NAME(column_task), (void *)job);
}

const dk_fourier_functions NAME(dk_fourier) = {.run = NAME(run), .row = NAME(row)};

#undef HALVES
#undef BLOCK
#undef LOOSE
#undef V
