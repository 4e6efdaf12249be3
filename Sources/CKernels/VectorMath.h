// Float32 functions on whole vectors, within 2 units in the last place over the whole range.
//
// Bits are moved about as unsigned integers, which may wrap (as they do for NaN).
//
// Included once by each variant of the element-by-element kernels, which says how many lanes a vector has (LANES) and
// whether fused multiply-add is an instruction here (HAS_FMA). Everything is written with clang's vector extensions, so
// the same lines become AVX2, NEON or SSE2. Polynomials are minimax fits (Lawson's algorithm), each coefficient rounded
// to float in turn and the rest fitted again.
#ifndef DESCENT_VECTOR_MATH_H
#define DESCENT_VECTOR_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef float vf __attribute__((vector_size(4 * LANES)));
typedef int32_t vi __attribute__((vector_size(4 * LANES)));
typedef uint32_t vu __attribute__((vector_size(4 * LANES)));

#define INLINE static inline __attribute__((always_inline))

INLINE vf splat(float x) { return x - (vf){0}; }  // x - 0 is x, also for -0
INLINE vf load(const float *p) { vf x; memcpy(&x, p, sizeof x); return x; }
INLINE void store(float *p, vf x) { memcpy(p, &x, sizeof x); }

// mask lanes are all ones or all zeros; becomes a blend, or a min or max where it is one.
INLINE vf choose(vi mask, vf yes, vf no) { return (vf)((mask & (vi)yes) | (~mask & (vi)no)); }
INLINE vf magnitude(vf x) { return (vf)((vi)x & 0x7fffffff); }
INLINE vi sign_bit(vf x) { return (vi)((vu)x & 0x80000000u); }
// These give x when x is NaN.
INLINE vf at_least(vf x, float bound) { vf b = splat(bound); return choose(x < b, b, x); }
INLINE vf at_most(vf x, float bound) { vf b = splat(bound); return choose(x > b, b, x); }

// a * b + c, rounded once where the processor can do that in one instruction. No result here depends on it.
#if HAS_FMA
INLINE vf fused(vf a, vf b, vf c) { return __builtin_elementwise_fma(a, b, c); }
#else
INLINE vf fused(vf a, vf b, vf c) { return a * b + c; }
#endif
#define FMA(a, b, c) fused((vf)(a), splat(b), splat(c))      // vector * constant + constant
#define STEP(p, x, c) p = fused(p, x, splat(c))              // one step of Horner's rule

// x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
// HIGH has few bits, so n * HIGH is exact.
#define ROUNDING 12582912.0f
#define LN2_HIGH 0.693359375f
#define LN2_LOW (-2.12194440e-4f)
INLINE vf split_ln2(vf x, vi *n) {
    vf shifted = FMA(x, 1.44269504f, ROUNDING);
    *n = (vi)((vu)shifted - 0x4b400000u);
    vf whole = shifted - ROUNDING;
    return fused(whole, splat(-LN2_LOW), fused(whole, splat(-LN2_HIGH), x));
}
// 2^n for n in -126...127.
INLINE vf two_to(vi n) { return (vf)(((vu)n << 23) + 0x3f800000u); }

INLINE vf exp_reduced(vf r) {  // e^r for |r| <= ln 2 / 2
    vf p = FMA(r, 0x1.6d6d0ep-10f, 0x1.123c48p-7f);
    STEP(p, r, 0x1.5554ccp-5f);
    STEP(p, r, 0x1.55548ep-3f);
    STEP(p, r, 0.5f);
    return fused(p, r * r, r) + 1.0f;
}
INLINE vf expm1_reduced(vf r) {  // e^r - 1, with a small relative error
    vf p = FMA(r, 0x1.9e7d9ap-13f, 0x1.6d3ab0p-10f);
    STEP(p, r, 0x1.1112d4p-7f);
    STEP(p, r, 0x1.5554f8p-5f);
    STEP(p, r, 0x1.555554p-3f);
    STEP(p, r, 0.5f);
    return fused(p, r * r, r);
}

// The power of two is applied in halves, so that a result below the normal range is rounded once, and 2^128 * 0.99...
// does not overflow on the way.
INLINE vf v_exp(vf x) {
    vi n;
    vf r = split_ln2(at_most(at_least(x, -104.0f), 89.0f), &n);
    vi half = n >> 1;
    return exp_reduced(r) * two_to(half) * two_to(n - half);
}

// 2^n (p + 1) - 1 = 2^n p + (2^n - 1), everything halved so that n = 128 has a float.
INLINE vf v_expm1(vf x) {
    vi n;
    vf r = split_ln2(at_most(at_least(x, -30.0f), 89.0f), &n);
    vf half = two_to(n - 1);
    vf y = fused(half, expm1_reduced(r), half - 0.5f);
    return choose(magnitude(x) < 0x1p-25f, x, y + y);  // x itself: its sign when 0, its bits when subnormal
}

// ln of m * 2^k with f = m - 1 in -1/3 ... 1/3.
INLINE vf log_reduced(vf f, vi k) {
    vf p = FMA(f, -0x1.07aa5cp-3f, 0x1.1e72a2p-3f);
    STEP(p, f, -0x1.f33c6ap-4f);
    STEP(p, f, 0x1.1ed452p-3f);
    STEP(p, f, -0x1.559c2ep-3f);
    STEP(p, f, 0x1.99d05cp-3f);
    STEP(p, f, -0x1.fffefap-3f);
    STEP(p, f, 0x1.555506p-2f);
    vf power = __builtin_convertvector(k, vf);
    vf square = f * f;
    vf small = fused(p, square * f, fused(power, splat(LN2_LOW), square * -0.5f));
    return fused(power, splat(LN2_HIGH), f + small);
}
// The k with x * 2^-k in 2/3 ... 4/3, for a normal positive x.
INLINE vi log_exponent(vf x) { return (vi)((vu)x - 0x3f2aaaabu) >> 23; }
INLINE vf scale_down(vf x, vi k) { return (vf)((vu)x - ((vu)k << 23)); }

INLINE vf v_log(vf x) {
    vi tiny = x < 0x1p-126f;
    vf y = choose(tiny, x * 0x1p23f, x);
    vi k = log_exponent(y);
    vf result = log_reduced(scale_down(y, k) - 1.0f, k - (tiny & 23));
    result = choose((x > 0.0f) & (x < INFINITY), result, x);           // +inf and NaN stay
    result = choose(x == 0.0f, splat(-INFINITY), result);
    return choose(x < 0.0f, splat(NAN), result);
}

// ln(1 + x) with u = 1 + x rounded and c what the rounding lost; for |x| up to about 1/3, k is 0 and m - 1 + c is x.
// `more` is a part of x too small to be in it.
INLINE vf log1p_finite(vf x, vf more) {
    vf u = x + 1.0f;
    vf larger = choose(magnitude(x) > 1.0f, x, splat(1.0f));
    vf smaller = choose(magnitude(x) > 1.0f, splat(1.0f), x);
    vf c = smaller - (u - larger);
    vi k = log_exponent(u);
    vi inverse = (vi)(0x3f800000u - ((vu)k << 23));  // 2^-k; where k is large, c vanishes anyhow
    vf f = fused(c + more, (vf)(inverse & (inverse > 0)), scale_down(u, k) - 1.0f);
    return log_reduced(f, k);
}
INLINE vf v_log1p(vf x) {
    vf result = log1p_finite(x, (vf){0});
    result = choose((x > -1.0f) & (x < INFINITY) & (x != 0.0f), result, x);
    result = choose(x == -1.0f, splat(-INFINITY), result);
    return choose(x < -1.0f, splat(NAN), result);
}

// tanh a = e / (e + 2) with e = expm1(2a); from 9.02 on it is 1. Three roundings meet, so the part of e that e + 2 loses
// is brought back to first order, with 1 / d = (1 - q) / 2.
INLINE vf v_tanh(vf x) {
    vi n;
    vf a = at_most(magnitude(x), 9.02f);
    vf r = split_ln2(a + a, &n);
    vf power = two_to(n);
    vf e = fused(power, expm1_reduced(r), power - 1.0f);
    vf d = e + 2.0f;
    vf lost = choose(e < 2.0f, e - (d - 2.0f), (vf){0});  // a larger e has its error damped
    vf q = e / d;
    q = fused(q * lost, FMA(q, 0.5f, -0.5f), q);
    return (vf)((vi)q | sign_bit(x));
}

// With e = exp(-|x|), which cannot overflow: 1 / (1 + e), or e / (1 + e) for negative x; corrected as in tanh.
INLINE vf v_sigmoid(vf x) {
    vf e = v_exp(-magnitude(x));
    vf d = e + 1.0f;
    vf lost = e - (d - 1.0f);
    vf q = choose(x < 0.0f, e, splat(1.0f)) / d;
    return q - q * lost * (choose(x < 0.0f, 1.0f - q, q));
}

// max(x, 0) + ln(1 + e) with e = exp(-|x|); the part of e that its rounding loses is kept for the logarithm.
INLINE vf v_softplus(vf x) {
    vi n;
    vf q = expm1_reduced(split_ln2(at_least(-magnitude(x), -104.0f), &n));
    vf y = q + 1.0f, lost = q - (y - 1.0f);
    vf power = two_to(n >> 1), rest = two_to(n - (n >> 1));
    return choose(x > 0.0f, x, (vf){0}) + log1p_finite(y * power * rest, lost * power * rest);
}

// Juffa's two fits: x + x P(x^2) below 0.93, 1 - exp(-x - x Q(x)) above.
INLINE vf v_erf(vf x) {
    vf a = magnitude(x), square = x * x;
    vf near = FMA(square, -0x1.38e000p-11f, 0x1.471a58p-8f);
    STEP(near, square, -0x1.b691b2p-6f);
    STEP(near, square, 0x1.ce1c44p-4f);
    STEP(near, square, -0x1.812700p-2f);
    STEP(near, square, 0x1.06eba8p-3f);
    near = fused(near, x, x);
    a = at_most(a, 4.0f);  // where it is 1
    square = a * a;
    vf far = fused(FMA(a, -0x1.220000p-16f, 0x1.91cfb2p-12f), square, FMA(a, -0x1.fd1438p-9f, 0x1.8d6342p-6f));
    STEP(far, a, -0x1.b55cb8p-4f);
    STEP(far, a, -0x1.450aa0p-1f);
    STEP(far, a, -0x1.079d0cp-3f);
    far = fused(far, a, -a);
    vi n;
    vf r = split_ln2(far, &n);
    far = (vf)((vi)(1.0f - exp_reduced(r) * two_to(n)) | sign_bit(x));
    return choose(a > 0.927734375f, far, near);
}

#if HAS_FMA
// x = n pi / 2 + r; the products are exact inside the fused operations, so three parts of pi / 2 give r to within a
// rounding for |x| up to TRIGONOMETRIC_LIMIT. Lanes beyond that (and infinities) are left to the C library.
#define TRIGONOMETRIC_LIMIT 1e5f
INLINE vf sine_quadrant(vf x, int32_t quadrants) {  // sin(x + quadrants * pi / 2)
    vf shifted = FMA(x, 0x1.45f306p-1f, ROUNDING);
    vf whole = shifted - ROUNDING;
    vf r = fused(whole, splat(-0x1.921fb6p+0f), x);
    r = fused(whole, splat(0x1.777a5cp-25f), r);
    r = fused(whole, splat(0x1.ee59dap-50f), r);
    vi n = (vi)((vu)shifted + (uint32_t)quadrants);
    vf z = r * r;
    vf sine = FMA(z, -0x1.995298p-13f, 0x1.110776p-7f);
    STEP(sine, z, -0x1.555546p-3f);
    sine = fused(sine, z * r, r);
    vf cosine = FMA(z, 0x1.99e71cp-16f, -0x1.6c0c26p-10f);
    STEP(cosine, z, 0x1.55554ap-5f);
    STEP(cosine, z, -0.5f);
    STEP(cosine, z, 1.0f);
    return (vf)((vi)choose((n & 1) != 0, cosine, sine) ^ (vi)((vu)(n & 2) << 30));
}
static __attribute__((noinline)) vf replace_large(vf x, vf result, float (*function)(float)) {
    for (int lane = 0; lane < LANES; lane++)
        if (!(fabsf(x[lane]) <= TRIGONOMETRIC_LIMIT)) result[lane] = function(x[lane]);
    return result;
}
INLINE int has_large(vf x) {
    return __builtin_reduce_and(magnitude(x) <= TRIGONOMETRIC_LIMIT) == 0;
}
INLINE vf v_sin(vf x) {
    vf result = choose(magnitude(x) < 0x1p-13f, x, sine_quadrant(x, 0));
    return __builtin_expect(has_large(x), 0) ? replace_large(x, result, sinf) : result;
}
INLINE vf v_cos(vf x) {
    vf result = sine_quadrant(x, 1);
    return __builtin_expect(has_large(x), 0) ? replace_large(x, result, cosf) : result;
}
#endif
#endif
