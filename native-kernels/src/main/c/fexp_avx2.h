/* The exponential function of eight floats. */
#ifndef OCTET_FEXP_AVX2_H
#define OCTET_FEXP_AVX2_H

#include "lanes_avx2.h"

/*
 * exp(x) for x of at most 0; NaN stays NaN and anything below -87, where exp is about 2^-125.5, becomes 0.
 *
 * x = n ln 2 + r with |r| <= 0.3466, then the Taylor polynomial of degree 7: its first term left out, r^8 / 8!, is
 * below 6e-9 of exp(r), a tenth of a unit of 2^-24. Two constants make up ln 2; n times the first is exact. The sum's last
 * addition rounds once at full size and what comes before it is smaller by r: below 2 units in the last place in all.
 */
static inline __m256 exp_negative(__m256 x) {
  static const float taylor[] = {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f};
  __m256 tiny = _mm256_cmp_ps(x, _mm256_set1_ps(-87.0f), _CMP_LT_OQ);
  x = _mm256_max_ps(_mm256_set1_ps(-87.0f), x); /* the second operand where one is NaN */
  __m256 n = _mm256_mul_ps(x, _mm256_set1_ps(1.44269504f));
  n = _mm256_round_ps(n, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(0.693359375f), x);
  r = _mm256_fnmadd_ps(n, _mm256_set1_ps(-2.12194440e-4f), r);
  __m256 y = _mm256_set1_ps(1.0f / 5040);
  for (int i = 0; i < 7; i++) {
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(taylor[i]));
  }
  __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
  return _mm256_andnot_ps(tiny, _mm256_mul_ps(y, _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23))));
}

#endif
