// Single numbers of 16 bits, for the Swift side.
#include "HalfFloat.h"
#include "CKernels.h"

uint16_t dk_half_bits(double value, dk_dtype dtype) { return dk_to_half(value, dtype == DK_FLOAT16 ? 10 : 7); }
double dk_half_value(uint16_t bits, dk_dtype dtype) { return dk_from_half(bits, dtype == DK_FLOAT16 ? 10 : 7); }
