// Reductions along the middle axis of [outer, count, inner].
//
// The work is cut into units by its shape alone; a unit leaves its result or, where the reduced axis itself is cut, a
// partial result, and those are joined in order. So the bits do not depend on how many threads take part.
#include "Reduce.h"
#include "Movement.h"

#include <string.h>

// Elements below which one thread does everything, and about how many make a unit worth handing to a thread.
#define SMALL 65536
#define UNIT 32768
// Of a reduction with few columns, rows are cut into pieces of at least this many.
#define LEAST_ROWS 1024
// Rows with fewer columns than this are taken several at a time, as one longer row.
#define NARROW 32

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t pieces(int64_t count, int64_t piece) { return (count + piece - 1) / piece; }

void dk_store_partials(dk_dtype dtype, int64_t count, void *out, const dk_partial *partials) {
    for (int64_t i = 0; i < count; i++)
        switch (dtype) {
        case DK_FLOAT32: ((float *)out)[i] = (float)partials[i].real; break;
        case DK_FLOAT64: ((double *)out)[i] = partials[i].real; break;
        case DK_BOOL: ((uint8_t *)out)[i] = (uint8_t)partials[i].integer; break;
#define STORE(number, name, short, type, wrapping, least, most) case number: ((type *)out)[i] = (type)partials[i].integer; break;
        DK_INTEGERS(STORE)
#undef STORE
        case DK_FLOAT16: case DK_BFLOAT16: break;  // nothing is computed in these
        }
}

typedef struct {
    const dk_reduce_arguments *arguments;
    const dk_reduction_functions *functions;
    const dk_arg_functions *arg;      // of ARGMAX and ARGMIN, else NULL
    const char *in;
    char *out;
    int64_t bytes;
    int64_t piece, pieces;            // elements of the reduced axis that a unit takes, and how many such pieces there are
    int64_t width, strips;            // the same for `inner`, or for `outer` where inner is 1
    void *partials;                   // a dk_partial or a place for each piece; NULL when there is one piece
} reduction;

static void run_units(const reduction *work, int64_t units, dk_task task) {
    const dk_reduce_arguments *a = work->arguments;
    if (a->outer * a->count * a->inner < SMALL) for (int64_t i = 0; i < units; i++) task((void *)work, i);
    else dk_parallel(units, task, (void *)work);
}

// ----------------------------------------------------------------------------------------------------- inner == 1: rows

static void reduce_rows(void *context, int64_t unit) {
    const reduction *work = context;
    int64_t first = unit * work->width, rows = least(work->width, work->arguments->outer - first);
    int64_t count = work->arguments->count;
    const char *in = work->in + first * count * work->bytes;
    if (!work->arg) {
        work->functions->rows(rows, count, work->out + first * work->bytes, in);
        return;
    }
    int64_t *out = (int64_t *)work->out + first;
    for (int64_t r = 0; r < rows; r++) out[r] = work->arg->row(count, in + r * count * work->bytes);
}

static void reduce_row_piece(void *context, int64_t unit) {
    const reduction *work = context;
    int64_t row = unit / work->pieces, first = unit % work->pieces * work->piece, total = work->arguments->count;
    int64_t count = least(work->piece, total - first);
    const char *in = work->in + (row * total + first) * work->bytes;
    if (work->arg) ((int64_t *)work->partials)[unit] = first + work->arg->row(count, in);
    else ((dk_partial *)work->partials)[unit] = work->functions->row(count, in);
}

static void reduce_inner_one(reduction *work) {
    const dk_reduce_arguments *a = work->arguments;
    if (a->count <= 2 * UNIT) {
        work->width = most(1, UNIT / most(a->count, 1));
        run_units(work, pieces(a->outer, work->width), reduce_rows);
        return;
    }
    work->piece = UNIT;
    work->pieces = pieces(a->count, UNIT);
    work->partials = dk_scratch(3, (size_t)(a->outer * work->pieces) * sizeof(dk_partial));
    run_units(work, a->outer * work->pieces, reduce_row_piece);
    for (int64_t row = 0; row < a->outer; row++) {
        if (work->arg) {
            ((int64_t *)work->out)[row] = work->arg->choose(work->pieces, (int64_t *)work->partials + row * work->pieces,
                                                            work->in + row * a->count * work->bytes);
            continue;
        }
        dk_partial *partials = (dk_partial *)work->partials + row * work->pieces;
        for (int64_t i = 1; i < work->pieces; i++) work->functions->combine(1, partials, partials + i);
        dk_store_partials((dk_dtype)a->dtype, 1, work->out + row * work->bytes, partials);
    }
}

// ------------------------------------------------------------------------------------------------ inner > 1: the columns

// Several narrow rows, which lie one behind the other, are taken as one row; its columns are joined at the end.
static void reduce_narrow(const reduction *work, int64_t rows, int64_t columns, dk_partial *out, const char *in) {
    dk_partial wide[DK_STRIP];
    int64_t together = 256 / columns, wide_rows = rows / together;
    int64_t rest = rows - wide_rows * together;
    work->functions->columns(wide_rows, together * columns, together * columns, wide, in);
    memcpy(out, wide, (size_t)columns * sizeof *out);
    for (int64_t i = 1; i < together; i++) work->functions->combine(columns, out, wide + i * columns);
    if (rest == 0) return;
    work->functions->columns(rest, columns, columns, wide, in + (rows - rest) * columns * work->bytes);
    work->functions->combine(columns, out, wide);
}

// A unit: a strip of columns, a piece of the rows.
static void reduce_column_strip(void *context, int64_t unit) {
    const reduction *work = context;
    const dk_reduce_arguments *a = work->arguments;
    int64_t piece = unit % work->pieces, strip = unit / work->pieces % work->strips;
    int64_t block = unit / work->pieces / work->strips;
    int64_t column = strip * work->width, columns = least(work->width, a->inner - column);
    int64_t row = piece * work->piece, rows = least(work->piece, a->count - row);
    const char *in = work->in + ((block * a->count + row) * a->inner + column) * work->bytes;
    int64_t place = block * a->inner + column;
    if (work->arg) {
        work->arg->columns(rows, columns, a->inner, (int64_t *)work->out + place, in);
        return;
    }
    dk_partial local[DK_STRIP];
    dk_partial *out = work->partials ? (dk_partial *)work->partials + piece * a->outer * a->inner + place : local;
    if (a->inner <= NARROW && rows >= 256) reduce_narrow(work, rows, columns, out, in);
    else work->functions->columns(rows, columns, a->inner, out, in);
    if (!work->partials) dk_store_partials((dk_dtype)a->dtype, columns, work->out + place * work->bytes, local);
}

static void reduce_columns(reduction *work) {
    const dk_reduce_arguments *a = work->arguments;
    int64_t results = a->outer * a->inner;
    work->width = least(a->inner, a->inner * a->count >= SMALL && a->inner <= 8 * DK_STRIP ? most(64, a->inner / 8) : DK_STRIP);
    work->strips = pieces(a->inner, work->width);
    work->piece = a->count;
    // Few results from many rows: the rows are cut as well, into at most 16 pieces.
    if (!work->arg && a->outer * work->strips < 8 && a->count >= 2 * LEAST_ROWS && results * a->count >= SMALL)
        work->piece = most(LEAST_ROWS, pieces(a->count, 16));
    work->pieces = pieces(a->count, work->piece);
    if (work->pieces > 1) work->partials = dk_scratch(3, (size_t)(work->pieces * results) * sizeof(dk_partial));
    run_units(work, a->outer * work->strips * work->pieces, reduce_column_strip);
    if (work->pieces == 1) return;
    dk_partial *partials = work->partials;
    for (int64_t i = 1; i < work->pieces; i++) work->functions->combine(results, partials, partials + i * results);
    dk_store_partials((dk_dtype)a->dtype, results, work->out, partials);
}

void dk_reduce(const void *arguments, void *const *buffers) {
    const dk_reduce_arguments *a = arguments;
    int by_place = a->reduction >= DK_ARGMAX;
    reduction work = {.arguments = a, .bytes = dk_element_bytes(a->dtype)};
    work.in = (const char *)buffers[a->in] + a->in_offset * work.bytes;
    work.out = (char *)buffers[a->out] + a->out_offset * (by_place ? 8 : work.bytes);
    if (by_place) work.arg = &dk_reductions()->args[a->reduction - DK_ARGMAX][a->dtype];
    else work.functions = &dk_reductions()->reductions[a->reduction][a->dtype];
    if (a->outer == 0 || a->inner == 0) return;
    if (a->count == 0) {
        if (by_place) memset(work.out, 0, (size_t)(a->outer * a->inner) * 8);
        else for (int64_t i = 0; i < a->outer * a->inner; i++)
            dk_store_partials((dk_dtype)a->dtype, 1, work.out + i * work.bytes, &work.functions->identity);
    } else if (a->inner == 1) reduce_inner_one(&work);
    else reduce_columns(&work);
}
