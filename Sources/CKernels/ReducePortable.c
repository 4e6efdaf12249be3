// The reductions with what every processor of the architecture has: NEON, SSE2, or plain C.
#include "Reduce.h"

#include <math.h>
#include <string.h>

#define VECTOR_BYTES 16
#define TABLE dk_reductions_portable
#include "ReduceTemplate.h"
