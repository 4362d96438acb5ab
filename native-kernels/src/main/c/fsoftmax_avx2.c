/* Softmax of rows: largest element, exponentials and their sum, quotients. */
#include <math.h>
#include "arguments.h"
#include "fexp_avx2.h"

static float row_max(const float *x, int64_t length) {
  const __m256 lowest = _mm256_set1_ps(-INFINITY);
  __m256 max = lowest;
  for (int64_t i = 0; i < length; i += 8) {
    __m256i lanes = first_lanes(length - i);
    __m256 value = _mm256_blendv_ps(lowest, load_first(x + i, length - i), _mm256_castsi256_ps(lanes));
    max = _mm256_max_ps(value, max); /* a NaN is passed over here: its exponential makes the whole row NaN */
  }
  float lane[8];
  _mm256_storeu_ps(lane, max);
  for (int i = 1; i < 8; i++) {
    lane[0] = lane[i] > lane[0] ? lane[i] : lane[0];
  }
  return lane[0];
}

static float exponentials(const float *x, float *y, int64_t length, float max) {
  __m256d low = _mm256_setzero_pd();
  __m256d high = _mm256_setzero_pd();
  for (int64_t i = 0; i < length; i += 8) {
    __m256i lanes = first_lanes(length - i);
    __m256 value = exp_negative(_mm256_sub_ps(load_first(x + i, length - i), _mm256_set1_ps(max)));
    value = _mm256_and_ps(value, _mm256_castsi256_ps(lanes));
    store_first(y + i, length - i, value);
    low = _mm256_add_pd(low, _mm256_cvtps_pd(_mm256_castps256_ps128(value)));
    high = _mm256_add_pd(high, _mm256_cvtps_pd(_mm256_extractf128_ps(value, 1)));
  }
  double lane[4];
  _mm256_storeu_pd(lane, _mm256_add_pd(low, high));
  return (float)((lane[0] + lane[2]) + (lane[1] + lane[3]));
}

int32_t octet_fsoftmax_avx2(const float *x, float *y, int64_t rows, int64_t length) {
  int64_t count = size_of(rows, length);
  REQUIRE(count >= 0 && (count == 0 || (is_there(x, 4) && is_there(y, 4))));
  for (int64_t row = 0; row < rows; row++, x += length, y += length) {
    __m256 sum = _mm256_set1_ps(exponentials(x, y, length, row_max(x, length)));
    for (int64_t i = 0; i < length; i += 8) {
      store_first(y + i, length - i, _mm256_div_ps(load_first(y + i, length - i), sum));
    }
  }
  return OCTET_OK;
}
