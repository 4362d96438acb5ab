/* Floats to 8-bit integers in plain C. */
#include <math.h>

#include "arguments.h"

int32_t octet_quantize_generic(const float *x, void *y, int64_t count, int64_t kind, int64_t zero_point, float scale) {
  REQUIRE(kind_bytes(kind) == 1 && is_of_kind(kind, zero_point) && count >= 0 && count < SIZE_LIMIT);
  REQUIRE(count == 0 || (is_there(x, 4) && y != NULL));
  float low = (float)((kind == OCTET_S8 ? INT8_MIN : 0) - zero_point);
  float high = (float)((kind == OCTET_S8 ? INT8_MAX : UINT8_MAX) - zero_point);
  for (int64_t i = 0; i < count; i++) {
    float steps = rintf(x[i] / scale);
    steps = steps != steps ? 0 : steps < low ? low : steps > high ? high : steps;
    ((uint8_t *)y)[i] = (uint8_t)((int32_t)steps + zero_point);
  }
  return OCTET_OK;
}
