// The stable order of each row.
//
// Every element becomes an unsigned number whose order is the element's; equal numbers keep their places. Short rows
// are sorted by insertion, longer ones by radix, eight bits a pass, from the lowest: each pass is stable. Where a few places are asked for, only
// those are held in order while the row goes by. Elements of four bytes go through SortWords.c, at half the memory or less.
#include "CKernels.h"
#include "Movement.h"
#include "SortWords.h"

#include <string.h>

typedef struct {
    uint64_t key;
    int64_t index;
} entry;

#define SHORT_ROW 48

// Turns a float's bits so that they are ordered as unsigned numbers. Both zeros are equal; NaN comes last, both ways.
static inline uint64_t key_of_float(uint64_t bits, int width, uint64_t exponent, int descending) {
    const uint64_t sign = (uint64_t)1 << (width - 1), all = sign | (sign - 1);
    if ((bits & ~sign) > exponent) return all;
    if (bits == sign) bits = 0;
    const uint64_t key = bits & sign ? ~bits & all : bits | sign;
    return descending ? ~key & all : key;
}

static inline uint64_t key_of_integer(uint64_t bits, int width, int is_signed, int descending) {
    const uint64_t sign = (uint64_t)1 << (width - 1), all = sign | (sign - 1);
    const uint64_t key = is_signed ? bits ^ sign : bits;
    return descending ? ~key & all : key;
}

// Keys of elements first ..< last of a row.
static void fill_keys(entry *row, const void *in, int64_t first, int64_t last, uint8_t dtype, int descending) {
#define KEYS(type, expression) \
    for (int64_t j = first; j < last; j++) { \
        type bits; \
        memcpy(&bits, (const char *)in + (size_t)j * sizeof bits, sizeof bits); \
        row[j - first] = (entry){expression, j}; \
    } break;
    switch (dtype) {
    case DK_FLOAT32: KEYS(uint32_t, key_of_float(bits, 32, 0x7f800000u, descending))
    case DK_FLOAT64: KEYS(uint64_t, key_of_float(bits, 64, 0x7ff0000000000000u, descending))
    case DK_INT32: KEYS(uint32_t, key_of_integer(bits, 32, 1, descending))
    case DK_INT64: KEYS(uint64_t, key_of_integer(bits, 64, 1, descending))
    case DK_INT8: KEYS(uint8_t, key_of_integer(bits, 8, 1, descending))
    case DK_INT16: KEYS(uint16_t, key_of_integer(bits, 16, 1, descending))
    case DK_UINT16: KEYS(uint16_t, key_of_integer(bits, 16, 0, descending))
    case DK_UINT32: KEYS(uint32_t, key_of_integer(bits, 32, 0, descending))
    case DK_UINT64: KEYS(uint64_t, key_of_integer(bits, 64, 0, descending))
    default: KEYS(uint8_t, key_of_integer(bits, 8, 0, descending))
    }
}

static void sort_by_insertion(entry *row, int64_t count) {
    for (int64_t i = 1; i < count; i++) {
        const entry x = row[i];
        int64_t j = i;
        for (; j > 0 && row[j - 1].key > x.key; j--) row[j] = row[j - 1];
        row[j] = x;
    }
}

// Returns where the sorted entries are: in `row` or in `other`.
static entry *sort_by_radix(entry *row, entry *other, int64_t count, int width) {
    for (int shift = 0; shift < width; shift += 8) {
        int64_t places[256] = {0};
        for (int64_t j = 0; j < count; j++) places[row[j].key >> shift & 255]++;
        // All alike in these bits: nothing to do.
        if (places[row[0].key >> shift & 255] == count) continue;
        int64_t sum = 0;
        for (int digit = 0; digit < 256; digit++) {
            const int64_t here = places[digit];
            places[digit] = sum;
            sum += here;
        }
        for (int64_t j = 0; j < count; j++) other[places[row[j].key >> shift & 255]++] = row[j];
        entry *const sorted = other;
        other = row;
        row = sorted;
    }
    return row;
}

// More places than this are found by sorting the whole row.
#define FEW DK_FEW_KEPT
// Elements that are looked at together.
#define BLOCK 32

// The first `kept` entries of a row's order, in `best`.
static void select_first(entry *best, const char *in, int64_t count, int64_t kept, uint8_t dtype, int descending) {
    int64_t held = 0;
    for (int64_t start = 0; start < count; start += BLOCK) {
        const int64_t end = start + BLOCK < count ? start + BLOCK : count;
        entry block[BLOCK];
        fill_keys(block, in, start, end, dtype, descending);
        for (int64_t j = 0; j < end - start; j++) {
            if (held == kept && block[j].key >= best[kept - 1].key) continue;
            int64_t place = held < kept ? held++ : kept - 1;
            for (; place > 0 && best[place - 1].key > block[j].key; place--) best[place] = best[place - 1];
            best[place] = block[j];
        }
    }
}

typedef struct {
    const dk_argsort_arguments *g;
    const char *in;
    void *out;
    int64_t task_rows;
    int alone;  // the pool is free for a row
} sort_plan;

// The rows of a task, from first to last, and the bytes of a row.
#define EACH_ROW(plan, task) \
    const int64_t bytes = dk_element_bytes(plan->g->dtype), first = task * plan->task_rows; \
    const int64_t last = first + plan->task_rows < plan->g->outer ? first + plan->task_rows : plan->g->outer

// The whole row in order, as entries in scratch memory.
static entry *sorted_row(const dk_argsort_arguments *g, const char *in) {
    entry *row = dk_scratch(2, (size_t)g->count * 2 * sizeof(entry));
    fill_keys(row, in, 0, g->count, g->dtype, g->descending);
    if (g->count > SHORT_ROW) return sort_by_radix(row, row + g->count, g->count, (int)(8 * dk_element_bytes(g->dtype)));
    sort_by_insertion(row, g->count);
    return row;
}

static void argsort_task(void *context, int64_t task) {
    const sort_plan *plan = context;
    const dk_argsort_arguments *g = plan->g;
    const int few = g->kept < g->count && g->kept <= FEW, words = dk_sorts_words(g->dtype) && g->count <= UINT32_MAX;
    EACH_ROW(plan, task);
    for (int64_t o = first; o < last; o++) {
        const char *in = plan->in + o * g->count * bytes;
        int64_t *out = (int64_t *)plan->out + o * g->kept;
        if (words && few) dk_select_words(in, g->count, g->kept, g->dtype, g->descending, out);
        else if (words) dk_order_words(in, g->count, g->kept, g->dtype, g->descending, plan->alone, out);
        else if (few) {
            entry best[FEW];
            select_first(best, in, g->count, g->kept, g->dtype, g->descending);
            for (int64_t j = 0; j < g->kept; j++) out[j] = best[j].index;
        } else {
            const entry *row = sorted_row(g, in);
            for (int64_t j = 0; j < g->kept; j++) out[j] = row[j].index;
        }
    }
}

static void sort_task(void *context, int64_t task) {
    const sort_plan *plan = context;
    const dk_argsort_arguments *g = plan->g;
    EACH_ROW(plan, task);
    for (int64_t o = first; o < last; o++) {
        const char *in = plan->in + o * g->count * bytes;
        char *out = (char *)plan->out + o * g->count * bytes;
        if (dk_sorts_words(g->dtype) && g->count <= UINT32_MAX) {
            dk_sort_words(in, g->count, g->dtype, g->descending, plan->alone, out);
            continue;
        }
        const entry *row = sorted_row(g, in);
        for (int64_t j = 0; j < g->count; j++) memcpy(out + j * bytes, in + row[j].index * bytes, (size_t)bytes);
    }
}

static void run(const dk_argsort_arguments *g, void *const *buffers, int64_t out_bytes, dk_task task) {
    if (g->outer <= 0 || g->kept <= 0) return;
    sort_plan plan = {
        .g = g,
        .in = (const char *)buffers[g->in] + g->in_offset * dk_element_bytes(g->dtype),
        .out = (char *)buffers[g->out] + g->out_offset * out_bytes,
    };
    // An element costs some nanoseconds, as much as moving a hundred bytes; one that is only compared less than one.
    const int64_t cost = g->kept < g->count && g->kept <= FEW ? 4 : 100;
    plan.task_rows = dk_task_items(g->count * cost);
    // Few rows go one after the other where each is so long that the threads share it.
    plan.alone = g->outer == 1 || (g->outer < 4 && dk_sorts_words(g->dtype) && g->count >= DK_SHARED_ROW && cost > 4);
    if (plan.alone) {
        plan.task_rows = 1;
        for (int64_t row = 0; row < g->outer; row++) task(&plan, row);
    } else dk_move(g->outer * g->count * cost, (g->outer + plan.task_rows - 1) / plan.task_rows, task, &plan);
}

void dk_argsort(const void *arguments, void *const *buffers) { run(arguments, buffers, sizeof(int64_t), argsort_task); }

void dk_sort(const void *arguments, void *const *buffers) {
    const dk_argsort_arguments *g = arguments;
    run(g, buffers, dk_element_bytes(g->dtype), sort_task);
}
