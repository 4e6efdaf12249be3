// Convolutions whose groups have one channel (depthwise, and single-channel inputs in many groups): there is nothing to sum over but the taps, so each
// row of results is made straight from the padded copy.
//
// A template: included after ConvolutionSweep.h.

#define DEPTHWISE_VECTORS 4

// One row: to[j] = sum over taps of weight[t] * from[tap[t] + j].
static inline void NAME(depthwise_row)(const dk_patches *x, const ELEMENT *from, const ELEMENT *weight, int64_t count, ELEMENT *to) {
    int64_t j = 0;
    for (; j + DEPTHWISE_VECTORS * LANES <= count; j += DEPTHWISE_VECTORS * LANES) {
        NAME(vector) sums[DEPTHWISE_VECTORS] = {{0}};
        for (int64_t t = 0; t < x->taps; t++)
            for (int v = 0; v < DEPTHWISE_VECTORS; v++) sums[v] += weight[t] * NAME(load)(from + x->tap[t] + j + v * LANES);
        for (int v = 0; v < DEPTHWISE_VECTORS; v++) NAME(store)(to + j + v * LANES, sums[v]);
    }
    for (; j < count; j += LANES) {
        NAME(vector) sum = {0};
        for (int64_t t = 0; t < x->taps; t++) sum += weight[t] * NAME(load)(from + x->tap[t] + j);
        if (j + LANES <= count) {
            NAME(store)(to + j, sum);
        } else {
            ELEMENT line[LANES];
            NAME(store)(line, sum);
            for (int64_t q = 0; j + q < count; q++) to[j + q] = line[q];
        }
    }
}

static void NAME(depthwise_task)(void *context, int64_t z) {
    const dk_correlation *pass = context;
    const dk_patches *x = &pass->patches;
    ELEMENT *padded = dk_scratch(2, (size_t)NAME(padded_elements)(x, 1) * sizeof(ELEMENT));
    NAME(pad_image)(x, (const ELEMENT *)pass->source + z * x->size[0] * x->size[1] * x->size[2], 1, padded);
    ELEMENT *row = dk_scratch(1, (size_t)(x->grid[2] + LANES) * sizeof(ELEMENT));
    const ELEMENT *weight = (const ELEMENT *)pass->weight + z % pass->groups * pass->m * pass->k;
    for (int64_t o = 0; o < pass->m; o++)
        for (int64_t d = 0; d < x->grid[0]; d++)
            for (int64_t h = 0; h < x->grid[1]; h++) {
                const ELEMENT *from = padded + (d * x->step[0] * x->room[1] + h * x->step[1]) * x->room[2] * x->step[2];
                ELEMENT *to = (ELEMENT *)pass->result + z * pass->result_image + o * pass->result_row + d * pass->result_step[0] + h * pass->result_step[1];
                if (pass->result_step[2] == 1) {
                    NAME(depthwise_row)(x, from, weight + o * pass->k, x->grid[2], to);
                    continue;
                }
                NAME(depthwise_row)(x, from, weight + o * pass->k, x->grid[2], row);
                for (int64_t j = 0; j < x->grid[2]; j++) to[j * pass->result_step[2]] = row[j];
            }
    if (pass->epilogue) dk_run_group_rows(pass->epilogue, pass->buffers, z * pass->m, pass->m);
}

static int NAME(suits_depthwise)(int64_t channels, int64_t m, int64_t groups) { return channels == 1 && groups > 1 && m <= 4; }

static void NAME(depthwise_correlate)(const dk_correlation *pass) {
    dk_share(pass->images * pass->m * pass->n * pass->k >= DK_PARALLEL_WORK / 4, pass->images, NAME(depthwise_task), (void *)pass);
}

// The weights of one group: for each tap the products of cotangents and what the tap sees, summed over samples in order.
static void NAME(depthwise_gradient_task)(void *context, int64_t g) {
    const dk_correlation_gradient *pass = context;
    const dk_patches *x = &pass->patches;
    ELEMENT *padded = dk_scratch(2, (size_t)NAME(padded_elements)(x, 1) * sizeof(ELEMENT));
    NAME(vector) *sums = dk_scratch(1, (size_t)(pass->m * x->taps) * sizeof(NAME(vector)));
    for (int64_t i = 0; i < pass->m * x->taps; i++) sums[i] = (NAME(vector)){0};
    for (int64_t sample = 0; sample < pass->samples; sample++) {
        const int64_t z = sample * pass->groups + g, width = x->grid[2];
        NAME(pad_image)(x, (const ELEMENT *)pass->source + z * x->size[0] * x->size[1] * x->size[2], 1, padded);
        for (int64_t o = 0; o < pass->m; o++)
            for (int64_t row = 0; row < x->grid[0] * x->grid[1]; row++) {
                const ELEMENT *cotangent = (const ELEMENT *)pass->cotangent + (z * pass->m + o) * pass->n + row * width;
                const ELEMENT *from = padded + (row / x->grid[1] * x->step[0] * x->room[1] + row % x->grid[1] * x->step[1]) * x->room[2] * x->step[2];
                for (int64_t j = 0; j < width; j += LANES) {
                    ELEMENT line[LANES] = {0};
                    if (j + LANES > width) for (int64_t q = 0; j + q < width; q++) line[q] = cotangent[j + q];
                    const NAME(vector) value = NAME(load)(j + LANES > width ? line : cotangent + j);
                    for (int64_t t = 0; t < x->taps; t++) {
                        NAME(vector) seen = NAME(load)(from + x->tap[t] + j);
                        // What lies past the row may be anything, and 0 times infinity is no 0.
                        if (j + LANES > width) for (int q = 0; q < LANES; q++) if (j + q >= width) seen[q] = 0;
                        sums[o * x->taps + t] += value * seen;
                    }
                }
            }
    }
    for (int64_t i = 0; i < pass->m * x->taps; i++) {
        ELEMENT sum = 0;
        for (int q = 0; q < LANES; q++) sum += sums[i][q];
        ((ELEMENT *)pass->weight)[g * pass->m * x->taps + i] = sum;
    }
}

static void NAME(depthwise_gradient)(const dk_correlation_gradient *pass) {
    const int64_t work = pass->samples * pass->groups * pass->m * pass->n * pass->k;
    dk_share(work >= DK_PARALLEL_WORK / 4, pass->groups, NAME(depthwise_gradient_task), (void *)pass);
}

// ------------------------------------------------------------------------------------------------------- the choice

static void NAME(correlate)(const dk_correlation *pass) {
    if (NAME(suits_depthwise)(pass->patches.channels, pass->m, pass->groups)) NAME(depthwise_correlate)(pass);
    else if (NAME(suits_winograd)(pass)) NAME(winograd_correlate)(pass);
    else NAME(direct_correlate)(pass);
}

static void NAME(weight_gradient)(const dk_correlation_gradient *pass) {
    if (NAME(suits_depthwise)(pass->patches.channels, pass->m, pass->groups)) NAME(depthwise_gradient)(pass);
    else if (NAME(suits_winograd_gradient)(pass)) NAME(winograd_weight_gradient)(pass);
    else NAME(direct_weight_gradient)(pass);
}
