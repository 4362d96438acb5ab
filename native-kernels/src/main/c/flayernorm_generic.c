/* Layer normalization in plain C. */
#include "arguments.h"
#include "fgrid_generic.h"

static inline float summand(const float *x, const float *residual, int64_t i) {
  return residual == NULL ? x[i] : x[i] + residual[i];
}

int32_t octet_flayernorm_generic(const octet_layernorm *n, const float *x, const float *residual, float *y, void *q,
                                 int64_t rows) {
  REQUIRE(is_layernorm(n, x, residual, y, q, rows));
  for (int64_t row = 0; row < rows; row++) {
    int64_t start = row * n->length;
    double sum = 0, squares = 0;
    for (int64_t i = start; i < start + n->length; i++) {
      sum += summand(x, residual, i);
    }
    float mean = (float)(sum / (double)n->length);
    for (int64_t i = start; i < start + n->length; i++) {
      float distance = summand(x, residual, i) - mean;
      squares += (double)distance * distance;
    }
    float inverse = (float)(1 / sqrt(squares / (double)n->length + n->epsilon));
    for (int64_t i = 0; i < n->length; i++) {
      float value = (summand(x, residual, start + i) - mean) * inverse * n->scale[i] + n->bias[i];
      if (y != NULL) {
        y[start + i] = value;
      }
      if (q != NULL) {
        store_kind(&n->to, q, start + i, value);
      }
    }
  }
  return OCTET_OK;
}
