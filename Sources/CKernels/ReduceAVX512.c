// The reductions for AVX-512.
#if defined(__x86_64__)
#include "Reduce.h"

#include <math.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)

#define VECTOR_BYTES 64
#define TABLE dk_reductions_avx512
#include "ReduceTemplate.h"

#pragma clang attribute pop
#endif
