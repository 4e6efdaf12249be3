// Matrix products: from the call's arguments to matrices in memory, and the choice of the way to multiply them.
#include "Product.h"
#include "Movement.h"

// Up to this many multiply-adds the plain loop is faster than any preparation.
#define TINY 96

// ------------------------------------------------------------------------------------------------------- plain loops

// Integers wrap around: they are multiplied as unsigned numbers.
#define PLAIN(name, type, sum_type) \
    static void plain_##name(const dk_matrices *x) { \
        const type *addend = x->addend; \
        for (int64_t i = 0; i < x->m; i++) \
            for (int64_t j = 0; j < x->n; j++) { \
                const type *a = (const type *)x->a + i * x->a_row, *b = (const type *)x->b + j * x->b_column; \
                sum_type sum = 0; \
                for (int64_t p = 0; p < x->k; p++) sum += (sum_type)a[p * x->a_column] * (sum_type)b[p * x->b_row]; \
                ((type *)x->c)[i * x->c_row + j * x->c_column] = (type)(addend ? sum + (sum_type)addend[i * x->addend_row + j] : sum); \
            } \
    }
PLAIN(float32, float, float)
PLAIN(float64, double, double)
#define PLAIN_INTEGER(number, name, short, type, wrapping, least, most) PLAIN(name, type, wrapping)
DK_INTEGERS(PLAIN_INTEGER)

// "And" for the product, "or" for the sum.
static void plain_bool(const dk_matrices *x) {
    const uint8_t *addend = x->addend;
    for (int64_t i = 0; i < x->m; i++)
        for (int64_t j = 0; j < x->n; j++) {
            const uint8_t *a = (const uint8_t *)x->a + i * x->a_row, *b = (const uint8_t *)x->b + j * x->b_column;
            uint8_t any = addend ? addend[i * x->addend_row + j] : 0;
            for (int64_t p = 0; p < x->k; p++) any |= a[p * x->a_column] & b[p * x->b_row];
            ((uint8_t *)x->c)[i * x->c_row + j * x->c_column] = any;
        }
}

static void (*const plain[DK_DTYPES])(const dk_matrices *) = {
    [DK_FLOAT32] = plain_float32, [DK_FLOAT64] = plain_float64, [DK_BOOL] = plain_bool,
#define PLACE(number, name, short, type, wrapping, least, most) [number] = plain_##name,
    DK_INTEGERS(PLACE)
#undef PLACE
};

// ----------------------------------------------------------------------------------------------- a long sum, in chunks

// A product with few results and a long k, such as a weight's gradient: chunks of k are summed side by side, and their
// results added in order.
#define LONG_SUM 2048
#define FEW_RESULTS 2048
#define MOST_CHUNKS 16

typedef struct {
    const dk_matrices *x;
    dk_matrices_kernel kernel;
    size_t bytes;
    int64_t length;
    char *partial;
} chunked_sum;

static void chunk_task(void *context, int64_t index) {
    const chunked_sum *sum = context;
    dk_matrices part = *sum->x;
    const int64_t first = index * sum->length;
    part.k = dk_smaller(sum->length, part.k - first);
    part.a = (const char *)part.a + first * part.a_column * (int64_t)sum->bytes;
    part.b = (const char *)part.b + first * part.b_row * (int64_t)sum->bytes;
    part.c = sum->partial + (size_t)(index * part.m * part.n) * sum->bytes;
    part.c_row = part.n;
    part.c_column = 1;
    part.addend = NULL;
    part.epilogue = NULL;
    sum->kernel(&part);
}

#define ADD_CHUNKS(type) \
    for (int64_t i = 0; i < x->m; i++) \
        for (int64_t j = 0; j < x->n; j++) { \
            const type *partial = (const type *)sum.partial + i * x->n + j; \
            type total = partial[0]; \
            for (int64_t chunk = 1; chunk < chunks; chunk++) total += partial[chunk * x->m * x->n]; \
            ((type *)x->c)[i * x->c_row + j * x->c_column] = x->addend ? total + ((const type *)x->addend)[i * x->addend_row + j] : total; \
        }

static int multiply(const dk_matrices *x, dk_matrices_kernel kernel, uint8_t dtype) {
    const int64_t results = x->m * x->n, elements = (x->m + x->n) * x->k;
    if (x->k < LONG_SUM || results > FEW_RESULTS || elements < 1 << 16) return kernel(x);
    chunked_sum sum = {.x = x, .kernel = kernel, .bytes = (size_t)dk_element_bytes(dtype)};
    sum.length = dk_larger(512, dk_divided_up(dk_divided_up(x->k, MOST_CHUNKS), 64) * 64);
    const int64_t chunks = dk_divided_up(x->k, sum.length);
    // Slot 0 is free here, on the caller as on the workers: no group runs inside of a product's sums.
    sum.partial = dk_scratch(0, (size_t)(chunks * results) * sum.bytes);
    dk_share(results * x->k >= DK_PARALLEL_WORK || elements * DK_STREAMED >= DK_PARALLEL_WORK, chunks, chunk_task, &sum);
    if (dtype == DK_FLOAT32) { ADD_CHUNKS(float) } else { ADD_CHUNKS(double) }
    return 0;
}

// ------------------------------------------------------------------------------------------------------ the epilogue

typedef struct {
    const dk_group *group;
    void *const *buffers;
    int64_t first, count, block;
} epilogue_rows;

static void epilogue_task(void *context, int64_t index) {
    const epilogue_rows *rows = context;
    const int64_t first = index * rows->block;
    dk_run_group_rows(rows->group, rows->buffers, rows->first + first, dk_smaller(rows->block, rows->count - first));
}

void dk_run_epilogue(const dk_group *group, void *const *buffers, int64_t first, int64_t count) {
    epilogue_rows rows = {.group = group, .buffers = buffers, .first = first, .count = count};
    const int64_t elements = count * group->columns;
    rows.block = dk_larger(1, 8192 / dk_larger(1, group->columns));
    // The cost of an element is in nanoseconds times 1024.
    dk_share(elements * group->cost >= 10000LL * 1024, dk_divided_up(count, rows.block), epilogue_task, &rows);
}

// ------------------------------------------------------------------------------------------------------------ the call

typedef struct {
    const dk_product_arguments *arguments;
    dk_matrices first;             // of the item 0
    dk_matrices_kernel kernel;     // or NULL: the plain loop
    int64_t batch, task_items;
    int64_t a_batch, b_batch;
    int split;                     // an item may use the threads
    int small;                     // items are multiplied by dk_small_products_run
} product_call;

static void item(const product_call *call, int64_t z) {
    const uint8_t dtype = call->arguments->dtype;
    const int64_t bytes = dk_element_bytes(dtype);
    dk_matrices x = call->first;
    x.a = (const char *)x.a + z * call->a_batch * bytes;
    x.b = (const char *)x.b + z * call->b_batch * bytes;
    x.c = (char *)x.c + z * x.m * x.n * bytes;
    if (x.addend) x.addend = (const char *)x.addend + z * x.m * x.addend_row * bytes;
    x.epilogue_row = z * x.m;
    if (!call->kernel) plain[dtype](&x);
    else if (multiply(&x, call->kernel, dtype)) return;
    if (x.epilogue && call->split) dk_run_epilogue(x.epilogue, x.buffers, x.epilogue_row, x.m);
    else if (x.epilogue) dk_run_group_rows(x.epilogue, x.buffers, x.epilogue_row, x.m);
}

static void items_task(void *context, int64_t index) {
    const product_call *call = context;
    const int64_t last = dk_smaller((index + 1) * call->task_items, call->batch);
    const int64_t first = index * call->task_items;
    if (!call->small) {
        for (int64_t z = first; z < last; z++) item(call, z);
        return;
    }
    const dk_small_products products = {.first = call->first, .a_batch = call->a_batch, .b_batch = call->b_batch};
    dk_small_products_run(&products, call->arguments->dtype, first, last);
    const dk_matrices *x = &call->first;
    if (x->epilogue) dk_run_group_rows(x->epilogue, x->buffers, first * x->m, (last - first) * x->m);
}

void dk_product(const void *arguments, void *const *buffers) {
    const dk_product_arguments *g = arguments;
    const size_t bytes = (size_t)dk_element_bytes(g->dtype);
    if (g->batch <= 0 || g->m <= 0 || g->n <= 0) return;
    product_call call = {
        .arguments = g, .batch = g->batch, .a_batch = g->a_batch, .b_batch = g->b_batch,
        .first = {
            .a = (const char *)buffers[g->a] + g->a_offset * (int64_t)bytes,
            .b = (const char *)buffers[g->b] + g->b_offset * (int64_t)bytes,
            .c = (char *)buffers[g->c] + g->c_offset * (int64_t)bytes,
            .addend = g->addend < 0 ? NULL : (const char *)buffers[g->addend] + g->addend_offset * (int64_t)bytes,
            .m = g->m, .n = g->n, .k = g->k,
            .a_row = g->a_row, .a_column = g->a_column, .b_row = g->b_row, .b_column = g->b_column,
            .c_row = g->n, .c_column = 1, .addend_row = g->addend_row, .packed_b = g->packed < 0 ? NULL : buffers[g->packed],
            .epilogue = g->epilogue, .epilogue_row = 0, .buffers = buffers,
        },
    };
    dk_matrices *x = &call.first;
    // The same b for the whole batch, and the rows of a follow one another: one product with more rows.
    if (call.batch > 1 && call.b_batch == 0 && (call.a_batch == x->m * x->a_row || x->m == 1)) {
        if (x->m == 1) x->a_row = call.a_batch;
        x->m *= call.batch;
        call.batch = 1;
    }
    const int64_t work = x->m * x->n * x->k;
    if (g->dtype == DK_FLOAT32 && work > TINY) call.kernel = dk_product_float32();
    if (g->dtype == DK_FLOAT64 && work > TINY) call.kernel = dk_product_float64();
    // Items that are large, or too few for a fair share, are cut themselves; others are dealt out whole.
    call.split = call.batch < 4 || work >= 8 * DK_PARALLEL_WORK;
    if (call.split) {
        for (int64_t z = 0; z < call.batch; z++) item(&call, z);
        return;
    }
    call.small = dk_suits_small_products(x, g->dtype);
    call.task_items = dk_larger(1, (1 << 16) / dk_larger(work, 1));
    dk_share(call.batch * work >= DK_PARALLEL_WORK, dk_divided_up(call.batch, call.task_items), items_task, &call);
}

// ------------------------------------------------------------------------------------------------------- packed ahead

static dk_packer packer(uint8_t dtype) { return dtype == DK_FLOAT32 ? dk_packer_float32() : dk_packer_float64(); }

int64_t dk_packed_bytes(int64_t k, int64_t n, dk_dtype dtype) {
    if (dtype != DK_FLOAT32 && dtype != DK_FLOAT64) return 0;
    return packer(dtype).elements(k, n) * dk_element_bytes(dtype);
}

void dk_pack(const void *arguments, void *const *buffers) {
    const dk_product_arguments *g = arguments;
    const dk_matrices x = {
        .b = (const char *)buffers[g->b] + g->b_offset * dk_element_bytes(g->dtype),
        .m = 1, .n = g->n, .k = g->k, .b_row = g->b_row, .b_column = g->b_column,
    };
    packer(g->dtype).pack(&x, buffers[g->packed]);
}
