/* 8-bit integers to floats in plain C. */
#include "arguments.h"

int32_t octet_dequantize_generic(const void *x, float *y, int64_t count, int64_t kind, int64_t zero_point, float scale) {
  REQUIRE(is_of_kind(kind, zero_point) && count >= 0 && count < SIZE_LIMIT);
  REQUIRE(count == 0 || (x != NULL && is_there(y, 4)));
  for (int64_t i = 0; i < count; i++) {
    int32_t value = kind == OCTET_S8 ? ((const int8_t *)x)[i] : ((const uint8_t *)x)[i];
    y[i] = (float)(value - (int32_t)zero_point) * scale;
  }
  return OCTET_OK;
}
