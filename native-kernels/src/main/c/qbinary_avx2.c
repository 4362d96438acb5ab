/*
 * Integer sums and products with AVX2, 16 elements at a time in fp32; the last 16 of a row overlap those before them.
 * Signed bytes are made unsigned by turning their top bit over, which adds 128 to them and to their zero point. Clamping to
 * whole numbers before rounding gives what clamping after it gives.
 */
#include <immintrin.h>

#include "qbinary.h"

enum { LANES = 16 };

/* One operand, or y. */
typedef struct {
  __m128i flip;
  __m256i zero_point; /* 32-bit, of the unsigned bytes */
  int64_t step;
} side;

typedef struct {
  side a, b, y;
  __m256 a_multiplier, b_multiplier, low, high;
} form;

static inline side side_of(int64_t kind, int64_t zero_point, int64_t step) {
  int flip = kind == OCTET_S8 ? 128 : 0;
  return (side){_mm_set1_epi8((char)flip), _mm256_set1_epi32((int)zero_point + flip), step};
}

/* 8 bytes as floats, less their zero point; or one byte 8 times. */
static inline __m256 steps_of(const side *s, const uint8_t *x, int64_t index) {
  __m128i bytes = s->step ? _mm_loadl_epi64((const __m128i *)(x + index)) : _mm_set1_epi8((char)*x);
  __m256i values = _mm256_cvtepu8_epi32(_mm_xor_si128(bytes, s->flip));
  return _mm256_cvtepi32_ps(_mm256_sub_epi32(values, s->zero_point));
}

static inline __attribute__((always_inline)) __m256i eight(const form *f, int sum, const uint8_t *a, const uint8_t *b,
                                                           int64_t i) {
  __m256 left = steps_of(&f->a, a, i), right = steps_of(&f->b, b, i);
  __m256 value = sum ? _mm256_add_ps(_mm256_mul_ps(left, f->a_multiplier), _mm256_mul_ps(right, f->b_multiplier))
                     : _mm256_mul_ps(_mm256_mul_ps(left, right), f->a_multiplier);
  value = _mm256_min_ps(f->high, _mm256_max_ps(f->low, value));
  return _mm256_add_epi32(_mm256_cvtps_epi32(value), f->y.zero_point);
}

static inline __attribute__((always_inline)) void sixteen(const form *f, int sum, const uint8_t *a, const uint8_t *b,
                                                          uint8_t *y, int64_t i) {
  __m256i words = _mm256_packs_epi32(eight(f, sum, a, b, i), eight(f, sum, a, b, i + 8));
  words = _mm256_permute4x64_epi64(words, 0xD8);
  __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  _mm_storeu_si128((__m128i *)(y + i), _mm_xor_si128(bytes, f->y.flip));
}

static inline __attribute__((always_inline)) void row_of(const form *f, int sum, const uint8_t *a, const uint8_t *b,
                                                         uint8_t *y, int64_t count) {
  for (int64_t i = 0; i + LANES <= count; i += LANES) {
    sixteen(f, sum, a, b, y, i);
  }
  if (count % LANES != 0) {
    sixteen(f, sum, a, b, y, count - LANES);
  }
}

static void row_avx2(const octet_qbinary *q, const uint8_t *a, const uint8_t *b, uint8_t *y, int64_t count) {
  if (count < LANES) {
    row_scalar(q, a, b, y, count);
    return;
  }
  const form f = {.a = side_of(q->a_kind, q->a_zero_point, q->a_step),
                  .b = side_of(q->b_kind, q->b_zero_point, q->b_step),
                  .y = side_of(q->y_kind, q->zero_point, 1),
                  .a_multiplier = _mm256_set1_ps(q->a_multiplier),
                  .b_multiplier = _mm256_set1_ps(q->b_multiplier),
                  .low = _mm256_set1_ps((float)(q->qmin - q->zero_point)),
                  .high = _mm256_set1_ps((float)(q->qmax - q->zero_point))};
  if (q->function == OCTET_ADD) {
    row_of(&f, 1, a, b, y, count);
  } else {
    row_of(&f, 0, a, b, y, count);
  }
}

int32_t octet_qbinary_avx2(const octet_qbinary *q, const void *a, const void *b, void *y, int64_t first_row,
                           int64_t rows, int64_t first, int64_t count) {
  return qbinary_rows(q, a, b, y, first_row, rows, first, count, row_avx2);
}
