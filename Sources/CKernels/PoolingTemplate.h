// Pooling windows, for one element type and one instruction set. Included with ELEMENT, MASK and SUFFIX(x) defined (see Pooling.c).
//
// A row of results is made tap by tap: for one tap the elements of neighbouring results lie a stride apart, so each loop is a plain one over a row.

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"
#define LANES 8
#define NAME(x) SUFFIX(x##_8)
#include "PoolingPairs.h"
#undef LANES
#undef NAME
#define LANES 4
#define NAME(x) SUFFIX(x##_4)
#include "PoolingPairs.h"
#undef LANES
#undef NAME
#pragma clang diagnostic pop
#define NAME(x) SUFFIX(x)

// The row operations. `x` is what the tap sees for result j: from[j * step]; step is constant after inlining where it is 1 or 2.
#define ROW(name, ...) \
    static inline __attribute__((always_inline)) void NAME(name##_loop)(__VA_ARGS__, int64_t step, int64_t count)
#define CHOOSE(name, ...) \
    do { \
        if (step == 1) NAME(name##_loop)(__VA_ARGS__, 1, count); \
        else if (step == 2) NAME(name##_loop)(__VA_ARGS__, 2, count); \
        else NAME(name##_loop)(__VA_ARGS__, step, count); \
    } while (0)

// NaN wins, as in the reductions.
ROW(max, const ELEMENT *from, ELEMENT *y) {
    for (int64_t j = 0; j < count; j++) {
        const ELEMENT x = from[j * step];
        y[j] = x > y[j] || x != x ? x : y[j];
    }
}
ROW(sum, const ELEMENT *from, ELEMENT *y) {
    for (int64_t j = 0; j < count; j++) y[j] += from[j * step];
}
ROW(spread, ELEMENT *to, const ELEMENT *y) {
    for (int64_t j = 0; j < count; j++) to[j * step] += y[j];
}
ROW(ties, const ELEMENT *from, const ELEMENT *y, ELEMENT *number) {
    for (int64_t j = 0; j < count; j++) number[j] += from[j * step] == y[j] ? 1 : 0;
}
ROW(chosen_sum, const ELEMENT *from, const ELEMENT *tangent, const ELEMENT *y, ELEMENT *sum) {
    for (int64_t j = 0; j < count; j++) sum[j] += from[j * step] == y[j] ? tangent[j * step] : 0;
}
ROW(chosen_spread, const ELEMENT *from, ELEMENT *to, const ELEMENT *y, const ELEMENT *share) {
    for (int64_t j = 0; j < count; j++) to[j * step] += from[j * step] == y[j] ? share[j] : 0;
}

// What the taps of one row of results see. For each tap inside of the image: the offset in the image of what result `first` sees, for results first ..< last.
typedef struct { int64_t offset, first, last; } NAME(view);

static int64_t NAME(views)(const dk_pooling_arguments *g, int64_t d, int64_t h, NAME(view) *views) {
    int64_t number = 0;
    for (int64_t kd = 0; kd < g->kernel[0]; kd++) {
        const int64_t in_d = d * g->stride[0] + kd * g->dilation[0] - g->padding[0];
        if (in_d < 0 || in_d >= g->input[0]) continue;
        for (int64_t kh = 0; kh < g->kernel[1]; kh++) {
            const int64_t in_h = h * g->stride[1] + kh * g->dilation[1] - g->padding[1];
            if (in_h < 0 || in_h >= g->input[1]) continue;
            for (int64_t kw = 0; kw < g->kernel[2]; kw++) {
                const int64_t start = kw * g->dilation[2] - g->padding[2], step = g->stride[2];
                const int64_t first = start >= 0 ? 0 : (-start + step - 1) / step;
                int64_t last = start >= g->input[2] ? 0 : (g->input[2] - 1 - start) / step + 1;
                if (last > g->output[2]) last = g->output[2];
                if (first < last) views[number++] = (NAME(view)){(in_d * g->input[1] + in_h) * g->input[2] + start + first * step, first, last};
            }
        }
    }
    return number;
}

// Whether the windows are pairs of pairs, for the maximum and its transpose. Narrower rows are not worth a vector.
static int NAME(are_pairs)(const dk_pooling_arguments *g) {
    return (g->role == DK_POOLING_MAX || g->role == DK_POOLING_MAX_TRANSPOSE) && g->kernel[0] == 1 && g->stride[0] == 1 && g->padding[0] == 0
        && g->kernel[1] == 2 && g->kernel[2] == 2 && g->stride[1] == 2 && g->stride[2] == 2 && g->padding[1] == 0 && g->padding[2] == 0
        && g->dilation[1] == 1 && g->dilation[2] == 1 && g->output[2] >= 4 && 2 * g->output[1] <= g->input[1] && 2 * g->output[2] <= g->input[2];
}

static void NAME(image_of_pairs)(const dk_pooling_arguments *g, const ELEMENT *x, const ELEMENT *y, const ELEMENT *cotangent, ELEMENT *result) {
    const int64_t width = g->output[2], across = g->input[2], elements = g->input[0] * g->input[1] * across;
    const int shares = g->role == DK_POOLING_MAX_TRANSPOSE;
    // A last row or column that no window reaches.
    if (shares && (g->input[1] % 2 || across % 2)) for (int64_t i = 0; i < elements; i++) result[i] = 0;
    for (int64_t d = 0; d < g->output[0]; d++)
        for (int64_t h = 0; h < g->output[1]; h++) {
            const int64_t place = (d * g->output[1] + h) * width, from = (d * g->input[1] + 2 * h) * across;
            const ELEMENT *upper = x + from, *lower = upper + across;
            if (!shares && width >= 8) NAME(max_row_8)(upper, lower, result + place, width);
            else if (!shares) NAME(max_row_4)(upper, lower, result + place, width);
            else if (width >= 8) NAME(share_row_8)(upper, lower, y + place, cotangent + place, result + from, result + from + across, width);
            else NAME(share_row_4)(upper, lower, y + place, cotangent + place, result + from, result + from + across, width);
        }
}

static void NAME(image)(const dk_pooling_arguments *g, const ELEMENT *x, const ELEMENT *y, const ELEMENT *other, ELEMENT *result, NAME(view) *views, ELEMENT *row) {
    const int64_t width = g->output[2], step = g->stride[2], elements = g->input[0] * g->input[1] * g->input[2];
    const int spreads = g->role == DK_POOLING_SUM_TRANSPOSE || g->role == DK_POOLING_MAX_TRANSPOSE;
    if (spreads) for (int64_t i = 0; i < elements; i++) result[i] = 0;
    ELEMENT *share = row + width;
    for (int64_t d = 0; d < g->output[0]; d++)
        for (int64_t h = 0; h < g->output[1]; h++) {
            const int64_t number = NAME(views)(g, d, h, views), place = (d * g->output[1] + h) * width;
            ELEMENT *to = result + place;
            if (!spreads) for (int64_t j = 0; j < width; j++) to[j] = g->role == DK_POOLING_MAX ? -(ELEMENT)INFINITY : 0;
            if (g->role == DK_POOLING_MAX_TANGENT || g->role == DK_POOLING_MAX_TRANSPOSE) {
                for (int64_t j = 0; j < width; j++) row[j] = 0;
                for (int64_t i = 0; i < number; i++) {
                    const int64_t first = views[i].first, count = views[i].last - first;
                    CHOOSE(ties, x + views[i].offset, y + place + first, row + first);
                }
                if (g->role == DK_POOLING_MAX_TRANSPOSE) for (int64_t j = 0; j < width; j++) share[j] = other[place + j] / row[j];
            }
            for (int64_t i = 0; i < number; i++) {
                const int64_t first = views[i].first, count = views[i].last - first, from = views[i].offset;
                switch (g->role) {
                    case DK_POOLING_SUM: CHOOSE(sum, x + from, to + first); break;
                    case DK_POOLING_SUM_TRANSPOSE: CHOOSE(spread, result + from, other + place + first); break;
                    case DK_POOLING_MAX: CHOOSE(max, x + from, to + first); break;
                    case DK_POOLING_MAX_TANGENT: CHOOSE(chosen_sum, x + from, other + from, y + place + first, to + first); break;
                    default: CHOOSE(chosen_spread, x + from, result + from, y + place + first, share + first); break;
                }
            }
            if (g->role == DK_POOLING_MAX_TANGENT) for (int64_t j = 0; j < width; j++) to[j] /= row[j];
        }
}

// Images first ..< last.
static void NAME(images)(const dk_pooling_arguments *g, void *const *buffers, int64_t first, int64_t last) {
    const int64_t inputs = g->input[0] * g->input[1] * g->input[2], outputs = g->output[0] * g->output[1] * g->output[2];
    const int64_t taps = g->kernel[0] * g->kernel[1] * g->kernel[2];
    NAME(view) *views = dk_scratch(1, (size_t)taps * sizeof(NAME(view)) + 2 * (size_t)g->output[2] * sizeof(ELEMENT));
    const int spreads = g->role == DK_POOLING_SUM_TRANSPOSE || g->role == DK_POOLING_MAX_TRANSPOSE;
    const int64_t result_size = spreads ? inputs : outputs, other_size = spreads ? outputs : inputs;
    const ELEMENT *x = g->x < 0 ? NULL : (const ELEMENT *)buffers[g->x] + g->x_offset;
    const ELEMENT *y = g->y < 0 ? NULL : (const ELEMENT *)buffers[g->y] + g->y_offset;
    const ELEMENT *other = g->other < 0 ? NULL : (const ELEMENT *)buffers[g->other] + g->other_offset;
    ELEMENT *result = (ELEMENT *)buffers[g->result];
    if (NAME(are_pairs)(g)) {
        for (int64_t z = first; z < last; z++)
            NAME(image_of_pairs)(g, x + z * inputs, y ? y + z * outputs : NULL, other ? other + z * other_size : NULL, result + z * result_size);
        return;
    }
    for (int64_t z = first; z < last; z++)
        NAME(image)(g, x ? x + z * inputs : NULL, y ? y + z * outputs : NULL, other ? other + z * other_size : NULL, result + z * result_size, views,
                    (ELEMENT *)(views + taps));
}
#undef ROW
#undef CHOOSE
#undef NAME
