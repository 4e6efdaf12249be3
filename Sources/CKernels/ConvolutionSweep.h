// Convolutions as products with patches: panels of patches are packed as they are needed, and the product's tiles do the rest.
//
// Work is cut by images and, where those are few, by columns: by the shape alone.
//
// A template: included after ProductSweep.h.

// The elements that a copy with zeros around it takes. A vector may be read past its last element.
static int64_t NAME(padded_elements)(const dk_patches *x, int64_t channels) {
    return channels * x->room[0] * x->room[1] * x->room[2] * x->step[2] + 2 * PANEL;
}

// Rows are short: copies and zeros are made here, where the compiler would call a function for each of them.
static inline __attribute__((always_inline)) void NAME(copy_row)(const ELEMENT *from, int64_t count, ELEMENT *to) {
    int64_t q = 0;
    for (; q + LANES <= count; q += LANES) NAME(store)(to + q, NAME(load)(from + q));
    if (q == count) return;
    if (count >= LANES) { NAME(store)(to + count - LANES, NAME(load)(from + count - LANES)); return; }
    for (; q + 4 <= count; q += 4) *(NAME(loose_quad) *)(to + q) = QUAD(from + q);
    for (; q < count; q++) {
        to[q] = from[q];
        __asm__ volatile("" ::: "memory");
    }
}

static inline __attribute__((always_inline)) void NAME(zero_row)(int64_t count, ELEMENT *to) {
    for (int64_t q = 0; q < count; q++) {
        to[q] = 0;
        __asm__ volatile("" ::: "memory");
    }
}

// One row of one phase: to[q] = from[q * step + first], zero where that is outside 0 ..< size.
static inline __attribute__((always_inline)) void NAME(pad_row_at)(const ELEMENT *from, int64_t size, int64_t first, int64_t step, int64_t count, ELEMENT *to) {
    const int64_t start = dk_smaller(count, first >= 0 ? 0 : dk_divided_up(-first, step));
    const int64_t end = dk_larger(start, dk_smaller(count, dk_divided_up(size - first, step)));
    NAME(zero_row)(start, to);
    if (step == 1) NAME(copy_row)(from + first + start, end - start, to + start);
    else for (int64_t q = start; q < end; q++) to[q] = from[first + q * step];
    NAME(zero_row)(count - end, to + end);
}

#if LANES == 16
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#elif LANES == 8
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#elif LANES == 4
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#else
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3)
#endif

// Rows of up to so many elements, padded, are divided by way of the stack.
#define NEAR_ROW 512

// Both phases of a row at once: to[q] and to[count + q] are the elements 2 q - low and 2 q + 1 - low. `line` holds the padded row; its zeros stay from
// row to row. Writes up to a vector past the end.
static inline void NAME(split_row)(const ELEMENT *from, int64_t start, int64_t size, int64_t low, int64_t count, ELEMENT *line, ELEMENT *to) {
    NAME(copy_row)(from + start, size, line + start + low);
    for (int64_t q = 0; q < count; q += LANES) NAME(store)(to + q, EVEN(NAME(load)(line + 2 * q), NAME(load)(line + 2 * q + LANES)));
    for (int64_t q = 0; q < count; q += LANES) NAME(store)(to + count + q, ODD(NAME(load)(line + 2 * q), NAME(load)(line + 2 * q + LANES)));
}
#undef EVEN
#undef ODD

static inline void NAME(pad_row)(const ELEMENT *from, int64_t size, int64_t first, int64_t step, int64_t count, ELEMENT *to) {
    if (step == 1) NAME(pad_row_at)(from, size, first, 1, count, to);
    else NAME(pad_row_at)(from, size, first, step, count, to);
}

// The padded copy of `channels` channels of an image.
static void NAME(pad_image)(const dk_patches *x, const ELEMENT *from, int64_t channels, ELEMENT *to) {
    const int64_t row = x->room[2], phases = x->step[2];
    // The part of a row that the copy holds.
    const int64_t start = x->low[2] < 0 ? -x->low[2] : 0, count = dk_smaller(x->size[2], phases * row - x->low[2]) - start;
    const int isNear = phases == 2 && 2 * row <= NEAR_ROW && count > 0;
    ELEMENT padded[NEAR_ROW + 2 * LANES];
    if (isNear) memset(padded, 0, (size_t)(2 * row + 2 * LANES) * sizeof(ELEMENT));
    for (int64_t c = 0; c < channels; c++)
        for (int64_t d = 0; d < x->room[0]; d++)
            for (int64_t h = 0; h < x->room[1]; h++) {
                const int64_t in_d = d - x->low[0], in_h = h - x->low[1];
                ELEMENT *line = to + ((c * x->room[0] + d) * x->room[1] + h) * phases * row;
                if (in_d < 0 || in_d >= x->size[0] || in_h < 0 || in_h >= x->size[1]) {
                    memset(line, 0, (size_t)(phases * row) * sizeof(ELEMENT));
                    continue;
                }
                const ELEMENT *source = from + ((c * x->size[0] + in_d) * x->size[1] + in_h) * x->size[2];
                if (isNear) { NAME(split_row)(source, start, count, x->low[2], row, padded, line); continue; }
                for (int64_t phase = 0; phase < phases; phase++)
                    NAME(pad_row)(source, x->size[2], phase - x->low[2], phases, row, line + phase * row);
            }
}

static inline int64_t NAME(channel_elements)(const dk_patches *x) { return x->room[0] * x->room[1] * x->room[2] * x->step[2]; }

// Pieces of a row of the grid: results side by side whose elements lie side by side in the padded copy.
typedef struct { int64_t place, count, offset; } NAME(piece);

// The pieces of results first ..< first + count; how many.
static int64_t NAME(pieces)(const dk_patches *x, int64_t first, int64_t count, NAME(piece) *pieces) {
    const int64_t width = x->grid[2], row = x->room[2] * x->step[2];
    int64_t number = 0, w = first % width, h = first / width % x->grid[1], d = first / width / x->grid[1];
    for (int64_t place = 0; place < count; number++) {
        const int64_t length = dk_smaller(width - w, count - place);
        pieces[number] = (NAME(piece)){place, length, (d * x->step[0] * x->room[1] + h * x->step[1]) * row + w};
        place += length;
        w = 0;
        if (++h == x->grid[1]) { h = 0; d++; }
    }
    return number;
}

// Rows first ..< last of k of one panel of patches, from the padded copy. Writes up to a vector past the end.
static void NAME(pack_patches)(const dk_patches *x, const ELEMENT *padded, int64_t first, int64_t last, const NAME(piece) *pieces,
                               int64_t number, int64_t columns, ELEMENT *to) {
    const int64_t channel = NAME(channel_elements)(x);
    const ELEMENT *source = padded + first / x->taps * channel;
    int64_t tap = first % x->taps;
    for (int64_t p = first; p < last; p++, to += PANEL) {
        const ELEMENT *from = source + x->tap[tap];
        if (number == 1 && columns == PANEL) {
            NAME(store)(to, NAME(load)(from + pieces[0].offset));
            NAME(store)(to + LANES, NAME(load)(from + pieces[0].offset + LANES));
        } else {
            for (int64_t i = 0; i < number; i++)
                for (int64_t j = 0; j < pieces[i].count; j += LANES)
                    NAME(store)(to + pieces[i].place + j, NAME(load)(from + pieces[i].offset + j));
            for (int64_t j = columns; j < PANEL; j++) to[j] = 0;
        }
        if (++tap == x->taps) {
            tap = 0;
            source += channel;
        }
    }
}

// ------------------------------------------------------------------------------------------ results and input gradients

typedef struct {
    const dk_correlation *pass;
    NAME(sweep) cut;                 // of one image's product; its matrices are set by the tasks
    const ELEMENT *packed;           // weights of all groups, in row panels
    int64_t packed_group;
    const ELEMENT *padded;           // of all images; or NULL: each task makes its image's
    int64_t padded_image;
    int64_t task_panels, image_tasks;
    int is_scattered;                // results do not lie side by side
} NAME(correlation);

static void NAME(pad_task)(void *context, int64_t z) {
    const NAME(correlation) *job = context;
    const dk_patches *x = &job->pass->patches;
    NAME(pad_image)(x, (const ELEMENT *)job->pass->source + z * x->channels * x->size[0] * x->size[1] * x->size[2], x->channels,
                    (ELEMENT *)job->padded + z * job->padded_image);
}

// Results of columns first ..< last, from a dense matrix to their places.
static void NAME(scatter)(const dk_correlation *pass, const ELEMENT *from, int64_t first, int64_t last, ELEMENT *to) {
    const dk_patches *x = &pass->patches;
    for (int64_t i = 0; i < pass->m; i++)
        for (int64_t j = first; j < last; ) {
            const int64_t w = j % x->grid[2], h = j / x->grid[2] % x->grid[1], d = j / x->grid[2] / x->grid[1];
            const int64_t count = dk_smaller(x->grid[2] - w, last - j);
            ELEMENT *line = to + i * pass->result_row + d * pass->result_step[0] + h * pass->result_step[1] + w * pass->result_step[2];
            const ELEMENT *source = from + i * (last - first) + j - first;
            for (int64_t q = 0; q < count; q++) line[q * pass->result_step[2]] = source[q];
            j += count;
        }
}

static void NAME(correlation_task)(void *context, int64_t index) {
    const NAME(correlation) *job = context;
    const dk_correlation *pass = job->pass;
    const dk_patches *patches = &pass->patches;
    const int64_t z = index / job->image_tasks, part = index % job->image_tasks;
    const int64_t first = part * job->task_panels, last = dk_smaller(first + job->task_panels, job->cut.column_panels);
    if (first >= last) return;
    const ELEMENT *padded = job->padded ? job->padded + z * job->padded_image : NULL;
    if (!padded) {
        ELEMENT *own = dk_scratch(2, (size_t)job->padded_image * sizeof(ELEMENT));
        NAME(pad_image)(patches, (const ELEMENT *)pass->source + z * patches->channels * patches->size[0] * patches->size[1] * patches->size[2],
                        patches->channels, own);
        padded = own;
    }
    ELEMENT *result = (ELEMENT *)pass->result + z * pass->result_image;
    const int64_t column = first * PANEL, columns = dk_smaller(last * PANEL, pass->n) - column;
    dk_matrices matrices = {.c = result, .m = pass->m, .n = pass->n, .k = pass->k, .c_row = pass->n, .c_column = 1};
    if (job->is_scattered) {
        // A dense block of the task's columns, as if it began with the image's first.
        matrices.c = (ELEMENT *)dk_scratch(0, (size_t)(pass->m * columns) * sizeof(ELEMENT)) - column;
        matrices.c_row = columns;
    }
    NAME(sweep) sweep = job->cut;
    sweep.x = &matrices;
    ELEMENT *panel = dk_scratch(1, (size_t)(PANEL * sweep.depth + LANES) * sizeof(ELEMENT));
    const ELEMENT *packed = job->packed + z % pass->groups * job->packed_group;
    for (int64_t q = first; q < last; q++) {
        NAME(piece) pieces[PANEL];
        const int64_t width = dk_smaller(PANEL, pass->n - q * PANEL);
        const int64_t number = NAME(pieces)(patches, q * PANEL, width, pieces);
        for (int64_t run = 0; run < sweep.runs; run++) {
            const dk_tile_shape shape = NAME(shape_of_run)(&sweep, run, 1);
            NAME(pack_patches)(patches, padded, run * sweep.depth, run * sweep.depth + shape.k, pieces, number, width, panel);
            NAME(tiles_below)(&sweep, &shape, run, 0, sweep.row_panels, packed + run * sweep.row_panels * TILE_ROWS * sweep.depth, panel, q * PANEL);
        }
    }
    if (job->is_scattered) NAME(scatter)(pass, (ELEMENT *)matrices.c + column, column, column + columns, result);
    if (pass->epilogue && job->image_tasks == 1) dk_run_group_rows(pass->epilogue, pass->buffers, z * pass->m, pass->m);
}

static void NAME(direct_correlate)(const dk_correlation *pass) {
    const dk_patches *x = &pass->patches;
    NAME(correlation) job = {.pass = pass};
    dk_matrices weight = {.a = pass->weight, .m = pass->m, .n = pass->n, .k = pass->k, .a_row = pass->k, .a_column = 1};
    job.cut = NAME(cut)(&weight);
    job.packed_group = job.cut.runs * job.cut.row_panels * TILE_ROWS * job.cut.depth;
    ELEMENT *packed = dk_scratch(3, (size_t)(pass->groups * job.packed_group) * sizeof(ELEMENT));
    for (int64_t g = 0; g < pass->groups; g++) {
        weight.a = (const ELEMENT *)pass->weight + g * pass->m * pass->k;
        job.cut.packed_a = packed + g * job.packed_group;
        for (int64_t r = 0; r < job.cut.row_panels; r++) NAME(pack_rows_task)(&job.cut, r);
    }
    job.packed = packed;
    job.padded_image = NAME(padded_elements)(x, x->channels);
    job.is_scattered = pass->result_step[2] != 1 || pass->result_step[1] != x->grid[2] || pass->result_step[0] != x->grid[1] * x->grid[2];
    const int worth_threads = pass->images * pass->m * pass->n * pass->k >= DK_PARALLEL_WORK;
    job.image_tasks = 1;
    if (pass->images < 8) {
        // Few images: the columns of one are shared, and all read one padded copy.
        ELEMENT *padded = dk_scratch(2, (size_t)(pass->images * job.padded_image) * sizeof(ELEMENT));
        job.padded = padded;
        dk_share(worth_threads && pass->images > 1, pass->images, NAME(pad_task), &job);
        job.image_tasks = dk_smaller(job.cut.column_panels, 16);
    }
    job.task_panels = dk_divided_up(job.cut.column_panels, job.image_tasks);
    dk_share(worth_threads, pass->images * job.image_tasks, NAME(correlation_task), &job);
    if (pass->epilogue && job.image_tasks > 1) dk_run_epilogue(pass->epilogue, pass->buffers, 0, pass->images * pass->m);
}

// -------------------------------------------------------------------------------------------------- weight gradients

typedef struct {
    const dk_correlation_gradient *pass;
    int64_t depth;                          // results in a run
    int64_t row_panels, column_panels, task_panels, panel_tasks;
    int64_t chunks, chunk_samples;
    ELEMENT *partial;                       // a weight for each chunk; or NULL: one chunk, straight to the weight
} NAME(gradient);

// Patches first ..< last of k as columns: to[p * PANEL + j] is what k = first + j sees for result p of a piece. Writes up to three rows too many.
static void NAME(pack_patches_across)(const dk_patches *x, const ELEMENT *padded, const int64_t *offsets, const NAME(piece) *pieces,
                                      int64_t number, ELEMENT *to) {
    for (int64_t i = 0; i < number; i++) {
        const ELEMENT *from = padded + pieces[i].offset;
        for (int64_t p = 0; p < pieces[i].count; p += 4) {
            ELEMENT *line = to + (pieces[i].place + p) * PANEL;
            for (int j = 0; j < PANEL; j += 8) NAME(transpose_eight)(from + p, offsets + j, line + j, PANEL);
        }
    }
}

static void NAME(gradient_task)(void *context, int64_t index) {
    const NAME(gradient) *job = context;
    const dk_correlation_gradient *pass = job->pass;
    const dk_patches *x = &pass->patches;
    const int64_t part = index % job->panel_tasks, chunk = index / job->panel_tasks % job->chunks, g = index / job->panel_tasks / job->chunks;
    const int64_t first = part * job->task_panels, last = dk_smaller(first + job->task_panels, job->column_panels), panels = last - first;
    const int64_t channel = first * PANEL / x->taps, channels = dk_divided_up(dk_smaller(last * PANEL, pass->k), x->taps) - channel;
    ELEMENT *padded = dk_scratch(2, (size_t)NAME(padded_elements)(x, channels) * sizeof(ELEMENT));
    ELEMENT *rows = dk_scratch(3, (size_t)(job->row_panels * TILE_ROWS * job->depth) * sizeof(ELEMENT));
    const int64_t panel_size = PANEL * (job->depth + 4);
    const size_t offset_bytes = (size_t)(panels * PANEL) * sizeof(int64_t);
    int64_t *offsets = dk_scratch(1, offset_bytes + (size_t)(panels * panel_size) * sizeof(ELEMENT));
    ELEMENT *columns = (ELEMENT *)((char *)offsets + offset_bytes);
    for (int64_t j = 0; j < panels * PANEL; j++) {
        const int64_t k = dk_smaller(first * PANEL + j, pass->k - 1);
        offsets[j] = (k / x->taps - channel) * NAME(channel_elements)(x) + x->tap[k % x->taps];
    }
    const int64_t first_sample = chunk * job->chunk_samples, end_sample = dk_smaller(first_sample + job->chunk_samples, pass->samples);
    const int64_t total = (end_sample - first_sample) * pass->n, image = x->size[0] * x->size[1] * x->size[2];
    dk_matrices matrices = {.c = (job->partial ? job->partial + chunk * pass->groups * pass->m * pass->k : (ELEMENT *)pass->weight) + g * pass->m * pass->k,
                            .m = pass->m, .n = pass->k, .k = total, .c_row = pass->k, .c_column = 1};
    const NAME(sweep) sweep = {.x = &matrices, .runs = 1, .depth = job->depth, .row_panels = job->row_panels, .column_panels = job->column_panels};
    int64_t held = -1;
    for (int64_t start = 0; start < total; start += job->depth) {
        const int64_t end = dk_smaller(start + job->depth, total);
        for (int64_t place = start; place < end; ) {
            const int64_t sample = first_sample + place / pass->n, result = place % pass->n, count = dk_smaller(pass->n - result, end - place);
            const int64_t z = sample * pass->groups + g;
            if (sample != held) {
                NAME(pad_image)(x, (const ELEMENT *)pass->source + (z * x->channels + channel) * image, channels, padded);
                held = sample;
            }
            const ELEMENT *cotangent = (const ELEMENT *)pass->cotangent + z * pass->m * pass->n + result;
            for (int64_t r = 0; r < job->row_panels; r++) {
                const int64_t row = NAME(panel_row)(&sweep, r);
                NAME(pack_rows)(NAME(panel_row)(&sweep, r + 1) - row, count, cotangent + row * pass->n, pass->n, 1,
                                rows + (r * job->depth + place - start) * TILE_ROWS);
            }
            for (int64_t done = 0; done < count; ) {
                NAME(piece) pieces[64];
                const int64_t some = dk_smaller(count - done, 64);
                const int64_t number = NAME(pieces)(x, result + done, some, pieces);
                for (int64_t q = 0; q < panels; q++)
                    NAME(pack_patches_across)(x, padded, offsets + q * PANEL, pieces, number, columns + q * panel_size + (place - start + done) * PANEL);
                done += some;
            }
            place += count;
        }
        const dk_tile_shape shape = {.k = end - start, .a_row = 1, .a_column = TILE_ROWS, .b_row = PANEL, .c_row = pass->k, .c_column = 1,
                                     .finish = start > 0 ? DK_TILE_ADD_C : 0};
        for (int64_t q = first; q < last; q++)
            NAME(tiles_below)(&sweep, &shape, 0, 0, job->row_panels, rows, columns + (q - first) * panel_size, q * PANEL);
    }
}

// The chunks' weights, added in order.
static void NAME(add_chunks)(const ELEMENT *partial, int64_t chunks, int64_t results, ELEMENT *to) {
    int64_t i = 0;
    for (; i + LANES <= results; i += LANES) {
        NAME(vector) sum = NAME(load)(partial + i);
        for (int64_t chunk = 1; chunk < chunks; chunk++) sum += NAME(load)(partial + chunk * results + i);
        NAME(store)(to + i, sum);
    }
    for (; i < results; i++) {
        ELEMENT sum = partial[i];
        for (int64_t chunk = 1; chunk < chunks; chunk++) sum += partial[chunk * results + i];
        to[i] = sum;
    }
}

static void NAME(direct_weight_gradient)(const dk_correlation_gradient *pass) {
    NAME(gradient) job = {.pass = pass};
    const int64_t total = pass->samples * pass->n, results = pass->groups * pass->m * pass->k;
    job.depth = dk_smaller(PANEL_BYTES / (PANEL * (int64_t)sizeof(ELEMENT)), total);
    job.row_panels = dk_divided_up(pass->m, TILE_ROWS);
    job.column_panels = dk_divided_up(pass->k, PANEL);
    job.task_panels = dk_smaller(8, job.column_panels);
    job.panel_tasks = dk_divided_up(job.column_panels, job.task_panels);
    // Enough tasks for a fair share; samples are cut into chunks where the weight alone does not give them.
    const int64_t wanted = dk_divided_up(16, job.panel_tasks * pass->groups);
    job.chunk_samples = dk_divided_up(pass->samples, dk_smaller(wanted, pass->samples));
    job.chunks = dk_divided_up(pass->samples, job.chunk_samples);
    if (job.chunks > 1) job.partial = dk_scratch(0, (size_t)(job.chunks * results) * sizeof(ELEMENT));
    dk_share(total * results >= DK_PARALLEL_WORK, pass->groups * job.chunks * job.panel_tasks, NAME(gradient_task), &job);
    if (job.partial) NAME(add_chunks)(job.partial, job.chunks, results, pass->weight);
}
