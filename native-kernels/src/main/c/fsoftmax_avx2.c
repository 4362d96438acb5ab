/* Softmax of rows: largest element, exponentials and their sum, quotients. */
#include <math.h>
#include <stdlib.h>

#include "arguments.h"
#include "fgrid_avx2.h"

/* A row: x * factor + mask. */
typedef struct {
  const float *x, *mask;
  __m256 factor;
  int64_t length;
} terms;

/* Eight terms from i on; lanes past the end hold 0. */
static inline __m256 terms_at(const terms *t, int64_t i, int64_t count) {
  __m256 value = load_first(t->x + i, count);
  return t->mask == NULL ? _mm256_mul_ps(value, t->factor)
                         : _mm256_fmadd_ps(value, t->factor, load_first(t->mask + i, count));
}

static inline float row_max(const terms *t) {
  const __m256 lowest = _mm256_set1_ps(-INFINITY);
  __m256 max = lowest;
  int64_t i = 0;
  for (; i + 8 <= t->length; i += 8) {
    max = _mm256_max_ps(terms_at(t, i, 8), max); /* passes over a NaN: its exponential makes the whole row NaN */
  }
  if (i < t->length) {
    __m256i lanes = first_lanes(t->length - i);
    max = _mm256_max_ps(_mm256_blendv_ps(lowest, terms_at(t, i, t->length - i), _mm256_castsi256_ps(lanes)), max);
  }
  float lane[8];
  _mm256_storeu_ps(lane, max);
  for (int l = 1; l < 8; l++) {
    lane[0] = lane[l] > lane[0] ? lane[l] : lane[0];
  }
  return lane[0];
}

static inline double exponentials(const terms *t, float *y, float max) {
  __m256d low = _mm256_setzero_pd(), high = _mm256_setzero_pd();
  for (int64_t i = 0; i < t->length; i += 8) {
    int64_t count = t->length - i;
    __m256 value = exp_negative(_mm256_sub_ps(terms_at(t, i, count), _mm256_set1_ps(max)));
    if (count < 8) {
      value = _mm256_and_ps(value, _mm256_castsi256_ps(first_lanes(count)));
    }
    store_first(y + i, count, value);
    low = _mm256_add_pd(low, _mm256_cvtps_pd(_mm256_castps256_ps128(value)));
    high = _mm256_add_pd(high, _mm256_cvtps_pd(_mm256_extractf128_ps(value, 1)));
  }
  double lane[4];
  _mm256_storeu_pd(lane, _mm256_add_pd(low, high));
  return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

/* Exponentials times one factor: the reciprocal of their sum, and of the scale where they become bytes. */
__attribute__((always_inline)) static inline void multiply(const float *e, double factor, const grid_lanes *g, void *y,
                                                           int64_t length, const int64_t kind) {
  const __m256 all = _mm256_set1_ps((float)factor);
  for (int64_t i = 0; i < length; i += 8) {
    int64_t count = length - i;
    __m256 value = _mm256_mul_ps(load_first(e + i, count), all);
    if (kind == OCTET_F32) {
      store_first((float *)y + i, count, value);
    } else {
      store_bytes((uint8_t *)y + i, count, bytes_of(g, value, kind));
    }
  }
}

static void row_of(const octet_softmax *s, const terms *t, float *e, void *y) {
  double sum = exponentials(t, e, row_max(t));
  grid_lanes g = lanes_of(&s->to);
  switch (s->to.kind) {
  case OCTET_U8: multiply(e, 1 / (sum * (double)s->to.scale), &g, y, t->length, OCTET_U8); break;
  case OCTET_S8: multiply(e, 1 / (sum * (double)s->to.scale), &g, y, t->length, OCTET_S8); break;
  default: multiply(e, 1 / sum, &g, y, t->length, OCTET_F32); break;
  }
}

int32_t octet_fsoftmax_avx2(const octet_softmax *s, const float *x, const float *mask, void *y, int64_t rows) {
  REQUIRE(is_softmax(s, x, mask, y, rows));
  float *e = malloc((size_t)s->length * sizeof(float) + 1);
  if (e == NULL) {
    return OCTET_NO_MEMORY;
  }
  for (int64_t row = 0; row < rows; row++) {
    terms t = {x + row * s->length, mask == NULL ? NULL : mask + row * s->mask_stride, _mm256_set1_ps(s->factor),
               s->length};
    row_of(s, &t, e, (uint8_t *)y + row * s->length * kind_bytes(s->to.kind));
  }
  free(e);
  return OCTET_OK;
}
