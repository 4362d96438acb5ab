/*
 * The epilogue of integer products: vectors of 16 int32 accumulators, bias included, to rows of y. Same results as
 * requantize_generic.h, for the reasons that requantize_avx2.h gives.
 */
#include "requantize_avx2.h"

static inline __m512i repeated(__m256i x) { return _mm512_broadcast_i32x4(_mm256_castsi256_si128(x)); }

/* 16 columns of sums to whole numbers; residual: the residual's 16 elements if there is one. */
static inline __m512i rescale16(const epilogue *e, __m512i acc, int64_t column, const int with_residual,
                                __m128i residual) {
  __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(acc), _mm512_loadu_ps(e->multipliers + column));
  if (with_residual) {
    __m512i wide = e->residual_kind == OCTET_S8 ? _mm512_cvtepi8_epi32(residual) : _mm512_cvtepu8_epi32(residual);
    wide = _mm512_sub_epi32(wide, repeated(e->residual_zero_point));
    __m512 multiplier = _mm512_castsi512_ps(repeated(_mm256_castps_si256(e->residual_multiplier)));
    value = _mm512_add_ps(value, _mm512_mul_ps(_mm512_cvtepi32_ps(wide), multiplier));
  }
  return _mm512_cvtps_epi32(value);
}

/* What packing needs, apart from the epilogue: stores to y may alias that. */
typedef struct {
  __m512i zero_point, low, high, flip;
} packing;

/* 16 bytes of each of four vectors of rescaled sums. */
static inline __m512i pack16(const packing *p, const __m512i whole[4]) {
  __m512i low = _mm512_adds_epi16(_mm512_packs_epi32(whole[0], whole[1]), p->zero_point);
  __m512i high = _mm512_adds_epi16(_mm512_packs_epi32(whole[2], whole[3]), p->zero_point);
  /* Packed, 4 bytes of each vector lie side by side in every 128 bits. */
  __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  __m512i bytes = _mm512_permutexvar_epi32(order, _mm512_packs_epi16(low, high));
  return _mm512_xor_si512(_mm512_min_epi8(_mm512_max_epi8(bytes, p->low), p->high), p->flip);
}

/*
 * Rows of sums of 1 to 4 panels where is_packable, four vectors at a time: one row of 3 or 4 panels, two of 2, four of 1;
 * the last group repeats rows where there are too few. valid says which of a row's columns exist.
 */
__attribute__((always_inline)) static inline void
store_packable_rows(const epilogue *e, const __m512i acc[][4], const int64_t rows, const int panels, int64_t row,
                    int64_t column, __mmask64 valid, const int with_residual) {
  const int across = panels > 2 ? 4 : panels;
  const packing p = {repeated(e->zero_point), repeated(e->low_bytes), repeated(e->high_bytes), repeated(e->flip)};
#pragma GCC unroll 6
  for (int64_t r = 0; r < rows; r += 4 / across) {
    __m512i whole[4];
    int64_t index[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
      int64_t from = r + i / across < rows ? r + i / across : rows - 1;
      int panel = i % across;
      index[i] = (row + from) * e->row_stride + column + panel * OCTET_PANEL;
      if (panel >= panels) {
        whole[i] = _mm512_setzero_si512();
        continue;
      }
      __m128i residual = _mm_setzero_si128();
      if (with_residual) {
        residual = _mm_maskz_loadu_epi8((__mmask16)(valid >> panel * OCTET_PANEL), e->residual + index[i]);
      }
      whole[i] = rescale16(e, acc[from][panel], column + panel * OCTET_PANEL, with_residual, residual);
    }
    __m512i bytes = pack16(&p, whole);
    if (across == 4) {
      _mm512_mask_storeu_epi8(e->y + index[0], valid, bytes);
    } else if (across == 2) {
      _mm256_mask_storeu_epi8(e->y + index[0], (__mmask32)valid, _mm512_castsi512_si256(bytes));
      _mm256_mask_storeu_epi8(e->y + index[2], (__mmask32)valid, _mm512_extracti64x4_epi64(bytes, 1));
    } else {
      _mm_mask_storeu_epi8(e->y + index[0], (__mmask16)valid, _mm512_castsi512_si128(bytes));
      _mm_mask_storeu_epi8(e->y + index[1], (__mmask16)valid, _mm512_extracti32x4_epi32(bytes, 1));
      _mm_mask_storeu_epi8(e->y + index[2], (__mmask16)valid, _mm512_extracti32x4_epi32(bytes, 2));
      _mm_mask_storeu_epi8(e->y + index[3], (__mmask16)valid, _mm512_extracti32x4_epi32(bytes, 3));
    }
  }
}

/* What tiles leave to a function, so that they keep their sums in registers: residuals, floats, large multipliers. */
typedef struct {
  const __m512i (*sums)[4];
  int64_t rows, panels;
  int64_t row, column; /* of y */
  int64_t columns;     /* of the product */
  int packable;
  __mmask64 valid;
} sum_tile;

static void store_packable_sums(const epilogue *e, const sum_tile *t) {
  switch (t->panels) {
  case 1: store_packable_rows(e, t->sums, t->rows, 1, t->row, t->column, t->valid, 1); break;
  case 2: store_packable_rows(e, t->sums, t->rows, 2, t->row, t->column, t->valid, 1); break;
  case 3: store_packable_rows(e, t->sums, t->rows, 3, t->row, t->column, t->valid, 1); break;
  default: store_packable_rows(e, t->sums, t->rows, 4, t->row, t->column, t->valid, 1); break;
  }
}

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
    for (int64_t r = 0; r < t->rows; r++, index += e->row_stride) {
      __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(t->sums[r][v]), multipliers);
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
__attribute__((noinline)) static void store_sums(const epilogue *e, const octet_qproduct *p, const sum_tile *t) {
  if (t->packable) {
    store_packable_sums(e, t);
  } else if (e->y_kind == OCTET_F32) {
    store_tile_as(e, p, t, 1, 0);
  } else if (e->residual_kind == OCTET_NONE) {
    store_tile_as(e, p, t, 0, 0);
  } else {
    store_tile_as(e, p, t, 0, 1);
  }
}
