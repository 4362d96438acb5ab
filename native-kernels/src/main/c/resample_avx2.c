/* Resampling with AVX2. */
#include "resample.h"

int32_t octet_resample_avx2(const octet_resample *r, const void *x, void *y, int64_t first, int64_t count) {
  return resample(r, x, y, first, count);
}
