/* Elementwise code in plain C. */
#include "fgrid_generic.h"
#include "pointwise.h"

static void load(const octet_operand *o, const void *x, int64_t at, int repeats, float *to, int64_t count) {
  const int32_t zero_point = (int32_t)o->zero_point;
  for (int64_t i = 0; i < count; i++) {
    int64_t from = repeats ? at : at + i;
    if (o->kind == OCTET_F32) {
      to[i] = ((const float *)x)[from];
      continue;
    }
    int32_t value = o->kind == OCTET_S8 ? ((const int8_t *)x)[from] : ((const uint8_t *)x)[from];
    to[i] = (float)(value - zero_point) * o->scale;
  }
}

static void store(const octet_grid *to, const float *x, void *y, int64_t first, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    store_kind(to, y, first + i, x[i]);
  }
}

static float clip(float x, float low, float high) {
  float above = x < low ? low : x;
  return above > high ? high : above;
}

static float least(float a, float b) { return a != a || a < b ? a : b; }

static float most(float a, float b) { return a != a || a > b ? a : b; }

static float sigmoid(float x) {
  double e = exp(-fabs((double)x));
  return (float)((signbit(x) ? e : 1) / (1 + e));
}

static double softplus(double x) { return (x > 0 ? x : x != x ? x : 0) + log1p(exp(-fabs(x))); }

static float sign(float x) { return x != x || x == 0 ? x : copysignf(1, x); }

static float gelu(float x) {
  float half = x * 0.5f;
  return half + half * erff(x * 0.70710678f);
}

#define EACH(function_code, expression)                                                                                \
  case function_code:                                                                                                  \
    for (int64_t i = 0; i < count; i++) {                                                                              \
      float x = a[i];                                                                                                  \
      y[i] = expression;                                                                                               \
    }                                                                                                                  \
    break

static void apply(const octet_instruction *step, const float *a, const float *b, const float *c, float *y,
                  int64_t count) {
  const float first = step->first, second = step->second;
  switch (step->function) {
  case OCTET_CONSTANT:
    for (int64_t i = 0; i < count; i++) {
      y[i] = first;
    }
    break;
  EACH(OCTET_PLUS, x + b[i]);
  EACH(OCTET_MINUS, x - b[i]);
  EACH(OCTET_TIMES, x * b[i]);
  EACH(OCTET_OVER, x / b[i]);
  EACH(OCTET_LEAST, least(x, b[i]));
  EACH(OCTET_MOST, most(x, b[i]));
  EACH(OCTET_PRELU, x < 0 ? x * b[i] : x);
  EACH(OCTET_WHERE, x != 0 ? b[i] : c[i]);
  EACH(OCTET_ABS, fabsf(x));
  EACH(OCTET_NEG, -x);
  EACH(OCTET_RECIPROCAL, 1 / x);
  EACH(OCTET_SQRT, sqrtf(x));
  EACH(OCTET_FLOOR, floorf(x));
  EACH(OCTET_CEIL, ceilf(x));
  EACH(OCTET_ROUND, rintf(x));
  EACH(OCTET_SIGN, sign(x));
  EACH(OCTET_EXP, (float)exp((double)x));
  EACH(OCTET_LOG, (float)log((double)x));
  EACH(OCTET_ERF, erff(x));
  EACH(OCTET_SIGMOID, sigmoid(x));
  EACH(OCTET_TANH, (float)tanh((double)x));
  EACH(OCTET_SOFTPLUS, (float)softplus((double)x));
  EACH(OCTET_SOFTSIGN, x / (1 + fabsf(x)));
  EACH(OCTET_MISH, (float)((double)x * tanh(softplus((double)x))));
  EACH(OCTET_GELU, gelu(x));
  EACH(OCTET_HARD_SWISH, x * clip(x * (1.0f / 6) + 0.5f, 0, 1));
  EACH(OCTET_CLIP, clip(x, first, second));
  EACH(OCTET_HARD_SIGMOID, clip(x * first + second, 0, 1));
  EACH(OCTET_LEAKY_RELU, x < 0 ? x * first : x);
  EACH(OCTET_ELU, x < 0 ? (float)((double)first * expm1((double)x)) : x);
  default: break;
  }
}

int32_t octet_pointwise_generic(const octet_pointwise *p, const void *x0, const void *x1, const void *x2,
                                const void *x3, const void *x4, const void *x5, void *y, int64_t first,
                                int64_t count) {
  static const pointwise_set set = {load, apply, store};
  const void *const x[] = {x0, x1, x2, x3, x4, x5};
  return pointwise_walk(p, x, y, first, count, &set);
}
