/* 8-bit integers to floats with AVX2. */
#include <immintrin.h>

#include "arguments.h"

int32_t octet_dequantize_avx2(const void *x, float *y, int64_t count, int64_t kind, int64_t zero_point, float scale) {
  REQUIRE(is_of_kind(kind, zero_point) && count >= 0 && count < SIZE_LIMIT);
  REQUIRE(count == 0 || (x != NULL && is_there(y, 4)));
  __m256i zero = _mm256_set1_epi32((int32_t)zero_point);
  __m256 scales = _mm256_set1_ps(scale);
  const uint8_t *from = x;
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    __m128i bytes = _mm_loadl_epi64((const __m128i *)(from + i));
    __m256i values = kind == OCTET_S8 ? _mm256_cvtepi8_epi32(bytes) : _mm256_cvtepu8_epi32(bytes);
    _mm256_storeu_ps(y + i, _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_sub_epi32(values, zero)), scales));
  }
  return count == i ? OCTET_OK : octet_dequantize_generic(from + i, y + i, count - i, kind, zero_point, scale);
}
