/* Softmax of rows in plain C. */
#include <math.h>
#include "arguments.h"

int32_t octet_fsoftmax_generic(const float *x, float *y, int64_t rows, int64_t length) {
  int64_t count = size_of(rows, length);
  REQUIRE(count >= 0 && (count == 0 || (is_there(x, 4) && is_there(y, 4))));
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
