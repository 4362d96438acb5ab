/*
 * The epilogue of integer products for 16 columns: two vectors of int32 accumulators, bias included, to one row of y.
 * Same results as requantize_generic.h: clamping to whole numbers before rounding gives what clamping after it gives, and
 * the conversion to int32 rounds half to even. Reads and writes `valid` elements only.
 */
#include <immintrin.h>

#include "octet_kernels.h"

/* A product's epilogue in registers' form, made once a call: stores to y may alias anything a compiler knows of p. */
typedef struct {
  const float *multipliers;
  const uint8_t *residual;
  uint8_t *y;
  int64_t row_stride;
  int y_kind, residual_kind;
  __m256 low, high, residual_multiplier;
  __m256i residual_zero_point;
  __m256i zero_point; /* 16-bit */
} epilogue;

static inline epilogue epilogue_of(const octet_qproduct *p, const void *residual, void *y) {
  int to_float = p->y_kind == OCTET_F32;
  epilogue e = {
      .multipliers = p->multipliers,
      .residual = residual,
      .y = y,
      .row_stride = p->row_stride,
      .y_kind = (int)p->y_kind,
      .residual_kind = (int)p->residual_kind,
      .low = _mm256_set1_ps(to_float ? p->min : (float)(p->qmin - p->zero_point)),
      .high = _mm256_set1_ps(to_float ? p->max : (float)(p->qmax - p->zero_point)),
      .residual_multiplier = _mm256_set1_ps(p->residual_multiplier),
      .residual_zero_point = _mm256_set1_epi32((int32_t)p->residual_zero_point),
      .zero_point = _mm256_set1_epi16((int16_t)p->zero_point),
  };
  return e;
}

/* A row's last columns go through buffers of a whole panel. */
static inline __m128i load_bytes(const uint8_t *from, int64_t valid) {
  if (valid == OCTET_PANEL) {
    return _mm_loadu_si128((const __m128i *)from);
  }
  uint8_t buffer[OCTET_PANEL] = {0};
  memcpy(buffer, from, (size_t)valid);
  return _mm_loadu_si128((const __m128i *)buffer);
}

static inline __m256 residual_addend(const epilogue *e, __m128i bytes) {
  __m256i wide = e->residual_kind == OCTET_S8 ? _mm256_cvtepi8_epi32(bytes) : _mm256_cvtepu8_epi32(bytes);
  wide = _mm256_sub_epi32(wide, e->residual_zero_point);
  return _mm256_mul_ps(_mm256_cvtepi32_ps(wide), e->residual_multiplier);
}

static inline void store_floats(__m256 v0, __m256 v1, float *y, int64_t valid) {
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

static inline void store_bytes(__m128i bytes, uint8_t *y, int64_t valid) {
  if (valid == OCTET_PANEL) {
    _mm_storeu_si128((__m128i *)y, bytes);
    return;
  }
  uint8_t buffer[OCTET_PANEL];
  _mm_storeu_si128((__m128i *)buffer, bytes);
  memcpy(y, buffer, (size_t)valid);
}

static inline void store_panel(const epilogue *e, __m256i acc0, __m256i acc1, int64_t row, int64_t column,
                               int64_t valid) {
  int64_t index = row * e->row_stride + column;
  __m256 v0 = _mm256_mul_ps(_mm256_cvtepi32_ps(acc0), _mm256_loadu_ps(e->multipliers + column));
  __m256 v1 = _mm256_mul_ps(_mm256_cvtepi32_ps(acc1), _mm256_loadu_ps(e->multipliers + column + 8));
  if (e->residual_kind != OCTET_NONE) {
    __m128i r = load_bytes(e->residual + index, valid);
    v0 = _mm256_add_ps(v0, residual_addend(e, r));
    v1 = _mm256_add_ps(v1, residual_addend(e, _mm_unpackhi_epi64(r, r)));
  }
  v0 = _mm256_min_ps(e->high, _mm256_max_ps(e->low, v0));
  v1 = _mm256_min_ps(e->high, _mm256_max_ps(e->low, v1));
  if (e->y_kind == OCTET_F32) {
    store_floats(v0, v1, (float *)(void *)e->y + index, valid);
    return;
  }
  __m256i words = _mm256_packs_epi32(_mm256_cvtps_epi32(v0), _mm256_cvtps_epi32(v1));
  words = _mm256_add_epi16(_mm256_permute4x64_epi64(words, 0xD8), e->zero_point);
  __m128i first = _mm256_castsi256_si128(words);
  __m128i last = _mm256_extracti128_si256(words, 1);
  store_bytes(e->y_kind == OCTET_S8 ? _mm_packs_epi16(first, last) : _mm_packus_epi16(first, last), e->y + index, valid);
}
