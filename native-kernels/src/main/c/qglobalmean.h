/* What the forms of the integer mean share: their argument check and its last step. */
#ifndef OCTET_QGLOBALMEAN_H
#define OCTET_QGLOBALMEAN_H

#include <math.h>

#include "arguments.h"

/* Positions whose sum always fits int32. */
#define MAX_PIXELS (INT32_MAX / 255)

static inline int is_qglobalmean(const octet_qglobalmean *m, int64_t first, int64_t count) {
  return is_there(m, 8) && is_of_kind(m->x_kind, m->x_zero_point) && is_of_kind(m->y_kind, m->zero_point) &&
         m->pixels >= 0 && m->pixels <= MAX_PIXELS && size_of(m->channels, m->pixels) >= 0 &&
         is_range(first, count, m->channels);
}

static inline void store_mean(const octet_qglobalmean *m, int32_t sum, uint8_t *y) {
  float low = (float)((m->y_kind == OCTET_S8 ? INT8_MIN : 0) - m->zero_point);
  float high = (float)((m->y_kind == OCTET_S8 ? INT8_MAX : UINT8_MAX) - m->zero_point);
  float value = rintf((float)sum * m->multiplier);
  value = value < low ? low : value > high ? high : value;
  *y = (uint8_t)((int32_t)value + (int32_t)m->zero_point);
}

#endif
