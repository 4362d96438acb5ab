/* GELU of eight floats at a time. */
#include "arguments.h"
#include "fgrid_avx2.h"

/*
 * erf(x / sqrt 2) = x P(x^2) / Q(x^2): least squares weighted towards the largest relative error (Lawson), which is 0.32
 * units of 2^-24 for |x| up to 5.55, lowest power first. All coefficients are positive, so that neither sum cancels. From
 * 5.6 on the quotient exceeds 1, which erf rounds to there, and is cut.
 */
static const float over[] = {0x1.988452p-1f,  0x1.13fa4ep-4f,  0x1.31a888p-7f,
                             0x1.5d9248p-12f, 0x1.a666a4p-17f, 0x1.84723cp-25f};
static const float under[] = {1.0f,            0x1.012358p-2f,  0x1.d3a842p-6f,
                              0x1.eaea5cp-10f, 0x1.310e72p-14f, 0x1.3f351ep-20f};

enum { DEGREE = 5 };

static inline __m256 gelu8(__m256 x) {
  const __m256 one = _mm256_set1_ps(1.0f), last = _mm256_set1_ps(5.75f);
  const __m256 sign = _mm256_set1_ps(-0.0f);
  /* The second operand where one is NaN. */
  __m256 bounded = _mm256_max_ps(_mm256_xor_ps(sign, last), _mm256_min_ps(last, x));
  __m256 square = _mm256_mul_ps(bounded, bounded);
  __m256 p = _mm256_set1_ps(over[DEGREE]), q = _mm256_set1_ps(under[DEGREE]);
#pragma GCC unroll 5
  for (int i = DEGREE - 1; i >= 0; i--) {
    p = _mm256_fmadd_ps(p, square, _mm256_set1_ps(over[i]));
    q = _mm256_fmadd_ps(q, square, _mm256_set1_ps(under[i]));
  }
  __m256 erf = _mm256_div_ps(_mm256_mul_ps(bounded, p), q);
  erf = _mm256_max_ps(_mm256_xor_ps(sign, one), _mm256_min_ps(one, erf));
  __m256 half = _mm256_mul_ps(x, _mm256_set1_ps(0.5f));
  return _mm256_fmadd_ps(half, erf, half);
}

__attribute__((always_inline)) static inline void map(const float *x, const octet_grid *to, void *y, int64_t count,
                                                      const int64_t kind) {
  grid_lanes g = lanes_of(to);
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    __m256 value[4];
    for (int v = 0; v < 4; v++) {
      value[v] = gelu8(_mm256_loadu_ps(x + i + 8 * v));
    }
    store_four(&g, y, i, value, kind);
  }
  for (; i < count; i += 8) {
    store_kind(&g, y, i, count - i, gelu8(load_first(x + i, count - i)), kind);
  }
}

int32_t octet_fgelu_avx2(const float *x, const octet_grid *to, void *y, int64_t count) {
  REQUIRE(is_grid(to) && count >= 0 && count < SIZE_LIMIT);
  REQUIRE(count == 0 || (is_there(x, 4) && is_there(y, (uintptr_t)kind_bytes(to->kind))));
  switch (to->kind) {
  case OCTET_U8: map(x, to, y, count, OCTET_U8); break;
  case OCTET_S8: map(x, to, y, count, OCTET_S8); break;
  default: map(x, to, y, count, OCTET_F32); break;
  }
  return OCTET_OK;
}
