// The element-by-element kernels for AVX2 and FMA.
#if defined(__x86_64__)
#include "Elementwise.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define LANES 8
#define HAS_FMA 1
#define TABLE dk_elementwise_avx2
#include "ElementwiseTemplate.h"

#pragma clang attribute pop
#endif
