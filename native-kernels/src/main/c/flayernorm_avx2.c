/* Layer normalization of rows: the sum, the sum of squared distances from the mean, the scaled distances. */
#include <math.h>

#include "arguments.h"
#include "fgrid_avx2.h"

static inline __m256 summands(const float *x, const float *residual, int64_t i, int64_t count) {
  __m256 value = load_first(x + i, count);
  return residual == NULL ? value : _mm256_add_ps(value, load_first(residual + i, count));
}

static inline double total(__m256d low, __m256d high) {
  double lane[4];
  _mm256_storeu_pd(lane, _mm256_add_pd(low, high));
  return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

static inline double sum_of(const float *x, const float *residual, int64_t length) {
  __m256d low = _mm256_setzero_pd(), high = _mm256_setzero_pd();
  for (int64_t i = 0; i < length; i += 8) {
    __m256 value = summands(x, residual, i, length - i);
    low = _mm256_add_pd(low, _mm256_cvtps_pd(_mm256_castps256_ps128(value)));
    high = _mm256_add_pd(high, _mm256_cvtps_pd(_mm256_extractf128_ps(value, 1)));
  }
  return total(low, high);
}

static inline double squares_of(const float *x, const float *residual, int64_t length, __m256 mean) {
  __m256d low = _mm256_setzero_pd(), high = _mm256_setzero_pd();
  for (int64_t i = 0; i < length; i += 8) {
    __m256 distance = _mm256_sub_ps(summands(x, residual, i, length - i), mean);
    if (length - i < 8) {
      distance = _mm256_and_ps(distance, _mm256_castsi256_ps(first_lanes(length - i)));
    }
    __m256d first = _mm256_cvtps_pd(_mm256_castps256_ps128(distance));
    __m256d last = _mm256_cvtps_pd(_mm256_extractf128_ps(distance, 1));
    low = _mm256_fmadd_pd(first, first, low);
    high = _mm256_fmadd_pd(last, last, high);
  }
  return total(low, high);
}

/* What the last pass over a row needs. */
typedef struct {
  const float *x, *residual, *scale, *bias;
  __m256 mean, inverse;
} row;

static inline __m256 normalized(const row *r, int64_t i, int64_t count) {
  __m256 distance = _mm256_sub_ps(summands(r->x, r->residual, i, count), r->mean);
  __m256 scaled = _mm256_mul_ps(_mm256_mul_ps(distance, r->inverse), load_first(r->scale + i, count));
  return _mm256_add_ps(scaled, load_first(r->bias + i, count));
}

static void store_row(const octet_layernorm *n, const row *r, float *y, uint8_t *q) {
  grid_lanes g = lanes_of(&n->to);
  int64_t i = 0;
  for (; i + 32 <= n->length; i += 32) {
    __m256 value[4];
    for (int v = 0; v < 4; v++) {
      value[v] = normalized(r, i + 8 * v, 8);
    }
    if (y != NULL) {
      store_four(&g, y, i, value, OCTET_F32);
    }
    if (q != NULL) {
      store_four(&g, q, i, value, n->to.kind);
    }
  }
  for (; i < n->length; i += 8) {
    int64_t count = n->length - i;
    __m256 value = normalized(r, i, count);
    if (y != NULL) {
      store_first(y + i, count, value);
    }
    if (q != NULL) {
      store_kind(&g, q, i, count, value, n->to.kind);
    }
  }
}

static void normalize(const octet_layernorm *n, const float *x, const float *residual, float *y, uint8_t *q) {
  __m256 mean = _mm256_set1_ps((float)(sum_of(x, residual, n->length) / (double)n->length));
  double variance = squares_of(x, residual, n->length, mean) / (double)n->length;
  row r = {x, residual, n->scale, n->bias, mean, _mm256_set1_ps((float)(1 / sqrt(variance + n->epsilon)))};
  store_row(n, &r, y, q);
}

int32_t octet_flayernorm_avx2(const octet_layernorm *n, const float *x, const float *residual, float *y, void *q,
                              int64_t rows) {
  REQUIRE(is_layernorm(n, x, residual, y, q, rows));
  for (int64_t row = 0; row < rows; row++) {
    int64_t start = row * n->length;
    const float *other = residual == NULL ? NULL : residual + start;
    uint8_t *bytes = q == NULL ? NULL : (uint8_t *)q + start;
    normalize(n, x + start, other, y == NULL ? NULL : y + start, bytes);
  }
  return OCTET_OK;
}
