// The element-by-element kernels with what every processor of the architecture has: NEON with FMA, SSE2, or plain C.
#include "Elementwise.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define LANES 4
#if defined(__aarch64__)
#define HAS_FMA 1
#else
#define HAS_FMA 0
#endif
#define TABLE dk_elementwise_portable
#include "ElementwiseTemplate.h"
