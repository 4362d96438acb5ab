/* The epilogue of integer products for one element, in the order of float operations that octet_kernels.h gives. */
#include <math.h>

#include "octet_kernels.h"

static inline int32_t residual_at(const octet_qproduct *p, const void *residual, int64_t index) {
  int32_t r = p->residual_kind == OCTET_S8 ? ((const int8_t *)residual)[index] : ((const uint8_t *)residual)[index];
  return r - (int32_t)p->residual_zero_point;
}

static inline void store_scalar(const octet_qproduct *p, int32_t acc, int64_t column, int64_t index,
                                const void *residual, void *y) {
  float value = (float)acc * p->multipliers[column];
  if (p->y_kind == OCTET_F32) {
    value = value < p->min ? p->min : value;
    ((float *)y)[index] = value > p->max ? p->max : value;
    return;
  }
  if (p->residual_kind != OCTET_NONE) {
    float addend = (float)residual_at(p, residual, index) * p->residual_multiplier;
    value = value + addend;
  }
  value = rintf(value);
  float low = (float)(p->qmin - p->zero_point);
  float high = (float)(p->qmax - p->zero_point);
  value = value < low ? low : value > high ? high : value;
  ((uint8_t *)y)[index] = (uint8_t)((int32_t)value + (int32_t)p->zero_point);
}
