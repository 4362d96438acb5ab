/* Storing eight floats as they are, or as 8-bit integers: octet_grid. */
#ifndef OCTET_FGRID_AVX2_H
#define OCTET_FGRID_AVX2_H

#include "fexp_avx2.h"
#include "octet_kernels.h"

/* A grid with its limits, as distances from the zero point, in all lanes. */
typedef struct {
  __m256 scale, low, high;
  __m256i zero_point; /* 32-bit */
} grid_lanes;

static inline grid_lanes lanes_of(const octet_grid *g) {
  grid_lanes lanes = {
      .scale = _mm256_set1_ps(g->scale),
      .low = _mm256_set1_ps((float)((g->kind == OCTET_S8 ? INT8_MIN : 0) - g->zero_point)),
      .high = _mm256_set1_ps((float)((g->kind == OCTET_S8 ? INT8_MAX : UINT8_MAX) - g->zero_point)),
      .zero_point = _mm256_set1_epi32((int32_t)g->zero_point),
  };
  return lanes;
}

/* Whole steps as 32-bit integers, NaN as the zero point. Clamping before rounding gives what clamping after it gives. */
static inline __m256i integers_of(const grid_lanes *g, __m256 steps) {
  steps = _mm256_and_ps(steps, _mm256_cmp_ps(steps, steps, _CMP_ORD_Q));
  steps = _mm256_min_ps(g->high, _mm256_max_ps(g->low, steps));
  return _mm256_add_epi32(_mm256_cvtps_epi32(steps), g->zero_point);
}

static inline __m128i bytes_of(const grid_lanes *g, __m256 steps, int64_t kind) {
  __m256i values = integers_of(g, steps);
  __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
  return kind == OCTET_S8 ? _mm_packs_epi16(words, words) : _mm_packus_epi16(words, words);
}

/* Four vectors of steps as 32 bytes. */
static inline __m256i all_bytes_of(const grid_lanes *g, const __m256 steps[4], int64_t kind) {
  __m256i low = _mm256_packs_epi32(integers_of(g, steps[0]), integers_of(g, steps[1]));
  __m256i high = _mm256_packs_epi32(integers_of(g, steps[2]), integers_of(g, steps[3]));
  __m256i bytes = kind == OCTET_S8 ? _mm256_packs_epi16(low, high) : _mm256_packus_epi16(low, high);
  /* Packing works within halves: four bytes of each vector alternate. */
  return _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

static inline void store_bytes(uint8_t *y, int64_t count, __m128i bytes) {
  if (count >= 8) {
    _mm_storel_epi64((__m128i *)y, bytes);
    return;
  }
  uint8_t lanes[16];
  _mm_storeu_si128((__m128i *)lanes, bytes);
  for (int64_t i = 0; i < count; i++) {
    y[i] = lanes[i];
  }
}

/* Elements [i, i + count) of y, of which only the first 8 are there. */
static inline void store_kind(const grid_lanes *g, void *y, int64_t i, int64_t count, __m256 value, int64_t kind) {
  if (kind == OCTET_F32) {
    store_first((float *)y + i, count, value);
  } else {
    store_bytes((uint8_t *)y + i, count, bytes_of(g, _mm256_div_ps(value, g->scale), kind));
  }
}

/* 32 elements of y from i on. */
static inline void store_four(const grid_lanes *g, void *y, int64_t i, const __m256 value[4], int64_t kind) {
  if (kind == OCTET_F32) {
    for (int v = 0; v < 4; v++) {
      _mm256_storeu_ps((float *)y + i + 8 * v, value[v]);
    }
    return;
  }
  __m256 steps[4];
  for (int v = 0; v < 4; v++) {
    steps[v] = _mm256_div_ps(value[v], g->scale);
  }
  _mm256_storeu_si256((__m256i *)((uint8_t *)y + i), all_bytes_of(g, steps, kind));
}

#endif
