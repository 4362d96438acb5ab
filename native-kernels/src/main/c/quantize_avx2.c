/*
 * Floats to 8-bit integers with AVX2. Clamping to whole numbers before rounding gives what clamping after it gives, and
 * the conversion to int32 rounds half to even.
 */
#include "arguments.h"
#include "colours_avx2.h"

typedef struct {
  __m256 scale, low, high;
  __m256i zero_point; /* 32-bit */
  int64_t kind;
} grid;

static inline grid grid_of(int64_t kind, int64_t zero_point, float scale) {
  return (grid){.scale = _mm256_set1_ps(scale),
                .low = _mm256_set1_ps((float)((kind == OCTET_S8 ? INT8_MIN : 0) - zero_point)),
                .high = _mm256_set1_ps((float)((kind == OCTET_S8 ? INT8_MAX : UINT8_MAX) - zero_point)),
                .zero_point = _mm256_set1_epi32((int32_t)zero_point),
                .kind = kind};
}

static inline __m256i steps_of(const grid *g, const float *x) {
  __m256 quotient = _mm256_div_ps(_mm256_loadu_ps(x), g->scale);
  quotient = _mm256_and_ps(quotient, _mm256_cmp_ps(quotient, quotient, _CMP_ORD_Q)); /* NaN to 0 */
  quotient = _mm256_min_ps(g->high, _mm256_max_ps(g->low, quotient));
  return _mm256_add_epi32(_mm256_cvtps_epi32(quotient), g->zero_point);
}

static inline __m128i sixteen(const grid *g, const float *x) {
  __m256i words = _mm256_packs_epi32(steps_of(g, x), steps_of(g, x + 8));
  words = _mm256_permute4x64_epi64(words, 0xD8);
  __m128i first = _mm256_castsi256_si128(words), last = _mm256_extracti128_si256(words, 1);
  return g->kind == OCTET_S8 ? _mm_packs_epi16(first, last) : _mm_packus_epi16(first, last);
}

int32_t octet_quantize_avx2(const float *x, void *y, int64_t count, int64_t kind, int64_t zero_point, float scale) {
  REQUIRE(kind_bytes(kind) == 1 && is_of_kind(kind, zero_point) && count >= 0 && count < SIZE_LIMIT);
  REQUIRE(count == 0 || (is_there(x, 4) && y != NULL));
  const grid g = grid_of(kind, zero_point, scale);
  int64_t i = 0;
  for (; i + 16 <= count; i += 16) {
    _mm_storeu_si128((__m128i *)((uint8_t *)y + i), sixteen(&g, x + i));
  }
  return octet_quantize_generic(x + i, (uint8_t *)y + i, count - i, kind, zero_point, scale);
}

int32_t octet_quantize_planes_avx2(const float *x, void *y, int64_t planes, int64_t pixels, int64_t first, int64_t count,
                                   int64_t kind, int64_t zero_point, float scale) {
  REQUIRE(kind_bytes(kind) == 1 && is_of_kind(kind, zero_point) && is_range(first, count, pixels));
  REQUIRE(size_of(planes, pixels) >= 0 && (planes == 0 || count == 0 || (is_there(x, 4) && y != NULL)));
  const grid g = grid_of(kind, zero_point, scale);
  triples t = triples_of();
  int64_t i = first, end = first + count;
  for (; planes == 3 && i + 16 <= end; i += 16) {
    store_triples(&t, sixteen(&g, x + i), sixteen(&g, x + pixels + i), sixteen(&g, x + 2 * pixels + i),
                  (uint8_t *)y + 3 * i);
  }
  return octet_quantize_planes_generic(x, y, planes, pixels, i, end - i, kind, zero_point, scale);
}

/* Of a NaN and another, vminps and vmaxps give the second operand. */
int32_t octet_range_avx2(const float *x, int64_t count, float *range) {
  REQUIRE(count >= 0 && count < SIZE_LIMIT && is_there(range, 4) && (count == 0 || is_there(x, 4)));
  __m256 low[4], high[4];
  for (int v = 0; v < 4; v++) {
    low[v] = high[v] = _mm256_setzero_ps();
  }
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    for (int v = 0; v < 4; v++) {
      __m256 values = _mm256_loadu_ps(x + i + 8 * v);
      low[v] = _mm256_min_ps(values, low[v]);
      high[v] = _mm256_max_ps(values, high[v]);
    }
  }
  float lows[8], highs[8];
  _mm256_storeu_ps(lows, _mm256_min_ps(_mm256_min_ps(low[0], low[1]), _mm256_min_ps(low[2], low[3])));
  _mm256_storeu_ps(highs, _mm256_max_ps(_mm256_max_ps(high[0], high[1]), _mm256_max_ps(high[2], high[3])));
  int32_t status = octet_range_generic(x + i, count - i, range);
  for (int lane = 0; lane < 8; lane++) {
    range[0] = lows[lane] < range[0] ? lows[lane] : range[0];
    range[1] = highs[lane] > range[1] ? highs[lane] : range[1];
  }
  return status;
}
