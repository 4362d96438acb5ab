/* Peak rates of the arithmetic units, AVX-512 with VNNI: twelve independent sums in registers, no memory access. */
#include "arguments.h"

#include <immintrin.h>

enum { SUMS = 12 };

int32_t octet_peak_int8_avx512vnni(int64_t rounds, int64_t *operations) {
  REQUIRE(size_of(rounds, 4096) >= 0 && is_there(operations, 8));
  __m512i x = _mm512_set1_epi8(3), w = _mm512_set1_epi8(-2);
  __m512i sums[SUMS];
  for (int s = 0; s < SUMS; s++) {
    sums[s] = _mm512_setzero_si512();
  }
  for (int64_t i = 0; i < rounds; i++) {
#pragma GCC unroll 12
    for (int s = 0; s < SUMS; s++) {
      sums[s] = _mm512_dpbusd_epi32(sums[s], x, w);
    }
  }
#pragma GCC unroll 12
  for (int s = 0; s < SUMS; s++) {
    __asm__ volatile("" : : "v"(sums[s]));
  }
  *operations = (int64_t)2 * 64 * SUMS * rounds;
  return OCTET_OK;
}

int32_t octet_peak_fp32_avx512vnni(int64_t rounds, int64_t *operations) {
  REQUIRE(size_of(rounds, 4096) >= 0 && is_there(operations, 8));
  __m512 x = _mm512_set1_ps(0.5f), w = _mm512_set1_ps(0.25f);
  __m512 sums[SUMS];
  for (int s = 0; s < SUMS; s++) {
    sums[s] = _mm512_setzero_ps();
  }
  for (int64_t i = 0; i < rounds; i++) {
#pragma GCC unroll 12
    for (int s = 0; s < SUMS; s++) {
      sums[s] = _mm512_fmadd_ps(x, w, sums[s]);
    }
  }
#pragma GCC unroll 12
  for (int s = 0; s < SUMS; s++) {
    __asm__ volatile("" : : "v"(sums[s]));
  }
  *operations = (int64_t)2 * 16 * SUMS * rounds;
  return OCTET_OK;
}
