// The register tile: up to TILE_ROWS x (some vectors) of c, held in registers over a run of k.
//
// A template: included with ELEMENT, LANES, TILE_ROWS and NAME(x) defined (see ProductFloat32.c).

typedef ELEMENT NAME(vector) __attribute__((vector_size(LANES * sizeof(ELEMENT))));
// The same, at any address.
typedef ELEMENT NAME(loose) __attribute__((vector_size(LANES * sizeof(ELEMENT)), aligned(sizeof(ELEMENT)), may_alias));

static inline __attribute__((always_inline)) NAME(vector) NAME(load)(const ELEMENT *from) {
    return *(const NAME(loose) *)from;
}
static inline __attribute__((always_inline)) void NAME(store)(ELEMENT *to, NAME(vector) value) {
    *(NAME(loose) *)to = value;
}

#define MOST_PHASES 4
#define MOST_VECTORS 8

// c[0..<rows, 0..<columns] gets the product of `rows` rows of a and `vectors` vectors of columns of b; columns is at
// most vectors * LANES, and b can be read over the full width. `rows` and `vectors` are constants after inlining.
static inline __attribute__((always_inline)) void NAME(tile)(
    const int rows, const int vectors, const dk_tile_shape *shape, const ELEMENT *a, const ELEMENT *b, ELEMENT *c,
    const ELEMENT *addend, int64_t columns
) {
    // A small tile has too few sums to keep the multipliers busy: then several steps of k go on side by side.
    const int phases = rows * vectors <= 2 ? 4 : rows * vectors <= 6 ? 2 : 1;
    NAME(vector) sums[MOST_PHASES][TILE_ROWS][MOST_VECTORS];
    #pragma clang loop unroll(full)
    for (int phase = 0; phase < phases; phase++)
        #pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++)
            #pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) sums[phase][i][v] = (NAME(vector)){0};

    const int64_t a_row = shape->a_row, a_column = shape->a_column, b_row = shape->b_row, k = shape->k;
    // The rows of a in threes, each with its pointer: left alone, the compiler finds each row's address by adding to
    // the last one's, and that chain is as long as the multiplications take.
    const ELEMENT *rows_of_a[TILE_ROWS];
    #pragma clang loop unroll(full)
    for (int i = 0; i < rows; i += 3) {
        rows_of_a[i / 3] = a + i * a_row;
        __asm__("" : "+r"(rows_of_a[i / 3]));
    }
    int64_t a_row_twice = 2 * a_row;
    __asm__("" : "+r"(a_row_twice));
    // What is added at the end comes from farther away than a or b: it is fetched while the sums are made.
    const int finish = shape->finish;
    const int64_t addend_row = shape->addend_row;
    if ((finish & DK_TILE_ADD_ADDEND) && addend_row)
        #pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++)
            #pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) __builtin_prefetch(addend + i * addend_row + v * LANES);
    int64_t p = 0;
    for (; p <= k - phases; p += phases) {
        #pragma clang loop unroll(full)
        for (int phase = 0; phase < phases; phase++) {
            NAME(vector) right[MOST_VECTORS];
            #pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) right[v] = NAME(load)(b + v * LANES);
            #pragma clang loop unroll(full)
            for (int i = 0; i < rows; i++) {
                const ELEMENT left = rows_of_a[i / 3][i % 3 == 0 ? 0 : i % 3 == 1 ? a_row : a_row_twice];
                #pragma clang loop unroll(full)
                for (int v = 0; v < vectors; v++) sums[phase][i][v] += left * right[v];
            }
            #pragma clang loop unroll(full)
            for (int i = 0; i < rows; i += 3) rows_of_a[i / 3] += a_column;
            b += b_row;
        }
    }
    for (a += p * a_column; p < k; p++, a += a_column, b += b_row)
        #pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++)
            #pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) sums[0][i][v] += a[i * a_row] * NAME(load)(b + v * LANES);
    #pragma clang loop unroll(full)
    for (int phase = 1; phase < phases; phase++)
        #pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++)
            #pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) sums[0][i][v] += sums[phase][i][v];

    const int64_t c_row = shape->c_row;
    if (columns == vectors * LANES && shape->c_column == 1) {
        #pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++)
            #pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) {
                ELEMENT *place = c + i * c_row + v * LANES;
                NAME(vector) sum = sums[0][i][v];
                if (finish & DK_TILE_ADD_C) sum += NAME(load)(place);
                if (finish & DK_TILE_ADD_ADDEND) sum += NAME(load)(addend + i * addend_row + v * LANES);
                NAME(store)(place, sum);
            }
        return;
    }
    const int64_t c_column = shape->c_column;
    #pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
        ELEMENT line[MOST_VECTORS * LANES];
        #pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) NAME(store)(line + v * LANES, sums[0][i][v]);
        for (int64_t j = 0; j < columns; j++) {
            ELEMENT *place = c + i * c_row + j * c_column;
            ELEMENT sum = finish & DK_TILE_ADD_C ? *place + line[j] : line[j];
            if (finish & DK_TILE_ADD_ADDEND) sum += addend[i * addend_row + j];
            *place = sum;
        }
    }
}

typedef void (*NAME(tile_function))(const dk_tile_shape *, const ELEMENT *a, const ELEMENT *b, ELEMENT *c,
                                    const ELEMENT *addend, int64_t columns);

#define TILE(rows, vectors) \
    static void NAME(tile_##rows##_##vectors)(const dk_tile_shape *shape, const ELEMENT *a, const ELEMENT *b, ELEMENT *c, \
                                              const ELEMENT *addend, int64_t columns) { \
        NAME(tile)(rows, vectors, shape, a, b, c, addend, columns); \
    }
TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(1, 4) TILE(2, 4) TILE(1, 8)
#if TILE_ROWS >= 6
TILE(5, 1) TILE(6, 1) TILE(5, 2) TILE(6, 2)
#endif
#if TILE_ROWS >= 12
TILE(7, 1) TILE(8, 1) TILE(9, 1) TILE(10, 1) TILE(11, 1) TILE(12, 1)
TILE(7, 2) TILE(8, 2) TILE(9, 2) TILE(10, 2) TILE(11, 2) TILE(12, 2)
#endif
#undef TILE

// One or two vectors wide, by the number of vectors and the number of rows, both less one.
static const NAME(tile_function) NAME(tiles)[2][TILE_ROWS] = {
#define T(vectors, rows) NAME(tile_##rows##_##vectors)
#if TILE_ROWS == 12
#define ROW(v) {T(v, 1), T(v, 2), T(v, 3), T(v, 4), T(v, 5), T(v, 6), T(v, 7), T(v, 8), T(v, 9), T(v, 10), T(v, 11), T(v, 12)}
#elif TILE_ROWS == 6
#define ROW(v) {T(v, 1), T(v, 2), T(v, 3), T(v, 4), T(v, 5), T(v, 6)}
#else
#define ROW(v) {T(v, 1), T(v, 2), T(v, 3), T(v, 4)}
#endif
    ROW(1), ROW(2)
#undef ROW
#undef T
};
