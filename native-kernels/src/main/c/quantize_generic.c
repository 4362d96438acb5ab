/* Floats to 8-bit integers in plain C. */
#include <math.h>

#include "arguments.h"

static inline uint8_t step_of(float x, int64_t kind, int64_t zero_point, float scale) {
  float low = (float)((kind == OCTET_S8 ? INT8_MIN : 0) - zero_point);
  float high = (float)((kind == OCTET_S8 ? INT8_MAX : UINT8_MAX) - zero_point);
  float steps = rintf(x / scale);
  steps = steps != steps ? 0 : steps < low ? low : steps > high ? high : steps;
  return (uint8_t)((int32_t)steps + (int32_t)zero_point);
}

int32_t octet_quantize_generic(const float *x, void *y, int64_t count, int64_t kind, int64_t zero_point, float scale) {
  REQUIRE(kind_bytes(kind) == 1 && is_of_kind(kind, zero_point) && count >= 0 && count < SIZE_LIMIT);
  REQUIRE(count == 0 || (is_there(x, 4) && y != NULL));
  for (int64_t i = 0; i < count; i++) {
    ((uint8_t *)y)[i] = step_of(x[i], kind, zero_point, scale);
  }
  return OCTET_OK;
}

int32_t octet_quantize_planes_generic(const float *x, void *y, int64_t planes, int64_t pixels, int64_t first,
                                      int64_t count, int64_t kind, int64_t zero_point, float scale) {
  REQUIRE(kind_bytes(kind) == 1 && is_of_kind(kind, zero_point) && is_range(first, count, pixels));
  REQUIRE(size_of(planes, pixels) >= 0 && (planes == 0 || count == 0 || (is_there(x, 4) && y != NULL)));
  for (int64_t i = first; i < first + count; i++) {
    for (int64_t plane = 0; plane < planes; plane++) {
      ((uint8_t *)y)[i * planes + plane] = step_of(x[plane * pixels + i], kind, zero_point, scale);
    }
  }
  return OCTET_OK;
}

int32_t octet_range_generic(const float *x, int64_t count, float *range) {
  REQUIRE(count >= 0 && count < SIZE_LIMIT && is_there(range, 4) && (count == 0 || is_there(x, 4)));
  float low = 0, high = 0;
  for (int64_t i = 0; i < count; i++) {
    low = x[i] < low ? x[i] : low;
    high = x[i] > high ? x[i] : high;
  }
  range[0] = low;
  range[1] = high;
  return OCTET_OK;
}
