// The reductions for AVX2.
#if defined(__x86_64__)
#include "Reduce.h"

#include <math.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define VECTOR_BYTES 32
#define TABLE dk_reductions_avx2
#include "ReduceTemplate.h"

#pragma clang attribute pop
#endif
