// The lowest layer: which vectors the kernels use. Above it lie tiles (Elementwise, Reduce), groups of tiles (Group*), and products, which run
// groups on their results (Product*). Calls go down only.
#ifndef DESCENT_INSTRUCTION_SET_H
#define DESCENT_INSTRUCTION_SET_H

#include "CKernels.h"

// True when the processor has AVX-512 vectors and the AVX2 kernels are in use.
int dk_wide_vectors(void);
#if defined(__x86_64__)
// True when tiles may use AVX-512 too: byte, word and short-vector forms are there.
int dk_wide_tiles(void);
#endif

#endif
