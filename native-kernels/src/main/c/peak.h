/*
 * Peak rates of the arithmetic units: twelve independent sums in registers, no memory access.
 *
 * PEAK defines a function that runs `rounds` rounds of `step`, an expression that adds to `sum` products of `x` and `w`;
 * products: how many; reg: the constraint of a register of the vector's type.
 */
#include "arguments.h"

#include <immintrin.h>

enum { SUMS = 12 };

/* x passes through an empty statement in each step, or equal products would be computed once. */
#define PEAK(function, vector, reg, zero, x_value, w_value, step, products)                                            \
  int32_t function(int64_t rounds, int64_t *operations) {                                                              \
    REQUIRE(size_of(rounds, 4096) >= 0 && is_there(operations, 8));                                                    \
    vector x = x_value, w = w_value, sums[SUMS];                                                                       \
    for (int s = 0; s < SUMS; s++) {                                                                                   \
      sums[s] = zero;                                                                                                  \
    }                                                                                                                  \
    for (int64_t i = 0; i < rounds; i++) {                                                                             \
      _Pragma("GCC unroll 12") for (int s = 0; s < SUMS; s++) {                                                        \
        __asm__ volatile("" : "+" reg(x));                                                                             \
        vector sum = sums[s];                                                                                          \
        sums[s] = step;                                                                                                \
      }                                                                                                                \
    }                                                                                                                  \
    _Pragma("GCC unroll 12") for (int s = 0; s < SUMS; s++) { __asm__ volatile("" : : reg(sums[s])); }                 \
    *operations = (int64_t)2 * (products) * SUMS * rounds;                                                             \
    return OCTET_OK;                                                                                                   \
  }

/* fp32 on registers of 256 bits. */
#define PEAK_FP32_256(function)                                                                                        \
  PEAK(function, __m256, "x", _mm256_setzero_ps(), _mm256_set1_ps(0.5f), _mm256_set1_ps(0.25f),                        \
       _mm256_fmadd_ps(x, w, sum), 8)
