/* Means under windows in plain C, channels innermost. */
#include "averagepool.h"

int32_t octet_averagepool_generic(const octet_window *w, const float *divisors, const float *x, float *y, int64_t first_row,
                             int64_t rows) {
  return averagepool(w, divisors, x, y, first_row, rows);
}
