/*
 * The epilogue of integer products for a tile: rows of up to 4 panels of int32 sums, bias included, to y. Same results as
 * requantize_generic.h, for the reasons that requantize_avx2.h gives.
 */
#include "requantize_avx2.h"

enum { SUMS_STRIDE = 64 };

typedef struct {
  const int32_t *sums; /* SUMS_STRIDE a row */
  int64_t rows, panels;
  int64_t row, column; /* of y */
  int64_t columns;     /* of the product */
} sum_tile;

__attribute__((always_inline)) static inline void store_tile_as(const epilogue *e, const octet_qproduct *p,
                                                                const sum_tile *t, int to_float, int with_residual) {
  __m512 low = _mm512_set1_ps(to_float ? p->min : (float)(p->qmin - p->zero_point));
  __m512 high = _mm512_set1_ps(to_float ? p->max : (float)(p->qmax - p->zero_point));
  __m512i zero_point = _mm512_set1_epi32((int32_t)p->zero_point);
  __m512 residual_multiplier = _mm512_set1_ps(p->residual_multiplier);
  __m512i residual_zero_point = _mm512_set1_epi32((int32_t)p->residual_zero_point);
  for (int64_t v = 0; v < t->panels; v++) {
    int64_t column = t->column + v * OCTET_PANEL;
    int64_t valid = t->columns - column < OCTET_PANEL ? t->columns - column : OCTET_PANEL;
    __m512 multipliers = _mm512_loadu_ps(e->multipliers + column);
    int64_t index = t->row * e->row_stride + column;
    const int32_t *sums = t->sums + v * OCTET_PANEL;
    for (int64_t r = 0; r < t->rows; r++, index += e->row_stride, sums += SUMS_STRIDE) {
      __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_loadu_si512(sums)), multipliers);
      if (with_residual) {
        __m128i bytes = load_bytes(e->residual + index, valid);
        __m512i wide = e->residual_kind == OCTET_S8 ? _mm512_cvtepi8_epi32(bytes) : _mm512_cvtepu8_epi32(bytes);
        __m512 addend = _mm512_cvtepi32_ps(_mm512_sub_epi32(wide, residual_zero_point));
        value = _mm512_add_ps(value, _mm512_mul_ps(addend, residual_multiplier));
      }
      value = _mm512_min_ps(high, _mm512_max_ps(low, value));
      if (to_float) {
        float buffer[OCTET_PANEL];
        float *to = (float *)(void *)e->y + index;
        _mm512_storeu_ps(valid == OCTET_PANEL ? to : buffer, value);
        if (valid < OCTET_PANEL) {
          memcpy(to, buffer, (size_t)valid * sizeof(float));
        }
      } else {
        __m512i whole = _mm512_add_epi32(_mm512_cvtps_epi32(value), zero_point);
        store_bytes(_mm512_cvtepi32_epi8(whole), e->y + index, valid);
      }
    }
  }
}

/* Not inlined: every tile size calls it. */
__attribute__((noinline)) static void store_tile(const epilogue *e, const octet_qproduct *p, const sum_tile *t) {
  if (e->y_kind == OCTET_F32) {
    store_tile_as(e, p, t, 1, 0);
  } else if (e->residual_kind == OCTET_NONE) {
    store_tile_as(e, p, t, 0, 0);
  } else {
    store_tile_as(e, p, t, 0, 1);
  }
}
