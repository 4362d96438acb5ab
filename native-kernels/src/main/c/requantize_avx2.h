/*
 * The epilogue of integer products: vectors of 8 int32 accumulators, bias included, to rows of y. Same results as
 * requantize_generic.h: clamping to whole numbers before rounding gives what clamping after it gives, the conversion to
 * int32 rounds half to even, and where no value can leave int32's range the packing instructions saturate, so that only
 * bytes are clamped. Reads and writes `valid` elements of a row only.
 */
#include <immintrin.h>
#include <string.h>

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
  __m256i zero_point; /* 16-bit, of y taken as signed: for u8 less by 128, which `flip` undoes */
  __m256i low_bytes, high_bytes, flip;
} epilogue;

static inline epilogue epilogue_of(const octet_qproduct *p, const void *residual, void *y) {
  int to_float = p->y_kind == OCTET_F32;
  int shift = p->y_kind == OCTET_U8 ? 128 : 0;
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
      .zero_point = _mm256_set1_epi16((int16_t)(p->zero_point - shift)),
      .low_bytes = _mm256_set1_epi8((char)(p->qmin - shift)),
      .high_bytes = _mm256_set1_epi8((char)(p->qmax - shift)),
      .flip = _mm256_set1_epi8((char)shift),
  };
  return e;
}

/* A row's last columns go through buffers of a whole panel. */
static inline __m128i load_bytes(const uint8_t *from, int64_t valid) {
  if (valid == OCTET_PANEL) {
    return _mm_loadu_si128((const __m128i *)from);
  }
  if (valid == OCTET_PANEL / 2) {
    return _mm_loadl_epi64((const __m128i *)from);
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
  if (valid == OCTET_PANEL / 2) {
    _mm_storel_epi64((__m128i *)y, bytes);
    return;
  }
  uint8_t buffer[OCTET_PANEL];
  _mm_storeu_si128((__m128i *)buffer, bytes);
  memcpy(y, buffer, (size_t)valid);
}

/* One row of 16 columns, of any kind and with any multipliers. */
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
  __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  store_bytes(_mm_xor_si128(bytes, _mm256_castsi256_si128(e->flip)), e->y + index, valid);
}

/* Whether y is of bytes and no value of 16 columns can leave int32's range: int32 times 0.5, and 255 times 2^20. */
static inline int is_packable(const epilogue *e, int64_t column) {
  __m256 sign = _mm256_set1_ps(-0.0f), half = _mm256_set1_ps(0.5f);
  __m256 m0 = _mm256_andnot_ps(sign, _mm256_loadu_ps(e->multipliers + column));
  __m256 m1 = _mm256_andnot_ps(sign, _mm256_loadu_ps(e->multipliers + column + 8));
  __m256 fits = _mm256_cmp_ps(_mm256_max_ps(m0, m1), half, _CMP_LE_OQ);
  float residual = _mm256_cvtss_f32(e->residual_multiplier);
  return e->y_kind != OCTET_F32 && _mm256_movemask_ps(fits) == 0xFF && residual <= 0x1p20f && residual >= -0x1p20f;
}

/* 8 columns of sums to whole numbers; residual: the residual's 8 elements if there is one. */
static inline __m256i rescale(const epilogue *e, __m256i acc, int64_t column, const int with_residual,
                              __m128i residual) {
  __m256 value = _mm256_mul_ps(_mm256_cvtepi32_ps(acc), _mm256_loadu_ps(e->multipliers + column));
  if (with_residual) {
    value = _mm256_add_ps(value, residual_addend(e, residual));
  }
  return _mm256_cvtps_epi32(value);
}

/* 8 bytes of each of four vectors of rescaled sums. */
static inline __m256i pack4(const epilogue *e, __m256i q0, __m256i q1, __m256i q2, __m256i q3) {
  __m256i low = _mm256_adds_epi16(_mm256_packs_epi32(q0, q1), e->zero_point);
  __m256i high = _mm256_adds_epi16(_mm256_packs_epi32(q2, q3), e->zero_point);
  __m256i bytes = _mm256_packs_epi16(low, high);
  bytes = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  bytes = _mm256_min_epi8(_mm256_max_epi8(bytes, e->low_bytes), e->high_bytes);
  return _mm256_xor_si256(bytes, e->flip);
}

/* Two rows of 16 columns, or four of 8, in four vectors, where is_packable; `index` has the place in y of each row's first element. */
__attribute__((always_inline)) static inline void store_packable(const epilogue *e, const __m256i *acc,
                                                                 const int64_t *index, const int rows, int64_t column,
                                                                 int64_t valid, const int with_residual) {
  __m256i whole[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; i += 4 / rows) {
    __m128i r = with_residual ? load_bytes(e->residual + index[i * rows / 4], valid) : _mm_setzero_si128();
    whole[i] = rescale(e, acc[i], column, with_residual, r);
    if (rows == 2) {
      whole[i + 1] = rescale(e, acc[i + 1], column + 8, with_residual, _mm_unpackhi_epi64(r, r));
    }
  }
  __m256i bytes = pack4(e, whole[0], whole[1], whole[2], whole[3]);
  __m128i first = _mm256_castsi256_si128(bytes);
  __m128i last = _mm256_extracti128_si256(bytes, 1);
  if (rows == 2) {
    store_bytes(first, e->y + index[0], valid);
    store_bytes(last, e->y + index[1], valid);
  } else {
    store_bytes(first, e->y + index[0], valid);
    store_bytes(_mm_unpackhi_epi64(first, first), e->y + index[1], valid);
    store_bytes(last, e->y + index[2], valid);
    store_bytes(_mm_unpackhi_epi64(last, last), e->y + index[3], valid);
  }
}
