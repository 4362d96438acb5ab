/* The error function in plain C. */
#include <math.h>
#include "arguments.h"

int32_t octet_ferf_generic(const float *x, float *y, int64_t count) {
  REQUIRE(count >= 0 && count < SIZE_LIMIT && (count == 0 || (is_there(x, 4) && is_there(y, 4))));
  for (int64_t i = 0; i < count; i++) {
    y[i] = erff(x[i]);
  }
  return OCTET_OK;
}
