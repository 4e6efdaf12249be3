// Fourier transforms in each element type, for the processor's base and for AVX2.
#include "Fourier.h"

#include <string.h>

#define T float
#define LANES 8
#define NAME(x) x##_float32_portable
#include "FourierTemplate.h"
#undef NAME
#undef T
#undef LANES
#define T double
#define LANES 4
#define NAME(x) x##_float64_portable
#include "FourierTemplate.h"
#undef NAME
#undef T
#undef LANES

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define T float
#define LANES 8
#define NAME(x) x##_float32_avx2
#include "FourierTemplate.h"
#undef NAME
#undef T
#undef LANES
#define T double
#define LANES 4
#define NAME(x) x##_float64_avx2
#include "FourierTemplate.h"
#undef NAME
#undef T
#undef LANES
#pragma clang attribute pop
#endif
