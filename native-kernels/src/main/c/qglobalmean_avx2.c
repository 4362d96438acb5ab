/*
 * Means of 8-bit integers over all positions with AVX2: 32 channels at a time, in 16-bit sums that are widened before they
 * can overflow. Signed bytes are made unsigned by turning their top bit over, which adds 128 to them and to their zero
 * point.
 */
#include <immintrin.h>

#include "qglobalmean.h"

/* 257 * 255 is the largest sum that 16 bits hold. */
enum { BLOCK = 32, SHORT_SUM = 257 };

static inline __m256i widened(__m256i sum, __m128i shorts) { return _mm256_add_epi32(sum, _mm256_cvtepu16_epi32(shorts)); }

/* The sums of 32 channels from x on, as they follow each other. */
static inline void sums_of(const uint8_t *x, int64_t channels, int64_t pixels, __m256i flip, int32_t sums[BLOCK]) {
  __m256i long_sums[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
  for (int64_t from = 0; from < pixels; from += SHORT_SUM) {
    int64_t end = pixels - from < SHORT_SUM ? pixels : from + SHORT_SUM;
    __m256i low = _mm256_setzero_si256(), high = _mm256_setzero_si256();
    for (int64_t i = from; i < end; i++) {
      __m256i bytes = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(x + i * channels)), flip);
      low = _mm256_add_epi16(low, _mm256_cvtepu8_epi16(_mm256_castsi256_si128(bytes)));
      high = _mm256_add_epi16(high, _mm256_cvtepu8_epi16(_mm256_extracti128_si256(bytes, 1)));
    }
    long_sums[0] = widened(long_sums[0], _mm256_castsi256_si128(low));
    long_sums[1] = widened(long_sums[1], _mm256_extracti128_si256(low, 1));
    long_sums[2] = widened(long_sums[2], _mm256_castsi256_si128(high));
    long_sums[3] = widened(long_sums[3], _mm256_extracti128_si256(high, 1));
  }
  for (int i = 0; i < 4; i++) {
    _mm256_storeu_si256((__m256i *)(sums + 8 * i), long_sums[i]);
  }
}

int32_t octet_qglobalmean_avx2(const octet_qglobalmean *m, const void *x, void *y, int64_t first, int64_t count) {
  REQUIRE(is_qglobalmean(m, first, count) && (count == 0 || (x != NULL && y != NULL)));
  if (count < BLOCK) {
    return octet_qglobalmean_generic(m, x, y, first, count);
  }
  int turned = m->x_kind == OCTET_S8 ? 128 : 0;
  __m256i flip = _mm256_set1_epi8((char)turned);
  int32_t zeros = (int32_t)(m->pixels * (m->x_zero_point + turned));
  for (int64_t done = 0; done < count; done += BLOCK) {
    int64_t c = first + (done + BLOCK <= count ? done : count - BLOCK); /* the last block overlaps the one before */
    int32_t sums[BLOCK];
    sums_of((const uint8_t *)x + c, m->channels, m->pixels, flip, sums);
    for (int i = 0; i < BLOCK; i++) {
      store_mean(m, sums[i] - zeros, (uint8_t *)y + c + i);
    }
  }
  return OCTET_OK;
}
