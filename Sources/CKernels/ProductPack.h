// Packing: a panel of a matrix is copied so that a register tile reads it front to back.
//
// A template: included with ELEMENT, LANES and NAME(x) defined (see ProductFloat32.c).

typedef ELEMENT NAME(quad) __attribute__((vector_size(4 * sizeof(ELEMENT))));
typedef ELEMENT NAME(loose_quad) __attribute__((vector_size(4 * sizeof(ELEMENT)), aligned(sizeof(ELEMENT)), may_alias));
#define QUAD(from) ((NAME(quad))*(const NAME(loose_quad) *)(from))

// to[q * full + j] = from[j * across + q] for j, q in 0..<4.
static inline __attribute__((always_inline)) void NAME(transpose_four)(
    const ELEMENT *from, int64_t across, ELEMENT *to, int64_t full
) {
    const NAME(quad) x0 = QUAD(from), x1 = QUAD(from + across), x2 = QUAD(from + 2 * across), x3 = QUAD(from + 3 * across);
    const NAME(quad) t0 = __builtin_shufflevector(x0, x1, 0, 4, 1, 5), t1 = __builtin_shufflevector(x0, x1, 2, 6, 3, 7);
    const NAME(quad) t2 = __builtin_shufflevector(x2, x3, 0, 4, 1, 5), t3 = __builtin_shufflevector(x2, x3, 2, 6, 3, 7);
    *(NAME(loose_quad) *)to = __builtin_shufflevector(t0, t2, 0, 1, 4, 5);
    *(NAME(loose_quad) *)(to + full) = __builtin_shufflevector(t0, t2, 2, 3, 6, 7);
    *(NAME(loose_quad) *)(to + 2 * full) = __builtin_shufflevector(t1, t3, 0, 1, 4, 5);
    *(NAME(loose_quad) *)(to + 3 * full) = __builtin_shufflevector(t1, t3, 2, 3, 6, 7);
}

typedef ELEMENT NAME(octet) __attribute__((vector_size(8 * sizeof(ELEMENT))));
typedef ELEMENT NAME(loose_octet) __attribute__((vector_size(8 * sizeof(ELEMENT)), aligned(sizeof(ELEMENT)), may_alias));

// to[q * full + j] = from[rows[j] + q] for j in 0..<8, q in 0..<4. Rows j and j + 4 lie in the halves of one vector,
// so all the shuffles stay within halves, where they are cheap.
static inline __attribute__((always_inline)) void NAME(transpose_eight)(
    const ELEMENT *from, const int64_t rows[8], ELEMENT *to, int64_t full
) {
#define ROWS(j) __builtin_shufflevector(QUAD(from + rows[j]), QUAD(from + rows[(j) + 4]), 0, 1, 2, 3, 4, 5, 6, 7)
    const NAME(octet) x0 = ROWS(0), x1 = ROWS(1), x2 = ROWS(2), x3 = ROWS(3);
#undef ROWS
#define LOW(x, y) __builtin_shufflevector(x, y, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH(x, y) __builtin_shufflevector(x, y, 2, 10, 3, 11, 6, 14, 7, 15)
    const NAME(octet) t0 = LOW(x0, x1), t1 = HIGH(x0, x1), t2 = LOW(x2, x3), t3 = HIGH(x2, x3);
#undef LOW
#undef HIGH
#define FIRST(x, y) __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13)
#define SECOND(x, y) __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15)
    *(NAME(loose_octet) *)to = FIRST(t0, t2);
    *(NAME(loose_octet) *)(to + full) = SECOND(t0, t2);
    *(NAME(loose_octet) *)(to + 2 * full) = FIRST(t1, t3);
    *(NAME(loose_octet) *)(to + 3 * full) = SECOND(t1, t3);
#undef FIRST
#undef SECOND
}

// to[p * full + j] = from[p * along + j * across] for p in 0..<k, j in 0..<width; zero for j in width..<full.
// `full` is constant after inlining.
static inline __attribute__((always_inline)) void NAME(pack)(
    const int full, int64_t width, int64_t k, const ELEMENT *from, int64_t along, int64_t across, ELEMENT *to
) {
    int64_t p = 0;
    if (along == 1 && width >= 4) {
        for (; p + 4 <= k; p += 4) {
            ELEMENT *line = to + p * full;
            if (full % 8 == 0 && width == full) {
                const int64_t rows[8] = {0, across, 2 * across, 3 * across, 4 * across, 5 * across, 6 * across, 7 * across};
                for (int j = 0; j < full; j += 8) NAME(transpose_eight)(from + j * across + p, rows, line + j, full);
                continue;
            }
            int64_t j = 0;
            for (; j + 4 <= width; j += 4) NAME(transpose_four)(from + j * across + p, across, line + j, full);
            // When four does not divide the width the last two blocks overlap.
            if (j < width) NAME(transpose_four)(from + (width - 4) * across + p, across, line + width - 4, full);
            for (int64_t q = 0; q < 4; q++)
                for (j = width; j < full; j++) line[q * full + j] = 0;
        }
    } else if (across == 1 && width == full) {
        for (; p < k; p++) memcpy(to + p * full, from + p * along, full * sizeof(ELEMENT));
    }
    for (; p < k; p++) {
        for (int64_t j = 0; j < width; j++) to[p * full + j] = from[p * along + j * across];
        for (int64_t j = width; j < full; j++) to[p * full + j] = 0;
    }
}

#if LANES == 16 && TILE_ROWS == 12
// to[q * 12 + j] = from[j * across + q] for j in 0..<rows, q in 0..<16. A row's sixteen elements are read at once: rows that lie a large power
// of two apart meet in one place of the first-level cache, and would be fetched again for each quad.
static inline void NAME(transpose_sixteen)(int64_t rows, const ELEMENT *from, int64_t across, ELEMENT *to) {
#define ROW(j) NAME(load)(from + dk_smaller(first + (j), rows - 1) * across)
#define PAIRS(x, y, a, b) __builtin_shufflevector(x, y, a, 16 + a, b, 16 + b, 4 + a, 20 + a, 4 + b, 20 + b, \
                                                  8 + a, 24 + a, 8 + b, 24 + b, 12 + a, 28 + a, 12 + b, 28 + b)
#define HALVES(x, y, a) __builtin_shufflevector(x, y, a, a + 1, 16 + a, 17 + a, 4 + a, 5 + a, 20 + a, 21 + a, \
                                                8 + a, 9 + a, 24 + a, 25 + a, 12 + a, 13 + a, 28 + a, 29 + a)
    for (int64_t first = 0; first < rows; first += 4) {
        const NAME(vector) x0 = ROW(0), x1 = ROW(1), x2 = ROW(2), x3 = ROW(3);
        const NAME(vector) t0 = PAIRS(x0, x1, 0, 1), t1 = PAIRS(x0, x1, 2, 3), t2 = PAIRS(x2, x3, 0, 1), t3 = PAIRS(x2, x3, 2, 3);
        const NAME(vector) columns[4] = {HALVES(t0, t2, 0), HALVES(t0, t2, 2), HALVES(t1, t3, 0), HALVES(t1, t3, 2)};
        ELEMENT *place = to + first;
        #pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) {
            *(NAME(loose_quad) *)(place + i * 12) = __builtin_shufflevector(columns[i], columns[i], 0, 1, 2, 3);
            *(NAME(loose_quad) *)(place + (4 + i) * 12) = __builtin_shufflevector(columns[i], columns[i], 4, 5, 6, 7);
            *(NAME(loose_quad) *)(place + (8 + i) * 12) = __builtin_shufflevector(columns[i], columns[i], 8, 9, 10, 11);
            *(NAME(loose_quad) *)(place + (12 + i) * 12) = __builtin_shufflevector(columns[i], columns[i], 12, 13, 14, 15);
        }
    }
#undef ROW
#undef PAIRS
#undef HALVES
}
#endif

static void NAME(pack_rows)(int64_t rows, int64_t k, const ELEMENT *a, int64_t a_row, int64_t a_column, ELEMENT *to) {
    int64_t p = 0;
#if LANES == 16 && TILE_ROWS == 12
    if (a_column == 1)
        for (; p + 16 <= k; p += 16) NAME(transpose_sixteen)(rows, a + p, a_row, to + p * TILE_ROWS);
#endif
    NAME(pack)(TILE_ROWS, rows, k - p, a + p * a_column, a_column, a_row, to + p * TILE_ROWS);
}

static void NAME(pack_columns)(int64_t columns, int64_t k, const ELEMENT *b, int64_t b_row, int64_t b_column, ELEMENT *to) {
    NAME(pack)(2 * LANES, columns, k, b, b_row, b_column, to);
}
