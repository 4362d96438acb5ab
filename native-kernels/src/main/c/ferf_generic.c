/* The error function in plain C. */
#include <math.h>
#include "octet_kernels.h"

int32_t octet_ferf_generic(const float *x, float *y, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    y[i] = erff(x[i]);
  }
  return OCTET_OK;
}
