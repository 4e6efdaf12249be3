// Products of float64, for each instruction set. The templates need:
//   ELEMENT    the type of an element        MASK  an integer type of the same size
//   LANES      elements of a vector          TILE_ROWS  rows of a register tile, which is two vectors wide
//   NAME(x)    x with a suffix of its own
#include "InstructionSet.h"
#include "Convolution.h"
#include "Product.h"

#include <string.h>

#define ELEMENT double
#define MASK int64_t

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 4
#define TILE_ROWS 6
#define NAME(x) x##_float64_avx2
#include "ProductTemplate.h"
#undef LANES
#undef TILE_ROWS
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f"))), apply_to = function)
#define LANES 8
#define TILE_ROWS 12
#define NAME(x) x##_float64_avx512
#include "ProductTemplate.h"
#undef LANES
#undef TILE_ROWS
#undef NAME
#pragma clang attribute pop
#endif

#if defined(__aarch64__)
// Pairs of vectors: 24 registers of sums out of 32.
#define LANES 4
#define TILE_ROWS 6
#else
#define LANES 4
#define TILE_ROWS 4
#endif
#define NAME(x) x##_float64_portable
#include "ProductTemplate.h"

dk_matrices_kernel dk_product_float64(void) {
#if defined(__x86_64__)
    if (dk_wide_vectors()) return product_float64_avx512;
    if (dk_instruction_set() == 1) return product_float64_avx2;
#endif
    return product_float64_portable;
}

#define PACKER(set) ((dk_packer){packed_elements_float64_##set, pack_whole_float64_##set})
dk_packer dk_packer_float64(void) {
#if defined(__x86_64__)
    if (dk_wide_vectors()) return PACKER(avx512);
    if (dk_instruction_set() == 1) return PACKER(avx2);
#endif
    return PACKER(portable);
}

#define CONVOLUTION(set) ((dk_convolution_kernels){correlate_float64_##set, weight_gradient_float64_##set})
dk_convolution_kernels dk_convolution_float64(void) {
#if defined(__x86_64__)
    if (dk_wide_vectors()) return CONVOLUTION(avx512);
    if (dk_instruction_set() == 1) return CONVOLUTION(avx2);
#endif
    return CONVOLUTION(portable);
}
