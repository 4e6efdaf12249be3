// Matrix products, inside: what the pieces of Product*.c hand to one another.
//
// dk_product (Product.c) turns the call into matrices in memory and chooses between the plain loop for tiny products,
// the plain loop for integers, cutting a long sum into chunks, and the floating-point kernels. Those are written once
// for any element type and vector width (ProductTile.h, ProductPack.h, ProductDot.h, ProductSweep.h) and compiled for
// each instruction set by ProductFloat32.c and ProductFloat64.c.
#ifndef DESCENT_PRODUCT_H
#define DESCENT_PRODUCT_H

#include "CKernels.h"

// c[i, j] = sum over p of a[i, p] * b[p, j] + addend[i, j]. Strides in elements, any sign.
typedef struct {
    const void *a, *b;
    const void *addend;  // or NULL; its columns are contiguous
    void *c;
    int64_t m, n, k;
    int64_t a_row, a_column, b_row, b_column, c_row, c_column;
    int64_t addend_row;  // 0: one row for all
    // b in panels, as dk_pack made them; or NULL. Then b itself is not looked at.
    const void *packed_b;
    // The rows of c are the rows from epilogue_row on of this group; or NULL.
    const dk_group *epilogue;
    int64_t epilogue_row;
    void *const *buffers;
} dk_matrices;

// Computes c; runs the epilogue block by block when that suits the cut of the work. True when it did.
typedef int (*dk_matrices_kernel)(const dk_matrices *matrices);
dk_matrices_kernel dk_product_float32(void);
dk_matrices_kernel dk_product_float64(void);

// Packs b [k, n] of `matrices` into panels; the number of elements of those.
typedef struct {
    int64_t (*elements)(int64_t k, int64_t n);
    void (*pack)(const dk_matrices *matrices, void *to);
} dk_packer;
dk_packer dk_packer_float32(void);
dk_packer dk_packer_float64(void);

// A batch of small products (ProductSmall.c), whose c lie one after another: its first item, and how far apart the items of a and b are.
typedef struct {
    dk_matrices first;
    int64_t a_batch, b_batch;
} dk_small_products;
int dk_suits_small_products(const dk_matrices *first, uint8_t dtype);
// Items first ..< last. The epilogue is the caller's.
void dk_small_products_run(const dk_small_products *products, uint8_t dtype, int64_t first, int64_t last);

// How much work, in multiply-adds, is worth the threads: some 20 us of it.
#define DK_PARALLEL_WORK ((int64_t)1 << 20)

// An element of a matrix that is read once, from far away, takes as long as this many multiply-adds.
#define DK_STREAMED 8

// What one call of a register tile does with its sums before it writes them: one of these, or both.
enum { DK_TILE_ADD_C = 1, DK_TILE_ADD_ADDEND = 2 };

// The part of a register tile's description that stays the same from tile to tile.
typedef struct {
    int64_t k;
    int64_t a_row, a_column;  // strides: 1 and the tile's height when a is packed
    int64_t b_row;            // the columns of b are contiguous
    int64_t c_row, c_column;
    int64_t addend_row;
    int finish;               // DK_TILE_...
} dk_tile_shape;

static inline int64_t dk_smaller(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t dk_larger(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t dk_divided_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

// Runs the tasks on the pool if they are worth it. The cut is the same either way.
static inline void dk_share(int worth_it, int64_t count, dk_task task, void *context) {
    if (worth_it) dk_parallel(count, task, context);
    else for (int64_t i = 0; i < count; i++) task(context, i);
}

// Runs the group on rows first ..< first + count, in blocks that threads share where that is worth it.
void dk_run_epilogue(const dk_group *group, void *const *buffers, int64_t first, int64_t count);

// The same product seen as c^T = b^T a^T. The addend cannot follow: the caller adds it later.
static inline dk_matrices dk_transposed(const dk_matrices *x) {
    return (dk_matrices){
        .a = x->b, .b = x->a, .addend = NULL, .c = x->c, .m = x->n, .n = x->m, .k = x->k,
        .a_row = x->b_column, .a_column = x->b_row, .b_row = x->a_column, .b_column = x->a_row,
        .c_row = x->c_column, .c_column = x->c_row, .epilogue = NULL, .epilogue_row = 0, .buffers = x->buffers,
    };
}

#endif
