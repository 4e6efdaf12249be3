// Windows of 2 x 2 that lie side by side, the usual ones: whole vectors of results at a time, from two rows of the image.
//
// A template: included by PoolingTemplate.h for a number of LANES. Rows whose width no vector divides end with one that overlaps the one before.

typedef ELEMENT NAME(vector) __attribute__((vector_size(LANES * sizeof(ELEMENT))));
typedef ELEMENT NAME(loose) __attribute__((vector_size(LANES * sizeof(ELEMENT)), aligned(sizeof(ELEMENT)), may_alias));
typedef MASK NAME(mask) __attribute__((vector_size(LANES * sizeof(ELEMENT))));

#define LOAD(from) ((NAME(vector))*(const NAME(loose) *)(from))
#define STORE(to, value) (*(NAME(loose) *)(to) = (value))
#define CHOSEN(where, a, b) ((NAME(vector))(((NAME(mask))(a) & (where)) | ((NAME(mask))(b) & ~(where))))
#if LANES == 8
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define FRONT(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define BACK(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#else
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define FRONT(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define BACK(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#endif

// NaN wins.
static inline __attribute__((always_inline)) NAME(vector) NAME(larger)(NAME(vector) a, NAME(vector) b) {
    const NAME(mask) takes = (NAME(mask))(b > a) | (NAME(mask))(b != b);
    return CHOSEN(takes, b, a);
}

static inline __attribute__((always_inline)) void NAME(max_at)(const ELEMENT *upper, const ELEMENT *lower, ELEMENT *y, int64_t j) {
    const NAME(vector) first = NAME(larger)(LOAD(upper + 2 * j), LOAD(lower + 2 * j));
    const NAME(vector) second = NAME(larger)(LOAD(upper + 2 * j + LANES), LOAD(lower + 2 * j + LANES));
    STORE(y + j, NAME(larger)(EVEN(first, second), ODD(first, second)));
}

static inline __attribute__((always_inline)) void NAME(share_at)(const ELEMENT *upper, const ELEMENT *lower, const ELEMENT *y, const ELEMENT *cotangent,
                                                                 ELEMENT *to_upper, ELEMENT *to_lower, int64_t j) {
    const NAME(vector) u0 = LOAD(upper + 2 * j), u1 = LOAD(upper + 2 * j + LANES), l0 = LOAD(lower + 2 * j), l1 = LOAD(lower + 2 * j + LANES);
    const NAME(vector) largest = LOAD(y + j);
    const NAME(mask) a = (NAME(mask))(EVEN(u0, u1) == largest), b = (NAME(mask))(ODD(u0, u1) == largest);
    const NAME(mask) c = (NAME(mask))(EVEN(l0, l1) == largest), d = (NAME(mask))(ODD(l0, l1) == largest);
    // Each mask is -1 where it holds.
    const NAME(vector) share = LOAD(cotangent + j) / __builtin_convertvector(-(a + b + c + d), NAME(vector)), none = {0};
    const NAME(vector) ua = CHOSEN(a, share, none), ub = CHOSEN(b, share, none), lc = CHOSEN(c, share, none), ld = CHOSEN(d, share, none);
    STORE(to_upper + 2 * j, FRONT(ua, ub));
    STORE(to_upper + 2 * j + LANES, BACK(ua, ub));
    STORE(to_lower + 2 * j, FRONT(lc, ld));
    STORE(to_lower + 2 * j + LANES, BACK(lc, ld));
}

static void NAME(max_row)(const ELEMENT *upper, const ELEMENT *lower, ELEMENT *y, int64_t width) {
    for (int64_t j = 0; j + LANES <= width; j += LANES) NAME(max_at)(upper, lower, y, j);
    if (width % LANES) NAME(max_at)(upper, lower, y, width - LANES);
}

static void NAME(share_row)(const ELEMENT *upper, const ELEMENT *lower, const ELEMENT *y, const ELEMENT *cotangent, ELEMENT *to_upper, ELEMENT *to_lower,
                            int64_t width) {
    for (int64_t j = 0; j + LANES <= width; j += LANES) NAME(share_at)(upper, lower, y, cotangent, to_upper, to_lower, j);
    if (width % LANES) NAME(share_at)(upper, lower, y, cotangent, to_upper, to_lower, width - LANES);
}

#undef LOAD
#undef STORE
#undef CHOSEN
#undef EVEN
#undef ODD
#undef FRONT
#undef BACK
