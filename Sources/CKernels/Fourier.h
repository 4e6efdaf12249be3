// What plans of Fourier transforms hold, and what a variant of their kernels exports.
#ifndef DESCENT_FOURIER_H
#define DESCENT_FOURIER_H

#include "CKernels.h"

// Prime factors up to this one are summed directly; a length with a larger one goes by Bluestein's convolution.
#define DK_FOURIER_LARGEST_RADIX 31
#define DK_FOURIER_STAGES 64

// A complex transform of one length. Tables are of the plan's element type.
typedef struct dk_fourier_core {
    int64_t count;
    // Stages of the Stockham transform: radix, twiddles (radix - 1 pairs for each place), and for odd radices the cosines and sines of its sums.
    int32_t stages;
    int32_t radix[DK_FOURIER_STAGES];
    void *twiddles[DK_FOURIER_STAGES];
    void *sums[DK_FOURIER_STAGES];
    // count = first->count * second->count, for one long row as columns and then rows; NULL where it does not divide.
    struct dk_fourier_core *first, *second;
    void *between;         // twiddles between the two, [first][second]: all real parts, then all imaginary ones
    // Bluestein: the transform is a convolution of this length; NULL for the others.
    struct dk_fourier_core *convolution;
    void *chirp;           // count real parts, then as many imaginary ones
    void *chirp_transform; // of the convolution's length, divided by it
} dk_fourier_core;

struct dk_fourier_plan {
    int64_t count;
    uint8_t dtype, real;
    dk_fourier_core *core;  // of the length, or of half of it for real transforms of even length
    void *unravel;          // those: exp(-2 pi i k / count), count / 4 + 1 real parts, then as many imaginary ones
};

typedef struct {
    const dk_fourier_arguments *arguments;
    const void *in_real, *in_imaginary;
    void *out_real, *out_imaginary;
} dk_fourier_job;

typedef struct {
    void (*run)(const dk_fourier_job *job);
    // y = the transform of x, in separate arrays. `temporary` has dk_fourier_temporary elements.
    void (*row)(const dk_fourier_core *core, const void *xr, const void *xi, void *yr, void *yi, void *temporary);
} dk_fourier_functions;

extern const dk_fourier_functions dk_fourier_float32_portable, dk_fourier_float64_portable;
#if defined(__x86_64__)
extern const dk_fourier_functions dk_fourier_float32_avx2, dk_fourier_float64_avx2;
#endif

// The functions for this processor.
const dk_fourier_functions *dk_fourier_chosen(uint8_t dtype);
static inline int64_t dk_fourier_padded(int64_t count) { return (count + 15) / 16 * 16 + 16; }
// Elements of temporary memory that a row of this core takes.
int64_t dk_fourier_temporary(const dk_fourier_core *core);

#endif
