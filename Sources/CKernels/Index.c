// Gathers and scatters: data moved by indexes that are only known at run time, and checked.
#include "CKernels.h"
#include "Movement.h"

#include <string.h>

// The index as a place on the axis; -1 when it is outside.
static inline int64_t place_on(int64_t axis, int64_t index) {
    const int64_t place = index < 0 ? index + axis : index;
    return place < 0 || place >= axis ? -1 : place;
}

// True when all are within the axis; otherwise the first that is not is raised.
static int all_within(int64_t axis, const int64_t *index, int64_t count) {
    for (int64_t j = 0; j < count; j++)
        if (place_on(axis, index[j]) < 0) { dk_raise(index[j], axis); return 0; }
    return 1;
}

// ------------------------------------------------------------------------------------------------------------- checks

// All are copied and compared in one pass without a branch; only when one is wrong is the first such looked for.
#define CHECK(type) \
    static void check_##type(const dk_check_index_arguments *g, const type *in, int64_t *out) { \
        int wrong = 0; \
        for (int64_t i = 0; i < g->count; i++) { \
            const int64_t value = (int64_t)in[i]; \
            out[i] = value; \
            wrong |= (value < g->lowest) | (value >= g->limit); \
        } \
        for (int64_t i = 0; wrong && i < g->count; i++) \
            if (out[i] < g->lowest || out[i] >= g->limit) { dk_raise_use(out[i], g->limit, g->use); return; } \
    }
#define CHECK_INTEGER(number, name, short, type, wrapping, least, most) CHECK(type)
DK_INTEGERS(CHECK_INTEGER)

void dk_check_index(const void *arguments, void *const *buffers) {
    const dk_check_index_arguments *g = arguments;
    const char *in = (const char *)buffers[g->in] + g->in_offset * dk_element_bytes(g->dtype);
    int64_t *out = buffers[g->out];
    switch (g->dtype) {
#define RUN_CHECK(number, name, short, type, wrapping, least, most) case number: check_##type(g, (const type *)(const void *)in, out); break;
    DK_INTEGERS(RUN_CHECK)
    }
}

typedef struct {
    const dk_index_arguments *g;
    const char *in, *base;
    const int64_t *index;
    char *out;
    int64_t bytes;
    int64_t task_items;     // gather: rows; gather_along: planes [count, inner]
    int64_t inner_block, inner_blocks;  // scatter: each task takes a block of `inner` of one plane
} index_plan;

static index_plan plan_for(const dk_index_arguments *g, void *const *buffers) {
    const int64_t bytes = dk_element_bytes(g->dtype);
    return (index_plan){
        .g = g, .bytes = bytes,
        .in = (const char *)buffers[g->in] + g->in_offset * bytes,
        .base = g->base < 0 ? NULL : (const char *)buffers[g->base] + g->base_offset * bytes,
        .index = (const int64_t *)buffers[g->index] + g->index_offset,
        .out = (char *)buffers[g->out] + g->out_offset * bytes,
    };
}

// ------------------------------------------------------------------------------------------------------------- gather

static void gather_task(void *context, int64_t task) {
    const index_plan *plan = context;
    const dk_index_arguments *g = plan->g;
    const int64_t rows = g->outer * g->count, row_bytes = g->inner * plan->bytes;
    const int64_t first = task * plan->task_items;
    const int64_t last = first + plan->task_items < rows ? first + plan->task_items : rows;
    for (int64_t row = first; row < last; row++) {
        const int64_t o = row / g->count, j = row - o * g->count;
        const char *from = plan->in + (o * g->axis + place_on(g->axis, plan->index[j])) * row_bytes;
        char *to = plan->out + row * row_bytes;
        if (row_bytes == 4) memcpy(to, from, 4);
        else if (row_bytes == 8) memcpy(to, from, 8);
        else memcpy(to, from, (size_t)row_bytes);
    }
}

void dk_gather(const void *arguments, void *const *buffers) {
    const dk_index_arguments *g = arguments;
    index_plan plan = plan_for(g, buffers);
    if (g->outer <= 0 || g->inner <= 0 || !all_within(g->axis, plan.index, g->count)) return;
    plan.task_items = dk_task_items(g->inner * plan.bytes);
    const int64_t rows = g->outer * g->count;
    dk_move(rows * g->inner * plan.bytes, (rows + plan.task_items - 1) / plan.task_items, gather_task, &plan);
}

#define GATHER_ALONG(bits) \
    static void gather_plane_##bits(const dk_index_arguments *g, const uint##bits##_t *in, const int64_t *index, \
                                    uint##bits##_t *out) { \
        for (int64_t j = 0; j < g->count; j++) \
            for (int64_t i = 0; i < g->inner; i++) { \
                const int64_t place = place_on(g->axis, index[j * g->inner + i]); \
                if (place < 0) { dk_raise(index[j * g->inner + i], g->axis); return; } \
                out[j * g->inner + i] = in[place * g->inner + i]; \
            } \
    }
GATHER_ALONG(8)
GATHER_ALONG(16)
GATHER_ALONG(32)
GATHER_ALONG(64)

static void gather_along_task(void *context, int64_t task) {
    const index_plan *plan = context;
    const dk_index_arguments *g = plan->g;
    const int64_t first = task * plan->task_items;
    const int64_t last = first + plan->task_items < g->outer ? first + plan->task_items : g->outer;
    for (int64_t o = first; o < last; o++) {
        const int64_t at = o * g->count * g->inner;
        const void *in = plan->in + o * g->axis * g->inner * plan->bytes;
        void *out = plan->out + at * plan->bytes;
        if (plan->bytes == 4) gather_plane_32(g, in, plan->index + at, out);
        else if (plan->bytes == 8) gather_plane_64(g, in, plan->index + at, out);
        else if (plan->bytes == 2) gather_plane_16(g, in, plan->index + at, out);
        else gather_plane_8(g, in, plan->index + at, out);
    }
}

void dk_gather_along(const void *arguments, void *const *buffers) {
    const dk_index_arguments *g = arguments;
    index_plan plan = plan_for(g, buffers);
    if (g->outer <= 0) return;
    plan.task_items = dk_task_items(g->count * g->inner * plan.bytes);
    dk_move(g->outer * g->count * g->inner * plan.bytes, (g->outer + plan.task_items - 1) / plan.task_items,
            gather_along_task, &plan);
}

// ------------------------------------------------------------------------------------------------------------ scatter

// W: the type in which a sum is made.
#define PLUS(type, W, x, y) (type)((W)(x) + (W)(y))
#define OR(type, W, x, y) (type)((x) | (y))

// Columns first ..< last of one plane, in the order of j, so that every sum is always added in that order.
#define SCATTER(name, type, W, plus) \
    static void scatter_plane_##name(const dk_index_arguments *g, int along, const type *in, const int64_t *index, \
                                     type *out, int64_t first, int64_t last) { \
        for (int64_t j = 0; j < g->count; j++) { \
            const type *from = in + j * g->inner; \
            if (along) { \
                for (int64_t i = first; i < last; i++) { \
                    const int64_t place = place_on(g->axis, index[j * g->inner + i]); \
                    if (place < 0) { dk_raise(index[j * g->inner + i], g->axis); return; } \
                    type *to = out + place * g->inner + i; \
                    *to = plus(type, W, *to, from[i]); \
                } \
            } else { \
                type *to = out + place_on(g->axis, index[j]) * g->inner; \
                for (int64_t i = first; i < last; i++) to[i] = plus(type, W, to[i], from[i]); \
            } \
        } \
    }
SCATTER(float32, float, float, PLUS)
SCATTER(float64, double, double, PLUS)
#define SCATTER_INTEGER(number, name, short, type, wrapping, least, most) SCATTER(name, type, wrapping, PLUS)
DK_INTEGERS(SCATTER_INTEGER)
SCATTER(bool, uint8_t, uint8_t, OR)

static void scatter_some(const index_plan *plan, int along, int64_t task) {
    const dk_index_arguments *g = plan->g;
    const int64_t o = task / plan->inner_blocks, first = task % plan->inner_blocks * plan->inner_block;
    const int64_t last = first + plan->inner_block < g->inner ? first + plan->inner_block : g->inner;
    const void *in = plan->in + o * g->count * g->inner * plan->bytes;
    char *out = plan->out + o * g->axis * g->inner * plan->bytes;
    const int64_t *index = along ? plan->index + o * g->count * g->inner : plan->index;
    const char *base = plan->base ? plan->base + o * g->axis * g->inner * plan->bytes : NULL;
    for (int64_t row = 0; base != out && row < g->axis; row++) {
        const int64_t at = (row * g->inner + first) * plan->bytes;
        const size_t bytes = (size_t)((last - first) * plan->bytes);
        if (base) memcpy(out + at, base + at, bytes);
        else memset(out + at, 0, bytes);
    }
    switch (g->dtype) {
    case DK_FLOAT32: scatter_plane_float32(g, along, in, index, (float *)out, first, last); break;
    case DK_FLOAT64: scatter_plane_float64(g, along, in, index, (double *)out, first, last); break;
#define RUN_SCATTER(number, name, short, type, wrapping, least, most) \
    case number: scatter_plane_##name(g, along, in, index, (type *)(void *)out, first, last); break;
    DK_INTEGERS(RUN_SCATTER)
    default: scatter_plane_bool(g, along, in, index, (uint8_t *)out, first, last);
    }
}

static void scatter_task(void *plan, int64_t task) { scatter_some(plan, 0, task); }
static void scatter_along_task(void *plan, int64_t task) { scatter_some(plan, 1, task); }

static void scatter(const dk_index_arguments *g, index_plan *plan, dk_task task) {
    if (g->outer <= 0 || g->inner <= 0 || g->axis <= 0) return;
    // Whole cache lines, and rows long enough to be worth a pass over the indexes.
    plan->inner_block = g->inner < 256 ? g->inner : 128;
    plan->inner_blocks = (g->inner + plan->inner_block - 1) / plan->inner_block;
    dk_move(g->outer * (g->count + g->axis) * g->inner * plan->bytes, g->outer * plan->inner_blocks, task, plan);
}

void dk_scatter_add(const void *arguments, void *const *buffers) {
    const dk_index_arguments *g = arguments;
    index_plan plan = plan_for(g, buffers);
    if (all_within(g->axis, plan.index, g->count)) scatter(g, &plan, scatter_task);
}

void dk_scatter_add_along(const void *arguments, void *const *buffers) {
    const dk_index_arguments *g = arguments;
    index_plan plan = plan_for(g, buffers);
    if (g->axis <= 0 && g->outer * g->count * g->inner > 0) dk_raise(plan.index[0], g->axis);
    else scatter(g, &plan, scatter_along_task);
}
