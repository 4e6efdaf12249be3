// Weight gradients of 3 x 3 filters at stride 1 by Winograd's method: the transpose of F(2 x 2, 3 x 3) by its filters. Inputs are transformed as for the
// results, cotangents by the transpose of the results' transform; 16 products sum over tiles, and the transpose of the filters' transform ends it.
//
// A template: included after ConvolutionWinograd.h.

// Tiles in a run of the products.
#define WINOGRAD_RUN 64
// So many sums of a task stay in the second-level cache.
#define WINOGRAD_SUMS (1 << 18)

typedef struct {
    const dk_correlation_gradient *pass;
    NAME(winograd) inputs;          // for the pieces of tiles
    dk_patches cotangents;          // their copy, with zeros where a tile goes past the results
    int64_t padded_cotangents;      // elements of an image's
    int64_t row_panels, column_panels, chunks, chunk_samples;
    int64_t task_panels, panel_tasks;  // panels of channels
    ELEMENT *partial;               // a weight for each chunk; or NULL: one chunk
} NAME(winograd_gradient);

static int NAME(suits_winograd_gradient)(const dk_correlation_gradient *pass) {
    const dk_patches *x = &pass->patches;
    return sizeof(ELEMENT) == 4 && x->taps == 9 && x->room[0] == 1 && x->grid[0] == 1 && x->step[1] == 1 && x->step[2] == 1
        && x->room[1] == x->grid[1] + 2 && x->room[2] == x->grid[2] + 2 && pass->m >= WINOGRAD_CHANNELS && x->channels >= WINOGRAD_CHANNELS
        && pass->samples * dk_divided_up(x->grid[1], 2) * dk_divided_up(x->grid[2], 2) >= WINOGRAD_TILES;
}

// A dy At for one channel of some pieces: to[i * plane + tile].
static inline void NAME(transform_cotangent)(const ELEMENT *from, int64_t row, int64_t across, const NAME(tile_piece) *pieces, int64_t number, int64_t plane,
                                             ELEMENT *to) {
    for (int64_t p = 0; p < number; p++)
        for (int64_t j = 0; j < pieces[p].count; j += LANES) {
            const ELEMENT *source = from + pieces[p].result + j;
            NAME(vector) rows[2][4];
            #pragma clang loop unroll(full)
            for (int i = 0; i < 2; i++) {
                const NAME(vector) a = NAME(load)(source + i * row), b = NAME(load)(source + i * row + across);
                rows[i][0] = a;
                rows[i][1] = a + b;
                rows[i][2] = a - b;
                rows[i][3] = -b;
            }
            ELEMENT *place = to + pieces[p].place + j;
            #pragma clang loop unroll(full)
            for (int i = 0; i < 4; i++) {
                NAME(store)(place + i * plane, rows[0][i]);
                NAME(store)(place + (4 + i) * plane, rows[0][i] + rows[1][i]);
                NAME(store)(place + (8 + i) * plane, rows[0][i] - rows[1][i]);
                NAME(store)(place + (12 + i) * plane, -rows[1][i]);
            }
        }
}

static void NAME(winograd_gradient_task)(void *context, int64_t index) {
    const NAME(winograd_gradient) *job = context;
    const dk_correlation_gradient *pass = job->pass;
    const dk_patches *x = &job->inputs.tiles, *y = &job->cotangents;
    const int64_t part = index % job->panel_tasks, chunk = index / job->panel_tasks % job->chunks, g = index / job->panel_tasks / job->chunks;
    const int64_t channel = part * job->task_panels * PANEL, channels = dk_smaller(job->task_panels * PANEL, x->channels - channel), m = pass->m;
    const int64_t first_sample = chunk * job->chunk_samples, end_sample = dk_smaller(first_sample + job->chunk_samples, pass->samples);
    const int64_t plane = PANEL * WINOGRAD_RUN + LANES, row_plane = m * WINOGRAD_RUN + LANES, packed_plane = WINOGRAD_RUN * PANEL;
    ELEMENT *columns = dk_scratch(1, (size_t)(16 * (plane + packed_plane)) * sizeof(ELEMENT)), *packed = columns + 16 * plane;
    ELEMENT *rows = dk_scratch(4, (size_t)(16 * row_plane) * sizeof(ELEMENT));
    ELEMENT *sums = dk_scratch(5, (size_t)(16 * m * PANEL * job->task_panels) * sizeof(ELEMENT));
    ELEMENT *padded = dk_scratch(2, (size_t)job->inputs.padded_image * sizeof(ELEMENT));
    ELEMENT *cotangents = dk_scratch(3, (size_t)job->padded_cotangents * sizeof(ELEMENT));
    const int64_t image = x->size[1] * x->size[2], across = x->grid[2];
    int isFirst = 1;
    for (int64_t sample = first_sample; sample < end_sample; sample++) {
        const int64_t z = sample * pass->groups + g;
        NAME(pad_image)(x, (const ELEMENT *)pass->source + (z * x->channels + channel) * image, channels, padded);
        NAME(pad_image)(y, (const ELEMENT *)pass->cotangent + z * m * pass->n, m, cotangents);
        for (int64_t start = 0; start < job->inputs.tile_count; start += WINOGRAD_RUN) {
            NAME(tile_piece) pieces[WINOGRAD_RUN];
            const int64_t count = dk_smaller(WINOGRAD_RUN, job->inputs.tile_count - start);
            const int64_t number = NAME(tile_pieces)(&job->inputs, start, count, 0, pieces);
            // In the cotangents' copy, a row of tiles is two rows of two phases.
            for (int64_t p = 0; p < number; p++) {
                const int64_t tile = start + pieces[p].place;
                pieces[p].result = tile / across * 4 * across + tile % across;
            }
            for (int64_t o = 0; o < m; o++)
                NAME(transform_cotangent)(cotangents + o * NAME(channel_elements)(y), 2 * across, across, pieces, number, row_plane, rows + o * WINOGRAD_RUN);
            const dk_tile_shape shape = {.k = count, .a_row = WINOGRAD_RUN, .a_column = 1, .b_row = PANEL, .c_row = PANEL, .c_column = 1,
                                         .finish = isFirst ? 0 : DK_TILE_ADD_C};
            for (int64_t first = 0; first < channels; first += PANEL) {
                const int64_t width = dk_smaller(PANEL, channels - first);
                for (int64_t c = 0; c < width; c++)
                    NAME(transform_input)(padded + (first + c) * NAME(channel_elements)(x), x->room[2], pieces, number, plane, columns + c * WINOGRAD_RUN);
                for (int64_t i = 0; i < 16; i++) {
                    NAME(pack_columns)(width, count, columns + i * plane, 1, WINOGRAD_RUN, packed + i * packed_plane);
                    const dk_matrices matrices = {.a = rows + i * row_plane, .c = sums + (first / PANEL * 16 + i) * m * PANEL, .m = m, .n = PANEL, .k = count,
                                                  .a_row = WINOGRAD_RUN, .a_column = 1, .c_row = PANEL, .c_column = 1};
                    const NAME(sweep) sweep = {.x = &matrices, .runs = 1, .depth = count, .row_panels = job->row_panels, .column_panels = 1};
                    NAME(tiles_below)(&sweep, &shape, 0, 0, job->row_panels, NULL, packed + i * packed_plane, 0);
                }
            }
            isFirst = 0;
        }
    }
    // Gt S G.
    const int64_t taps = 9, plane_of_sums = m * PANEL;
    ELEMENT *to = (job->partial ? job->partial + chunk * pass->groups * m * pass->k : (ELEMENT *)pass->weight) + g * m * pass->k;
    for (int64_t o = 0; o < m; o++)
        for (int64_t c = 0; c < channels; c++) {
            const ELEMENT *s = sums + (c / PANEL * 16 * m + o) * PANEL + c % PANEL;
            ELEMENT half[3][4];
            for (int j = 0; j < 4; j++) {
                const ELEMENT a = s[j * plane_of_sums], b = s[(4 + j) * plane_of_sums], d = s[(8 + j) * plane_of_sums], e = s[(12 + j) * plane_of_sums];
                half[0][j] = a + (b + d) * (ELEMENT)0.5;
                half[1][j] = (b - d) * (ELEMENT)0.5;
                half[2][j] = (b + d) * (ELEMENT)0.5 + e;
            }
            ELEMENT *w = to + o * pass->k + (channel + c) * taps;
            for (int i = 0; i < 3; i++) {
                w[3 * i] = half[i][0] + (half[i][1] + half[i][2]) * (ELEMENT)0.5;
                w[3 * i + 1] = (half[i][1] - half[i][2]) * (ELEMENT)0.5;
                w[3 * i + 2] = (half[i][1] + half[i][2]) * (ELEMENT)0.5 + half[i][3];
            }
        }
}

static void NAME(winograd_weight_gradient)(const dk_correlation_gradient *pass) {
    const dk_patches *x = &pass->patches;
    // The pieces of tiles look at the results' sizes alone.
    const dk_correlation sizes = {.patches = *x};
    NAME(winograd_gradient) job = {.pass = pass, .row_panels = dk_divided_up(pass->m, TILE_ROWS), .column_panels = dk_divided_up(x->channels, PANEL)};
    job.task_panels = dk_larger(1, dk_smaller(job.column_panels, WINOGRAD_SUMS / (16 * pass->m * PANEL)));
    job.panel_tasks = dk_divided_up(job.column_panels, job.task_panels);
    job.inputs = (NAME(winograd)){.pass = &sizes, .tiles = NAME(tiles_of)(x)};
    job.inputs.tile_count = job.inputs.tiles.grid[1] * job.inputs.tiles.grid[2];
    job.inputs.padded_image = NAME(padded_elements)(&job.inputs.tiles, dk_smaller(job.task_panels * PANEL, x->channels));
    job.cotangents = (dk_patches){.channels = pass->m, .size = {1, x->grid[1], x->grid[2]}, .step = {1, 1, 2},
                                  .room = {1, 2 * job.inputs.tiles.grid[1], job.inputs.tiles.grid[2]}};
    job.padded_cotangents = NAME(padded_elements)(&job.cotangents, pass->m);
    const int64_t wanted = dk_divided_up(16, job.panel_tasks * pass->groups), results = pass->groups * pass->m * pass->k;
    job.chunk_samples = dk_divided_up(pass->samples, dk_smaller(wanted, pass->samples));
    job.chunks = dk_divided_up(pass->samples, job.chunk_samples);
    if (job.chunks > 1) job.partial = dk_scratch(0, (size_t)(job.chunks * results) * sizeof(ELEMENT));
    dk_share(pass->samples * pass->n * results >= DK_PARALLEL_WORK, pass->groups * job.chunks * job.panel_tasks, NAME(winograd_gradient_task), &job);
    if (job.partial) NAME(add_chunks)(job.partial, job.chunks, results, pass->weight);
}
