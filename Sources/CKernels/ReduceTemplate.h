// The loops of the reductions, for one variant of the processor: the including file sets VECTOR_BYTES and TABLE.
//
// The order in which a row is reduced depends on its length alone: BLOCK elements at a time, a block in four vectors
// of running results, which are then folded in halves; the last elements, less than a vector, one by one. Blocks are
// joined as partial results (doubles for the float types), so the error of a long sum stays that of one block.
#pragma clang diagnostic ignored "-Wpass-failed"

#define INLINE static inline __attribute__((always_inline))
#define BLOCK 2048
#define ROWS_BLOCK 128
#define EACH(count) _Pragma("clang loop vectorize(assume_safety)") for (int64_t i = 0; i < (count); i++)

// For T with suffix s: V a vector of T, M one of integers of the size of T, U and W the types that T's arithmetic wraps
// in. A is a partial result's type and `member` its name.
#define TYPES(s, T, MT, UT) \
    typedef T vector_##s __attribute__((vector_size(VECTOR_BYTES))); \
    typedef MT mask_##s __attribute__((vector_size(VECTOR_BYTES))); \
    typedef UT wrap_##s __attribute__((vector_size(VECTOR_BYTES))); \
    typedef UT scalar_wrap_##s; \
    INLINE vector_##s choose_##s(mask_##s m, vector_##s a, vector_##s b) { \
        return (vector_##s)((m & (mask_##s)a) | (~m & (mask_##s)b)); }
TYPES(f32, float, int32_t, float)
TYPES(f64, double, int64_t, double)
TYPES(i8, int8_t, int8_t, uint8_t)
TYPES(i16, int16_t, int16_t, uint16_t)
TYPES(i32, int32_t, int32_t, uint32_t)
TYPES(i64, int64_t, int64_t, uint64_t)
TYPES(u8, uint8_t, int8_t, uint8_t)
TYPES(u16, uint16_t, int16_t, uint16_t)
TYPES(u32, uint32_t, int32_t, uint32_t)
TYPES(u64, uint64_t, int64_t, uint64_t)

// NaN wins over everything, the first one too.
#define SUM_VECTOR(s, a, x) (vector_##s)((wrap_##s)(a) + (wrap_##s)(x))
#define PROD_VECTOR(s, a, x) (vector_##s)((wrap_##s)(a) * (wrap_##s)(x))
#define MAX_VECTOR(s, a, x) choose_##s(((x) > (a)) | ((x) != (x)), x, a)
#define MIN_VECTOR(s, a, x) choose_##s(((x) < (a)) | ((x) != (x)), x, a)
#define SUM_SCALAR(W, a, x) ((W)(a) + (W)(x))
#define PROD_SCALAR(W, a, x) ((W)(a) * (W)(x))
#define MAX_SCALAR(W, a, x) ((x) > (a) || (x) != (x) ? (x) : (a))
#define MIN_SCALAR(W, a, x) ((x) < (a) || (x) != (x) ? (x) : (a))

#define REDUCTION(name, s, T, A, AW, member, VECTOR, SCALAR, IDENTITY) \
    INLINE T name##_one_##s(T a, T x) { return (T)SCALAR(scalar_wrap_##s, a, x); } \
    INLINE A name##_join_##s(A a, A x) { return (A)SCALAR(AW, a, x); } \
    INLINE vector_##s name##_vector_##s(vector_##s a, vector_##s x) { return VECTOR(s, a, x); } \
    INLINE T name##_block_##s(int64_t n, const T *p) { \
        enum { L = VECTOR_BYTES / sizeof(T) }; \
        int64_t i = L; \
        T result; \
        if (n >= L) { \
            vector_##s v[4], x; \
            memcpy(&v[0], p, sizeof x); \
            if (n >= 4 * L) { \
                memcpy(v, p, sizeof v); \
                for (i = 4 * L; i + 4 * L <= n; i += 4 * L) \
                    for (int k = 0; k < 4; k++) { memcpy(&x, p + i + k * L, sizeof x); v[k] = name##_vector_##s(v[k], x); } \
                v[0] = name##_vector_##s(name##_vector_##s(v[0], v[1]), name##_vector_##s(v[2], v[3])); \
            } \
            for (; i + L <= n; i += L) { memcpy(&x, p + i, sizeof x); v[0] = name##_vector_##s(v[0], x); } \
            T lanes[L]; \
            memcpy(lanes, &v[0], sizeof lanes); \
            for (int width = L / 2; width; width /= 2) \
                for (int k = 0; k < width; k++) lanes[k] = name##_one_##s(lanes[k], lanes[k + width]); \
            result = lanes[0]; \
        } else { \
            result = p[0]; \
            i = 1; \
        } \
        for (; i < n; i++) result = name##_one_##s(result, p[i]); \
        return result; \
    } \
    static A name##_long_##s(int64_t n, const T *p) { \
        A result = name##_block_##s(BLOCK, p); \
        for (int64_t i = BLOCK; i < n; i += BLOCK) \
            result = name##_join_##s(result, name##_block_##s(n - i < BLOCK ? n - i : BLOCK, p + i)); \
        return result; \
    } \
    static dk_partial name##_row_##s(int64_t n, const void *in) { \
        return (dk_partial){.member = n == 0 ? IDENTITY : n <= BLOCK ? (A)name##_block_##s(n, in) : name##_long_##s(n, in)}; \
    } \
    static void name##_rows_##s(int64_t rows, int64_t n, void *out, const void *in) { \
        const T *p = in; T *o = out; \
        if (n == 0) for (int64_t r = 0; r < rows; r++) o[r] = (T)IDENTITY; \
        else if (n <= BLOCK) for (int64_t r = 0; r < rows; r++) o[r] = name##_block_##s(n, p + r * n); \
        else for (int64_t r = 0; r < rows; r++) o[r] = (T)name##_long_##s(n, p + r * n); \
    } \
    static void name##_columns_##s(int64_t rows, int64_t columns, int64_t stride, dk_partial *out, const void *in) { \
        T running[DK_STRIP]; \
        for (int64_t c = 0; c < columns; c++) out[c].member = IDENTITY; \
        for (int64_t start = 0; start < rows; start += ROWS_BLOCK) { \
            int64_t end = start + ROWS_BLOCK < rows ? start + ROWS_BLOCK : rows, r = start + 1; \
            memcpy(running, (const T *)in + start * stride, (size_t)columns * sizeof(T)); \
            for (; r + 4 <= end; r += 4) { \
                const T *p = (const T *)in + r * stride, *q = p + stride, *u = q + stride, *v = u + stride; \
                EACH(columns) running[i] = name##_one_##s(running[i], \
                    name##_one_##s(name##_one_##s(p[i], q[i]), name##_one_##s(u[i], v[i]))); \
            } \
            for (; r < end; r++) { \
                const T *p = (const T *)in + r * stride; \
                EACH(columns) running[i] = name##_one_##s(running[i], p[i]); \
            } \
            EACH(columns) out[i].member = name##_join_##s(out[i].member, running[i]); \
        } \
    } \
    static void name##_combine_##s(int64_t count, dk_partial *into, const dk_partial *from) { \
        EACH(count) into[i].member = name##_join_##s(into[i].member, from[i].member); \
    }

#define REDUCTIONS(s, T, A, AW, member, LEAST, MOST) \
    REDUCTION(sum, s, T, A, AW, member, SUM_VECTOR, SUM_SCALAR, 0) \
    REDUCTION(prod, s, T, A, AW, member, PROD_VECTOR, PROD_SCALAR, 1) \
    REDUCTION(max, s, T, A, AW, member, MAX_VECTOR, MAX_SCALAR, LEAST) \
    REDUCTION(min, s, T, A, AW, member, MIN_VECTOR, MIN_SCALAR, MOST) \
    ARG(max, s, T, >) ARG(min, s, T, <)

// The place of the extreme: its value first, then the first block that holds it.
#define ARG(name, s, T, BETTER) \
    INLINE int name##_wins_##s(T x, T best) { return x BETTER best || (x != x && best == best); } \
    static int64_t name##_arg_row_##s(int64_t n, const void *in) { \
        const T *p = in; \
        T best = (T)name##_row_##s(n, in).MEMBER_##s; \
        for (int64_t start = 0; start < n; start += 64) { \
            int64_t count = n - start < 64 ? n - start : 64; \
            T found = 0; \
            EACH(count) { T x = p[start + i]; found += (T)(x == best || (x != x && best != best)); } \
            if (found == 0) continue; \
            for (int64_t i = start;; i++) if (p[i] == best || (p[i] != p[i] && best != best)) return i; \
        } \
        return 0; \
    } \
    static void name##_arg_columns_##s(int64_t rows, int64_t columns, int64_t stride, int64_t *out, const void *in) { \
        T best[DK_STRIP]; \
        memcpy(best, in, (size_t)columns * sizeof(T)); \
        for (int64_t c = 0; c < columns; c++) out[c] = 0; \
        for (int64_t r = 1; r < rows; r++) { \
            const T *p = (const T *)in + r * stride; \
            EACH(columns) { \
                int wins = name##_wins_##s(p[i], best[i]); \
                best[i] = wins ? p[i] : best[i]; \
                out[i] = wins ? r : out[i]; \
            } \
        } \
    } \
    static int64_t name##_arg_choose_##s(int64_t count, const int64_t *places, const void *in) { \
        const T *p = in; \
        int64_t best = places[0]; \
        for (int64_t k = 1; k < count; k++) if (name##_wins_##s(p[places[k]], p[best])) best = places[k]; \
        return best; \
    }

#define MEMBER_f32 real
#define MEMBER_f64 real
#define MEMBER_i8 integer
#define MEMBER_i16 integer
#define MEMBER_i32 integer
#define MEMBER_i64 integer
#define MEMBER_u8 integer
#define MEMBER_u16 integer
#define MEMBER_u32 integer
#define MEMBER_u64 integer

REDUCTIONS(f32, float, double, double, real, -INFINITY, INFINITY)
REDUCTIONS(f64, double, double, double, real, -INFINITY, INFINITY)
REDUCTIONS(i32, int32_t, int64_t, uint64_t, integer, INT32_MIN, INT32_MAX)
REDUCTIONS(i64, int64_t, int64_t, uint64_t, integer, INT64_MIN, INT64_MAX)
REDUCTIONS(u8, uint8_t, int64_t, uint64_t, integer, 0, 255)
REDUCTIONS(i8, int8_t, int64_t, uint64_t, integer, INT8_MIN, INT8_MAX)
REDUCTIONS(i16, int16_t, int64_t, uint64_t, integer, INT16_MIN, INT16_MAX)
REDUCTIONS(u16, uint16_t, int64_t, uint64_t, integer, 0, UINT16_MAX)
REDUCTIONS(u32, uint32_t, int64_t, uint64_t, integer, 0, UINT32_MAX)
// Partial results above 2^63 are the same bits as an int64.
REDUCTIONS(u64, uint64_t, uint64_t, uint64_t, integer, 0, (int64_t)UINT64_MAX)

#define ENTRY(name, s, member, IDENTITY) \
    {name##_rows_##s, name##_row_##s, name##_columns_##s, name##_combine_##s, {.member = IDENTITY}}
#define ARG_ENTRY(name, s) {name##_arg_row_##s, name##_arg_columns_##s, name##_arg_choose_##s}
#define ARG_ENTRIES(name) {ARG_ENTRY(name, f32), ARG_ENTRY(name, f64), [DK_BOOL] = ARG_ENTRY(name, u8), \
                           [DK_INT32] = ARG_ENTRY(name, i32), [DK_INT64] = ARG_ENTRY(name, i64), [DK_UINT8] = ARG_ENTRY(name, u8), \
                           [DK_INT8] = ARG_ENTRY(name, i8), [DK_INT16] = ARG_ENTRY(name, i16), [DK_UINT16] = ARG_ENTRY(name, u16), \
                           [DK_UINT32] = ARG_ENTRY(name, u32), [DK_UINT64] = ARG_ENTRY(name, u64)}
#define MORE_ENTRIES(name, identity) \
    [DK_INT8] = ENTRY(name, i8, integer, identity(INT8_MIN, INT8_MAX)), [DK_INT16] = ENTRY(name, i16, integer, identity(INT16_MIN, INT16_MAX)), \
    [DK_UINT16] = ENTRY(name, u16, integer, identity(0, UINT16_MAX)), [DK_UINT32] = ENTRY(name, u32, integer, identity(0, UINT32_MAX)), \
    [DK_UINT64] = ENTRY(name, u64, integer, identity(0, (int64_t)UINT64_MAX))
#define ZERO(least, most) 0
#define ONE(least, most) 1
#define LEAST(least, most) least
#define MOST(least, most) most

const dk_reduction_table TABLE = {
    .reductions = {
        [DK_SUM] = {ENTRY(sum, f32, real, 0), ENTRY(sum, f64, real, 0), ENTRY(sum, i32, integer, 0),
                    ENTRY(sum, i64, integer, 0), ENTRY(sum, u8, integer, 0), ENTRY(sum, u8, integer, 0), MORE_ENTRIES(sum, ZERO)},
        [DK_PROD] = {ENTRY(prod, f32, real, 1), ENTRY(prod, f64, real, 1), ENTRY(prod, i32, integer, 1),
                     ENTRY(prod, i64, integer, 1), ENTRY(prod, u8, integer, 1), ENTRY(prod, u8, integer, 1), MORE_ENTRIES(prod, ONE)},
        [DK_MAX] = {ENTRY(max, f32, real, -INFINITY), ENTRY(max, f64, real, -INFINITY), ENTRY(max, i32, integer, INT32_MIN),
                    ENTRY(max, i64, integer, INT64_MIN), ENTRY(max, u8, integer, 0), ENTRY(max, u8, integer, 0), MORE_ENTRIES(max, LEAST)},
        [DK_MIN] = {ENTRY(min, f32, real, INFINITY), ENTRY(min, f64, real, INFINITY), ENTRY(min, i32, integer, INT32_MAX),
                    ENTRY(min, i64, integer, INT64_MAX), ENTRY(min, u8, integer, 255), ENTRY(min, u8, integer, 1), MORE_ENTRIES(min, MOST)},
    },
    .args = {ARG_ENTRIES(max), ARG_ENTRIES(min)},
};
