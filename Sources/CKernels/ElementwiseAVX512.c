// The element-by-element kernels for AVX-512.
#if defined(__x86_64__)
#include "Elementwise.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)

#define LANES 16
#define HAS_FMA 1
#define TABLE dk_elementwise_avx512
#include "ElementwiseTemplate.h"

#pragma clang attribute pop
#endif
