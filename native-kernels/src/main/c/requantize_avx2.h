/*
 * The epilogue of integer products for 16 columns: two vectors of int32 accumulators, bias included, to one row of y.
 * Same float operations in the same order as requantize_generic.h. Reads and writes `valid` elements only.
 */
#include <immintrin.h>

#include "octet_kernels.h"

/* A row's last columns go through buffers of a whole panel. */
static inline __m128i load_bytes(const uint8_t *from, int64_t valid) {
  if (valid == OCTET_PANEL) {
    return _mm_loadu_si128((const __m128i *)from);
  }
  uint8_t buffer[OCTET_PANEL] = {0};
  memcpy(buffer, from, (size_t)valid);
  return _mm_loadu_si128((const __m128i *)buffer);
}

static inline __m256 residual_addend(const octet_qproduct *p, __m128i bytes) {
  __m256i wide = p->residual_kind == OCTET_S8 ? _mm256_cvtepi8_epi32(bytes) : _mm256_cvtepu8_epi32(bytes);
  wide = _mm256_sub_epi32(wide, _mm256_set1_epi32((int32_t)p->residual_zero_point));
  return _mm256_mul_ps(_mm256_cvtepi32_ps(wide), _mm256_set1_ps(p->residual_multiplier));
}

static inline void store_floats(const octet_qproduct *p, __m256 v0, __m256 v1, float *y, int64_t valid) {
  __m256 low = _mm256_set1_ps(p->min);
  __m256 high = _mm256_set1_ps(p->max);
  v0 = _mm256_min_ps(high, _mm256_max_ps(low, v0));
  v1 = _mm256_min_ps(high, _mm256_max_ps(low, v1));
  if (valid == OCTET_PANEL) {
    _mm256_storeu_ps(y, v0);
    _mm256_storeu_ps(y + 8, v1);
    return;
  }
  float buffer[OCTET_PANEL];
  _mm256_storeu_ps(buffer, v0);
  _mm256_storeu_ps(buffer + 8, v1);
  memcpy(y, buffer, (size_t)valid * sizeof(float));
}

static inline __m256i round_and_clamp(const octet_qproduct *p, __m256 v) {
  __m256 low = _mm256_set1_ps((float)(p->qmin - p->zero_point));
  __m256 high = _mm256_set1_ps((float)(p->qmax - p->zero_point));
  v = _mm256_and_ps(v, _mm256_cmp_ps(v, v, _CMP_ORD_Q));
  v = _mm256_round_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  v = _mm256_min_ps(high, _mm256_max_ps(low, v));
  return _mm256_add_epi32(_mm256_cvttps_epi32(v), _mm256_set1_epi32((int32_t)p->zero_point));
}

static inline void store_panel(const octet_qproduct *p, __m256i acc0, __m256i acc1, int64_t column, int64_t index,
                               int64_t valid, const void *residual, void *y) {
  __m256 v0 = _mm256_mul_ps(_mm256_cvtepi32_ps(acc0), _mm256_loadu_ps(p->multipliers + column));
  __m256 v1 = _mm256_mul_ps(_mm256_cvtepi32_ps(acc1), _mm256_loadu_ps(p->multipliers + column + 8));
  if (p->y_kind == OCTET_F32) {
    store_floats(p, v0, v1, (float *)y + index, valid);
    return;
  }
  if (p->residual_kind != OCTET_NONE) {
    __m128i r = load_bytes((const uint8_t *)residual + index, valid);
    v0 = _mm256_add_ps(v0, residual_addend(p, r));
    v1 = _mm256_add_ps(v1, residual_addend(p, _mm_unpackhi_epi64(r, r)));
  }
  __m256i words = _mm256_packs_epi32(round_and_clamp(p, v0), round_and_clamp(p, v1));
  words = _mm256_permute4x64_epi64(words, 0xD8);
  __m128i low = _mm256_castsi256_si128(words);
  __m128i high = _mm256_extracti128_si256(words, 1);
  __m128i bytes = p->y_kind == OCTET_S8 ? _mm_packs_epi16(low, high) : _mm_packus_epi16(low, high);
  if (valid == OCTET_PANEL) {
    _mm_storeu_si128((__m128i *)((uint8_t *)y + index), bytes);
    return;
  }
  uint8_t buffer[OCTET_PANEL];
  _mm_storeu_si128((__m128i *)buffer, bytes);
  memcpy((uint8_t *)y + index, buffer, (size_t)valid);
}
