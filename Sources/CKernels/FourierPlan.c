// Plans of Fourier transforms: factors, twiddles and chirps, made once for a length.
#include "Fourier.h"
#include "InstructionSet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

const dk_fourier_functions *dk_fourier_chosen(uint8_t dtype) {
#if defined(__x86_64__)
    if (dk_instruction_set() == 1) return dtype == DK_FLOAT64 ? &dk_fourier_float64_avx2 : &dk_fourier_float32_avx2;
#endif
    return dtype == DK_FLOAT64 ? &dk_fourier_float64_portable : &dk_fourier_float32_portable;
}

static void *table(int64_t count, uint8_t dtype) {
    void *block = dk_allocate((size_t)(count > 0 ? count : 1) * (dtype == DK_FLOAT64 ? 8 : 4));
    if (!block) dk_stop("fourier transform: no memory for its tables.");
    return block;
}

static void put(void *to, int64_t at, double value, uint8_t dtype) {
    if (dtype == DK_FLOAT64) ((double *)to)[at] = value;
    else ((float *)to)[at] = (float)value;
}

// exp(-2 pi i k / n), with the angle brought to an eighth of a turn so that symmetric values have the same bits.
static void turn(int64_t k, int64_t n, double *real, double *imaginary) {
    k %= n;
    const int below = 2 * k > n;
    if (below) k = n - k;                                   // 0 ... half a turn
    const int left = 4 * k > n;
    const int64_t quarters = left ? n - 2 * k : 2 * k;      // in units of half of 1 / n: 0 ... n / 2
    const int steep = 4 * quarters > n;
    // The angle to the nearer axis, 2 pi rest / (4 n).
    const int64_t rest = steep ? n - 2 * quarters : 2 * quarters;
    const double angle = 2 * PI * (double)rest / (4.0 * (double)n);
    const double c = steep ? sin(angle) : cos(angle), s = steep ? cos(angle) : sin(angle);
    *real = left ? -c : c;
    *imaginary = below ? s : -s;
}

// The radices of a length, large ones first; 0 if one of its prime factors is too large.
static int32_t factorize(int64_t count, int32_t *radix) {
    static const int32_t odd[] = {31, 29, 23, 19, 17, 13, 11, 7, 5, 3};
    int32_t stages = 0, twos = 0;
    int64_t rest = count;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        for (; rest % odd[i] == 0; rest /= odd[i]) radix[stages++] = odd[i];
    }
    for (; rest % 2 == 0; rest /= 2) twos++;
    if (rest != 1) return 0;
    // 8s, and 4s for what is left: 16 is 4 * 4.
    for (; twos > 4 || twos == 3; twos -= 3) radix[stages++] = 8;
    for (; twos >= 2; twos -= 2) radix[stages++] = 4;
    if (twos == 1) radix[stages++] = 2;
    return stages;
}

static void make_stages(dk_fourier_core *core, uint8_t dtype) {
    int64_t length = core->count;
    for (int32_t stage = 0; stage < core->stages; stage++) {
        const int32_t r = core->radix[stage];
        const int64_t m = length / r;
        core->twiddles[stage] = table(2 * m * (r - 1), dtype);
        for (int64_t p = 0; p < m; p++) {
            for (int32_t t = 1; t < r; t++) {
                double real, imaginary;
                turn(p * t, length, &real, &imaginary);
                put(core->twiddles[stage], 2 * (p * (r - 1) + t - 1), real, dtype);
                put(core->twiddles[stage], 2 * (p * (r - 1) + t - 1) + 1, imaginary, dtype);
            }
        }
        if (r % 2 == 1) {
            const int32_t half = (r - 1) / 2;
            core->sums[stage] = table(2 * half * half, dtype);
            for (int32_t k = 1; k <= half; k++) {
                for (int32_t j = 1; j <= half; j++) {
                    double real, imaginary;
                    turn((int64_t)j * k, r, &real, &imaginary);
                    put(core->sums[stage], 2 * ((k - 1) * half + j - 1), real, dtype);
                    put(core->sums[stage], 2 * ((k - 1) * half + j - 1) + 1, -imaginary, dtype);
                }
            }
        }
        length = m;
    }
}

static dk_fourier_core *make_core(int64_t count, uint8_t dtype, int split);
static void free_core(dk_fourier_core *core);

// Two factors near the root.
static void make_split(dk_fourier_core *core, uint8_t dtype) {
    const int64_t n = core->count;
    int64_t first = (int64_t)sqrt((double)n);
    while (first > 1 && n % first != 0) first--;
    if (n < 16 || first < 2) return;
    const int64_t second = n / first;
    core->first = make_core(first, dtype, 0);
    core->second = make_core(second, dtype, 0);
    core->between = table(2 * n, dtype);
    for (int64_t k = 0; k < first; k++) {
        for (int64_t j = 0; j < second; j++) {
            double real, imaginary;
            turn(k * j, n, &real, &imaginary);
            put(core->between, k * second + j, real, dtype);
            put(core->between, n + k * second + j, imaginary, dtype);
        }
    }
}

// The cheapest length of at least `least` among 2^a, 3 * 2^a, 5 * 2^a, 9 * 2^a and 15 * 2^a with enough twos.
static int64_t convolution_length(int64_t least) {
    static const int64_t odd[] = {1, 3, 5, 9, 15};
    int64_t best = 0;
    for (int i = 0; i < 5; i++) {
        int64_t length = odd[i] * 4;
        while (length < least) length *= 2;
        if (best == 0 || length < best) best = length;
    }
    return best;
}

static void make_convolution(dk_fourier_core *core, uint8_t dtype, int split) {
    const int64_t n = core->count, m = convolution_length(2 * n - 1);
    core->convolution = make_core(m, dtype, split);
    core->chirp = table(2 * n, dtype);
    core->chirp_transform = table(2 * m, dtype);
    // The convolution's kernel is transformed in float64, whatever the plan's type.
    const int reuse = split && dtype == DK_FLOAT64;
    dk_fourier_core *exact = reuse ? core->convolution : make_core(m, DK_FLOAT64, 1);
    double *kernel = table(4 * m + dk_fourier_temporary(exact), DK_FLOAT64), *transformed = kernel + 2 * m;
    memset(kernel, 0, (size_t)(2 * m) * sizeof(double));
    for (int64_t k = 0; k < n; k++) {
        double real, imaginary;
        turn((int64_t)((unsigned __int128)k * (unsigned __int128)k % (unsigned __int128)(2 * n)), 2 * n, &real, &imaginary);
        put(core->chirp, k, real, dtype);
        put(core->chirp, n + k, imaginary, dtype);
        kernel[k] = real;
        kernel[m + k] = -imaginary;
        if (k > 0) { kernel[m - k] = real; kernel[2 * m - k] = -imaginary; }
    }
    dk_fourier_chosen(DK_FLOAT64)->row(exact, kernel, kernel + m, transformed, transformed + m, kernel + 4 * m);
    for (int64_t k = 0; k < 2 * m; k++) put(core->chirp_transform, k, transformed[k] / (double)m, dtype);
    dk_deallocate(kernel);
    if (!reuse) free_core(exact);
}

// `split`: for rows too, and not only for columns.
static dk_fourier_core *make_core(int64_t count, uint8_t dtype, int split) {
    dk_fourier_core *core = calloc(1, sizeof(dk_fourier_core));
    if (!core) dk_stop("fourier transform: no memory for its plan.");
    core->count = count;
    if (count == 1) return core;
    core->stages = factorize(count, core->radix);
    if (core->stages == 0) { make_convolution(core, dtype, split); return core; }
    if (split) make_split(core, dtype);
    // The convolution of the longest columns is up to twice as long.
    if (!core->first || count <= 2 * DK_FOURIER_COLUMN_LIMIT) make_stages(core, dtype);
    return core;
}

static void free_core(dk_fourier_core *core) {
    if (!core) return;
    for (int32_t stage = 0; stage < core->stages; stage++) {
        dk_deallocate(core->twiddles[stage]);
        dk_deallocate(core->sums[stage]);
    }
    free_core(core->first);
    free_core(core->second);
    free_core(core->convolution);
    dk_deallocate(core->between);
    dk_deallocate(core->chirp);
    dk_deallocate(core->chirp_transform);
    free(core);
}

dk_fourier_plan *dk_fourier_make_plan(int64_t count, dk_dtype dtype, int32_t real) {
    dk_fourier_plan *plan = calloc(1, sizeof(dk_fourier_plan));
    if (!plan) dk_stop("fourier transform: no memory for its plan.");
    plan->count = count;
    plan->dtype = (uint8_t)dtype;
    plan->real = (uint8_t)real;
    const int halved = real && count % 2 == 0;
    plan->core = make_core(halved ? count / 2 : count, plan->dtype, 1);
    if (!halved) return plan;
    const int64_t entries = count / 4 + 1;
    plan->unravel = table(2 * entries, plan->dtype);
    for (int64_t k = 0; k < entries; k++) {
        double real_part, imaginary_part;
        turn(k, count, &real_part, &imaginary_part);
        put(plan->unravel, k, real_part, plan->dtype);
        put(plan->unravel, entries + k, imaginary_part, plan->dtype);
    }
    return plan;
}

void dk_fourier_free_plan(dk_fourier_plan *plan) {
    free_core(plan->core);
    dk_deallocate(plan->unravel);
    free(plan);
}

int64_t dk_fourier_temporary(const dk_fourier_core *core) {
    if (core->convolution) return 4 * core->convolution->count + dk_fourier_temporary(core->convolution);
    // Rows of the array between the two steps are padded, so that they don't meet in the same lines of a cache.
    if (core->first) return 2 * core->first->count * dk_fourier_padded(core->second->count);
    return 0;
}

void dk_fourier(const void *arguments, void *const *buffers) {
    const dk_fourier_arguments *g = arguments;
    if (g->outer <= 0 || g->inner <= 0 || g->plan->count <= 0) return;
    const int64_t bytes = g->plan->dtype == DK_FLOAT64 ? 8 : 4;
    const dk_fourier_job job = {
        .arguments = g,
        .in_real = (const char *)buffers[g->real] + g->real_offset * bytes,
        .in_imaginary = g->imaginary < 0 ? NULL : (const char *)buffers[g->imaginary] + g->imaginary_offset * bytes,
        .out_real = buffers[g->out_real],
        .out_imaginary = g->out_imaginary < 0 ? NULL : buffers[g->out_imaginary],
    };
    dk_fourier_chosen(g->plan->dtype)->run(&job);
}
