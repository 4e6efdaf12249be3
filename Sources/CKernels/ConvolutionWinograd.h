// Convolutions with 3 x 3 filters at stride 1 by Winograd's F(2 x 2, 3 x 3): each 2 x 2 results take 16 multiplications for a channel and not 36
// (Winograd 1980; Lavin and Gray 2016). Inputs and filters are transformed, 16 products of matrices are made, and their results transformed back.
//
// Tiles of 2 x 2 results are taken PANEL at a time, and those of several small images together.
//
// A template: included after ConvolutionSweep.h.

// Fewer channels on either side do not repay the transforms.
#define WINOGRAD_CHANNELS 16
// Fewer tiles, of all samples together, do not repay the transform of the filters.
#define WINOGRAD_TILES 48
// The most samples whose tiles are taken together.
#define WINOGRAD_BLOCK 8

typedef struct {
    const dk_correlation *pass;
    dk_patches tiles;                  // the grid is that of tiles; the padded copy has even and odd columns apart
    int64_t tile_count;                // of an image
    int64_t samples, block, blocks;    // samples of a task
    int64_t parts, part_panels;        // of a block's panels
    int64_t row_panels;
    ELEMENT *filters;                  // [groups][16][row panels][channels][TILE_ROWS]
    const ELEMENT *padded;             // of all images; or NULL: each task makes its own
    int64_t padded_image;
} NAME(winograd);

static int NAME(suits_winograd)(const dk_correlation *pass) {
    const dk_patches *x = &pass->patches;
    return sizeof(ELEMENT) == 4 && x->taps == 9 && x->room[0] == 1 && x->grid[0] == 1 && x->step[1] == 1 && x->step[2] == 1
        && x->room[1] == x->grid[1] + 2 && x->room[2] == x->grid[2] + 2 && pass->m >= WINOGRAD_CHANNELS && x->channels >= WINOGRAD_CHANNELS
        && pass->images / pass->groups * dk_divided_up(x->grid[1], 2) * dk_divided_up(x->grid[2], 2) >= WINOGRAD_TILES
        && pass->result_step[2] == 1 && pass->result_step[1] == x->grid[2] && pass->result_row == pass->n;
}

// The filters of one row panel: G g Gt, for each of the 16 places.
static void NAME(filter_task)(void *context, int64_t index) {
    const NAME(winograd) *job = context;
    const dk_correlation *pass = job->pass;
    const dk_patches *x = &pass->patches;
    const int64_t channels = x->channels, panel = TILE_ROWS * channels, r = index % job->row_panels, g = index / job->row_panels;
    const dk_matrices matrices = {.m = pass->m};
    const NAME(sweep) sweep = {.x = &matrices, .row_panels = job->row_panels};
    const int64_t first = NAME(panel_row)(&sweep, r), last = NAME(panel_row)(&sweep, r + 1);
    int64_t place[9];
    for (int t = 0; t < 9; t++) place[x->tap[t] / x->room[2] * 3 + x->tap[t] % x->room[2]] = t;
    ELEMENT *to = job->filters + (g * 16 * job->row_panels + r) * panel;
    const int64_t plane = job->row_panels * panel;
    for (int64_t c = 0; c < channels; c++) {
        // The rows of the panel side by side.
        ELEMENT w[9][16] = {{0}};
        for (int64_t row = first; row < last; row++) {
            const ELEMENT *from = (const ELEMENT *)pass->weight + (g * pass->m + row) * pass->k + c * 9;
            for (int t = 0; t < 9; t++) w[t][row - first] = from[place[t]];
        }
        ELEMENT half[4][3][16];
        for (int j = 0; j < 3; j++)
            for (int i = 0; i < 16; i++) {
                const ELEMENT a = w[j][i], b = w[3 + j][i], d = w[6 + j][i];
                half[0][j][i] = a;
                half[1][j][i] = (a + b + d) * (ELEMENT)0.5;
                half[2][j][i] = (a - b + d) * (ELEMENT)0.5;
                half[3][j][i] = d;
            }
        for (int k = 0; k < 4; k++) {
            ELEMENT values[4][16];
            for (int i = 0; i < 16; i++) {
                const ELEMENT a = half[k][0][i], b = half[k][1][i], d = half[k][2][i];
                values[0][i] = a;
                values[1][i] = (a + b + d) * (ELEMENT)0.5;
                values[2][i] = (a - b + d) * (ELEMENT)0.5;
                values[3][i] = d;
            }
            for (int j = 0; j < 4; j++) memcpy(to + (k * 4 + j) * plane + c * TILE_ROWS, values[j], TILE_ROWS * sizeof(ELEMENT));
        }
    }
}

// Tiles side by side in a row of one image.
typedef struct { int64_t place, count, offset, result, left, height; } NAME(tile_piece);

static int64_t NAME(tile_pieces)(const NAME(winograd) *job, int64_t first, int64_t count, int64_t image_step, NAME(tile_piece) *pieces) {
    const dk_patches *x = &job->tiles;
    const int64_t across = x->grid[2], width = job->pass->patches.grid[2], height = job->pass->patches.grid[1];
    int64_t number = 0;
    for (int64_t place = 0; place < count; number++) {
        const int64_t image = (first + place) / job->tile_count, tile = (first + place) % job->tile_count, h = tile / across, w = tile % across;
        const int64_t length = dk_smaller(across - w, count - place);
        pieces[number] = (NAME(tile_piece)){
            .place = place, .count = length, .offset = image * job->padded_image + 2 * h * 2 * x->room[2] + w,
            .result = image * image_step + 2 * h * width + 2 * w, .left = width - 2 * w, .height = height - 2 * h,
        };
        place += length;
    }
    return number;
}

// Bt d B for one channel of a panel: to[i * plane + tile].
static inline void NAME(transform_input)(const ELEMENT *from, int64_t row, const NAME(tile_piece) *pieces, int64_t number, int64_t plane, ELEMENT *to) {
    for (int64_t p = 0; p < number; p++)
        for (int64_t j = 0; j < pieces[p].count; j += LANES) {
            const ELEMENT *source = from + pieces[p].offset + j;
            NAME(vector) rows[4][4];
            #pragma clang loop unroll(full)
            for (int i = 0; i < 4; i++) {
                // Even columns, then odd ones.
                const ELEMENT *even = source + i * 2 * row, *odd = even + row;
                const NAME(vector) a = NAME(load)(even), b = NAME(load)(odd), c = NAME(load)(even + 1), d = NAME(load)(odd + 1);
                rows[i][0] = a - c;
                rows[i][1] = b + c;
                rows[i][2] = c - b;
                rows[i][3] = b - d;
            }
            ELEMENT *place = to + pieces[p].place + j;
            #pragma clang loop unroll(full)
            for (int i = 0; i < 4; i++) {
                NAME(store)(place + i * plane, rows[0][i] - rows[2][i]);
                NAME(store)(place + (4 + i) * plane, rows[1][i] + rows[2][i]);
                NAME(store)(place + (8 + i) * plane, rows[2][i] - rows[1][i]);
                NAME(store)(place + (12 + i) * plane, rows[1][i] - rows[3][i]);
            }
        }
}

// At M A for one channel of a panel, to its rows of results.
static inline void NAME(transform_output)(const ELEMENT *from, int64_t plane, const NAME(tile_piece) *pieces, int64_t number, int64_t width, ELEMENT *to) {
    for (int64_t p = 0; p < number; p++)
        for (int64_t j = 0; j < pieces[p].count; j += LANES) {
            const ELEMENT *source = from + pieces[p].place + j;
            NAME(vector) rows[2][4];
            #pragma clang loop unroll(full)
            for (int i = 0; i < 4; i++) {
                const NAME(vector) a = NAME(load)(source + i * plane), b = NAME(load)(source + (4 + i) * plane);
                const NAME(vector) c = NAME(load)(source + (8 + i) * plane), d = NAME(load)(source + (12 + i) * plane);
                rows[0][i] = a + b + c;
                rows[1][i] = b - c - d;
            }
            const int64_t count = dk_smaller(LANES, pieces[p].count - j), left = pieces[p].left - 2 * j;
            for (int i = 0; i < 2 && i < pieces[p].height; i++) {
                ELEMENT even[LANES], odd[LANES];
                NAME(store)(even, rows[i][0] + rows[i][1] + rows[i][2]);
                NAME(store)(odd, rows[i][1] - rows[i][2] - rows[i][3]);
                ELEMENT *line = to + pieces[p].result + i * width + 2 * j;
                if (count == LANES && left >= 2 * LANES) {
                    for (int q = 0; q < LANES; q++) {
                        line[2 * q] = even[q];
                        line[2 * q + 1] = odd[q];
                    }
                    continue;
                }
                for (int64_t q = 0; q < count; q++) {
                    line[2 * q] = even[q];
                    if (2 * q + 1 < left) line[2 * q + 1] = odd[q];
                }
            }
        }
}

static inline const ELEMENT *NAME(winograd_source)(const NAME(winograd) *job, int64_t sample, int64_t g) {
    const dk_patches *x = &job->tiles;
    return (const ELEMENT *)job->pass->source + (sample * job->pass->groups + g) * x->channels * x->size[1] * x->size[2];
}

static void NAME(winograd_pad_task)(void *context, int64_t z) {
    const NAME(winograd) *job = context;
    const int64_t g = z / job->samples, sample = z % job->samples;
    NAME(pad_image)(&job->tiles, NAME(winograd_source)(job, sample, g), job->tiles.channels, (ELEMENT *)job->padded + z * job->padded_image);
}

static void NAME(winograd_task)(void *context, int64_t index) {
    const NAME(winograd) *job = context;
    const dk_correlation *pass = job->pass;
    const dk_patches *x = &job->tiles;
    const int64_t part = index % job->parts, block = index / job->parts % job->blocks, g = index / job->parts / job->blocks;
    const int64_t first_sample = block * job->block, samples = dk_smaller(job->block, job->samples - first_sample);
    const int64_t total = samples * job->tile_count, channels = x->channels, m = pass->m;
    const int64_t first = part * job->part_panels, last = dk_smaller(first + job->part_panels, dk_divided_up(total, PANEL));
    if (first >= last) return;
    const ELEMENT *padded = job->padded ? job->padded + (g * job->samples + first_sample) * job->padded_image : NULL;
    if (!padded) {
        ELEMENT *own = dk_scratch(2, (size_t)(samples * job->padded_image) * sizeof(ELEMENT));
        for (int64_t s = 0; s < samples; s++) NAME(pad_image)(x, NAME(winograd_source)(job, first_sample + s, g), channels, own + s * job->padded_image);
        padded = own;
    }
    // A vector may be written past the last tile of a panel.
    const int64_t plane = channels * PANEL + LANES, result_plane = m * PANEL + LANES;
    ELEMENT *inputs = dk_scratch(1, (size_t)(16 * plane) * sizeof(ELEMENT));
    ELEMENT *results = dk_scratch(0, (size_t)(16 * result_plane) * sizeof(ELEMENT));
    const ELEMENT *filters = job->filters + g * 16 * job->row_panels * TILE_ROWS * channels;
    const int64_t image_step = pass->groups * pass->result_image, width = pass->patches.grid[2];
    ELEMENT *to = (ELEMENT *)pass->result + (first_sample * pass->groups + g) * pass->result_image;
    for (int64_t q = first; q < last; q++) {
        NAME(tile_piece) pieces[PANEL];
        const int64_t columns = dk_smaller(PANEL, total - q * PANEL);
        const int64_t number = NAME(tile_pieces)(job, q * PANEL, columns, image_step, pieces);
        // What lies beyond the last tile is multiplied too: it must not be slow numbers.
        if (columns < PANEL) memset(inputs, 0, (size_t)(16 * plane) * sizeof(ELEMENT));
        for (int64_t c = 0; c < channels; c++)
            NAME(transform_input)(padded + c * NAME(channel_elements)(x), x->room[2], pieces, number, plane, inputs + c * PANEL);
        const dk_tile_shape shape = {.k = channels, .a_row = 1, .a_column = TILE_ROWS, .b_row = PANEL, .c_row = PANEL, .c_column = 1};
        for (int64_t i = 0; i < 16; i++) {
            const dk_matrices matrices = {.c = results + i * result_plane, .m = m, .n = PANEL, .k = channels, .c_row = PANEL, .c_column = 1};
            const NAME(sweep) sweep = {.x = &matrices, .runs = 1, .depth = channels, .row_panels = job->row_panels, .column_panels = 1};
            NAME(tiles_below)(&sweep, &shape, 0, 0, job->row_panels, filters + i * job->row_panels * TILE_ROWS * channels, inputs + i * plane, 0);
        }
        for (int64_t o = 0; o < m; o++) NAME(transform_output)(results + o * PANEL, result_plane, pieces, number, width, to + o * pass->result_row);
    }
    if (pass->epilogue && job->parts == 1)
        for (int64_t s = 0; s < samples; s++)
            dk_run_group_rows(pass->epilogue, pass->buffers, ((first_sample + s) * pass->groups + g) * m, m);
}

// The grid of tiles of a grid of results, and the padded copy that they read.
static dk_patches NAME(tiles_of)(const dk_patches *x) {
    dk_patches tiles = *x;
    tiles.grid[1] = dk_divided_up(x->grid[1], 2);
    tiles.grid[2] = dk_divided_up(x->grid[2], 2);
    tiles.step[2] = 2;
    tiles.room[1] = 2 * tiles.grid[1] + 2;
    tiles.room[2] = tiles.grid[2] + 1;
    return tiles;
}

static void NAME(winograd_correlate)(const dk_correlation *pass) {
    const dk_patches *x = &pass->patches;
    NAME(winograd) job = {.pass = pass, .tiles = NAME(tiles_of)(x), .samples = pass->images / pass->groups, .row_panels = dk_divided_up(pass->m, TILE_ROWS)};
    job.tile_count = job.tiles.grid[1] * job.tiles.grid[2];
    job.padded_image = NAME(padded_elements)(&job.tiles, x->channels);
    const int worth_threads = pass->images * pass->m * pass->n * pass->k >= DK_PARALLEL_WORK;
    job.filters = dk_scratch(3, (size_t)(pass->groups * 16 * job.row_panels * TILE_ROWS * x->channels) * sizeof(ELEMENT));
    dk_share(worth_threads, pass->groups * job.row_panels, NAME(filter_task), &job);
    // Small images together, so that panels are full: as few as leave a tenth of the last panel, or the least, unused.
    int64_t least = INT64_MAX;
    for (int64_t block = 1; block <= dk_smaller(job.samples, dk_larger(WINOGRAD_BLOCK, PANEL / job.tile_count)); block++) {
        // Columns for a thousand tiles.
        const int64_t columns = dk_divided_up(block * job.tile_count, PANEL) * PANEL * 1000 / (block * job.tile_count);
        if (columns >= least) continue;
        least = columns;
        job.block = block;
        if (columns <= 1100) break;
    }
    job.blocks = dk_divided_up(job.samples, job.block);
    job.parts = 1;
    if (job.blocks * pass->groups < 8) {
        ELEMENT *padded = dk_scratch(2, (size_t)(pass->images * job.padded_image) * sizeof(ELEMENT));
        job.padded = padded;
        dk_share(worth_threads && pass->images > 1, pass->images, NAME(winograd_pad_task), &job);
        job.parts = dk_smaller(dk_divided_up(job.block * job.tile_count, PANEL), 16);
    }
    job.part_panels = dk_divided_up(dk_divided_up(job.block * job.tile_count, PANEL), job.parts);
    dk_share(worth_threads, pass->groups * job.blocks * job.parts, NAME(winograd_task), &job);
    if (pass->epilogue && job.parts > 1) dk_run_epilogue(pass->epilogue, pass->buffers, 0, pass->images * pass->m);
}
