// Running sums, products, maxima and minima along an axis.
#include "CKernels.h"
#include "Movement.h"

#include <string.h>

typedef struct {
    const dk_cumulative_arguments *g;
    const char *in;
    char *out;
    int64_t bytes;
    int64_t inner_block, inner_blocks;
} cumulative_plan;

// Columns first ..< last of one plane [count, inner], forwards or (step -1) backwards.
#define CUMULATIVE(name, type, expression) \
    static void name(const dk_cumulative_arguments *g, const type *in, type *out, int64_t first, int64_t last) { \
        const int64_t start = g->reverse ? g->count - 1 : 0, step = g->reverse ? -g->inner : g->inner; \
        in += start * g->inner; \
        out += start * g->inner; \
        if (g->inner == 1) { \
            type x = *in; \
            *out = x; \
            for (int64_t j = 1; j < g->count; j++) { \
                in += step; \
                out += step; \
                const type y = *in; \
                *out = x = (type)(expression); \
            } \
            return; \
        } \
        memmove(out + first, in + first, (size_t)(last - first) * sizeof(type)); \
        for (int64_t j = 1; j < g->count; j++) { \
            in += step; \
            for (int64_t i = first; i < last; i++) { \
                const type x = out[i], y = in[i]; \
                out[i + step] = (type)(expression); \
            } \
            out += step; \
        } \
    }

// NaN, once met, stays: a comparison with it is false.
#define ALL(name, type, wide, sum, product) \
    CUMULATIVE(sum_##name, type, (wide)x sum (wide)y) \
    CUMULATIVE(max_##name, type, y > x || y != y ? y : x) \
    CUMULATIVE(min_##name, type, y < x || y != y ? y : x) \
    CUMULATIVE(product_##name, type, (wide)x product (wide)y)
ALL(float32, float, float, +, *)
ALL(float64, double, double, +, *)
#define ALL_OF(number, name, short, type, wrapping, least, most) ALL(name, type, wrapping, +, *)
DK_INTEGERS(ALL_OF)
ALL(bool, uint8_t, uint32_t, |, &)

static void cumulative_task(void *context, int64_t task) {
    const cumulative_plan *plan = context;
    const dk_cumulative_arguments *g = plan->g;
    const int64_t o = task / plan->inner_blocks, first = task % plan->inner_blocks * plan->inner_block;
    const int64_t last = first + plan->inner_block < g->inner ? first + plan->inner_block : g->inner;
    const int64_t at = o * g->count * g->inner * plan->bytes;
#define RUN(name, type) { \
    const type *in = (const type *)(plan->in + at); \
    type *out = (type *)(plan->out + at); \
    switch (g->reduction) { \
    case DK_SUM: sum_##name(g, in, out, first, last); break; \
    case DK_MAX: max_##name(g, in, out, first, last); break; \
    case DK_MIN: min_##name(g, in, out, first, last); break; \
    default: product_##name(g, in, out, first, last); \
    } } break;
    switch (g->dtype) {
    case DK_FLOAT32: RUN(float32, float)
    case DK_FLOAT64: RUN(float64, double)
#define RUN_INTEGER(number, name, short, type, wrapping, least, most) case number: RUN(name, type)
    DK_INTEGERS(RUN_INTEGER)
    default: RUN(bool, uint8_t)
    }
}

void dk_cumulative(const void *arguments, void *const *buffers) {
    const dk_cumulative_arguments *g = arguments;
    if (g->outer <= 0 || g->count <= 0 || g->inner <= 0) return;
    const int64_t bytes = dk_element_bytes(g->dtype);
    cumulative_plan plan = {
        .g = g, .bytes = bytes,
        .in = (const char *)buffers[g->in] + g->in_offset * bytes,
        .out = (char *)buffers[g->out] + g->out_offset * bytes,
    };
    plan.inner_block = g->inner < 256 ? g->inner : 128;
    plan.inner_blocks = (g->inner + plan.inner_block - 1) / plan.inner_block;
    dk_move(g->outer * g->count * g->inner * bytes, g->outer * plan.inner_blocks, cumulative_task, &plan);
}
