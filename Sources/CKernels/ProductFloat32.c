// Products of float32, for each instruction set. The templates need:
//   ELEMENT    the type of an element        MASK  an integer type of the same size
//   LANES      elements of a vector          TILE_ROWS  rows of a register tile, which is two vectors wide
//   NAME(x)    x with a suffix of its own
#include "InstructionSet.h"
#include "Convolution.h"
#include "Product.h"

#include <string.h>

#define ELEMENT float
#define MASK int32_t

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define TILE_ROWS 6
#define NAME(x) x##_float32_avx2
#include "ProductTemplate.h"
#undef LANES
#undef TILE_ROWS
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f"))), apply_to = function)
#define LANES 16
#define TILE_ROWS 12
#define NAME(x) x##_float32_avx512
#include "ProductTemplate.h"
#undef LANES
#undef TILE_ROWS
#undef NAME
#pragma clang attribute pop
#endif

#if defined(__aarch64__)
// Pairs of vectors: 24 registers of sums out of 32.
#define LANES 8
#define TILE_ROWS 6
#else
#define LANES 4
#define TILE_ROWS 4
#endif
#define NAME(x) x##_float32_portable
#include "ProductTemplate.h"

dk_matrices_kernel dk_product_float32(void) {
#if defined(__x86_64__)
    if (dk_wide_vectors()) return product_float32_avx512;
    if (dk_instruction_set() == 1) return product_float32_avx2;
#endif
    return product_float32_portable;
}

#define PACKER(set) ((dk_packer){packed_elements_float32_##set, pack_whole_float32_##set})
dk_packer dk_packer_float32(void) {
#if defined(__x86_64__)
    if (dk_wide_vectors()) return PACKER(avx512);
    if (dk_instruction_set() == 1) return PACKER(avx2);
#endif
    return PACKER(portable);
}

#define CONVOLUTION(set) ((dk_convolution_kernels){correlate_float32_##set, weight_gradient_float32_##set})
dk_convolution_kernels dk_convolution_float32(void) {
#if defined(__x86_64__)
    if (dk_wide_vectors()) return CONVOLUTION(avx512);
    if (dk_instruction_set() == 1) return CONVOLUTION(avx2);
#endif
    return CONVOLUTION(portable);
}
