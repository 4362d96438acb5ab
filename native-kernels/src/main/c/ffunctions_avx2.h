/* Functions of eight floats; their error bounds are in octet_kernels.h. */
#ifndef OCTET_FFUNCTIONS_AVX2_H
#define OCTET_FFUNCTIONS_AVX2_H

#include "fexp_avx2.h"

static inline __m256 all8(float value) { return _mm256_set1_ps(value); }

static inline __m256 abs8(__m256 x) { return _mm256_andnot_ps(all8(-0.0f), x); }

static inline __m256 negate8(__m256 x) { return _mm256_xor_ps(all8(-0.0f), x); }

static inline __m256 with_sign8(__m256 size, __m256 sign) {
  return _mm256_or_ps(size, _mm256_and_ps(all8(-0.0f), sign));
}

/* Highest power first. */
static inline __m256 polynomial8(const float *coefficients, int degree, __m256 x) {
  __m256 y = all8(coefficients[0]);
#pragma GCC unroll 16
  for (int i = 1; i <= degree; i++) {
    y = _mm256_fmadd_ps(y, x, all8(coefficients[i]));
  }
  return y;
}

/* 2^n for whole n from -126 to 127. */
static inline __m256 power_of_two8(__m256i n) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(n, _mm256_set1_epi32(127)), 23));
}

/*
 * As exp_negative, over all floats: the power of two is multiplied in two halves, so that it may leave the range of normal
 * floats on either side. NaN stays NaN.
 */
static inline __m256 exp8(__m256 x) {
  static const float taylor[] = {1.0f / 5040, 1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f};
  x = _mm256_min_ps(all8(89.0f), _mm256_max_ps(all8(-104.0f), x)); /* the second operand where one is NaN */
  __m256 n = _mm256_mul_ps(x, all8(1.44269504f));
  n = _mm256_round_ps(n, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m256 r = _mm256_fnmadd_ps(n, all8(0.693359375f), x);
  r = _mm256_fnmadd_ps(n, all8(-2.12194440e-4f), r);
  __m256 y = polynomial8(taylor, 7, r);
  __m256i power = _mm256_cvtps_epi32(n), half = _mm256_srai_epi32(power, 1);
  return _mm256_mul_ps(_mm256_mul_ps(y, power_of_two8(half)), power_of_two8(_mm256_sub_epi32(power, half)));
}

/* exp(x) - 1: the Taylor polynomial where |x| < 1/2, its first term left out below 2^-9 / 10! of x. */
static inline __m256 expm1_8(__m256 x) {
  static const float taylor[] = {1.0f / 362880, 1.0f / 40320, 1.0f / 5040, 1.0f / 720, 1.0f / 120,
                                 1.0f / 24,     1.0f / 6,     0.5f};
  __m256 near = _mm256_fmadd_ps(_mm256_mul_ps(x, x), polynomial8(taylor, 7, x), x);
  __m256 far = _mm256_sub_ps(exp8(x), all8(1.0f));
  return _mm256_blendv_ps(far, near, _mm256_cmp_ps(abs8(x), all8(0.5f), _CMP_LT_OQ));
}

/* 1 + s^2 / 3 + s^4 / 5 + ..., which is atanh(s) / s, for |s| <= 1/3: what is left out is below 2^-29. */
static inline __m256 atanh_over8(__m256 s) {
  static const float odd[] = {1.0f / 17, 1.0f / 15, 1.0f / 13, 1.0f / 11, 1.0f / 9,
                              1.0f / 7,  1.0f / 5,  1.0f / 3,  1.0f};
  return polynomial8(odd, 8, _mm256_mul_ps(s, s));
}

/* log(x) = n ln 2 + 2 atanh(f / (2 + f)) for x = 2^n (1 + f), 1 + f from about sqrt(1/2) to sqrt(2). */
static inline __m256 log8(__m256 x) {
  __m256 tiny = _mm256_cmp_ps(x, all8(0x1p-126f), _CMP_LT_OQ);
  __m256 scaled = _mm256_blendv_ps(x, _mm256_mul_ps(x, all8(0x1p23f)), tiny);
  __m256i bits = _mm256_castps_si256(scaled);
  const __m256i root = _mm256_set1_epi32(0x3F3504F3); /* sqrt(1/2) */
  __m256i power = _mm256_srai_epi32(_mm256_sub_epi32(bits, root), 23);
  __m256 m = _mm256_castsi256_ps(_mm256_sub_epi32(bits, _mm256_slli_epi32(power, 23)));
  __m256 n = _mm256_sub_ps(_mm256_cvtepi32_ps(power), _mm256_and_ps(tiny, all8(23.0f)));
  __m256 f = _mm256_sub_ps(m, all8(1.0f));
  __m256 s = _mm256_div_ps(f, _mm256_add_ps(f, all8(2.0f)));
  __m256 y = _mm256_mul_ps(_mm256_add_ps(s, s), atanh_over8(s));
  y = _mm256_fmadd_ps(n, all8(-2.12194440e-4f), y);
  y = _mm256_fmadd_ps(n, all8(0.693359375f), y);
  const __m256 zero = _mm256_setzero_ps(), infinite = all8(__builtin_inff());
  y = _mm256_blendv_ps(y, negate8(infinite), _mm256_cmp_ps(x, zero, _CMP_EQ_OQ));
  y = _mm256_blendv_ps(y, x, _mm256_cmp_ps(x, infinite, _CMP_EQ_OQ));
  y = _mm256_blendv_ps(y, all8(__builtin_nanf("")), _mm256_cmp_ps(x, zero, _CMP_LT_OQ));
  return _mm256_blendv_ps(y, x, _mm256_cmp_ps(x, x, _CMP_UNORD_Q));
}

/* Of the power that does not overflow, so that small results keep their digits. */
static inline __m256 sigmoid8(__m256 x) {
  __m256 e = exp8(negate8(abs8(x)));
  __m256 over = _mm256_blendv_ps(all8(1.0f), e, x);
  return _mm256_div_ps(over, _mm256_add_ps(all8(1.0f), e));
}

/* t / (t + 2) with t = exp(2 |x|) - 1; from 10 on it rounds to 1. */
static inline __m256 tanh8(__m256 x) {
  __m256 size = _mm256_min_ps(all8(10.0f), abs8(x)); /* the second operand where one is NaN */
  __m256 t = expm1_8(_mm256_add_ps(size, size));
  return with_sign8(_mm256_div_ps(t, _mm256_add_ps(t, all8(2.0f))), x);
}

/* max(x, 0) + log(1 + e), e = exp(-|x|), the logarithm as 2 atanh(e / (2 + e)). */
static inline __m256 softplus8(__m256 x) {
  __m256 e = exp8(negate8(abs8(x)));
  __m256 s = _mm256_div_ps(e, _mm256_add_ps(e, all8(2.0f)));
  __m256 rest = _mm256_mul_ps(_mm256_add_ps(s, s), atanh_over8(s));
  return _mm256_add_ps(_mm256_max_ps(_mm256_setzero_ps(), x), rest); /* the second operand where one is NaN */
}

/* tanh(log(1 + e)) is n / (n + 2) with n = e (e + 2), e = exp(x); from 20 on it rounds to 1. */
static inline __m256 mish8(__m256 x) {
  __m256 e = exp8(_mm256_min_ps(all8(20.0f), x));
  __m256 n = _mm256_mul_ps(e, _mm256_add_ps(e, all8(2.0f)));
  return _mm256_mul_ps(x, _mm256_div_ps(n, _mm256_add_ps(n, all8(2.0f))));
}

/*
 * Chebyshev interpolants. Near 0, |x| < 1: erf(x) / x in x^2, off by less than 0.001 units of 2^-24. Far, up to 4:
 * log(1 - erf(x)) in x, which makes erfc off by less than 0.01 such units; beyond 4 erf rounds to 1. The rest of the bound
 * is rounding: of the last steps of each polynomial, and of exp.
 */
static inline __m256 erf8(__m256 x) {
  static const float near_zero[] = {-0x1.445f46p-17f, 0x1.d88750p-14f, -0x1.bccf66p-11f, 0x1.562a60p-8f,
                                    -0x1.b829c8p-6f,  0x1.ce2f08p-4f,  -0x1.812746p-2f,  0x1.20dd76p+0f};
  static const float far_off[] = {0x1.b77830p-20f,  -0x1.825ce6p-15f, 0x1.38e5e6p-11f, -0x1.37ecc6p-8f, 0x1.b0e246p-6f,
                                  -0x1.c2e356p-4f, -0x1.437eb4p-1f,  -0x1.2156fap+0f, 0x1.4fb068p-12f};
  const __m256 one = all8(1.0f);
  __m256 size = abs8(x);
  __m256 near = _mm256_mul_ps(x, polynomial8(near_zero, 7, _mm256_mul_ps(x, x)));
  __m256 bounded = _mm256_min_ps(all8(4.0f), size); /* the second operand where one is NaN */
  __m256 far = with_sign8(_mm256_sub_ps(one, exp_negative(polynomial8(far_off, 8, bounded))), x);
  return _mm256_blendv_ps(far, near, _mm256_cmp_ps(size, one, _CMP_LT_OQ));
}

/*
 * erf(x / sqrt 2) = x P(x^2) / Q(x^2): least squares weighted towards the largest relative error (Lawson), which is 0.32
 * units of 2^-24 for |x| up to 5.55. All coefficients are positive, so that neither sum cancels. From 5.6 on the quotient
 * exceeds 1, which erf rounds to there, and is cut.
 */
static inline __m256 gelu8(__m256 x) {
  static const float over[] = {0x1.84723cp-25f, 0x1.a666a4p-17f, 0x1.5d9248p-12f,
                               0x1.31a888p-7f,  0x1.13fa4ep-4f,  0x1.988452p-1f};
  static const float under[] = {0x1.3f351ep-20f, 0x1.310e72p-14f, 0x1.eaea5cp-10f,
                                0x1.d3a842p-6f,  0x1.012358p-2f,  1.0f};
  const __m256 one = all8(1.0f), last = all8(5.75f);
  __m256 bounded = _mm256_max_ps(negate8(last), _mm256_min_ps(last, x)); /* the second operand where one is NaN */
  __m256 square = _mm256_mul_ps(bounded, bounded);
  __m256 erf = _mm256_mul_ps(bounded, polynomial8(over, 5, square));
  erf = _mm256_div_ps(erf, polynomial8(under, 5, square));
  erf = _mm256_max_ps(negate8(one), _mm256_min_ps(one, erf));
  __m256 half = _mm256_mul_ps(x, all8(0.5f));
  return _mm256_fmadd_ps(half, erf, half);
}

#endif
