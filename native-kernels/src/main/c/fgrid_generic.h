/* Storing a float as it is, or as an 8-bit integer: octet_grid. */
#ifndef OCTET_FGRID_GENERIC_H
#define OCTET_FGRID_GENERIC_H

#include <math.h>

#include "octet_kernels.h"

static inline void store_kind(const octet_grid *g, void *y, int64_t i, float value) {
  if (g->kind == OCTET_F32) {
    ((float *)y)[i] = value;
    return;
  }
  float low = (float)((g->kind == OCTET_S8 ? INT8_MIN : 0) - g->zero_point);
  float high = (float)((g->kind == OCTET_S8 ? INT8_MAX : UINT8_MAX) - g->zero_point);
  float steps = rintf(value / g->scale);
  steps = steps != steps ? 0 : steps < low ? low : steps > high ? high : steps;
  ((uint8_t *)y)[i] = (uint8_t)((int32_t)steps + g->zero_point);
}

#endif
