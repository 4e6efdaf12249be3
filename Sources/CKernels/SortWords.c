// Sorting elements of four bytes by radix, from the lowest digit.
//
// A key is an unsigned number of 32 bits whose order is the element's. For an order of places, the key stands above the element's place in one
// number of 64 bits, so one move carries both; sorted values are the keys themselves, turned back. All digits are counted in one pass.
// A long row is cut for the threads: each counts and deals out its part, and places are reckoned over the parts in order. The result is
// the one stable order, however many parts there are.
#include "SortWords.h"
#include "InstructionSet.h"

#include <string.h>

#define SIGN 0x80000000u
#define NOT_A_NUMBER 0x7fc00000u
// From this length on the bookkeeping of 3 x 2048 counters is repaid by a pass less.
#define LONG_ROW 16384
// From this length on threads share a row.
#define MOST_PARTS 16

// NaN is last, so its key is the highest; both zeros are equal in an order of places (`joined`), while values keep their sign.
static inline uint32_t key_of(uint32_t bits, int floating, int joined, uint32_t flip) {
    if (!floating) return bits ^ SIGN ^ flip;
    if ((bits & ~SIGN) > 0x7f800000u) return ~0u;
    if (joined && bits == SIGN) bits = 0;
    return (bits ^ ((uint32_t)((int32_t)bits >> 31) | SIGN)) ^ flip;
}

static inline uint32_t bits_of(uint32_t key, int floating, uint32_t flip) {
    if (!floating) return key ^ SIGN ^ flip;
    if (key == ~0u) return NOT_A_NUMBER;
    key ^= flip;
    return key ^ (key & SIGN ? SIGN : ~0u);
}

// ------------------------------------------------------------------------------------------------------------ the passes

// A row's way through the digits; T holds the key in its bits from LOW on.
#define RADIX(T, LOW) \
    typedef struct { const T *from; T *to; int64_t count, part, parts; int shift, bits; uint32_t *places; } passes_##T; \
    static void count_##T(void *context, int64_t index) { \
        const passes_##T *pass = context; \
        const int64_t first = index * pass->part, last = first + pass->part < pass->count ? first + pass->part : pass->count; \
        const T mask = ((T)1 << pass->bits) - 1; \
        uint32_t *places = pass->places + (index << pass->bits); \
        memset(places, 0, sizeof *places << pass->bits); \
        for (int64_t i = first; i < last; i++) places[pass->from[i] >> pass->shift & mask]++; \
    } \
    static void deal_##T(void *context, int64_t index) { \
        const passes_##T *pass = context; \
        const int64_t first = index * pass->part, last = first + pass->part < pass->count ? first + pass->part : pass->count; \
        const T mask = ((T)1 << pass->bits) - 1; \
        const int shift = pass->shift; \
        const T *restrict from = pass->from; \
        T *restrict to = pass->to; \
        uint32_t *restrict places = pass->places + (index << pass->bits); \
        for (int64_t i = first; i < last; i++) { \
            const T x = from[i]; \
            to[places[x >> shift & mask]++] = x; \
        } \
    } \
    /* Counts become the places at which each part's elements of each digit begin. False: all have the same digit. */ \
    static int begin_##T(const passes_##T *pass) { \
        const int64_t digits = (int64_t)1 << pass->bits; \
        uint32_t sum = 0; \
        for (int64_t digit = 0; digit < digits; digit++) { \
            const uint32_t before = sum; \
            for (int64_t part = 0; part < pass->parts; part++) { \
                uint32_t *place = pass->places + (part << pass->bits) + digit; \
                const uint32_t here = *place; \
                *place = sum; \
                sum += here; \
            } \
            if (sum - before == (uint32_t)pass->count) return 0; \
        } \
        return 1; \
    } \
    /* Where the sorted elements are: in `row` or in `other`. */ \
    static T *shared_##T(T *row, T *other, int64_t count, uint32_t *places) { \
        passes_##T pass = {.count = count, .parts = MOST_PARTS, .bits = 8, .places = places}; \
        pass.part = (count + MOST_PARTS - 1) / MOST_PARTS; \
        for (pass.shift = LOW; pass.shift < LOW + 32; pass.shift += 8) { \
            pass.from = row; \
            pass.to = other; \
            dk_parallel(MOST_PARTS, count_##T, &pass); \
            if (!begin_##T(&pass)) continue; \
            dk_parallel(MOST_PARTS, deal_##T, &pass); \
            other = row; \
            row = pass.to; \
        } \
        return row; \
    } \
    static T *alone_##T(T *row, T *other, int64_t count, uint32_t *places) { \
        const int bits = count < LONG_ROW ? 8 : 11, digits = count < LONG_ROW ? 4 : 3; \
        passes_##T pass = {.count = count, .parts = 1, .part = count, .bits = bits}; \
        memset(places, 0, (size_t)digits << bits << 2); \
        if (bits == 8) for (int64_t i = 0; i < count; i++) { \
            const uint32_t key = (uint32_t)(row[i] >> LOW); \
            places[key & 255]++; \
            places[256 + (key >> 8 & 255)]++; \
            places[512 + (key >> 16 & 255)]++; \
            places[768 + (key >> 24)]++; \
        } else for (int64_t i = 0; i < count; i++) { \
            const uint32_t key = (uint32_t)(row[i] >> LOW); \
            places[key & 2047]++; \
            places[2048 + (key >> 11 & 2047)]++; \
            places[4096 + (key >> 22)]++; \
        } \
        for (int digit = 0; digit < digits; digit++) { \
            pass.shift = LOW + digit * bits; \
            pass.places = places + ((int64_t)digit << bits); \
            pass.from = row; \
            pass.to = other; \
            if (!begin_##T(&pass)) continue; \
            deal_##T(&pass, 0); \
            other = row; \
            row = pass.to; \
        } \
        return row; \
    } \
    static void insert_##T(T *row, int64_t count) { \
        for (int64_t i = 1; i < count; i++) { \
            const T x = row[i]; \
            int64_t j = i; \
            for (; j > 0 && row[j - 1] > x; j--) row[j] = row[j - 1]; \
            row[j] = x; \
        } \
    } \
    static T *sort_##T(T *row, T *other, int64_t count, int threads, uint32_t *places) { \
        if (count <= SHORT_ROW) { \
            insert_##T(row, count); \
            return row; \
        } \
        return threads && count >= DK_SHARED_ROW && dk_threads() > 1 ? shared_##T(row, other, count, places) : alone_##T(row, other, count, places); \
    }

// Up to this length a row is sorted by insertion: equal keys have different places, or are alike in all.
#define SHORT_ROW 40
// Enough counters for a row alone (3 x 2048) and for a shared one.
#define COUNTERS (3 << 11)

RADIX(uint64_t, 32)
RADIX(uint32_t, 0)

void dk_order_words(const void *in, int64_t count, int64_t kept, uint8_t dtype, int descending, int threads, int64_t *out) {
    const uint32_t flip = descending ? ~0u : 0;
    const int floating = dtype == DK_FLOAT32;
    uint64_t *row = dk_scratch(2, (size_t)count * 2 * sizeof(uint64_t) + COUNTERS * sizeof(uint32_t));
    const uint32_t *bits = in;
    for (int64_t j = 0; j < count; j++) row[j] = (uint64_t)key_of(bits[j], floating, 1, flip) << 32 | (uint32_t)j;
    row = sort_uint64_t(row, row + count, count, threads, (uint32_t *)(row + 2 * count));
    for (int64_t j = 0; j < kept; j++) out[j] = (uint32_t)row[j];
}

void dk_sort_words(const void *in, int64_t count, uint8_t dtype, int descending, int threads, void *out) {
    const uint32_t flip = descending ? ~0u : 0;
    const int floating = dtype == DK_FLOAT32;
    uint32_t *row = dk_scratch(2, ((size_t)count * 2 + COUNTERS) * sizeof(uint32_t));
    const uint32_t *bits = in;
    for (int64_t j = 0; j < count; j++) row[j] = key_of(bits[j], floating, 0, flip);
    row = sort_uint32_t(row, row + count, count, threads, row + 2 * count);
    uint32_t *sorted = out;
    for (int64_t j = 0; j < count; j++) sorted[j] = bits_of(row[j], floating, flip);
}

// ------------------------------------------------------------------------------------------------------------- the first few

// Elements that are looked at together.
#define BLOCK 64

#define INLINE static inline __attribute__((always_inline))
// Whether any element of a block comes before the limit. NaN does not.
INLINE int any_before(const float *restrict x, float limit, int descending) {
    int before = 0;
    if (descending) for (int j = 0; j < BLOCK; j++) before |= x[j] > limit;
    else for (int j = 0; j < BLOCK; j++) before |= x[j] < limit;
    return before;
}

// Passes over blocks that hold nothing before the limit; returns the start of the first other one, or of the last piece.
INLINE int64_t skip(const float *x, int64_t start, int64_t count, float limit, int descending) {
    while (start + BLOCK <= count && !any_before(x + start, limit, descending)) start += BLOCK;
    return start;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static int64_t skip_wide(const float *x, int64_t start, int64_t count, float limit, int descending) {
    return skip(x, start, count, limit, descending);
}
#endif

static int64_t skip_blocks(const float *x, int64_t start, int64_t count, float limit, int descending) {
#if defined(__x86_64__)
    if (dk_instruction_set() == 1) return skip_wide(x, start, count, limit, descending);
#endif
    return skip(x, start, count, limit, descending);
}

void dk_select_words(const void *in, int64_t count, int64_t kept, uint8_t dtype, int descending, int64_t *out) {
    const uint32_t flip = descending ? ~0u : 0, *bits = in;
    const int floating = dtype == DK_FLOAT32;
    uint64_t best[DK_FEW_KEPT];
    int64_t held = 0;
    for (int64_t start = 0; start < count;) {
        if (held == kept && floating) {
            // Most blocks hold nothing that comes before the last of those held.
            float limit;
            memcpy(&limit, bits + (uint32_t)best[kept - 1], sizeof limit);
            if (limit == limit) start = skip_blocks(in, start, count, limit, descending);
        }
        const int64_t end = start + BLOCK < count ? start + BLOCK : count;
        for (int64_t j = start; j < end; j++) {
            const uint64_t entry = (uint64_t)key_of(bits[j], floating, 1, flip) << 32 | (uint64_t)j;
            if (held == kept && entry >= best[kept - 1]) continue;
            int64_t place = held < kept ? held++ : kept - 1;
            for (; place > 0 && best[place - 1] > entry; place--) best[place] = best[place - 1];
            best[place] = entry;
        }
        start = end;
    }
    for (int64_t j = 0; j < kept; j++) out[j] = (uint32_t)best[j];
}
