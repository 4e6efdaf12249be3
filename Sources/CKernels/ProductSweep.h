// The general product: c is swept by register tiles, over packed panels of a and b.
//
// k is cut into runs of at most `depth`, so that a panel of b (depth x two vectors) stays in the first-level cache while
// it meets every row panel of a. Two ways to share the work, chosen by the shape alone:
//   by columns  few rows: a is packed once, and each task packs its own panels of b just before it uses them;
//   by rows     many rows: b is packed once, and each task packs its own rows of a, and finishes whole rows of c.
//
// A template: included with ELEMENT, LANES, TILE_ROWS and NAME(x) defined (see ProductFloat32.c).

#define PANEL (2 * LANES)
// The bytes of a panel of b. With the widest vectors a step of k takes enough cycles that the panel may come from the second-level cache now
// and then; fewer runs of k are worth more. Otherwise most of a first-level cache of 32 KB, with room for the rows of a that pass by.
#define PANEL_BYTES (LANES * sizeof(ELEMENT) == 64 ? 32768 : 20480)
// Up to this many rows the work is cut by columns: then a, packed, fits the second-level cache run by run.
#define FEW_ROWS 264
// So much of b is packed at a time.
#define PACKED_BYTES ((int64_t)32 << 20)

typedef struct {
    const dk_matrices *x;
    int64_t runs, depth;                  // of k
    int64_t row_panels, column_panels;
    int64_t task_panels;                  // row or column panels a task
    const ELEMENT *packed_a, *packed_b;   // or NULL: a (or b) is read where it is, or packed by the task; all runs of b
    int pack_a;                           // by rows: each task packs its rows
} NAME(sweep);

// The first row of row panel r. The last two panels share their rows evenly: a tile of one row wastes most of its time.
static inline int64_t NAME(panel_row)(const NAME(sweep) *sweep, int64_t r) {
    const int64_t m = sweep->x->m, panels = sweep->row_panels;
    if (r >= panels) return m;
    if (r < panels - 1 || panels < 2) return r * TILE_ROWS;
    const int64_t before = (panels - 2) * TILE_ROWS;
    return before + dk_divided_up(m - before, 2);
}

static inline int64_t NAME(run_length)(const NAME(sweep) *sweep, int64_t run) {
    return dk_smaller(sweep->depth, sweep->x->k - run * sweep->depth);
}

static inline dk_tile_shape NAME(shape_of_run)(const NAME(sweep) *sweep, int64_t run, int packed_a) {
    const dk_matrices *x = sweep->x;
    return (dk_tile_shape){
        .k = NAME(run_length)(sweep, run),
        .a_row = packed_a ? 1 : x->a_row, .a_column = packed_a ? TILE_ROWS : x->a_column,
        .b_row = PANEL, .c_row = x->c_row, .c_column = x->c_column, .addend_row = x->addend_row,
        .finish = (run > 0 ? DK_TILE_ADD_C : 0) | (run == sweep->runs - 1 && x->addend ? DK_TILE_ADD_ADDEND : 0),
    };
}

static inline const ELEMENT *NAME(a_at)(const dk_matrices *x, int64_t i, int64_t p) {
    return (const ELEMENT *)x->a + i * x->a_row + p * x->a_column;
}
static inline const ELEMENT *NAME(b_at)(const dk_matrices *x, int64_t p, int64_t j) {
    return (const ELEMENT *)x->b + p * x->b_row + j * x->b_column;
}

// Row panels first ..< last of a run of k, against one panel of b. `packed` is where that run of panel `first` is packed.
static void NAME(tiles_below)(const NAME(sweep) *sweep, const dk_tile_shape *shape, int64_t run, int64_t first, int64_t last,
                              const ELEMENT *packed, const ELEMENT *panel, int64_t column) {
    const dk_matrices *x = sweep->x;
    const int64_t columns = dk_smaller(PANEL, x->n - column);
    const NAME(tile_function) *tiles = NAME(tiles)[columns > LANES];
    const ELEMENT *addend = x->addend ? (const ELEMENT *)x->addend + column : NULL;
    int64_t row = NAME(panel_row)(sweep, first);
    for (int64_t r = first; r < last; r++) {
        const int64_t next = NAME(panel_row)(sweep, r + 1);
        const ELEMENT *a = packed ? packed + (r - first) * TILE_ROWS * sweep->depth : NAME(a_at)(x, row, run * sweep->depth);
        tiles[next - row - 1](shape, a, panel, (ELEMENT *)x->c + row * x->c_row + column * x->c_column,
                              addend ? addend + row * x->addend_row : NULL, columns);
        row = next;
    }
}

// ------------------------------------------------------------------------------------------------------- by columns

// Packs panels first ..< last of one run of k, a row of b at a time where that is how b lies in memory: long pieces are
// fetched well, while a walk down a narrow panel may meet a new page, and the same few places of a cache, at each step.
static void NAME(pack_panels)(const NAME(sweep) *sweep, int64_t run, int64_t first, int64_t last, ELEMENT *to) {
    const dk_matrices *x = sweep->x;
    const int64_t k = NAME(run_length)(sweep, run), size = PANEL * sweep->depth;
    int64_t q = first;
    if (x->b_column == 1) {
        const int64_t whole = dk_smaller(last, x->n / PANEL) - first;
        for (int64_t p = 0; p < k; p++) {
            const ELEMENT *from = NAME(b_at)(x, run * sweep->depth + p, first * PANEL);
            for (int64_t i = 0; i < whole; i++) memcpy(to + i * size + p * PANEL, from + i * PANEL, PANEL * sizeof(ELEMENT));
        }
        if (whole > 0) q += whole;
    }
    for (; q < last; q++)
        NAME(pack_columns)(dk_smaller(PANEL, x->n - q * PANEL), k, NAME(b_at)(x, run * sweep->depth, q * PANEL),
                           x->b_row, x->b_column, to + (q - first) * size);
}

static void NAME(column_task)(void *context, int64_t index) {
    const NAME(sweep) *sweep = context;
    const int64_t size = PANEL * sweep->depth;
    ELEMENT *own = sweep->packed_b ? NULL : dk_scratch(1, (size_t)(sweep->task_panels * size) * sizeof(ELEMENT));
    const int64_t first = index * sweep->task_panels, last = dk_smaller(first + sweep->task_panels, sweep->column_panels);
    for (int64_t run = 0; run < sweep->runs; run++) {
        const dk_tile_shape shape = NAME(shape_of_run)(sweep, run, sweep->packed_a != NULL);
        const ELEMENT *packed = sweep->packed_a
            ? sweep->packed_a + run * sweep->row_panels * TILE_ROWS * sweep->depth : NULL;
        if (own) NAME(pack_panels)(sweep, run, first, last, own);
        const ELEMENT *panels = own ? own : sweep->packed_b + (run * sweep->column_panels + first) * size;
        for (int64_t q = first; q < last; q++)
            NAME(tiles_below)(sweep, &shape, run, 0, sweep->row_panels, packed, panels + (q - first) * size, q * PANEL);
    }
}

// Packs row panels first ..< last of a run of k, `depth` steps of k apart. Where the rows lie side by side in memory, a piece of it is dealt out
// to all panels while it is near.
static void NAME(pack_row_panels)(const NAME(sweep) *sweep, int64_t run, int64_t first, int64_t last, ELEMENT *to) {
    const dk_matrices *x = sweep->x;
    const int64_t k = NAME(run_length)(sweep, run), size = TILE_ROWS * sweep->depth;
    int64_t r = first;
    if (x->a_row == 1 && last - first > 1) {
        while (r < last && NAME(panel_row)(sweep, r + 1) == (r + 1) * TILE_ROWS) r++;
        for (int64_t p = 0; p < k; p++) {
            const ELEMENT *from = NAME(a_at)(x, first * TILE_ROWS, run * sweep->depth + p);
            for (int64_t i = 0; i < r - first; i++) {
                __builtin_prefetch(from + i * TILE_ROWS + 8 * x->a_column);
                memcpy(to + i * size + p * TILE_ROWS, from + i * TILE_ROWS, TILE_ROWS * sizeof(ELEMENT));
            }
        }
    }
    for (; r < last; r++) {
        const int64_t row = NAME(panel_row)(sweep, r), rows = NAME(panel_row)(sweep, r + 1) - row;
        NAME(pack_rows)(rows, k, NAME(a_at)(x, row, run * sweep->depth), x->a_row, x->a_column, to + (r - first) * size);
    }
}

// Packs one row panel of a for every run of k.
static void NAME(pack_rows_task)(void *context, int64_t r) {
    const NAME(sweep) *sweep = context;
    for (int64_t run = 0; run < sweep->runs; run++)
        NAME(pack_row_panels)(sweep, run, r, r + 1, (ELEMENT *)sweep->packed_a + (run * sweep->row_panels + r) * TILE_ROWS * sweep->depth);
}

static void NAME(by_columns)(NAME(sweep) *sweep, int worth_threads) {
    const dk_matrices *x = sweep->x;
    // Few rows for few columns are read where they are: packing them would take a good part of the time. Unless they lie so far apart that they
    // meet in the same few places of a cache.
    const int64_t stride = x->a_row * (int64_t)sizeof(ELEMENT);
    const int stays = x->a_column == 1 && x->m <= 4 * TILE_ROWS && x->n <= 512 && (stride & 4095) != 0;
    if ((sweep->column_panels > 2 && !stays) || (x->a_row != 1 && x->a_column != 1)) {
        const int64_t elements = sweep->runs * sweep->row_panels * TILE_ROWS * sweep->depth;
        sweep->packed_a = dk_scratch(3, (size_t)elements * sizeof(ELEMENT));
        dk_share(worth_threads && elements > 1 << 15, sweep->row_panels, NAME(pack_rows_task), sweep);
    }
    // Enough tasks for a fair share on any number of threads.
    sweep->task_panels = dk_larger(1, dk_smaller(4, sweep->column_panels / 8));
    dk_share(worth_threads, dk_divided_up(sweep->column_panels, sweep->task_panels), NAME(column_task), sweep);
}

// ---------------------------------------------------------------------------------------------------------- by rows

static void NAME(row_task)(void *context, int64_t index) {
    const NAME(sweep) *sweep = context;
    const dk_matrices *x = sweep->x;
    const int64_t first = index * sweep->task_panels, last = dk_smaller(first + sweep->task_panels, sweep->row_panels);
    const int64_t first_row = NAME(panel_row)(sweep, first);
    ELEMENT *packed = NULL;
    if (sweep->pack_a) packed = dk_scratch(1, (size_t)(sweep->task_panels * TILE_ROWS * sweep->depth) * sizeof(ELEMENT));
    for (int64_t run = 0; run < sweep->runs; run++) {
        const dk_tile_shape shape = NAME(shape_of_run)(sweep, run, sweep->pack_a);
        if (packed) NAME(pack_row_panels)(sweep, run, first, last, packed);
        for (int64_t q = 0; q < sweep->column_panels; q++)
            NAME(tiles_below)(sweep, &shape, run, first, last, packed,
                              sweep->packed_b + (run * sweep->column_panels + q) * PANEL * sweep->depth, q * PANEL);
    }
    if (x->epilogue)
        dk_run_group_rows(x->epilogue, x->buffers, x->epilogue_row + first_row, NAME(panel_row)(sweep, last) - first_row);
}

// Packs one column panel of b for every run of k.
static void NAME(pack_columns_task)(void *context, int64_t q) {
    const NAME(sweep) *sweep = context;
    const dk_matrices *x = sweep->x;
    for (int64_t run = 0; run < sweep->runs; run++)
        NAME(pack_columns)(dk_smaller(PANEL, x->n - q * PANEL), NAME(run_length)(sweep, run),
                           NAME(b_at)(x, run * sweep->depth, q * PANEL), x->b_row, x->b_column,
                           (ELEMENT *)sweep->packed_b + (run * sweep->column_panels + q) * PANEL * sweep->depth);
}

static void NAME(by_rows)(NAME(sweep) *sweep, int worth_threads) {
    const dk_matrices *x = sweep->x;
    const int64_t elements = sweep->runs * sweep->column_panels * PANEL * sweep->depth;
    sweep->packed_b = dk_scratch(3, (size_t)elements * sizeof(ELEMENT));
    dk_share(worth_threads && elements > 1 << 15, sweep->column_panels, NAME(pack_columns_task), sweep);
    sweep->pack_a = x->a_column != 1 || sweep->column_panels > 2;
    // Enough tasks for a fair share on any number of threads; enough rows for each panel of b that is fetched.
    sweep->task_panels = dk_larger(1, dk_smaller(96 / TILE_ROWS, dk_divided_up(sweep->row_panels, 16)));
    dk_share(worth_threads, dk_divided_up(sweep->row_panels, sweep->task_panels), NAME(row_task), sweep);
}

// ------------------------------------------------------------------------------------- few rows, b read where it is

// One tile over b in place. The reads of the last rows of b may run past its end: those rows go through a copy.
static void NAME(tile_in_place)(const dk_matrices *x, NAME(tile_function) tile, dk_tile_shape shape, int64_t row,
                                int64_t column, int64_t columns, int64_t width) {
    const ELEMENT *a = NAME(a_at)(x, row, 0), *b = (const ELEMENT *)x->b + column;
    const ELEMENT *addend = x->addend ? (const ELEMENT *)x->addend + row * x->addend_row + column : NULL;
    ELEMENT *c = (ELEMENT *)x->c + row * x->c_row + column * x->c_column;
    const int64_t past = column + width - x->n;
    const int64_t copied = past > 0 ? dk_smaller(x->k, dk_divided_up(past, x->b_row)) : 0;
    shape.k = x->k - copied;
    if (shape.k > 0 || copied == 0) tile(&shape, a, b, c, addend, columns);
    if (copied) {
        ELEMENT rows[PANEL * PANEL];
        NAME(pack)(PANEL, columns, copied, b + shape.k * x->b_row, x->b_row, 1, rows);
        if (shape.k > 0) shape.finish = DK_TILE_ADD_C;
        a += shape.k * x->a_column;
        shape.k = copied;
        shape.b_row = PANEL;
        tile(&shape, a, rows, c, addend, columns);
    }
}

typedef struct {
    const dk_matrices *x;
    int64_t row_panels, task_columns;
} NAME(in_place);

static void NAME(in_place_task)(void *context, int64_t index) {
    const NAME(in_place) *plan = context;
    const dk_matrices *x = plan->x;
    const NAME(sweep) rows = {.x = x, .row_panels = plan->row_panels};
    const dk_tile_shape shape = {
        .k = x->k, .a_row = x->a_row, .a_column = x->a_column, .b_row = x->b_row, .c_row = x->c_row, .c_column = x->c_column,
        .addend_row = x->addend_row, .finish = x->addend ? DK_TILE_ADD_ADDEND : 0,
    };
    const int64_t last = dk_smaller((index + 1) * plan->task_columns, x->n);
    for (int64_t column = index * plan->task_columns; column < last; ) {
        const int64_t left = last - column;
        int vectors = left > LANES ? 2 : 1;
        if (x->m == 1 && left >= 8 * LANES) vectors = 8;
        else if (x->m <= 2 && left >= 4 * LANES) vectors = 4;
        const int64_t width = vectors * LANES, columns = dk_smaller(width, left);
        for (int64_t r = 0; r < plan->row_panels; r++) {
            const int64_t row = NAME(panel_row)(&rows, r), count = NAME(panel_row)(&rows, r + 1) - row;
            const NAME(tile_function) tile = vectors == 8 ? NAME(tile_1_8)
                : vectors == 4 ? (count == 1 ? NAME(tile_1_4) : NAME(tile_2_4)) : NAME(tiles)[vectors - 1][count - 1];
            NAME(tile_in_place)(x, tile, shape, row, column, columns, width);
        }
        column += width;
    }
}

// Needs b_column == 1 and b_row >= n.
static void NAME(product_in_place)(const dk_matrices *x) {
    NAME(in_place) plan = {.x = x, .row_panels = dk_divided_up(x->m, TILE_ROWS)};
    plan.task_columns = dk_divided_up(dk_divided_up((int64_t)1 << 16, x->k * x->m), 8 * LANES) * 8 * LANES;
    dk_share(x->n * x->k * dk_larger(x->m, DK_STREAMED) >= DK_PARALLEL_WORK, dk_divided_up(x->n, plan.task_columns),
             NAME(in_place_task), &plan);
}

// ------------------------------------------------------------------------------------------------------- the choice

// Up to this many rows, reading b where it is costs less than packing it.
#define IN_PLACE_ROWS 72
#define DOT_ROWS 24

// Whether a tile's columns of b stay near from one row panel to the next. Rows that lie a large power of two apart fall
// on few places of a cache; reckoned for 512 KB and 8 ways. The fewer passes over b, the less it matters: then fetching
// from the next cache again still costs less than packing.
static int NAME(stays_cached)(const dk_matrices *x) {
    const int64_t stride = x->b_row * (int64_t)sizeof(ELEMENT), power = dk_larger(64, stride & -stride);
    const int64_t passes = dk_divided_up(x->m, TILE_ROWS);
    return x->k <= (passes <= 2 ? 4 : passes <= 4 ? 2 : 1) * dk_larger(8, (1 << 19) / power);
}

static int NAME(suits_in_place)(const dk_matrices *x) {
    if (x->b_column != 1 || x->b_row < x->n) return 0;
    return x->m <= TILE_ROWS || (x->m <= IN_PLACE_ROWS && NAME(stays_cached)(x));
}

// A dot product ends with a sum over lanes, which a short one does not repay.
static int NAME(suits_dots)(const dk_matrices *x) {
    return x->b_row == 1 && x->b_column >= 0 && (x->m <= 2 || (x->m <= DOT_ROWS && x->k >= 4 * LANES));
}

// Few rows: no packing. True when done.
static int NAME(product_of_few_rows)(const dk_matrices *x) {
    if (NAME(suits_in_place)(x)) { NAME(product_in_place)(x); return 1; }
    if (NAME(suits_dots)(x)) { NAME(dot_product)(x); return 1; }
    return 0;
}

static void NAME(add_addend)(const dk_matrices *x) {
    for (int64_t i = 0; i < x->m; i++)
        for (int64_t j = 0; j < x->n; j++)
            ((ELEMENT *)x->c)[i * x->c_row + j * x->c_column] += ((const ELEMENT *)x->addend)[i * x->addend_row + j];
}

// The cut of k, and the panels of both matrices.
static NAME(sweep) NAME(cut)(const dk_matrices *x) {
    NAME(sweep) sweep = {.x = x, .packed_b = x->packed_b};
    const int64_t most = PANEL_BYTES / (PANEL * (int64_t)sizeof(ELEMENT));
    sweep.runs = dk_divided_up(x->k, most);
    sweep.depth = dk_divided_up(dk_divided_up(x->k, dk_larger(1, sweep.runs)), 8) * 8;
    sweep.runs = dk_divided_up(x->k, dk_larger(1, sweep.depth));
    sweep.row_panels = dk_divided_up(x->m, TILE_ROWS);
    sweep.column_panels = dk_divided_up(x->n, PANEL);
    return sweep;
}

static int64_t NAME(packed_elements)(int64_t k, int64_t n) {
    const dk_matrices x = {.m = 1, .n = n, .k = k};
    const NAME(sweep) sweep = NAME(cut)(&x);
    return sweep.runs * sweep.column_panels * PANEL * sweep.depth;
}

static void NAME(pack_whole)(const dk_matrices *x, void *to) {
    NAME(sweep) sweep = NAME(cut)(x);
    sweep.packed_b = to;
    dk_share(NAME(packed_elements)(x->k, x->n) > 1 << 15, sweep.column_panels, NAME(pack_columns_task), &sweep);
}

static int NAME(product)(const dk_matrices *x) {
    const int worth_threads = x->m * x->n * x->k >= DK_PARALLEL_WORK;
    if (x->packed_b) {
        NAME(sweep) sweep = NAME(cut)(x);
        NAME(by_columns)(&sweep, worth_threads);
        return 0;
    }
    if (x->m <= x->n && NAME(product_of_few_rows)(x)) return 0;
    // Few columns that fill their vectors; otherwise they may do better as the rows of the transposed product.
    const int64_t unused = dk_divided_up(x->n, LANES) * LANES - x->n;
    if (x->m > x->n && 4 * unused <= x->n && NAME(suits_in_place)(x)) { NAME(product_in_place)(x); return 0; }
    if (x->m > x->n && x->n <= DOT_ROWS) {
        const dk_matrices transposed = dk_transposed(x);
        if (NAME(product_of_few_rows)(&transposed)) {
            if (x->addend) NAME(add_addend)(x);
            return 0;
        }
    }
    NAME(sweep) sweep = NAME(cut)(x);
    if (x->m <= FEW_ROWS && sweep.column_panels >= 8) {
        NAME(by_columns)(&sweep, worth_threads);
        return 0;
    }
    // Too many columns to pack at once: a block of them at a time, and then no row is finished before the last.
    const int64_t block = dk_larger(1, PACKED_BYTES / (sweep.runs * sweep.depth * (int64_t)sizeof(ELEMENT)) / PANEL) * PANEL;
    if (x->n <= block) {
        NAME(by_rows)(&sweep, worth_threads);
        return 1;
    }
    for (int64_t column = 0; column < x->n; column += block) {
        dk_matrices part = *x;
        part.n = dk_smaller(block, x->n - column);
        part.b = NAME(b_at)(x, 0, column);
        part.c = (ELEMENT *)x->c + column * x->c_column;
        part.addend = x->addend ? (const ELEMENT *)x->addend + column : NULL;
        part.epilogue = NULL;
        sweep.x = &part;
        sweep.column_panels = dk_divided_up(part.n, PANEL);
        NAME(by_rows)(&sweep, worth_threads);
    }
    return 0;
}
