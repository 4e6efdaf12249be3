// The kernels of Descent: plain C, no library, chosen at run time for the processor at hand.
//
// A plan is an array of instructions. An instruction is a kernel and its arguments; the arguments name buffers by
// their number in the plan's buffer table, so the same plan runs again and again over other memory.
// No kernel allocates while it runs: what it needs as scratch comes from its thread's block (dk_scratch).
//
// Every kernel gives the same bits for any number of threads: work is cut by its shape, never by the thread count,
// and partial sums are added in a fixed order.
#ifndef DESCENT_CKERNELS_H
#define DESCENT_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#define DK_MAX_RANK 8

// The element types. Float16 and bfloat16 are for storage: they can be moved and cast, and nothing is computed in them.
typedef enum {
    DK_FLOAT32 = 0, DK_FLOAT64 = 1, DK_INT32 = 2, DK_INT64 = 3, DK_UINT8 = 4, DK_BOOL = 5,
    DK_INT8 = 6, DK_INT16 = 7, DK_UINT16 = 8, DK_UINT32 = 9, DK_UINT64 = 10, DK_FLOAT16 = 11, DK_BFLOAT16 = 12
} dk_dtype;
#define DK_DTYPES 13

// X(number, name, short name, C type, the unsigned type in which its arithmetic wraps, least and largest value): one line an integer type.
// What differs between them in the kernels is made from this list.
#define DK_INTEGERS(X) \
    X(DK_INT32, int32, i32, int32_t, uint32_t, INT32_MIN, INT32_MAX) \
    X(DK_INT64, int64, i64, int64_t, uint64_t, INT64_MIN, INT64_MAX) \
    X(DK_UINT8, uint8, u8, uint8_t, uint32_t, 0, UINT8_MAX) \
    X(DK_INT8, int8, i8, int8_t, uint32_t, INT8_MIN, INT8_MAX) \
    X(DK_INT16, int16, i16, int16_t, uint32_t, INT16_MIN, INT16_MAX) \
    X(DK_UINT16, uint16, u16, uint16_t, uint32_t, 0, UINT16_MAX) \
    X(DK_UINT32, uint32, u32, uint32_t, uint32_t, 0, UINT32_MAX) \
    X(DK_UINT64, uint64, u64, uint64_t, uint64_t, 0, UINT64_MAX)

// ---------------------------------------------------------------------------------------------------- running (Run.c)

typedef void (*dk_kernel)(const void *arguments, void *const *buffers);

typedef struct {
    dk_kernel run;
    const void *arguments;
} dk_instruction;

// What a kernel found wrong in the data it was given (an index outside its axis). The first one is kept.
typedef struct {
    int32_t raised;       // 0: nothing
    int32_t instruction;  // which instruction of the plan
    int64_t value;        // the offending index
    int64_t limit;        // the size of the axis
    int64_t use;          // the number that dk_check_index was given; 0: another kernel found it
} dk_fault;

// Runs the instructions in order. Stops after an instruction that raised a fault, and reports it.
void dk_run(const dk_instruction *instructions, int64_t count, void *const *buffers, dk_fault *fault);

// Called by a kernel, on any thread: an index outside its axis, and what it was for (0: not known).
void dk_raise(int64_t value, int64_t limit);
void dk_raise_use(int64_t value, int64_t limit, int64_t use);

// Writes a line to the standard error and ends the process by a trap, which debuggers and Swift's backtraces take up.
_Noreturn void dk_stop(const char *sentence);

// --------------------------------------------------------------------------------------------------- threads (Pool.c)

typedef void (*dk_task)(void *context, int64_t index);

// Sets how many threads work, the caller among them: 1 or more. Waits for running work; not to be called from a task.
void dk_set_threads(int32_t threads);
int32_t dk_threads(void);

// Runs task(context, i) once for each i in 0..<count, on the caller and the pool's threads, in any order; returns when
// all are done. Called from inside a task, or while another thread uses the pool, it runs everything on the caller.
void dk_parallel(int64_t count, dk_task task, void *context);

// A block of at least `bytes` bytes, aligned to 64, that belongs to the calling thread until its next dk_scratch call
// with the same slot. Grown rarely (the only allocation there is), never shrunk. slot: 0..<4
// (0: groups, 1: products, 2: everything else, 3: partial results of a whole kernel, held by the caller of dk_parallel).
void *dk_scratch(int32_t slot, size_t bytes);

// A pointer's worth of thread-local storage for the Swift side (its current trace). slot: 0..<4
void *dk_thread_local(int32_t slot);
void dk_set_thread_local(int32_t slot, void *value);
// A number that the calling thread has, and no other that lives.
intptr_t dk_thread_token(void);

// A lock (Lock.c): a few nanoseconds where nobody waits; else the thread sleeps. Not to be taken twice by one thread.
typedef struct dk_lock dk_lock;
dk_lock *dk_make_lock(void);
void dk_free_lock(dk_lock *lock);
void dk_take_lock(dk_lock *lock);
void dk_give_lock(dk_lock *lock);

// Lets other threads run: for one that spins.
void dk_yield(void);

// The one lock on what all variables hold, so that many can be read, or given new values, at one moment. To be held for moments only.
void dk_take_state(void);
void dk_give_state(void);
// By the holder: gives it up until another thread calls dk_give_changed_state, and takes it again.
void dk_await_state(void);
// Gives it up, and wakes those who wait for a change.
void dk_give_changed_state(void);

// Orders what a count of references hands on: called before a thread lets go of memory that it has read, and by the one who then, being the only
// holder, writes over the memory or frees it.
void dk_order_reads(void);

// Memory aligned to 64 bytes, in huge pages where it is large (Memory.c). NULL when there is none.
void *dk_allocate(size_t bytes);
void dk_deallocate(void *block);

// 1 when the AVX2+FMA kernels are in use, 2 for NEON, 0 for the portable ones. DESCENT_KERNELS=portable forces 0.
int32_t dk_instruction_set(void);

// ----------------------------------------------------------------------------------- element by element (Elementwise*)

// X(name): one operation on tiles. Comments give the formula where the name does not.
#define DK_UNARY(X) \
    X(copy) X(negate) X(abs) X(sign) X(square) X(sqrt) X(rsqrt) X(reciprocal) X(exp) X(expm1) X(log) X(log1p) X(sin) X(cos) X(tan) \
    X(asin) X(acos) X(atan) X(sinh) X(cosh) X(tanh) X(sigmoid) X(softplus) X(erf) X(floor) X(ceil) X(round) \
    X(relu)        /* x > 0 ? x : 0, NaN stays NaN */ \
    X(logical_not) /* bool */ \
    X(is_nan) X(is_finite) /* float -> bool */ \
    X(asinh) X(acosh) X(atanh) X(log2) X(log10) X(trunc) X(erfc) X(inverse_erf) X(inverse_erfc) X(log_gamma) X(digamma) \
    X(sign_bit)    /* float -> bool */ \
    X(bitwise_not) /* integers */
#define DK_BINARY(X) \
    X(add) X(subtract) X(multiply) X(divide) X(power) X(maximum) X(minimum) X(atan2) \
    X(remainder)   /* sign of the divisor, as in NumPy */ \
    X(equal) X(not_equal) X(less) X(less_equal) X(greater) X(greater_equal) /* any -> bool */ \
    X(logical_and) X(logical_or) X(logical_xor) /* bool */ \
    X(relu_gradient) /* a > 0 ? b : 0 */ \
    X(hypot) X(next_after) \
    X(log_add_exp) /* log(exp(a) + exp(b)) */ \
    X(polygamma)   /* derivative number a, a whole number, of digamma at b */ \
    X(gamma_slope) X(gamma_curvature) /* SpecialFunctions.h */ \
    X(bitwise_and) X(bitwise_or) X(bitwise_xor) /* integers */ \
    X(shift_left) X(shift_right) /* integers: a << b, a >> b; b outside the type's bits: 0, or the sign everywhere */
#define DK_TERNARY(X) \
    X(select)              /* a is bool: a ? b : c */ \
    X(multiply_add)        /* a * b + c */ \
    X(multiply_subtract)   /* a * b - c */ \
    X(negated_multiply_add) /* c - a * b */ \
    X(interpolate)         /* a + (b - a) * c */ \
    X(interpolate_square)  /* a + (b * b - a) * c */ \
    X(root_multiply_add)   /* sqrt(a) * b + c */ \
    X(subtract_quotient)   /* c - a / b */

typedef enum {
#define X(name) DK_##name,
    DK_UNARY(X) DK_BINARY(X) DK_TERNARY(X)
#undef X
    DK_OPERATION_COUNT
} dk_operation;

const char *dk_operation_name(dk_operation operation);

// out[i] = f(a[i], b[i], c[i]) for i in 0..<n, all dense; unused operands are ignored. `out` may be one of the operands.
typedef void (*dk_tile_function)(int64_t n, void *out, const void *a, const void *b, const void *c);

// The tile function of an operation; dtype is that of the operands (of b and c for select). NULL where it has no meaning
// (exp of an integer: cast first). Float32 uses our own vectorised functions, float64 the C library's.
dk_tile_function dk_tile(dk_operation operation, dk_dtype dtype);
// out[i] = (to) a[i]. Float to integer truncates and saturates, NaN gives 0; anything to bool is "not zero".
dk_tile_function dk_tile_cast(dk_dtype from, dk_dtype to);

typedef enum { DK_SUM = 0, DK_MAX = 1, DK_MIN = 2, DK_PROD = 3, DK_ARGMAX = 4, DK_ARGMIN = 5 } dk_reduction;

// A fused group: steps over the tiles of an index space of rows x columns.
//
// A register holds one tile: `full` registers hold rows_per_tile * columns elements (row after row, dense), `row`
// registers one element for each row of the tile.
typedef enum {
    DK_STEP_MAP_FULL,    // full  <- function(full, full, full)
    DK_STEP_MAP_ROW,     // row   <- function(row, row, row)
    DK_STEP_REDUCE,      // row   <- reduction of each row of the full register a
    DK_STEP_EXPAND,      // full  <- row register a, each element repeated over its row
    DK_STEP_PICK,        // row   <- a[row, b[row]]; a full, b a row register of int64 (negative: from the end; outside: dk_raise)
    DK_STEP_ADD_AT       // full  <- copy of a, then out[row, b[row]] += c[row]; b int64 row, c row. When out == a: in place
} dk_step_kind;

typedef struct {
    uint8_t kind;        // dk_step_kind
    uint8_t dtype;       // of the elements of a REDUCE, EXPAND, PICK or ADD_AT
    uint8_t reduction;   // DK_SUM ... DK_PROD
    uint8_t unused;
    uint16_t out, a, b, c;  // register numbers; a register not used is 0
    dk_tile_function function;
} dk_step;

typedef enum {
    DK_INPUT_FULL,       // dense rows x columns
    DK_INPUT_ROW,        // dense, one element a row: a row register
    DK_INPUT_COLUMN,     // dense, `columns` elements, the same for every row: a full register
    DK_INPUT_SCALAR_FULL,// one element, repeated: a full register
    DK_INPUT_SCALAR_ROW, // one element, repeated: a row register
    DK_INPUT_STRIDED_FULL, // any strides over the index space (dims, strides): a full register
    DK_INPUT_STRIDED_ROW,  // any strides over the rows (dims multiply to rows): a row register
    DK_INPUT_CONSTANT_FULL, DK_INPUT_CONSTANT_ROW, // `constant`, repeated; no buffer
    DK_INPUT_COLUMN_INDEX // 0, 1, ... columns-1 as int64 in every row; no buffer: a full register
} dk_input_kind;

typedef struct {
    uint8_t kind;        // dk_input_kind
    uint8_t dtype;
    uint16_t reg;
    int32_t buffer;      // number in the buffer table
    int32_t rank;        // of dims and strides, for the strided kinds
    int64_t offset;      // in elements, for every kind that has a buffer
    int64_t dims[DK_MAX_RANK], strides[DK_MAX_RANK];  // in elements; a stride may be 0 or negative
    union { float f32; double f64; int32_t i32; int64_t i64; uint8_t u8; } constant;
} dk_input;

typedef struct {
    uint8_t full;        // 1: rows x columns, dense. 0: one element a row, dense
    uint8_t dtype;
    uint16_t reg;        // a scratch register that a step writes; it is then kept in the buffer itself, not in scratch
    int32_t buffer;
    int64_t offset;      // in elements
    int64_t row_stride;  // full: elements from one row to the next in the buffer, or 0 for dense rows. Not when streamed
} dk_output;

// Streaming, for rows too long to hold: the columns are cut into pieces of `tile` columns, reductions accumulate over
// the pieces, and row registers that depend on a reduction are computed after the last piece of the row. In that mode
// no full step depends on a reduction. (The planner sets `stream` and puts the steps that follow the reductions last,
// from `after` on; all of those are DK_STEP_MAP_ROW.) A streamed group has no PICK or ADD_AT.
typedef struct {
    int64_t rows, columns;
    int64_t rows_per_tile;    // at least 1; when `stream` is set it is 1
    int64_t tile;             // columns of a piece, when `stream` is set
    int32_t stream;
    int32_t after;            // streamed: number of the first step that runs after the last piece
    int32_t step_count, input_count, output_count, register_count;
    const dk_step *steps;
    const dk_input *inputs;
    const dk_output *outputs;
    // For each register: 1 if full, 0 if row; and its element size in bytes.
    const uint8_t *register_full, *register_bytes;
    // Estimated cost of one element in nanoseconds times 1024, set by the planner: decides whether to use the pool.
    int64_t cost;
    const void *layout;  // set by dk_prepare_group, else NULL
} dk_group;

// For a group of few elements, once, when all else is filled in: lays it out in `memory` (aligned to 8, and kept as long
// as the group), so that a run need not. Without it the group gives the same, slower. dk_group_layout_bytes says how
// much memory that takes: 0 for groups that have no use for a layout.
int64_t dk_group_layout_bytes(const dk_group *group);
void dk_prepare_group(dk_group *group, void *memory);

// An output buffer may be the same memory as an input's: the planner allows it only for inputs of kind FULL (or ROW)
// at the same index that no step reads after the step that writes the output, so nothing needs care here.
void dk_run_group(const void *group, void *const *buffers);
// Only rows first ..< first+count of the group, on the calling thread (the epilogue of a product). Not for streamed groups.
void dk_run_group_rows(const dk_group *group, void *const *buffers, int64_t first, int64_t count);

// ----------------------------------------------------------------------------------------------- reductions (Reduce.c)

// out[o, i] = reduction over r of in[o, r, i]; dense. ARGMAX and ARGMIN give int64, the first of equals; NaN wins, as
// in NumPy. count 0: sum 0, prod 1, max and min the identity (-inf, +inf, or the integer's bound).
typedef struct {
    int32_t in, out;
    int64_t in_offset, out_offset;   // elements
    int64_t outer, count, inner;
    uint8_t reduction, dtype;
} dk_reduce_arguments;
void dk_reduce(const void *arguments, void *const *buffers);

// -------------------------------------------------------------------------------------------------- products (Product*)

// c[z, i, j] = sum over p of a[z, i, p] * b[z, p, j]  (+ addend[z * m + i, j]) , then the epilogue, a group whose rows are those of
// c for all z (rows = batch * m, columns = n), run over each block of rows soon after it is finished. The epilogue reads
// c through its own input that names the same buffer. c is dense (row stride n, batch stride m * n).
// Any strides for a and b, 0 (broadcast batch) included. Float32 and float64; integers by a plain loop.
typedef struct {
    int32_t a, b, c;
    int32_t addend;                     // buffer, or -1
    int64_t a_offset, b_offset, c_offset, addend_offset;  // elements
    int64_t batch, m, n, k;
    int64_t a_batch, a_row, a_column;   // strides in elements: a[z,i,p] at z*a_batch + i*a_row + p*a_column
    int64_t b_batch, b_row, b_column;   // b[z,p,j] at z*b_batch + p*b_row + j*b_column
    int64_t addend_row;                 // from row to row of c, in elements; 0: one row for all. Its columns are contiguous
    const dk_group *epilogue;           // or NULL
    int32_t packed;                     // buffer with b as dk_pack made it, or -1; only for a batch of 1 and more than 2 rows
    uint8_t dtype;
} dk_product_arguments;
void dk_product(const void *arguments, void *const *buffers);

// b of a product that runs often with the same b, laid out ahead as the kernel wants it: from buffer b to buffer `packed`, which has
// dk_packed_bytes(k, n, dtype) bytes (0: b of this type can't be packed).
int64_t dk_packed_bytes(int64_t k, int64_t n, dk_dtype dtype);
void dk_pack(const void *arguments, void *const *buffers);

// ------------------------------------------------------------------------------------- convolutions (Convolution*, Pooling*)

// The three sides of one form that is linear in each of x, w and y, summed over samples n, groups, filters o, channels c, results p and taps t:
//   sum of y[n, o, p] * w[o, c, t] * x[n, c, p * stride + t * dilation - padding]    (x is 0 outside)
// One of them is computed from the other two: the output y (a cross-correlation), the input's gradient x, the weight's gradient w.
enum { DK_CONVOLUTION_OUTPUT, DK_CONVOLUTION_INPUT, DK_CONVOLUTION_WEIGHT };

// Dense: x [batch, groups * channels, input], w [groups * filters, channels, kernel], y [batch, groups * filters, output]; axes are depth, height, width.
typedef struct {
    int32_t x, w, y;                       // buffers
    int64_t x_offset, w_offset, y_offset;  // elements
    int64_t batch, groups, channels, filters;  // channels and filters of one group
    int64_t input[3], kernel[3], output[3];
    int64_t stride[3], dilation[3], padding[3];  // zeros before the input; below 0: cut off
    const dk_group *epilogue;              // or NULL: of the output, a group whose rows are those of y (batch * groups * filters)
    int32_t role;                          // DK_CONVOLUTION_...
    uint8_t dtype;                         // float32 or float64
} dk_convolution_arguments;
void dk_convolution(const void *arguments, void *const *buffers);

// Over windows of each image: the sum or the largest element (padding takes no part), the transpose of the sum, and the two linear operations that
// the maximum's derivatives are made of: the mean of a tangent over the elements that are equal to the maximum y, and its transpose, which shares a
// cotangent evenly between them.
enum { DK_POOLING_SUM, DK_POOLING_SUM_TRANSPOSE, DK_POOLING_MAX, DK_POOLING_MAX_TANGENT, DK_POOLING_MAX_TRANSPOSE };

// Dense: x [images, input], y [images, output]. `other` is the tangent [images, input] or the cotangent [images, output].
typedef struct {
    int32_t x, y, other, result;      // buffers, or -1 for what the role does not take
    int64_t x_offset, y_offset, other_offset;  // elements
    int64_t images;
    int64_t input[3], output[3], kernel[3], stride[3], dilation[3], padding[3];
    int32_t role;                     // DK_POOLING_...
    uint8_t dtype;                    // float32 or float64
} dk_pooling_arguments;
void dk_pooling(const void *arguments, void *const *buffers);

// ------------------------------------------------------------------------------------------------------ loops (Scan.c)

// A buffer of the body's table that lies in one of the loop's: at step t at offset + t * step, in bytes. A constant has step 0.
typedef struct {
    int32_t body, outer;
    int64_t offset, step;
} dk_scan_view;

// A value carried from step to step. What a step writes is what the next one reads.
typedef struct {
    int32_t in, out;           // in the body's table
    int32_t first, last;       // in the loop's
    int64_t first_offset, bytes;
    int64_t rooms[2];          // in the workspace: steps write to one while they read the other
    int32_t history;           // a buffer of the loop's that gets the first value too, at history_offset; or -1
    int32_t stacked;           // 1: written to a view, whose body buffer is `out`; the rooms are not used
    int64_t history_offset;
} dk_scan_carry;

typedef struct { int32_t buffer; int64_t offset; } dk_scan_inside;

// The body's instructions over `table`, length times; `once` runs before the first step. `inside` are the buffers that lie in the
// workspace (bytes from its start).
typedef struct {
    const dk_instruction *once, *instructions;
    int64_t once_count, instruction_count;
    int64_t length;
    int32_t reversed, workspace;
    void **table;
    int32_t view_count, carry_count, inside_count;
    const dk_scan_view *views;
    const dk_scan_carry *carries;
    const dk_scan_inside *inside;
} dk_scan_arguments;
void dk_scan(const void *arguments, void *const *buffers);

// A number in the 16 bits of DK_FLOAT16 or DK_BFLOAT16, and back (HalfFloat.c).
uint16_t dk_half_bits(double value, dk_dtype dtype);
double dk_half_value(uint16_t bits, dk_dtype dtype);

// ------------------------------------------------------------------------------------------------ movement (Movement.c)

// out[index . out_strides + out_offset] = in[index . in_strides + in_offset] for all indexes of dims; element size in
// bytes 1, 2, 4 or 8. Slices, transposes, concatenation, the inside of a pad, materialised broadcasts.
typedef struct {
    int32_t in, out;
    int32_t rank;
    int32_t bytes;
    int64_t in_offset, out_offset;
    int64_t dims[DK_MAX_RANK], in_strides[DK_MAX_RANK], out_strides[DK_MAX_RANK];
} dk_copy_arguments;
void dk_copy_strided(const void *arguments, void *const *buffers);

// out[i] = value for count elements.
typedef struct {
    int32_t out;
    int32_t bytes;                      // 1, 2, 4 or 8
    int64_t offset, count;
    uint64_t bits;                      // the element's bits, in the low bytes
} dk_fill_arguments;
void dk_fill(const void *arguments, void *const *buffers);

// Indices are int64. A negative index counts from the end of the axis (-1 is the last); outside -axis ..< axis: dk_raise.
//
// gather:       out[o, j, i] = in[o, index[j], i]                 in [outer, axis, inner], index [count]
// scatter_add:  out[o, index[j], i] = base[...] + sum of in[o, j, i]    in [outer, count, inner], out/base [outer, axis, inner]
// gather_along: out[o, j, i] = in[o, index[o, j, i], i]           index [outer, count, inner]
// scatter_add_along: the transpose of gather_along.
// The scatters start from zeros when base is -1. Additions to one place are made in the order of j.
typedef struct {
    int32_t in, index, out, base;
    int64_t in_offset, index_offset, out_offset, base_offset;
    int64_t outer, axis, count, inner;
    uint8_t dtype;
} dk_index_arguments;
void dk_gather(const void *arguments, void *const *buffers);
void dk_scatter_add(const void *arguments, void *const *buffers);
void dk_gather_along(const void *arguments, void *const *buffers);
void dk_scatter_add_along(const void *arguments, void *const *buffers);

// out[i] (int64) = in[i], of an integer type. One outside lowest ..< limit: dk_raise_use with `use`, a number of the caller's.
typedef struct {
    int32_t in, out;
    int64_t in_offset, count;
    int64_t lowest, limit, use;
    uint8_t dtype;
} dk_check_index_arguments;
void dk_check_index(const void *arguments, void *const *buffers);

// --------------------------------------------------------------------------------------------------- others (Other.c)

// Running sums (DK_SUM), products, maxima or minima along the middle axis of [outer, count, inner].
typedef struct {
    int32_t in, out;
    int64_t in_offset, out_offset;
    int64_t outer, count, inner;
    uint8_t reduction, dtype, reverse;
} dk_cumulative_arguments;
void dk_cumulative(const void *arguments, void *const *buffers);

// out (int64) [outer, kept]: the first `kept` places of the stable order of each row of in [outer, count]. NaN last either way.
typedef struct {
    int32_t in, out;
    int64_t in_offset, out_offset;
    int64_t outer, count, kept;
    uint8_t dtype, descending;
} dk_argsort_arguments;
void dk_argsort(const void *arguments, void *const *buffers);
// out (of the dtype) [outer, count]: the elements of each row in that order; `kept` is count. NaNs are alike; zeros of either sign may come
// in either order.
void dk_sort(const void *arguments, void *const *buffers);

// out[i] = start + i * step, in the dtype; count elements.
typedef struct {
    int32_t out;
    int64_t offset, count;
    double start, step;
    uint8_t dtype;
} dk_iota_arguments;
void dk_iota(const void *arguments, void *const *buffers);

// Philox 4x32-10 (Salmon et al. 2011). state: 2 int64: key, counter. Block b of four words is
// philox(key = {low32(key), high32(key)}, counter = {low32(b'), high32(b'), 0, 0}) with b' = counter + b.
// kind 0: out uint32 bits as int32; 1: float32 in [0, 1) (top 24 bits); 2: float32 standard normal (Box-Muller on pairs
// of words, our own log and sincos); 3, 4: the same for float64 (two words a uniform, top 53 bits).
typedef struct {
    int32_t state, out;
    int64_t state_offset, out_offset, count;
    uint8_t kind;
} dk_random_arguments;
void dk_random(const void *arguments, void *const *buffers);

// Random numbers whose distribution depends on parameters, one for each element: element i uses the blocks of Philox with key state[0] and
// counter {low32(c), high32(c), attempt, 1}, c = state[1] + i, which no dk_random uses. a and b: count elements of the out's type.
// kind 0: the logarithm of a gamma variate of shape a (Marsaglia and Tsang 2000); 1: Poisson of mean a (Hoermann 1993, PTRS); 2: binomial of
// a trials with probability b (Hoermann 1993, BTRS). NaN where a parameter has no meaning. b only for kind 2.
typedef struct {
    int32_t state, a, b, out;
    int64_t state_offset, a_offset, b_offset, count;
    uint8_t kind, dtype;
} dk_variate_arguments;
void dk_variate(const void *arguments, void *const *buffers);

// out (int64) [outer, values_count]: how many elements of the row of sorted [outer, count] lie before each value: those below it, or, with
// `right`, not above it. NaN is above all numbers, as in a sorted row.
typedef struct {
    int32_t sorted, values, out;
    int64_t sorted_offset, values_offset;
    int64_t outer, count, values_count;
    uint8_t dtype, right;
} dk_search_sorted_arguments;
void dk_search_sorted(const void *arguments, void *const *buffers);

// --------------------------------------------------------------------------------------- Fourier transforms (Fourier*)

// The longest length whose columns are transformed side by side.
#define DK_FOURIER_COLUMN_LIMIT 16384

// Tables for transforms of `count` numbers, 1 or more, of a floating type; `real`: one side of the transform is real.
typedef struct dk_fourier_plan dk_fourier_plan;
dk_fourier_plan *dk_fourier_make_plan(int64_t count, dk_dtype dtype, int32_t real);
void dk_fourier_free_plan(dk_fourier_plan *plan);

// y[o, k, i] = scale * sum over j of x[o, j, i] exp(-2 pi i j k / count), dense, real and imaginary parts in arrays of their own.
//
// complex:  x and y [outer, count, inner]; `inverse` changes the exponent's sign.
// real:     x is real (imaginary is -1), y [outer, count / 2 + 1, inner].
// to real:  x [outer, count / 2 + 1, inner] is half of a Hermitian sequence, whose imaginary parts at 0 and count / 2 count as 0; y is
//           real (out_imaginary is -1), and the exponent's sign is +.
// inner > 1: count up to 16384.
enum { DK_FOURIER_COMPLEX, DK_FOURIER_REAL, DK_FOURIER_TO_REAL };
typedef struct {
    int32_t real, imaginary, out_real, out_imaginary;
    int64_t real_offset, imaginary_offset;  // elements
    int64_t outer, inner;
    double scale;
    int32_t role;                           // DK_FOURIER_...
    uint8_t inverse;
    const dk_fourier_plan *plan;            // real for the last two
} dk_fourier_arguments;
void dk_fourier(const void *arguments, void *const *buffers);

// ------------------------------------------------- linear algebra (Cholesky.c, LU.c, QR.c, SymmetricEigen.c, SVD.c)

// `batch` matrices one after the other, each dense [rows, columns]. All arithmetic is float64; float32 is rounded once, at the end.
//
// cholesky:         out0 = L, lower triangular with L L^T = in; only in's lower triangle is read. Where the leading minor of order
//                   j + 1 is the first that is not positive, L is NaN from column j on.
// triangular_solve: out0 = X with op(T) X = right [rows, rights]; T is in's lower (or upper) triangle, with ones on its diagonal
//                   if `unit`; op transposes it if `transposed`.
// lu:               out0 = L and U packed; out1 = int64 [rows], the order of rows with in[order] = L U; out2 = one number a matrix,
//                   the order's sign. rows == columns.
// qr:               out0 = Q [rows, columns], out1 = R [columns, columns], by Householder's reflections. rows >= columns.
// symmetric_eigen:  out0 = eigenvalues [rows], ascending; out1 = eigenvectors, as columns. Only the lower triangle is read.
// svd:              out0 = U [rows, columns], out1 = singular values [columns], descending, out2 = V [columns, columns].
// pseudo_inverse:   out0 = V S^+ U^T [columns, rows]; singular values up to tolerance times the largest count as 0.
//
// The last three have rows >= columns. In an eigenvector, and in a column of V, the largest element is positive.
typedef struct {
    int32_t in, right;                  // buffers; right only for triangular_solve
    int32_t out0, out1, out2;
    int64_t in_offset, right_offset;    // elements
    int64_t batch, rows, columns, rights;
    double tolerance;
    uint8_t dtype, lower, transposed, unit;
} dk_matrix_arguments;
void dk_cholesky(const void *arguments, void *const *buffers);
void dk_triangular_solve(const void *arguments, void *const *buffers);
void dk_lu(const void *arguments, void *const *buffers);
void dk_qr(const void *arguments, void *const *buffers);
void dk_symmetric_eigen(const void *arguments, void *const *buffers);
void dk_svd(const void *arguments, void *const *buffers);
void dk_pseudo_inverse(const void *arguments, void *const *buffers);

// Eigenvalues [size], by real parts and then imaginary ones, ascending, and right eigenvectors, as columns of length 1 whose largest element is
// real and positive, of `batch` general matrices [size, size], real and imaginary parts apart (GeneralEigen.c). Of a real matrix complex
// eigenvalues and their vectors are exact conjugates. Without convergence: NaN.
typedef struct {
    int32_t real, imaginary;
    int32_t values_real, values_imaginary, vectors_real, vectors_imaginary;
    int64_t real_offset, imaginary_offset;  // elements
    int64_t batch, size;
    uint8_t dtype;
} dk_eigen_arguments;
void dk_eigen(const void *arguments, void *const *buffers);

#endif
