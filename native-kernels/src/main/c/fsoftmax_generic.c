/* Softmax of rows in plain C. */
#include <math.h>
#include "octet_kernels.h"

int32_t octet_fsoftmax_generic(const float *x, float *y, int64_t rows, int64_t length) {
  for (int64_t row = 0; row < rows; row++, x += length, y += length) {
    float max = -INFINITY;
    for (int64_t i = 0; i < length; i++) {
      max = x[i] > max ? x[i] : max;
    }
    double sum = 0;
    for (int64_t i = 0; i < length; i++) {
      y[i] = expf(x[i] - max);
      sum += y[i];
    }
    for (int64_t i = 0; i < length; i++) {
      y[i] /= (float)sum;
    }
  }
  return OCTET_OK;
}
