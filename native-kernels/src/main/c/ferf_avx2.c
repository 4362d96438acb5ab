/* The error function of eight floats at a time. */
#include "arguments.h"
#include "fexp_avx2.h"

enum { DEGREE_NEAR = 7, DEGREE_FAR = 8 };

/*
 * Chebyshev interpolants, lowest power last. Near 0, |x| < 1: erf(x) / x in x^2, off by less than 0.001 units of 2^-24.
 * Far, up to 4: log(1 - erf(x)) in x, which makes erfc off by less than 0.01 such units; beyond 4 erf rounds to 1. The
 * rest of the bound in octet_kernels.h is rounding: of the last steps of each polynomial, and of exp.
 */
static const float near_zero[] = {-0x1.445f46p-17f, 0x1.d88750p-14f, -0x1.bccf66p-11f, 0x1.562a60p-8f,
                                  -0x1.b829c8p-6f,  0x1.ce2f08p-4f,  -0x1.812746p-2f,  0x1.20dd76p+0f};
static const float far_off[] = {0x1.b77830p-20f,  -0x1.825ce6p-15f, 0x1.38e5e6p-11f, -0x1.37ecc6p-8f, 0x1.b0e246p-6f,
                                -0x1.c2e356p-4f, -0x1.437eb4p-1f,  -0x1.2156fap+0f, 0x1.4fb068p-12f};

static __m256 polynomial(const float *coefficients, int degree, __m256 x) {
  __m256 y = _mm256_set1_ps(coefficients[0]);
  for (int i = 1; i <= degree; i++) {
    y = _mm256_fmadd_ps(y, x, _mm256_set1_ps(coefficients[i]));
  }
  return y;
}

static __m256 erf8(__m256 x) {
  const __m256 sign = _mm256_set1_ps(-0.0f);
  const __m256 one = _mm256_set1_ps(1.0f);
  __m256 size = _mm256_andnot_ps(sign, x);
  __m256 near = _mm256_mul_ps(x, polynomial(near_zero, DEGREE_NEAR, _mm256_mul_ps(x, x)));
  __m256 bounded = _mm256_min_ps(_mm256_set1_ps(4.0f), size); /* the second operand where one is NaN */
  __m256 far = _mm256_sub_ps(one, exp_negative(polynomial(far_off, DEGREE_FAR, bounded)));
  far = _mm256_or_ps(far, _mm256_and_ps(sign, x));
  return _mm256_blendv_ps(far, near, _mm256_cmp_ps(size, one, _CMP_LT_OQ));
}

int32_t octet_ferf_avx2(const float *x, float *y, int64_t count) {
  REQUIRE(count >= 0 && count < SIZE_LIMIT && (count == 0 || (is_there(x, 4) && is_there(y, 4))));
  for (int64_t i = 0; i < count; i += 8) {
    store_first(y + i, count - i, erf8(load_first(x + i, count - i)));
  }
  return OCTET_OK;
}
