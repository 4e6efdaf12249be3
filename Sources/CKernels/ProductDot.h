// Products with few rows, both sides contiguous along k: dot products, several at once, nothing copied.
//
// A template: included with ELEMENT, LANES, MASK and NAME(x) defined (see ProductFloat32.c).

typedef MASK NAME(mask) __attribute__((vector_size(LANES * sizeof(MASK))));

// `count` elements from `from`, then zeros. Reads a whole vector if that stays within the matrix.
static inline __attribute__((always_inline)) NAME(vector) NAME(load_part)(
    const ELEMENT *from, int64_t count, NAME(mask) keep, int within
) {
    if (within) return (NAME(vector))((NAME(mask))NAME(load)(from) & keep);
    ELEMENT part[LANES] = {0};
    for (int64_t i = 0; i < count; i++) part[i] = from[i];
    return NAME(load)(part);
}

// Ones, then zeros: a mask of any number of lanes starts somewhere here.
static const MASK NAME(masks)[2 * LANES] = {
#if LANES == 16
    -1, -1, -1, -1, -1, -1, -1, -1,
#endif
#if LANES >= 8
    -1, -1, -1, -1,
#endif
    -1, -1, -1, -1,
};

// The four sums over the lanes of four vectors, always in the same order.
static inline __attribute__((always_inline)) NAME(quad) NAME(sum_lanes)(const NAME(vector) *x) {
    NAME(quad) q[4];
    #pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
#if LANES == 16
        const NAME(octet) half = __builtin_shufflevector(x[i], x[i], 0, 1, 2, 3, 4, 5, 6, 7)
            + __builtin_shufflevector(x[i], x[i], 8, 9, 10, 11, 12, 13, 14, 15);
        q[i] = __builtin_shufflevector(half, half, 0, 1, 2, 3) + __builtin_shufflevector(half, half, 4, 5, 6, 7);
#elif LANES == 8
        q[i] = __builtin_shufflevector(x[i], x[i], 0, 1, 2, 3) + __builtin_shufflevector(x[i], x[i], 4, 5, 6, 7);
#else
        q[i] = x[i];
#endif
    }
    const NAME(quad) first = __builtin_shufflevector(q[0], q[1], 0, 2, 4, 6) + __builtin_shufflevector(q[0], q[1], 1, 3, 5, 7);
    const NAME(quad) second = __builtin_shufflevector(q[2], q[3], 0, 2, 4, 6) + __builtin_shufflevector(q[2], q[3], 1, 3, 5, 7);
    return __builtin_shufflevector(first, second, 0, 2, 4, 6) + __builtin_shufflevector(first, second, 1, 3, 5, 7);
}

#define MOST_DOT_COLUMNS 8

// to[i * columns + j] = the dot product of row i of a (a_row apart) and right[j], both over k elements.
static inline __attribute__((always_inline)) void NAME(dots)(
    const int rows, const int columns, int64_t k, const ELEMENT *a, int64_t a_row, const ELEMENT *a_end,
    const ELEMENT *const *right, const ELEMENT *b_end, ELEMENT *to
) {
    NAME(vector) sums[3][MOST_DOT_COLUMNS];
    #pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
        #pragma clang loop unroll(full)
        for (int j = 0; j < columns; j++) sums[i][j] = (NAME(vector)){0};
    int64_t p = 0;
    for (; p + LANES <= k; p += LANES) {
        NAME(vector) left[3];
        #pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) left[i] = NAME(load)(a + i * a_row + p);
        #pragma clang loop unroll(full)
        for (int j = 0; j < columns; j++) {
            const NAME(vector) x = NAME(load)(right[j] + p);
            #pragma clang loop unroll(full)
            for (int i = 0; i < rows; i++) sums[i][j] += left[i] * x;
        }
    }
    if (p < k) {
        NAME(mask) keep;
        memcpy(&keep, NAME(masks) + LANES - (k - p), sizeof keep);
        // Whole vectors can be read of all rows, when they can of the last one.
        const int a_within = a_end - (a + (rows - 1) * a_row + p) >= LANES;
        const int b_within = b_end - (right[columns - 1] + p) >= LANES;
        NAME(vector) left[3];
        #pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) left[i] = NAME(load_part)(a + i * a_row + p, k - p, keep, a_within);
        #pragma clang loop unroll(full)
        for (int j = 0; j < columns; j++) {
            const NAME(vector) x = NAME(load_part)(right[j] + p, k - p, keep, b_within);
            #pragma clang loop unroll(full)
            for (int i = 0; i < rows; i++) sums[i][j] += left[i] * x;
        }
    }
    #pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
        #pragma clang loop unroll(full)
        for (int j = 0; j < columns; j += 4) *(NAME(loose_quad) *)(to + i * columns + j) = NAME(sum_lanes)(&sums[i][j]);
}

static void NAME(dots_1)(int64_t k, const ELEMENT *a, int64_t a_row, const ELEMENT *a_end, const ELEMENT *const *right,
                         const ELEMENT *b_end, ELEMENT *to) { NAME(dots)(1, 8, k, a, a_row, a_end, right, b_end, to); }
static void NAME(dots_2)(int64_t k, const ELEMENT *a, int64_t a_row, const ELEMENT *a_end, const ELEMENT *const *right,
                         const ELEMENT *b_end, ELEMENT *to) { NAME(dots)(2, 4, k, a, a_row, a_end, right, b_end, to); }
static void NAME(dots_3)(int64_t k, const ELEMENT *a, int64_t a_row, const ELEMENT *a_end, const ELEMENT *const *right,
                         const ELEMENT *b_end, ELEMENT *to) { NAME(dots)(3, 4, k, a, a_row, a_end, right, b_end, to); }

// One row of a: columns from j on, eight at a time, as long as eight are left and whole vectors of them can be read.
// Returns the first column that is left.
static int64_t NAME(dots_of_one_row)(const dk_matrices *x, const ELEMENT *a, const ELEMENT *b_end, int64_t j, int64_t last) {
    const int64_t k = x->k, whole = k / LANES * LANES, b_column = x->b_column, c_column = x->c_column;
    NAME(mask) keep = {0};
    NAME(vector) left_rest = {0};
    if (whole < k) {
        memcpy(&keep, NAME(masks) + LANES - (k - whole), sizeof keep);
        left_rest = NAME(load_part)(a + whole, k - whole, keep, 0);
    }
    for (; j + 8 <= last; j += 8) {
        const ELEMENT *right = (const ELEMENT *)x->b + j * b_column;
        if (whole < k && b_end - (right + 7 * b_column + whole) < LANES) break;
        NAME(vector) sums[8];
        #pragma clang loop unroll(full)
        for (int q = 0; q < 8; q++) sums[q] = (NAME(vector)){0};
        for (int64_t p = 0; p < whole; p += LANES) {
            const NAME(vector) left = NAME(load)(a + p);
            #pragma clang loop unroll(full)
            for (int q = 0; q < 8; q++) sums[q] += left * NAME(load)(right + q * b_column + p);
        }
        if (whole < k) {
            #pragma clang loop unroll(full)
            for (int q = 0; q < 8; q++)
                sums[q] += left_rest * NAME(load_part)(right + q * b_column + whole, k - whole, keep, 1);
        }
        ELEMENT line[8];
        #pragma clang loop unroll(full)
        for (int q = 0; q < 8; q += 4) *(NAME(loose_quad) *)(line + q) = NAME(sum_lanes)(sums + q);
        ELEMENT *c = (ELEMENT *)x->c + j * c_column;
        if (x->addend)
            for (int q = 0; q < 8; q++) line[q] += ((const ELEMENT *)x->addend)[j + q];
        if (c_column == 1) memcpy(c, line, sizeof line);
        else for (int q = 0; q < 8; q++) c[q * c_column] = line[q];
    }
    return j;
}

typedef struct {
    const dk_matrices *x;
    const ELEMENT *a;        // contiguous along k
    int64_t a_row;
    int64_t task_columns;
} NAME(dot_plan);

// Columns index * task_columns and following.
static void NAME(dot_task)(void *context, int64_t index) {
    const NAME(dot_plan) *plan = context;
    const dk_matrices *x = plan->x;
    const ELEMENT *b = x->b;
    const ELEMENT *a_end = plan->a + (x->m - 1) * plan->a_row + x->k;
    const ELEMENT *b_end = b + (x->n - 1) * x->b_column + x->k;
    const int64_t last = dk_smaller((index + 1) * plan->task_columns, x->n);
    const int width = x->m == 1 ? 8 : 4;
    int64_t start = index * plan->task_columns;
    if (x->m == 1) start = NAME(dots_of_one_row)(x, plan->a, b_end, start, last);
    for (int64_t j = start; j < last; j += width) {
        const ELEMENT *right[MOST_DOT_COLUMNS];
        // Past the last column: that column again, not written.
        for (int q = 0; q < width; q++) right[q] = b + dk_smaller(j + q, last - 1) * x->b_column;
        const int64_t columns = dk_smaller(width, last - j);
        for (int64_t i = 0; i < x->m; ) {
            const int64_t left = x->m - i;
            // Never a single row behind a pair of three: 4 = 2 + 2.
            const int rows = left == 4 ? 2 : (int)dk_smaller(left, 3);
            ELEMENT sums[3 * MOST_DOT_COLUMNS];
            const ELEMENT *a = plan->a + i * plan->a_row;
            if (x->m == 1) NAME(dots_1)(x->k, a, plan->a_row, a_end, right, b_end, sums);
            else if (rows == 2) NAME(dots_2)(x->k, a, plan->a_row, a_end, right, b_end, sums);
            else NAME(dots_3)(x->k, a, plan->a_row, a_end, right, b_end, sums);
            for (int r = 0; r < rows; r++) {
                ELEMENT *c = (ELEMENT *)x->c + (i + r) * x->c_row + j * x->c_column;
                const ELEMENT *sum = sums + r * width;
                if (x->addend)
                    for (int64_t q = 0; q < columns; q++) c[q * x->c_column] = sum[q] + ((const ELEMENT *)x->addend)[(i + r) * x->addend_row + j + q];
                else
                    for (int64_t q = 0; q < columns; q++) c[q * x->c_column] = sum[q];
            }
            i += rows;
        }
    }
}

// Needs b_row == 1 and b_column >= 0, and suits small m.
static void NAME(dot_product)(const dk_matrices *x) {
    NAME(dot_plan) plan = {.x = x, .a = x->a, .a_row = x->a_row};
    if (x->a_column != 1 || x->a_row < 0) {
        ELEMENT *copy = dk_scratch(3, (size_t)(x->m * x->k) * sizeof(ELEMENT));
        for (int64_t i = 0; i < x->m; i++)
            for (int64_t p = 0; p < x->k; p++) copy[i * x->k + p] = plan.a[i * x->a_row + p * x->a_column];
        plan.a = copy;
        plan.a_row = x->k;
    }
    const int64_t task_elements = 1 << 16;
    plan.task_columns = dk_divided_up(dk_divided_up(task_elements, x->k * x->m), 8) * 8;
    const int64_t tasks = dk_divided_up(x->n, plan.task_columns);
    dk_share(x->n * x->k * dk_larger(x->m, DK_STREAMED) >= DK_PARALLEL_WORK, tasks, NAME(dot_task), &plan);
}
