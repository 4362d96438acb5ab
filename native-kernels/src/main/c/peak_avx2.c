/*
 * Peak rates of the arithmetic units, AVX2: twelve independent sums in registers, no memory access. The int8 rate is
 * that of the exact form, vpmaddwd and vpaddd on widened bytes: sixteen products an instruction pair.
 */
#include "arguments.h"

#include <immintrin.h>

enum { SUMS = 12 };

int32_t octet_peak_int8_avx2(int64_t rounds, int64_t *operations) {
  REQUIRE(size_of(rounds, 4096) >= 0 && is_there(operations, 8));
  __m256i x = _mm256_set1_epi16(3), w = _mm256_set1_epi16(-2);
  __m256i sums[SUMS];
  for (int s = 0; s < SUMS; s++) {
    sums[s] = _mm256_setzero_si256();
  }
  for (int64_t i = 0; i < rounds; i++) {
#pragma GCC unroll 12
    for (int s = 0; s < SUMS; s++) {
      __asm__ volatile("" : "+x"(x)); /* or equal products would be computed once */
      sums[s] = _mm256_add_epi32(sums[s], _mm256_madd_epi16(x, w));
    }
  }
#pragma GCC unroll 12
  for (int s = 0; s < SUMS; s++) {
    __asm__ volatile("" : : "x"(sums[s]));
  }
  *operations = (int64_t)2 * 16 * SUMS * rounds;
  return OCTET_OK;
}

int32_t octet_peak_fp32_avx2(int64_t rounds, int64_t *operations) {
  REQUIRE(size_of(rounds, 4096) >= 0 && is_there(operations, 8));
  __m256 x = _mm256_set1_ps(0.5f), w = _mm256_set1_ps(0.25f);
  __m256 sums[SUMS];
  for (int s = 0; s < SUMS; s++) {
    sums[s] = _mm256_setzero_ps();
  }
  for (int64_t i = 0; i < rounds; i++) {
#pragma GCC unroll 12
    for (int s = 0; s < SUMS; s++) {
      sums[s] = _mm256_fmadd_ps(x, w, sums[s]);
    }
  }
#pragma GCC unroll 12
  for (int s = 0; s < SUMS; s++) {
    __asm__ volatile("" : : "x"(sums[s]));
  }
  *operations = (int64_t)2 * 8 * SUMS * rounds;
  return OCTET_OK;
}
