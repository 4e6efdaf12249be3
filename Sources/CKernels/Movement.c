// Data on the move: strided copies, fills, ramps.
#include "CKernels.h"
#include "Movement.h"

#include <string.h>

// ------------------------------------------------------------------------------------------------------- strided copy

// The copy of a plane: rows x columns elements.
typedef struct {
    int64_t in_row, in_column, out_row, out_column;  // strides in elements
} plane_strides;

typedef uint32_t words_of_four __attribute__((vector_size(16), aligned(4), may_alias));

// to[q * to_row + j] = from[j * from_column + q] for q, j in 0..<4.
static inline void transpose_four(const uint32_t *from, int64_t from_column, uint32_t *to, int64_t to_row) {
    typedef uint32_t four __attribute__((vector_size(16)));
    const four x0 = *(const words_of_four *)from, x1 = *(const words_of_four *)(from + from_column);
    const four x2 = *(const words_of_four *)(from + 2 * from_column), x3 = *(const words_of_four *)(from + 3 * from_column);
    const four t0 = __builtin_shufflevector(x0, x1, 0, 4, 1, 5), t1 = __builtin_shufflevector(x0, x1, 2, 6, 3, 7);
    const four t2 = __builtin_shufflevector(x2, x3, 0, 4, 1, 5), t3 = __builtin_shufflevector(x2, x3, 2, 6, 3, 7);
    *(words_of_four *)to = __builtin_shufflevector(t0, t2, 0, 1, 4, 5);
    *(words_of_four *)(to + to_row) = __builtin_shufflevector(t0, t2, 2, 3, 6, 7);
    *(words_of_four *)(to + 2 * to_row) = __builtin_shufflevector(t1, t3, 0, 1, 4, 5);
    *(words_of_four *)(to + 3 * to_row) = __builtin_shufflevector(t1, t3, 2, 3, 6, 7);
}

// Rows of the output come from columns of the input. Goes block by block through a buffer, so that both matrices are
// walked in long pieces: rows that lie a power of two apart would push each other out of the first-level cache.
#define BLOCK 64

#define TRANSPOSE(bits, transpose_block) \
    static void transpose_##bits(int64_t rows, int64_t columns, const uint##bits##_t *in, int64_t in_column, \
                                 uint##bits##_t *out, int64_t out_row) { \
        uint##bits##_t buffer[BLOCK * BLOCK]; \
        for (int64_t row = 0; row < rows; row += BLOCK) \
            for (int64_t column = 0; column < columns; column += BLOCK) { \
                const int64_t block_rows = row + BLOCK < rows ? BLOCK : rows - row; \
                const int64_t block_columns = column + BLOCK < columns ? BLOCK : columns - column; \
                const uint##bits##_t *from = in + column * in_column + row; \
                uint##bits##_t *to = out + row * out_row + column; \
                transpose_block(bits) \
                for (int64_t i = 0; i < block_rows; i++) \
                    memcpy(to + i * out_row, buffer + i * BLOCK, (size_t)block_columns * sizeof *to); \
            } \
    }
#define ONE_BY_ONE(bits) \
    for (int64_t j = 0; j < block_columns; j++) \
        for (int64_t i = 0; i < block_rows; i++) buffer[i * BLOCK + j] = from[j * in_column + i];
#define FOUR_BY_FOUR(bits) \
    int64_t j = 0; \
    for (; j + 4 <= block_columns; j += 4) { \
        int64_t i = 0; \
        for (; i + 4 <= block_rows; i += 4) \
            transpose_four(from + j * in_column + i, in_column, buffer + i * BLOCK + j, BLOCK); \
        for (; i < block_rows; i++) \
            for (int64_t q = j; q < j + 4; q++) buffer[i * BLOCK + q] = from[q * in_column + i]; \
    } \
    for (; j < block_columns; j++) \
        for (int64_t i = 0; i < block_rows; i++) buffer[i * BLOCK + j] = from[j * in_column + i];
TRANSPOSE(8, ONE_BY_ONE)
TRANSPOSE(16, ONE_BY_ONE)
TRANSPOSE(32, FOUR_BY_FOUR)
TRANSPOSE(64, ONE_BY_ONE)

#define COPY_PLANE(bits) \
    static void copy_plane_##bits(int64_t rows, int64_t columns, const uint##bits##_t *in, uint##bits##_t *out, \
                                  const plane_strides *s) { \
        const int64_t in_column = s->in_column, out_column = s->out_column; \
        if (in_column == 1 && out_column == 1) { \
            for (int64_t i = 0; i < rows; i++) { \
                const uint##bits##_t *from = in + i * s->in_row; \
                uint##bits##_t *to = out + i * s->out_row; \
                if (columns > 16) memmove(to, from, (size_t)columns * sizeof *to); \
                else for (int64_t j = 0; j < columns; j++) to[j] = from[j]; \
            } \
        } else if (in_column == 0 && out_column == 1) { \
            for (int64_t i = 0; i < rows; i++) { \
                const uint##bits##_t value = in[i * s->in_row]; \
                for (int64_t j = 0; j < columns; j++) out[i * s->out_row + j] = value; \
            } \
        } else if (s->in_row == 1 && out_column == 1) { \
            transpose_##bits(rows, columns, in, in_column, out, s->out_row); \
        } else { \
            for (int64_t i = 0; i < rows; i++) { \
                const uint##bits##_t *from = in + i * s->in_row; \
                uint##bits##_t *to = out + i * s->out_row; \
                for (int64_t j = 0; j < columns; j++) to[j * out_column] = from[j * in_column]; \
            } \
        } \
    }
COPY_PLANE(8)
COPY_PLANE(16)
COPY_PLANE(32)
COPY_PLANE(64)

typedef struct {
    const char *in;
    char *out;
    int rank;                    // at least 2; the last two dims are the plane
    int64_t bytes;
    int64_t dims[DK_MAX_RANK + 2], in_strides[DK_MAX_RANK + 2], out_strides[DK_MAX_RANK + 2];
    int64_t row_block, column_block, row_blocks, column_blocks;
    int64_t units, task_units;   // a unit: one block of one plane
} copy_plan;

static void swap_dims(copy_plan *plan, int x, int y) {
    int64_t *const lists[3] = {plan->dims, plan->in_strides, plan->out_strides};
    for (int i = 0; i < 3; i++) {
        const int64_t kept = lists[i][x];
        lists[i][x] = lists[i][y];
        lists[i][y] = kept;
    }
}

static int64_t magnitude(int64_t stride) { return stride < 0 ? -stride : stride; }

// Orders the dims by the output's strides, merges those that are one, and puts the input's contiguous dim next to last.
static void simplify(copy_plan *plan) {
    for (int i = 1; i < plan->rank; i++)
        for (int j = i; j > 0 && magnitude(plan->out_strides[j]) > magnitude(plan->out_strides[j - 1]); j--)
            swap_dims(plan, j, j - 1);
    int kept = 0;
    for (int i = 0; i < plan->rank; i++) {
        if (plan->dims[i] == 1) continue;
        if (kept > 0 && plan->in_strides[kept - 1] == plan->in_strides[i] * plan->dims[i]
            && plan->out_strides[kept - 1] == plan->out_strides[i] * plan->dims[i]) {
            plan->dims[kept - 1] *= plan->dims[i];
            plan->in_strides[kept - 1] = plan->in_strides[i];
            plan->out_strides[kept - 1] = plan->out_strides[i];
            continue;
        }
        plan->dims[kept] = plan->dims[i];
        plan->in_strides[kept] = plan->in_strides[i];
        plan->out_strides[kept] = plan->out_strides[i];
        kept++;
    }
    plan->rank = kept;
    // Two dims at least, so that there is a plane.
    while (plan->rank < 2) {
        plan->dims[plan->rank] = 1;
        plan->in_strides[plan->rank] = plan->out_strides[plan->rank] = 0;
        for (int i = plan->rank++; i > 0; i--) swap_dims(plan, i, i - 1);
    }
    const int last = plan->rank - 1;
    if (plan->in_strides[last] == 1 || plan->in_strides[last] == 0) return;
    for (int i = 0; i < last - 1; i++)
        if (plan->in_strides[i] == 1) { swap_dims(plan, i, last - 1); return; }
}

static void copy_task(void *context, int64_t index) {
    const copy_plan *plan = context;
    const int row = plan->rank - 2, column = plan->rank - 1;
    const plane_strides strides = {plan->in_strides[row], plan->in_strides[column],
                                   plan->out_strides[row], plan->out_strides[column]};
    const int64_t first = index * plan->task_units;
    const int64_t last = first + plan->task_units < plan->units ? first + plan->task_units : plan->units;
    for (int64_t unit = first; unit < last; unit++) {
        int64_t rest = unit;
        const int64_t j = rest % plan->column_blocks * plan->column_block;
        rest /= plan->column_blocks;
        const int64_t i = rest % plan->row_blocks * plan->row_block;
        rest /= plan->row_blocks;
        int64_t from = i * strides.in_row + j * strides.in_column, to = i * strides.out_row + j * strides.out_column;
        for (int d = row - 1; d >= 0; d--) {
            const int64_t at = rest % plan->dims[d];
            rest /= plan->dims[d];
            from += at * plan->in_strides[d];
            to += at * plan->out_strides[d];
        }
        const int64_t rows = plan->dims[row] - i < plan->row_block ? plan->dims[row] - i : plan->row_block;
        const int64_t columns = plan->dims[column] - j < plan->column_block ? plan->dims[column] - j : plan->column_block;
        const void *in = plan->in + from * plan->bytes;
        void *out = plan->out + to * plan->bytes;
        if (plan->bytes == 4) copy_plane_32(rows, columns, in, out, &strides);
        else if (plan->bytes == 8) copy_plane_64(rows, columns, in, out, &strides);
        else if (plan->bytes == 2) copy_plane_16(rows, columns, in, out, &strides);
        else copy_plane_8(rows, columns, in, out, &strides);
    }
}

void dk_copy_strided(const void *arguments, void *const *buffers) {
    const dk_copy_arguments *g = arguments;
    copy_plan plan = {
        .in = (const char *)buffers[g->in] + g->in_offset * g->bytes,
        .out = (char *)buffers[g->out] + g->out_offset * g->bytes,
        .rank = g->rank, .bytes = g->bytes,
    };
    int64_t elements = 1;
    for (int i = 0; i < g->rank; i++) {
        plan.dims[i] = g->dims[i];
        plan.in_strides[i] = g->in_strides[i];
        plan.out_strides[i] = g->out_strides[i];
        elements *= g->dims[i];
    }
    if (elements == 0) return;
    simplify(&plan);
    const int64_t rows = plan.dims[plan.rank - 2], columns = plan.dims[plan.rank - 1];
    const int64_t block = DK_TASK_BYTES / plan.bytes;
    // A transpose goes over whole squares; other planes over rows as long as they come.
    const int64_t in_column = plan.in_strides[plan.rank - 1];
    const int transposed = plan.in_strides[plan.rank - 2] == 1 && in_column != 0 && in_column != 1;
    const int64_t widest = transposed ? block / BLOCK : block;
    plan.column_block = columns < widest ? columns : widest;
    plan.row_block = block / plan.column_block;
    if (plan.row_block > BLOCK) plan.row_block -= plan.row_block % BLOCK;
    if (plan.row_block > rows) plan.row_block = rows;
    plan.row_blocks = (rows + plan.row_block - 1) / plan.row_block;
    plan.column_blocks = (columns + plan.column_block - 1) / plan.column_block;
    plan.units = elements / (rows * columns) * plan.row_blocks * plan.column_blocks;
    plan.task_units = dk_task_items(plan.row_block * plan.column_block * plan.bytes);
    dk_move(elements * plan.bytes, (plan.units + plan.task_units - 1) / plan.task_units, copy_task, &plan);
}

// --------------------------------------------------------------------------------------------------------------- fill

typedef struct {
    char *out;
    int64_t bytes, count;
    uint64_t bits;
} fill_plan;

static void fill_task(void *context, int64_t index) {
    const fill_plan *plan = context;
    const int64_t block = DK_TASK_BYTES / plan->bytes, first = index * block;
    const int64_t count = plan->count - first < block ? plan->count - first : block;
    char *out = plan->out + first * plan->bytes;
    if (plan->bits == 0 || plan->bytes == 1) {
        memset(out, (int)(plan->bits & 0xff), (size_t)(count * plan->bytes));
    } else if (plan->bytes == 4) {
        for (int64_t i = 0; i < count; i++) ((uint32_t *)out)[i] = (uint32_t)plan->bits;
    } else if (plan->bytes == 2) {
        for (int64_t i = 0; i < count; i++) ((uint16_t *)out)[i] = (uint16_t)plan->bits;
    } else {
        for (int64_t i = 0; i < count; i++) ((uint64_t *)out)[i] = plan->bits;
    }
}

void dk_fill(const void *arguments, void *const *buffers) {
    const dk_fill_arguments *g = arguments;
    if (g->count <= 0) return;
    fill_plan plan = {(char *)buffers[g->out] + g->offset * g->bytes, g->bytes, g->count, g->bits};
    const int64_t block = DK_TASK_BYTES / plan.bytes;
    dk_move(plan.count * plan.bytes, (plan.count + block - 1) / block, fill_task, &plan);
}

// --------------------------------------------------------------------------------------------------------------- iota

void dk_iota(const void *arguments, void *const *buffers) {
    const dk_iota_arguments *g = arguments;
    void *out = buffers[g->out];
#define RAMP(type) \
    for (int64_t i = 0; i < g->count; i++) ((type *)out)[g->offset + i] = (type)(g->start + (double)i * g->step);
#define INTEGER_RAMP(type) { \
    const int64_t start = (int64_t)g->start, step = (int64_t)g->step; \
    for (int64_t i = 0; i < g->count; i++) \
        ((type *)out)[g->offset + i] = (type)((uint64_t)start + (uint64_t)i * (uint64_t)step); \
    }
    switch (g->dtype) {
    case DK_FLOAT32: RAMP(float) break;
    case DK_FLOAT64: RAMP(double) break;
#define RAMP_OF(number, name, short, type, wrapping, least, most) case number: INTEGER_RAMP(type) break;
    DK_INTEGERS(RAMP_OF)
    default: INTEGER_RAMP(uint8_t)
    }
}
