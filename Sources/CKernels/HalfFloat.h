// Numbers of 16 bits in and out of floats: float16 has 10 bits of fraction, bfloat16 7.
#ifndef DESCENT_HALF_FLOAT_H
#define DESCENT_HALF_FLOAT_H

#include <stdint.h>
#include <string.h>

// Exact.
static inline __attribute__((always_inline)) float dk_from_half(uint16_t bits, int fraction) {
    const uint32_t sign = (uint32_t)(bits & 0x8000) << 16;
    uint32_t word;
    float result;
    if (fraction == 7) {
        word = (uint32_t)bits << 16;
        memcpy(&result, &word, 4);
        return result;
    }
    const uint32_t exponent = bits >> 10 & 31, digits = bits & 1023;
    if (exponent == 0) {
        // Subnormal: digits * 2^-24.
        result = (float)digits * 0x1p-24f;
        memcpy(&word, &result, 4);
        word |= sign;
    } else word = sign | (exponent == 31 ? 255 : exponent + 112) << 23 | digits << 13;
    memcpy(&result, &word, 4);
    return result;
}

// The nearest, and of two equally near ones the even one; too large becomes infinite, NaN stays NaN.
static inline __attribute__((always_inline)) uint16_t dk_to_half(double x, int fraction) {
    const int width = 15 - fraction, bias = (1 << (width - 1)) - 1;
    uint64_t word;
    memcpy(&word, &x, 8);
    const uint16_t sign = (uint16_t)(word >> 48 & 0x8000), infinity = (uint16_t)(((1 << width) - 1) << fraction);
    word &= ~((uint64_t)1 << 63);
    if (word > (uint64_t)0x7ff << 52) return (uint16_t)(sign | infinity | 1 << (fraction - 1));
    const int64_t exponent = (int64_t)(word >> 52) - 1023 + bias;
    if (exponent >= (1 << width) - 1) return sign | infinity;
    // The digits with their leading one, to be cut so that `exponent`, or the least exponent, is left.
    const uint64_t digits = (word & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
    const int64_t cut = 52 - fraction + (exponent < 1 ? 1 - exponent : 0);
    if (cut > 60) return sign;
    const uint64_t kept = digits >> cut, rest = digits & (((uint64_t)1 << cut) - 1), half = (uint64_t)1 << (cut - 1);
    // A carry goes on into the exponent, as it should.
    const uint64_t rounded = kept + (rest > half || (rest == half && (kept & 1)));
    return (uint16_t)(sign | (exponent < 1 ? rounded : rounded + ((uint64_t)(exponent - 1) << fraction)));
}

#endif
