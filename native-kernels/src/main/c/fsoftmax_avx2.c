/* Softmax of rows: largest element, exponentials and their sum, quotients. */
#include <math.h>
#include <stdlib.h>

#include "arguments.h"
#include "fgrid_avx2.h"

enum { BLOCK = 8 };

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

static inline __m256 past_end(const __m256 value, int64_t count, const __m256 filler) {
  return _mm256_blendv_ps(filler, value, _mm256_castsi256_ps(first_lanes(count)));
}

static inline float row_max(const terms *t) {
  const __m256 lowest = _mm256_set1_ps(-INFINITY);
  __m256 max[2] = {lowest, lowest};
  int64_t i = 0;
  for (; i + 16 <= t->length; i += 16) {
    max[0] = _mm256_max_ps(terms_at(t, i, 8), max[0]); /* passes over a NaN: its exponential makes the whole row NaN */
    max[1] = _mm256_max_ps(terms_at(t, i + 8, 8), max[1]);
  }
  for (; i < t->length; i += 8) {
    max[0] = _mm256_max_ps(past_end(terms_at(t, i, t->length - i), t->length - i, lowest), max[0]);
  }
  float lane[8];
  _mm256_storeu_ps(lane, _mm256_max_ps(max[0], max[1]));
  for (int l = 1; l < 8; l++) {
    lane[0] = lane[l] > lane[0] ? lane[l] : lane[0];
  }
  return lane[0];
}

typedef struct {
  __m256d low, high;
} sums;

static inline void add_to(sums *s, __m256 value) {
  s->low = _mm256_add_pd(s->low, _mm256_cvtps_pd(_mm256_castps256_ps128(value)));
  s->high = _mm256_add_pd(s->high, _mm256_cvtps_pd(_mm256_extractf128_ps(value, 1)));
}

/* Pairs are added as floats, which costs a unit of 2^-24, and pairs of pairs as doubles. */
static inline double exponentials(const terms *t, float *e, float max) {
  const __m256 shift = _mm256_set1_ps(max);
  sums s = {_mm256_setzero_pd(), _mm256_setzero_pd()};
  int64_t i = 0;
  for (; i + 16 <= t->length; i += 16) {
    __m256 a = exp_negative(_mm256_sub_ps(terms_at(t, i, 8), shift));
    __m256 b = exp_negative(_mm256_sub_ps(terms_at(t, i + 8, 8), shift));
    _mm256_storeu_ps(e + i, a);
    _mm256_storeu_ps(e + i + 8, b);
    add_to(&s, _mm256_add_ps(a, b));
  }
  for (; i < t->length; i += 8) {
    int64_t count = t->length - i;
    __m256 value = exp_negative(_mm256_sub_ps(terms_at(t, i, count), shift));
    value = past_end(value, count, _mm256_setzero_ps());
    store_first(e + i, count, value);
    add_to(&s, value);
  }
  double lane[4];
  _mm256_storeu_pd(lane, _mm256_add_pd(s.low, s.high));
  return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

/* Exponentials times one factor: the reciprocal of their sum, and of the scale where they become bytes. */
__attribute__((always_inline)) static inline void multiply(const float *e, double factor, const grid_lanes *g, void *y,
                                                           int64_t length, const int64_t kind) {
  const __m256 all = _mm256_set1_ps((float)factor);
  int64_t i = 0;
  for (; kind != OCTET_F32 && i + 32 <= length; i += 32) {
    __m256 steps[4];
    for (int v = 0; v < 4; v++) {
      steps[v] = _mm256_mul_ps(_mm256_loadu_ps(e + i + 8 * v), all);
    }
    _mm256_storeu_si256((__m256i *)((uint8_t *)y + i), all_bytes_of(g, steps, kind));
  }
  for (; i < length; i += 8) {
    int64_t count = length - i;
    __m256 value = _mm256_mul_ps(load_first(e + i, count), all);
    if (kind == OCTET_F32) {
      store_first((float *)y + i, count, value);
    } else {
      store_bytes((uint8_t *)y + i, count, bytes_of(g, value, kind));
    }
  }
}

/* Each step over all rows of a block: rows are short and independent, and so one's latencies hide behind another's. */
__attribute__((always_inline)) static inline void block_of(const octet_softmax *s, const float *x, const float *mask,
                                                           float *e, uint8_t *y, int64_t rows) {
  grid_lanes g = lanes_of(&s->to);
  terms t[BLOCK];
  float max[BLOCK];
  double sum[BLOCK];
  for (int64_t row = 0; row < rows; row++) {
    t[row] = (terms){x + row * s->length, mask == NULL ? NULL : mask + row * s->mask_stride, _mm256_set1_ps(s->factor),
                     s->length};
    max[row] = row_max(&t[row]);
  }
  for (int64_t row = 0; row < rows; row++) {
    sum[row] = exponentials(&t[row], e + row * s->length, max[row]);
  }
  for (int64_t row = 0; row < rows; row++) {
    const float *from = e + row * s->length;
    uint8_t *to = y + row * s->length * kind_bytes(s->to.kind);
    double scaled = sum[row] * (double)s->to.scale;
    switch (s->to.kind) {
    case OCTET_U8: multiply(from, 1 / scaled, &g, to, s->length, OCTET_U8); break;
    case OCTET_S8: multiply(from, 1 / scaled, &g, to, s->length, OCTET_S8); break;
    default: multiply(from, 1 / sum[row], &g, to, s->length, OCTET_F32); break;
    }
  }
}

int32_t octet_fsoftmax_avx2(const octet_softmax *s, const float *x, const float *mask, void *y, int64_t rows) {
  REQUIRE(is_softmax(s, x, mask, y, rows));
  float *e = malloc((size_t)s->length * BLOCK * sizeof(float) + 1);
  if (e == NULL) {
    return OCTET_NO_MEMORY;
  }
  for (int64_t row = 0; row < rows; row += BLOCK) {
    int64_t count = rows - row < BLOCK ? rows - row : BLOCK;
    uint8_t *to = (uint8_t *)y + row * s->length * kind_bytes(s->to.kind);
    /* Two copies of the loops, each without the question whether there is a mask. */
    if (mask == NULL) {
      block_of(s, x + row * s->length, NULL, e, to, count);
    } else {
      block_of(s, x + row * s->length, mask + row * s->mask_stride, e, to, count);
    }
  }
  free(e);
  return OCTET_OK;
}
