// Convolutions (cross-correlations): from the call's arguments to passes over images, and the choice of the kernels.
#include "Convolution.h"

#include <string.h>

static dk_convolution_kernels kernels(uint8_t dtype) { return dtype == DK_FLOAT32 ? dk_convolution_float32() : dk_convolution_float64(); }
static int64_t product3(const int64_t *x) { return x[0] * x[1] * x[2]; }

// The largest numbers of taps (and the way of one axis) that fit on the stack; larger kernels take memory.
#define NEAR_TAPS 128

// What the taps reach, from the patches' own sizes: the room of the padded copy, and each tap's place in it. `reach[t]` is where tap t of an axis
// looks for result 0, from the first zero on.
static void place_taps(dk_patches *x, const int64_t counts[3], int64_t *const reach[3], int64_t *tap) {
    int64_t furthest[3] = {0, 0, 0};
    for (int axis = 0; axis < 3; axis++)
        for (int64_t t = 0; t < counts[axis]; t++) furthest[axis] = dk_larger(furthest[axis], reach[axis][t]);
    for (int axis = 0; axis < 2; axis++) x->room[axis] = (x->grid[axis] - 1) * x->step[axis] + furthest[axis] + 1;
    x->room[2] = x->grid[2] + furthest[2] / x->step[2];
    const int64_t row = x->room[2] * x->step[2];
    for (int64_t d = 0; d < counts[0]; d++)
        for (int64_t h = 0; h < counts[1]; h++)
            for (int64_t w = 0; w < counts[2]; w++)
                *tap++ = (reach[0][d] * x->room[1] + reach[1][h]) * row + reach[2][w] % x->step[2] * x->room[2] + reach[2][w] / x->step[2];
}

// The patches that the output's elements, or the weight's gradient, see of the input.
static dk_patches input_patches(const dk_convolution_arguments *g, int64_t *reach, int64_t *tap) {
    dk_patches x = {.channels = g->channels, .taps = product3(g->kernel), .tap = tap};
    int64_t *axes[3];
    for (int axis = 0; axis < 3; axis++) {
        x.size[axis] = g->input[axis];
        x.low[axis] = g->padding[axis];
        x.grid[axis] = g->output[axis];
        x.step[axis] = g->stride[axis];
        axes[axis] = reach;
        for (int64_t t = 0; t < g->kernel[axis]; t++) *reach++ = t * g->dilation[axis];
    }
    place_taps(&x, g->kernel, axes, tap);
    return x;
}

static void correlate_output(const dk_convolution_arguments *g, const void *x, const void *w, void *y, void *const *buffers, int64_t *reach, int64_t *tap) {
    const int64_t results = product3(g->output);
    const dk_correlation pass = {
        .patches = input_patches(g, reach, tap), .images = g->batch * g->groups, .groups = g->groups,
        .m = g->filters, .n = results, .k = g->channels * product3(g->kernel),
        .source = x, .result = y, .result_image = g->filters * results, .result_row = results,
        .result_step = {g->output[1] * g->output[2], g->output[2], 1}, .weight = w, .epilogue = g->epilogue, .buffers = buffers,
    };
    kernels(g->dtype).correlate(&pass);
}

static void correlate_weight(const dk_convolution_arguments *g, const void *x, const void *y, void *w, int64_t *reach, int64_t *tap) {
    const dk_correlation_gradient pass = {
        .patches = input_patches(g, reach, tap), .samples = g->batch, .groups = g->groups,
        .m = g->filters, .n = product3(g->output), .k = g->channels * product3(g->kernel), .source = x, .cotangent = y, .weight = w,
    };
    kernels(g->dtype).weight_gradient(&pass);
}

// Weights as the input's gradient takes them: to[g][c][o][chosen tap] = from[g][o][c][tap].
#define EXCHANGE(name, type) \
    static void exchange_##name(const dk_convolution_arguments *g, const type *from, const int64_t *chosen, int64_t count, type *to) { \
        const int64_t taps = product3(g->kernel); \
        for (int64_t group = 0; group < g->groups; group++) \
            for (int64_t c = 0; c < g->channels; c++) \
                for (int64_t o = 0; o < g->filters; o++) { \
                    const type *line = from + ((group * g->filters + o) * g->channels + c) * taps; \
                    for (int64_t t = 0; t < count; t++) *to++ = line[chosen[t]]; \
                } \
    }
EXCHANGE(float32, float)
EXCHANGE(float64, double)

// The taps of one axis that reach the input's elements first, first + stride, ...: input element i = stride * output + tap * dilation - padding.
// `reach` is where tap t looks in the output for the first of them, less the lowest of all; `low` is the negated lowest.
static int64_t taps_of_phase(const dk_convolution_arguments *g, int axis, int64_t first, int64_t *reach, int64_t *tap, int64_t *low) {
    int64_t count = 0, lowest = 0;
    for (int64_t t = 0; t < g->kernel[axis]; t++) {
        const int64_t way = first + g->padding[axis] - t * g->dilation[axis];
        if (way % g->stride[axis] != 0) continue;
        reach[count] = way / g->stride[axis];
        tap[count] = t;
        if (count == 0 || reach[count] < lowest) lowest = reach[count];
        count++;
    }
    for (int64_t t = 0; t < count; t++) reach[t] -= lowest;
    *low = -lowest;
    return count;
}

// Elements of the input that lie a stride apart see the same taps: one pass for each phase of the strides.
static void correlate_input(const dk_convolution_arguments *g, const void *y, const void *w, void *x, int64_t *reach, int64_t *tap) {
    const size_t bytes = g->dtype == DK_FLOAT32 ? sizeof(float) : sizeof(double);
    const int64_t elements = product3(g->input), kernel = product3(g->kernel), stride = product3(g->stride);
    const int64_t most = g->kernel[0] + g->kernel[1] + g->kernel[2];
    int64_t *chosen = tap + kernel, *of_axis = reach + most;
    // Elements that no tap reaches stay 0.
    if (stride > 1) memset(x, 0, (size_t)(g->batch * g->groups * g->channels * elements) * bytes);
    char *weight = dk_scratch(4, (size_t)(g->groups * g->channels * g->filters * kernel) * bytes);
    for (int64_t phase = 0; phase < stride; phase++) {
        const int64_t first[3] = {phase / g->stride[2] / g->stride[1], phase / g->stride[2] % g->stride[1], phase % g->stride[2]};
        dk_patches patches = {.channels = g->filters, .tap = tap};
        int64_t counts[3], *reaches[3], *taps[3], used = 0;
        int empty = 0;
        for (int axis = 0; axis < 3; axis++) {
            reaches[axis] = reach + used;
            taps[axis] = of_axis + used;
            counts[axis] = taps_of_phase(g, axis, first[axis], reaches[axis], taps[axis], &patches.low[axis]);
            used += counts[axis];
            patches.size[axis] = g->output[axis];
            patches.step[axis] = 1;
            patches.grid[axis] = first[axis] < g->input[axis] ? dk_divided_up(g->input[axis] - first[axis], g->stride[axis]) : 0;
            if (counts[axis] == 0 || patches.grid[axis] == 0) empty = 1;
        }
        if (empty) continue;
        patches.taps = product3(counts);
        place_taps(&patches, counts, reaches, tap);
        int64_t t = 0;
        for (int64_t d = 0; d < counts[0]; d++)
            for (int64_t h = 0; h < counts[1]; h++)
                for (int64_t i = 0; i < counts[2]; i++) chosen[t++] = (taps[0][d] * g->kernel[1] + taps[1][h]) * g->kernel[2] + taps[2][i];
        if (g->dtype == DK_FLOAT32) exchange_float32(g, w, chosen, patches.taps, (float *)weight);
        else exchange_float64(g, w, chosen, patches.taps, (double *)weight);
        const int64_t row = g->input[2], plane = g->input[1] * row;
        const dk_correlation pass = {
            .patches = patches, .images = g->batch * g->groups, .groups = g->groups,
            .m = g->channels, .n = product3(patches.grid), .k = g->filters * patches.taps, .source = y,
            .result = (char *)x + (size_t)(first[0] * plane + first[1] * row + first[2]) * bytes, .result_image = g->channels * elements, .result_row = elements,
            .result_step = {g->stride[0] * plane, g->stride[1] * row, g->stride[2]}, .weight = weight,
        };
        kernels(g->dtype).correlate(&pass);
    }
}

void dk_convolution(const void *arguments, void *const *buffers) {
    const dk_convolution_arguments *g = arguments;
    const int64_t bytes = g->dtype == DK_FLOAT32 ? sizeof(float) : sizeof(double);
    char *x = (char *)buffers[g->x] + g->x_offset * bytes, *w = (char *)buffers[g->w] + g->w_offset * bytes, *y = (char *)buffers[g->y] + g->y_offset * bytes;
    const int64_t kernel = product3(g->kernel), most = g->kernel[0] + g->kernel[1] + g->kernel[2];
    int64_t near[4 * NEAR_TAPS];
    int64_t *taps = near;
    if (kernel + most > 2 * NEAR_TAPS) taps = dk_scratch(5, (size_t)(2 * (kernel + most)) * sizeof(int64_t));
    const int64_t sums[3] = {g->channels * kernel, g->filters * product3(g->output), g->batch * product3(g->output)};
    if (sums[g->role] == 0) {
        // A sum of nothing.
        const int64_t results[3] = {g->batch * g->groups * g->filters * product3(g->output), g->batch * g->groups * g->channels * product3(g->input),
                                    g->groups * g->filters * g->channels * kernel};
        memset(g->role == DK_CONVOLUTION_OUTPUT ? y : g->role == DK_CONVOLUTION_INPUT ? x : w, 0, (size_t)(results[g->role] * bytes));
        if (g->epilogue) dk_run_epilogue(g->epilogue, buffers, 0, g->batch * g->groups * g->filters);
        return;
    }
    switch (g->role) {
        case DK_CONVOLUTION_OUTPUT: correlate_output(g, x, w, y, buffers, taps + kernel, taps); break;
        case DK_CONVOLUTION_INPUT: correlate_input(g, y, w, x, taps + 2 * kernel, taps); break;
        default: correlate_weight(g, x, y, w, taps + kernel, taps); break;
    }
}
