// The loops of the element-by-element operations, for one variant of the processor.
//
// Each operation has a tile function, for any number of elements, and a block function (see Elementwise.h).
//
// Included by one file for each variant, which sets LANES, HAS_FMA and TABLE (the name of the table it exports) and
// pushes the target attribute that lets the compiler use the variant's instructions. Operations that are one
// instruction are plain loops that the compiler vectorises: `EACH` promises that an element depends on no other, so
// `out` may be one of the operands. The float32 functions of VectorMath.h take whole vectors; their last, partial
// vector goes through the same function, so that an element's bits do not depend on its place.
#include "HalfFloat.h"
#include "SpecialFunctions.h"
#include "VectorMath.h"

// A loop that calls the C library stays a plain loop; the compiler need not say so.
#pragma clang diagnostic ignored "-Wpass-failed"

#define EACH(count) _Pragma("clang loop vectorize(assume_safety)") for (int64_t i = 0; i < (count); i++)
#define TILE_ARGUMENTS int64_t n, void *out, const void *a, const void *b, const void *c
#define UNUSED_ARGUMENTS (void)b, (void)c

// Where the block of an operand, or of the result, is.
#define PLACE(T, x) ((T *)link->x + (at & link->x##_mask))
#define NEXT __attribute__((musttail)) return link[1].run(link + 1, at);

// The tile function over T that gives R, and its block function; x, y, z are the operands.
#define UNARY(name, suffix, T, R, formula) \
    static void name##_##suffix(TILE_ARGUMENTS) { \
        UNUSED_ARGUMENTS; const T *p = a; R *o = out; EACH(n) { T x = p[i]; o[i] = (R)(formula); } } \
    static void name##_##suffix##_block(const dk_link *link, int64_t at) { \
        const T *p = PLACE(const T, a); R *o = PLACE(R, out); \
        EACH(DK_BLOCK) { T x = p[i]; o[i] = (R)(formula); } \
        NEXT }
#define BINARY(name, suffix, T, R, formula) \
    static void name##_##suffix(TILE_ARGUMENTS) { \
        (void)c; const T *p = a, *q = b; R *o = out; EACH(n) { T x = p[i], y = q[i]; o[i] = (R)(formula); } } \
    static void name##_##suffix##_block(const dk_link *link, int64_t at) { \
        const T *p = PLACE(const T, a), *q = PLACE(const T, b); R *o = PLACE(R, out); \
        EACH(DK_BLOCK) { T x = p[i], y = q[i]; o[i] = (R)(formula); } \
        NEXT }
// S: the type of the first operand.
#define TERNARY(name, suffix, S, T, formula) \
    static void name##_##suffix(TILE_ARGUMENTS) { \
        const S *p = a; const T *q = b, *r = c; T *o = out; \
        EACH(n) { S x = p[i]; T y = q[i], z = r[i]; o[i] = (T)(formula); } } \
    static void name##_##suffix##_block(const dk_link *link, int64_t at) { \
        const S *p = PLACE(const S, a); const T *q = PLACE(const T, b), *r = PLACE(const T, c); T *o = PLACE(T, out); \
        EACH(DK_BLOCK) { S x = p[i]; T y = q[i], z = r[i]; o[i] = (T)(formula); } \
        NEXT }

// ------------------------------------------------------------------------------------------- floating point, both sizes

#if HAS_FMA
#define FMA_f32(x, y, z) __builtin_fmaf(x, y, z)
#define FMA_f64(x, y, z) __builtin_fma(x, y, z)
#else
#define FMA_f32(x, y, z) ((x) * (y) + (z))
#define FMA_f64(x, y, z) ((x) * (y) + (z))
#endif

// The remainder with the sign of the divisor; a zero has it too.
static inline double floored_remainder_f64(double x, double y) {
    double r = fmod(x, y);
    return r == 0 ? copysign(0, y) : (r < 0) != (y < 0) ? r + y : r;
}
static inline float floored_remainder_f32(float x, float y) {
    float r = fmodf(x, y);
    return r == 0 ? copysignf(0, y) : (r < 0) != (y < 0) ? r + y : r;
}

#define COMPARISONS(s, T) \
    BINARY(equal, s, T, uint8_t, x == y) BINARY(not_equal, s, T, uint8_t, x != y) \
    BINARY(less, s, T, uint8_t, x < y) BINARY(less_equal, s, T, uint8_t, x <= y) \
    BINARY(greater, s, T, uint8_t, x > y) BINARY(greater_equal, s, T, uint8_t, x >= y)

#define SELECT(s, T) TERNARY(select, s, uint8_t, T, x ? y : z)
#define COPY(s, T) \
    static void copy_##s(TILE_ARGUMENTS) { UNUSED_ARGUMENTS; memmove(out, a, (size_t)n * sizeof(T)); } \
    static void copy_##s##_block(const dk_link *link, int64_t at) { \
        memmove(PLACE(T, out), PLACE(const T, a), DK_BLOCK * sizeof(T)); \
        NEXT }

// f: the suffix of the C library's functions.
#define FLOATING(s, T, f) \
    COPY(s, T) SELECT(s, T) COMPARISONS(s, T) \
    UNARY(negate, s, T, T, -x) UNARY(abs, s, T, T, __builtin_fabs##f(x)) \
    UNARY(sign, s, T, T, x > 0 ? 1 : x < 0 ? -1 : x) UNARY(square, s, T, T, x * x) \
    UNARY(sqrt, s, T, T, __builtin_elementwise_sqrt(x)) UNARY(rsqrt, s, T, T, 1 / __builtin_elementwise_sqrt(x)) \
    UNARY(reciprocal, s, T, T, 1 / x) \
    UNARY(floor, s, T, T, __builtin_floor##f(x)) UNARY(ceil, s, T, T, __builtin_ceil##f(x)) \
    UNARY(round, s, T, T, __builtin_rint##f(x)) \
    UNARY(relu, s, T, T, x <= 0 ? 0 : x) \
    UNARY(is_nan, s, T, uint8_t, x != x) UNARY(is_finite, s, T, uint8_t, __builtin_fabs##f(x) < (T)INFINITY) \
    UNARY(tan, s, T, T, tan##f(x)) UNARY(asin, s, T, T, asin##f(x)) UNARY(acos, s, T, T, acos##f(x)) \
    UNARY(atan, s, T, T, atan##f(x)) UNARY(sinh, s, T, T, sinh##f(x)) UNARY(cosh, s, T, T, cosh##f(x)) \
    BINARY(add, s, T, T, x + y) BINARY(subtract, s, T, T, x - y) BINARY(multiply, s, T, T, x * y) \
    BINARY(divide, s, T, T, x / y) BINARY(power, s, T, T, pow##f(x, y)) BINARY(atan2, s, T, T, atan2##f(x, y)) \
    BINARY(maximum, s, T, T, x > y || x != x ? x : y) BINARY(minimum, s, T, T, x < y || x != x ? x : y) \
    BINARY(remainder, s, T, T, floored_remainder_##s(x, y)) \
    BINARY(relu_gradient, s, T, T, x > 0 ? y : 0) \
    TERNARY(multiply_add, s, T, T, FMA_##s(x, y, z)) TERNARY(multiply_subtract, s, T, T, FMA_##s(x, y, -z)) \
    TERNARY(negated_multiply_add, s, T, T, FMA_##s(-x, y, z)) \
    TERNARY(interpolate, s, T, T, FMA_##s(y - x, z, x)) TERNARY(interpolate_square, s, T, T, FMA_##s(FMA_##s(y, y, -x), z, x)) \
    TERNARY(root_multiply_add, s, T, T, FMA_##s(__builtin_elementwise_sqrt(x), y, z)) TERNARY(subtract_quotient, s, T, T, z - x / y)

// Functions of the C library, and those of SpecialFunctions.h, which compute in float64 for both types.
#define LIBRARY_FUNCTIONS(s, T, f) \
    UNARY(asinh, s, T, T, asinh##f(x)) UNARY(acosh, s, T, T, acosh##f(x)) UNARY(atanh, s, T, T, atanh##f(x)) \
    UNARY(log2, s, T, T, log2##f(x)) UNARY(log10, s, T, T, log10##f(x)) UNARY(erfc, s, T, T, erfc##f(x)) \
    UNARY(trunc, s, T, T, __builtin_trunc##f(x)) UNARY(sign_bit, s, T, uint8_t, __builtin_signbit(x) != 0) \
    UNARY(inverse_erf, s, T, T, dk_inverse_erf(x)) UNARY(inverse_erfc, s, T, T, dk_inverse_erfc(x)) \
    UNARY(log_gamma, s, T, T, dk_log_gamma(x)) UNARY(digamma, s, T, T, dk_digamma(x)) \
    BINARY(hypot, s, T, T, hypot##f(x, y)) BINARY(next_after, s, T, T, nextafter##f(x, y)) \
    BINARY(log_add_exp, s, T, T, x == y ? x + (T)0.69314718055994530942 : fmax##f(x, y) + log1p##f(exp##f(-__builtin_fabs##f(x - y)))) \
    BINARY(polygamma, s, T, T, dk_polygamma(x, y)) \
    BINARY(gamma_slope, s, T, T, dk_gamma_slope(x, y)) BINARY(gamma_curvature, s, T, T, dk_gamma_curvature(x, y))

FLOATING(f32, float, f)
FLOATING(f64, double, )
LIBRARY_FUNCTIONS(f32, float, f)
LIBRARY_FUNCTIONS(f64, double, )

UNARY(exp, f64, double, double, exp(x)) UNARY(expm1, f64, double, double, expm1(x))
UNARY(log, f64, double, double, log(x)) UNARY(log1p, f64, double, double, log1p(x))
UNARY(sin, f64, double, double, sin(x)) UNARY(cos, f64, double, double, cos(x))
UNARY(tanh, f64, double, double, tanh(x)) UNARY(erf, f64, double, double, erf(x))
UNARY(sigmoid, f64, double, double, x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)))
UNARY(softplus, f64, double, double, (x > 0 ? x : 0) + log1p(exp(-fabs(x))))

// The first n < LANES elements, zeros behind; nothing past them is read or written.
#if LANES == 16
INLINE uint16_t first_lanes(int64_t n) { return (uint16_t)((1u << n) - 1); }
INLINE vf load_part(const float *p, int64_t n) {
    return __builtin_ia32_loadups512_mask(p, (vf){0}, first_lanes(n));
}
INLINE void store_part(float *p, vf x, int64_t n) { __builtin_ia32_storeups512_mask(p, x, first_lanes(n)); }
#elif LANES == 8
INLINE vi first_lanes(int64_t n) {
    static const int32_t window[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    vi mask;
    memcpy(&mask, window + 8 - n, sizeof mask);
    return mask;
}
INLINE vf load_part(const float *p, int64_t n) { return __builtin_ia32_maskloadps256((const vf *)p, first_lanes(n)); }
INLINE void store_part(float *p, vf x, int64_t n) {
    if (n & 4) {
        memcpy(p, &x, 16);
        p += 4;
        x = __builtin_shufflevector(x, x, 4, 5, 6, 7, 4, 5, 6, 7);
    }
    if (n & 2) {
        memcpy(p, &x, 8);
        p += 2;
        x = __builtin_shufflevector(x, x, 2, 3, 2, 3, 2, 3, 2, 3);
    }
    if (n & 1) *p = x[0];
}
#else
INLINE vf load_part(const float *p, int64_t n) {
    return n == 3 ? (vf){p[0], p[1], p[2], 0} : n == 2 ? (vf){p[0], p[1], 0, 0} : (vf){p[0], 0, 0, 0};
}
INLINE void store_part(float *p, vf x, int64_t n) {
    p[0] = x[0];
    if (n > 1) p[1] = x[1];
    if (n > 2) p[2] = x[2];
}
#endif

#define VECTOR_UNARY(name) \
    static void name##_f32(TILE_ARGUMENTS) { \
        UNUSED_ARGUMENTS; const float *p = a; float *o = out; int64_t i = 0; \
        for (; i + LANES <= n; i += LANES) store(o + i, v_##name(load(p + i))); \
        if (i < n) store_part(o + i, v_##name(load_part(p + i, n - i)), n - i); } \
    static void name##_f32_block(const dk_link *link, int64_t at) { \
        const float *p = PLACE(const float, a); float *o = PLACE(float, out); \
        for (int64_t i = 0; i < DK_BLOCK; i += LANES) store(o + i, v_##name(load(p + i))); \
        NEXT }

VECTOR_UNARY(exp) VECTOR_UNARY(expm1) VECTOR_UNARY(log) VECTOR_UNARY(log1p)
VECTOR_UNARY(tanh) VECTOR_UNARY(sigmoid) VECTOR_UNARY(softplus) VECTOR_UNARY(erf)
#if HAS_FMA
VECTOR_UNARY(sin) VECTOR_UNARY(cos)
#else
UNARY(sin, f32, float, float, sinf(x)) UNARY(cos, f32, float, float, cosf(x))
#endif

// ------------------------------------------------------------------------------------------------------------- integers

// U: the unsigned type of the same size, in which arithmetic wraps. MOST: the largest value.
#define DIVISION_signed(s, T, U) \
    static inline T floored_divide_##s(T x, T y) { \
        if (y == 0) return 0; \
        if (y == -1) return (T)(0 - (U)x); \
        return (T)(x / y - (x % y != 0 && (x < 0) != (y < 0))); } \
    static inline T floored_remainder_##s(T x, T y) { \
        if (y == 0 || y == -1) return 0; \
        T r = (T)(x % y); \
        return (T)(r != 0 && (r < 0) != (y < 0) ? r + y : r); } \
    static inline T integer_power_##s(T x, T y) { \
        if (y < 0) return x == 1 ? 1 : x == -1 ? (y & 1 ? -1 : 1) : 0; \
        U base = (U)x, result = 1; \
        for (; y; y >>= 1, base *= base) if (y & 1) result *= base; \
        return (T)result; }
#define DIVISION_unsigned(s, T, U) \
    static inline T floored_divide_##s(T x, T y) { return y ? (T)(x / y) : 0; } \
    static inline T floored_remainder_##s(T x, T y) { return y ? (T)(x % y) : 0; } \
    static inline T integer_power_##s(T x, T y) { \
        U base = x, result = 1; \
        for (; y; y >>= 1, base *= base) if (y & 1) result *= base; \
        return (T)result; }
DIVISION_signed(i8, int8_t, uint32_t)
DIVISION_signed(i16, int16_t, uint32_t)
DIVISION_signed(i32, int32_t, uint32_t)
DIVISION_signed(i64, int64_t, uint64_t)
DIVISION_unsigned(u8, uint8_t, uint32_t)
DIVISION_unsigned(u16, uint16_t, uint32_t)
DIVISION_unsigned(u32, uint32_t, uint32_t)
DIVISION_unsigned(u64, uint64_t, uint64_t)

#define INTEGER(s, T, U) \
    COPY(s, T) SELECT(s, T) COMPARISONS(s, T) \
    UNARY(negate, s, T, T, 0 - (U)x) UNARY(abs, s, T, T, x < (T)0 ? 0 - (U)x : (U)x) \
    UNARY(sign, s, T, T, (x > 0) - (x < (T)0)) UNARY(square, s, T, T, (U)x * (U)x) \
    UNARY(relu, s, T, T, x > 0 ? x : 0) \
    BINARY(add, s, T, T, (U)x + (U)y) BINARY(subtract, s, T, T, (U)x - (U)y) BINARY(multiply, s, T, T, (U)x * (U)y) \
    BINARY(divide, s, T, T, floored_divide_##s(x, y)) BINARY(remainder, s, T, T, floored_remainder_##s(x, y)) \
    BINARY(power, s, T, T, integer_power_##s(x, y)) \
    BINARY(maximum, s, T, T, x > y ? x : y) BINARY(minimum, s, T, T, x < y ? x : y) \
    BINARY(relu_gradient, s, T, T, x > 0 ? y : 0) \
    TERNARY(multiply_add, s, T, T, (U)x * (U)y + (U)z) TERNARY(multiply_subtract, s, T, T, (U)x * (U)y - (U)z) \
    TERNARY(negated_multiply_add, s, T, T, (U)z - (U)x * (U)y)

#define BITS_OF(T) (T)(8 * sizeof(T))
#define BITWISE(s, T, U) \
    UNARY(bitwise_not, s, T, T, ~x) BINARY(bitwise_and, s, T, T, x & y) BINARY(bitwise_or, s, T, T, x | y) BINARY(bitwise_xor, s, T, T, x ^ y) \
    BINARY(shift_left, s, T, T, y >= (T)0 && y < BITS_OF(T) ? (U)x << y : 0) \
    BINARY(shift_right, s, T, T, y >= (T)0 && y < BITS_OF(T) ? x >> y : x < (T)0 ? -1 : 0)

#define INTEGER_OF(number, name, s, T, U, least, most) INTEGER(s, T, U) BITWISE(s, T, U)
DK_INTEGERS(INTEGER_OF)

// Float16 and bfloat16 are moved, and nothing else.
COPY(f16, uint16_t) SELECT(f16, uint16_t)

// A bool is a byte, 0 or 1. Its comparisons, choices and extremes are those of uint8.
UNARY(logical_not, bool, uint8_t, uint8_t, !x)
BINARY(logical_and, bool, uint8_t, uint8_t, x & y)
BINARY(logical_or, bool, uint8_t, uint8_t, x | y)
BINARY(logical_xor, bool, uint8_t, uint8_t, x ^ y)

// ---------------------------------------------------------------------------------------------------------------- casts

#define TO_WRAPPED(x, F, T, LEAST, MOST) (T)(x)
#define TO_SATURATED(x, F, T, LEAST, MOST) ((x) >= (F)MOST ? (T)MOST : (x) <= (F)LEAST ? (T)LEAST : (x) == (x) ? (T)(x) : 0)
#define CAST(from, F, to, T, formula) UNARY(cast_##from, to, F, T, formula)
// MOST as a float is rounded up to a power of two, which is the first value that has to be saturated.
// read: an element as a number of type R.
#define CASTS_FROM(from, F, R, TO, read) \
    CAST(from, F, f32, float, (float)(read)) CAST(from, F, f64, double, (double)(read)) CAST(from, F, bool, uint8_t, (read) != 0) \
    CAST(from, F, i8, int8_t, TO(read, R, int8_t, INT8_MIN, INT8_MAX)) CAST(from, F, u8, uint8_t, TO(read, R, uint8_t, 0, UINT8_MAX)) \
    CAST(from, F, i16, int16_t, TO(read, R, int16_t, INT16_MIN, INT16_MAX)) CAST(from, F, u16, uint16_t, TO(read, R, uint16_t, 0, UINT16_MAX)) \
    CAST(from, F, i32, int32_t, TO(read, R, int32_t, INT32_MIN, INT32_MAX)) CAST(from, F, u32, uint32_t, TO(read, R, uint32_t, 0, UINT32_MAX)) \
    CAST(from, F, i64, int64_t, TO(read, R, int64_t, INT64_MIN, INT64_MAX)) CAST(from, F, u64, uint64_t, TO(read, R, uint64_t, 0, UINT64_MAX)) \
    CAST(from, F, f16, uint16_t, dk_to_half((double)(read), 10)) CAST(from, F, bf16, uint16_t, dk_to_half((double)(read), 7))
CASTS_FROM(f32, float, float, TO_SATURATED, x)
CASTS_FROM(f64, double, double, TO_SATURATED, x)
CASTS_FROM(f16, uint16_t, float, TO_SATURATED, dk_from_half(x, 10))
CASTS_FROM(bf16, uint16_t, float, TO_SATURATED, dk_from_half(x, 7))
#define CASTS_FROM_INTEGER(number, name, s, T, U, least, most) CASTS_FROM(s, T, T, TO_WRAPPED, x)
DK_INTEGERS(CASTS_FROM_INTEGER)

// --------------------------------------------------------------------------------------------------------------- tables

#define ROW_OF(name) [DK_##name] =
#define E(function) {function, function##_block}
#define F(name) ROW_OF(name) {E(name##_f32), E(name##_f64)}
// Of all integer types, in the order of their numbers.
#define INTEGERS_OF(name) \
    [DK_INT32] = E(name##_i32), [DK_INT64] = E(name##_i64), [DK_UINT8] = E(name##_u8), [DK_INT8] = E(name##_i8), [DK_INT16] = E(name##_i16), \
    [DK_UINT16] = E(name##_u16), [DK_UINT32] = E(name##_u32), [DK_UINT64] = E(name##_u64)
#define N(name) ROW_OF(name) {E(name##_f32), E(name##_f64), INTEGERS_OF(name)}
#define ALL(name) ROW_OF(name) {E(name##_f32), E(name##_f64), INTEGERS_OF(name), [DK_BOOL] = E(name##_u8)}
// Also of those that are only moved.
#define MOVED(name) ROW_OF(name) {E(name##_f32), E(name##_f64), INTEGERS_OF(name), [DK_BOOL] = E(name##_u8), \
                                  [DK_FLOAT16] = E(name##_f16), [DK_BFLOAT16] = E(name##_f16)}
#define I(name) ROW_OF(name) {INTEGERS_OF(name)}
#define B(name) ROW_OF(name) {[DK_BOOL] = E(name##_bool)}
#define CASTS(from) {E(cast_##from##_f32), E(cast_##from##_f64), INTEGERS_OF(cast_##from), [DK_BOOL] = E(cast_##from##_bool), \
                     [DK_FLOAT16] = E(cast_##from##_f16), [DK_BFLOAT16] = E(cast_##from##_bf16)}
#define CASTS_ROW(number, name, s, T, U, least, most) [number] = CASTS(s),

const dk_elementwise_table TABLE = {
    .operations = {
        MOVED(copy), N(negate), N(abs), N(sign), N(square), F(sqrt), F(rsqrt), F(reciprocal), F(exp), F(expm1), F(log), F(log1p),
        F(sin), F(cos), F(tan), F(asin), F(acos), F(atan), F(sinh), F(cosh), F(tanh), F(sigmoid), F(softplus), F(erf),
        F(floor), F(ceil), F(round), N(relu), B(logical_not), F(is_nan), F(is_finite),
        N(add), N(subtract), N(multiply), N(divide), N(power), ALL(maximum), ALL(minimum), F(atan2), N(remainder),
        ALL(equal), ALL(not_equal), ALL(less), ALL(less_equal), ALL(greater), ALL(greater_equal),
        B(logical_and), B(logical_or), B(logical_xor), N(relu_gradient),
        MOVED(select), N(multiply_add), N(multiply_subtract), N(negated_multiply_add),
        F(asinh), F(acosh), F(atanh), F(log2), F(log10), F(trunc), F(erfc), F(inverse_erf), F(inverse_erfc), F(log_gamma), F(digamma), F(sign_bit),
        F(hypot), F(next_after), F(log_add_exp), F(polygamma), F(gamma_slope), F(gamma_curvature),
        I(bitwise_not), I(bitwise_and), I(bitwise_or), I(bitwise_xor), I(shift_left), I(shift_right),
        F(interpolate), F(interpolate_square), F(root_multiply_add), F(subtract_quotient),
    },
    .casts = {
        CASTS(f32), CASTS(f64), [DK_BOOL] = CASTS(u8), [DK_FLOAT16] = CASTS(f16), [DK_BFLOAT16] = CASTS(bf16),
        DK_INTEGERS(CASTS_ROW)
    },
};
