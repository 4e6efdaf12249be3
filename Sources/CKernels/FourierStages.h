// Stages of the Stockham transform on LANES columns side by side. T: the element; LANES; NAME(x): x with the variant's suffix.
//
// A stage of radix r turns x[s * (p + m * u) + q] into y[s * (r * p + t) + q] for p < m, q < s, u and t < r: sums of r numbers, times
// exp(-2 pi i p t / (r m)). Real and imaginary parts are arrays of their own.

typedef T NAME(lanes) __attribute__((vector_size(sizeof(T) * LANES)));
#define V NAME(lanes)

// y = b * w, or b where the stage has no twiddles.
#define STORE(t, br, bi) \
    do { \
        const V real = (br), imaginary = (bi); \
        const int64_t to = s * (r * p + (t)) + q; \
        if (twiddled && (t) > 0) { \
            const T c = w[2 * (t) - 2], d = w[2 * (t) - 1]; \
            yr[to] = real * c - imaginary * d; \
            yi[to] = real * d + imaginary * c; \
        } else { yr[to] = real; yi[to] = imaginary; } \
    } while (0)

static inline __attribute__((always_inline)) void NAME(stage2)(
    int64_t m, int64_t s, const V *xr, const V *xi, V *yr, V *yi, const T *w, int twiddled
) {
    const int64_t r = 2;
    for (int64_t p = 0; p < m; p++, w += 2) {
        for (int64_t q = 0; q < s; q++) {
            const int64_t a = s * p + q, b = a + s * m;
            STORE(0, xr[a] + xr[b], xi[a] + xi[b]);
            STORE(1, xr[a] - xr[b], xi[a] - xi[b]);
        }
    }
}

static inline __attribute__((always_inline)) void NAME(stage4)(
    int64_t m, int64_t s, const V *xr, const V *xi, V *yr, V *yi, const T *w, int twiddled
) {
    const int64_t r = 4, step = s * m;
    for (int64_t p = 0; p < m; p++, w += 6) {
        for (int64_t q = 0; q < s; q++) {
            const int64_t a = s * p + q;
            const V r0 = xr[a] + xr[a + 2 * step], i0 = xi[a] + xi[a + 2 * step];
            const V r1 = xr[a] - xr[a + 2 * step], i1 = xi[a] - xi[a + 2 * step];
            const V r2 = xr[a + step] + xr[a + 3 * step], i2 = xi[a + step] + xi[a + 3 * step];
            const V r3 = xr[a + step] - xr[a + 3 * step], i3 = xi[a + step] - xi[a + 3 * step];
            STORE(0, r0 + r2, i0 + i2);
            STORE(1, r1 + i3, i1 - r3);
            STORE(2, r0 - r2, i0 - i2);
            STORE(3, r1 - i3, i1 + r3);
        }
    }
}

static inline __attribute__((always_inline)) void NAME(stage8)(
    int64_t m, int64_t s, const V *xr, const V *xi, V *yr, V *yi, const T *w, int twiddled
) {
    const int64_t r = 8, step = s * m;
    const T h = (T)0.70710678118654752440;
    for (int64_t p = 0; p < m; p++, w += 14) {
        for (int64_t q = 0; q < s; q++) {
            const int64_t a = s * p + q;
            // The even ones, as a stage of radix 4.
            V r0 = xr[a] + xr[a + 4 * step], i0 = xi[a] + xi[a + 4 * step];
            V r1 = xr[a] - xr[a + 4 * step], i1 = xi[a] - xi[a + 4 * step];
            V r2 = xr[a + 2 * step] + xr[a + 6 * step], i2 = xi[a + 2 * step] + xi[a + 6 * step];
            V r3 = xr[a + 2 * step] - xr[a + 6 * step], i3 = xi[a + 2 * step] - xi[a + 6 * step];
            const V e0r = r0 + r2, e0i = i0 + i2, e2r = r0 - r2, e2i = i0 - i2;
            const V e1r = r1 + i3, e1i = i1 - r3, e3r = r1 - i3, e3i = i1 + r3;
            // The odd ones, turned by an eighth each.
            r0 = xr[a + step] + xr[a + 5 * step]; i0 = xi[a + step] + xi[a + 5 * step];
            r1 = xr[a + step] - xr[a + 5 * step]; i1 = xi[a + step] - xi[a + 5 * step];
            r2 = xr[a + 3 * step] + xr[a + 7 * step]; i2 = xi[a + 3 * step] + xi[a + 7 * step];
            r3 = xr[a + 3 * step] - xr[a + 7 * step]; i3 = xi[a + 3 * step] - xi[a + 7 * step];
            const V o0r = r0 + r2, o0i = i0 + i2, d2r = r0 - r2, d2i = i0 - i2;
            const V d1r = r1 + i3, d1i = i1 - r3, d3r = r1 - i3, d3i = i1 + r3;
            const V o1r = (d1r + d1i) * h, o1i = (d1i - d1r) * h;
            const V o2r = d2i, o2i = -d2r;
            const V o3r = (d3i - d3r) * h, o3i = (d3r + d3i) * -h;
            STORE(0, e0r + o0r, e0i + o0i);
            STORE(1, e1r + o1r, e1i + o1i);
            STORE(2, e2r + o2r, e2i + o2i);
            STORE(3, e3r + o3r, e3i + o3i);
            STORE(4, e0r - o0r, e0i - o0i);
            STORE(5, e1r - o1r, e1i - o1i);
            STORE(6, e2r - o2r, e2i - o2i);
            STORE(7, e3r - o3r, e3i - o3i);
        }
    }
}

// An odd radix: pairs u and r - u have the same cosines and opposite sines. `sums`: cosine and sine of 2 pi j k / r for k, j in 1 ... (r - 1) / 2.
static inline __attribute__((always_inline)) void NAME(stage_odd)(
    int64_t r, int64_t m, int64_t s, const V *xr, const V *xi, V *yr, V *yi, const T *w, const T *sums, int twiddled
) {
    const int64_t step = s * m, half = (r - 1) / 2;
    V sr[DK_FOURIER_LARGEST_RADIX / 2], si[DK_FOURIER_LARGEST_RADIX / 2], dr[DK_FOURIER_LARGEST_RADIX / 2], di[DK_FOURIER_LARGEST_RADIX / 2];
    for (int64_t p = 0; p < m; p++, w += 2 * (r - 1)) {
        for (int64_t q = 0; q < s; q++) {
            const int64_t a = s * p + q;
            const V x0r = xr[a], x0i = xi[a];
            V totalr = x0r, totali = x0i;
            for (int64_t j = 0; j < half; j++) {
                const int64_t u = a + (j + 1) * step, v = a + (r - 1 - j) * step;
                sr[j] = xr[u] + xr[v]; si[j] = xi[u] + xi[v];
                dr[j] = xr[u] - xr[v]; di[j] = xi[u] - xi[v];
                totalr += sr[j]; totali += si[j];
            }
            STORE(0, totalr, totali);
            for (int64_t k = 0; k < half; k++) {
                const T *f = sums + 2 * k * half;
                V cr = x0r, ci = x0i, er = sr[0] * 0, ei = er;
                for (int64_t j = 0; j < half; j++) {
                    cr += sr[j] * f[2 * j]; ci += si[j] * f[2 * j];
                    er += dr[j] * f[2 * j + 1]; ei += di[j] * f[2 * j + 1];
                }
                STORE(k + 1, cr + ei, ci - er);
                STORE(r - 1 - k, cr - ei, ci + er);
            }
        }
    }
}

#define STAGE(radix, ...) (m > 1 ? NAME(radix)(__VA_ARGS__, 1) : NAME(radix)(__VA_ARGS__, 0))
static void NAME(stage)(const dk_fourier_core *core, int32_t number, int64_t m, int64_t s, const V *xr, const V *xi, V *yr, V *yi) {
    const T *w = core->twiddles[number], *sums = core->sums[number];
    switch (core->radix[number]) {
    case 2: STAGE(stage2, m, s, xr, xi, yr, yi, w); break;
    case 3: STAGE(stage_odd, 3, m, s, xr, xi, yr, yi, w, sums); break;
    case 4: STAGE(stage4, m, s, xr, xi, yr, yi, w); break;
    case 5: STAGE(stage_odd, 5, m, s, xr, xi, yr, yi, w, sums); break;
    case 7: STAGE(stage_odd, 7, m, s, xr, xi, yr, yi, w, sums); break;
    case 8: STAGE(stage8, m, s, xr, xi, yr, yi, w); break;
    default: STAGE(stage_odd, core->radix[number], m, s, xr, xi, yr, yi, w, sums); break;
    }
}

// The transform of LANES columns in x, with y as room; 1 if the result is in y, else 0. Both have NAME(room) vectors.
static int NAME(columns)(const dk_fourier_core *core, V *xr, V *xi, V *yr, V *yi) {
    if (core->convolution) {
        const int64_t n = core->count, m = core->convolution->count;
        const T *cr = core->chirp, *ci = cr + n, *hr = core->chirp_transform, *hi = hr + m;
        for (int64_t k = 0; k < n; k++) {
            const V real = xr[k], imaginary = xi[k];
            xr[k] = real * cr[k] - imaginary * ci[k];
            xi[k] = real * ci[k] + imaginary * cr[k];
        }
        memset(xr + n, 0, (size_t)(m - n) * sizeof(V));
        memset(xi + n, 0, (size_t)(m - n) * sizeof(V));
        const int moved = NAME(columns)(core->convolution, xr, xi, yr, yi);
        V *ar = moved ? yr : xr, *ai = moved ? yi : xi, *br = moved ? xr : yr, *bi = moved ? xi : yi;
        for (int64_t k = 0; k < m; k++) {
            const V real = ar[k], imaginary = ai[k];
            ar[k] = real * hr[k] - imaginary * hi[k];
            ai[k] = real * hi[k] + imaginary * hr[k];
        }
        // Back with real and imaginary parts exchanged, which changes the exponent's sign.
        const int again = NAME(columns)(core->convolution, ai, ar, bi, br);
        V *zr = again ? br : ar, *zi = again ? bi : ai;
        for (int64_t k = 0; k < n; k++) {
            const V real = zr[k], imaginary = zi[k];
            zr[k] = real * cr[k] - imaginary * ci[k];
            zi[k] = real * ci[k] + imaginary * cr[k];
        }
        return moved != again;
    }
    int64_t length = core->count, s = 1;
    int moved = 0;
    for (int32_t number = 0; number < core->stages; number++) {
        const int32_t r = core->radix[number];
        length /= r;
        if (moved) NAME(stage)(core, number, length, s, yr, yi, xr, xi);
        else NAME(stage)(core, number, length, s, xr, xi, yr, yi);
        moved = !moved;
        s *= r;
    }
    return moved;
}
#undef STAGE
#undef STORE
