/* Elementwise code on eight floats at a time. */
#include "ffunctions_avx2.h"
#include "fgrid_avx2.h"
#include "pointwise.h"

static void load(const octet_operand *o, const void *x, int64_t at, int repeats, float *to, int64_t count) {
  if (o->kind == OCTET_F32) {
    const float *from = (const float *)x + at;
    if (repeats) {
      for (int64_t i = 0; i < count; i++) {
        to[i] = *from;
      }
    } else {
      memcpy(to, from, (size_t)count * sizeof(float));
    }
    return;
  }
  const uint8_t *from = (const uint8_t *)x + at;
  const int32_t zero_point = (int32_t)o->zero_point;
  for (int64_t i = 0; i < count; i++) {
    uint8_t byte = from[repeats ? 0 : i];
    int32_t value = o->kind == OCTET_S8 ? (int8_t)byte : byte;
    to[i] = (float)(value - zero_point) * o->scale;
  }
}

static void store(const octet_grid *to, const float *x, void *y, int64_t first, int64_t count) {
  grid_lanes g = lanes_of(to);
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    __m256 value[4];
    for (int v = 0; v < 4; v++) {
      value[v] = _mm256_loadu_ps(x + i + 8 * v);
    }
    store_four(&g, y, first + i, value, to->kind);
  }
  for (; i < count; i += 8) {
    store_kind(&g, y, first + i, count - i, _mm256_loadu_ps(x + i), to->kind);
  }
}

/* a, or NaN where b is it; results of min and max are the second operand where one is NaN. */
static inline __m256 keep_nan(__m256 value, __m256 a) {
  return _mm256_blendv_ps(value, a, _mm256_cmp_ps(a, a, _CMP_UNORD_Q));
}

static inline __m256 clip8(__m256 x, float low, float high) {
  return _mm256_min_ps(all8(high), _mm256_max_ps(all8(low), x));
}

static inline __m256 sign8(__m256 x) {
  __m256 size = _mm256_and_ps(all8(1.0f), _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NEQ_OQ));
  return keep_nan(with_sign8(size, x), x);
}

static inline __m256 below8(__m256 x, __m256 then, __m256 otherwise) {
  return _mm256_blendv_ps(otherwise, then, _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_LT_OQ));
}

static inline __m256 hard_swish8(__m256 x) {
  return _mm256_mul_ps(x, clip8(_mm256_fmadd_ps(x, all8(1.0f / 6), all8(0.5f)), 0, 1));
}

static inline __m256 hard_sigmoid8(__m256 x, float factor, float summand) {
  return clip8(_mm256_fmadd_ps(x, all8(factor), all8(summand)), 0, 1);
}

#define EACH(function_code, expression)                                                                                \
  case function_code:                                                                                                  \
    for (int64_t i = 0; i < count; i += 8) {                                                                           \
      __m256 x = _mm256_loadu_ps(a + i);                                                                               \
      _mm256_storeu_ps(y + i, expression);                                                                             \
    }                                                                                                                  \
    break
#define OTHER _mm256_loadu_ps(b + i)
#define ROUNDED(mode) _mm256_round_ps(x, (mode) | _MM_FROUND_NO_EXC)

static void apply(const octet_instruction *step, const float *a, const float *b, const float *c, float *y,
                  int64_t count) {
  const float first = step->first, second = step->second;
  switch (step->function) {
  case OCTET_CONSTANT:
    for (int64_t i = 0; i < count; i += 8) {
      _mm256_storeu_ps(y + i, all8(first));
    }
    break;
  EACH(OCTET_PLUS, _mm256_add_ps(x, OTHER));
  EACH(OCTET_MINUS, _mm256_sub_ps(x, OTHER));
  EACH(OCTET_TIMES, _mm256_mul_ps(x, OTHER));
  EACH(OCTET_OVER, _mm256_div_ps(x, OTHER));
  EACH(OCTET_LEAST, keep_nan(_mm256_min_ps(x, OTHER), x));
  EACH(OCTET_MOST, keep_nan(_mm256_max_ps(x, OTHER), x));
  EACH(OCTET_PRELU, below8(x, _mm256_mul_ps(x, OTHER), x));
  EACH(OCTET_WHERE, _mm256_blendv_ps(OTHER, _mm256_loadu_ps(c + i), _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_EQ_OQ)));
  EACH(OCTET_ABS, abs8(x));
  EACH(OCTET_NEG, negate8(x));
  EACH(OCTET_RECIPROCAL, _mm256_div_ps(all8(1.0f), x));
  EACH(OCTET_SQRT, _mm256_sqrt_ps(x));
  EACH(OCTET_FLOOR, ROUNDED(_MM_FROUND_TO_NEG_INF));
  EACH(OCTET_CEIL, ROUNDED(_MM_FROUND_TO_POS_INF));
  EACH(OCTET_ROUND, ROUNDED(_MM_FROUND_TO_NEAREST_INT));
  EACH(OCTET_SIGN, sign8(x));
  EACH(OCTET_EXP, exp8(x));
  EACH(OCTET_LOG, log8(x));
  EACH(OCTET_ERF, erf8(x));
  EACH(OCTET_SIGMOID, sigmoid8(x));
  EACH(OCTET_TANH, tanh8(x));
  EACH(OCTET_SOFTPLUS, softplus8(x));
  EACH(OCTET_SOFTSIGN, _mm256_div_ps(x, _mm256_add_ps(all8(1.0f), abs8(x))));
  EACH(OCTET_MISH, mish8(x));
  EACH(OCTET_GELU, gelu8(x));
  EACH(OCTET_HARD_SWISH, hard_swish8(x));
  EACH(OCTET_CLIP, clip8(x, first, second));
  EACH(OCTET_HARD_SIGMOID, hard_sigmoid8(x, first, second));
  EACH(OCTET_LEAKY_RELU, below8(x, _mm256_mul_ps(x, all8(first)), x));
  EACH(OCTET_ELU, below8(x, _mm256_mul_ps(all8(first), expm1_8(x)), x));
  default: break;
  }
}

int32_t octet_pointwise_avx2(const octet_pointwise *p, const void *x0, const void *x1, const void *x2, const void *x3,
                             const void *x4, const void *x5, void *y, int64_t first, int64_t count) {
  static const pointwise_set set = {load, apply, store};
  const void *const x[] = {x0, x1, x2, x3, x4, x5};
  return pointwise_walk(p, x, y, first, count, &set);
}
