/* The epilogue of float products for 16 columns of one row. NaN passes through the clamp. */
#include <immintrin.h>

#include "octet_kernels.h"

static inline void load_floats(const float *from, int64_t valid, __m256 *v0, __m256 *v1) {
  float buffer[OCTET_PANEL] = {0};
  if (valid < OCTET_PANEL) {
    memcpy(buffer, from, (size_t)valid * sizeof(float));
    from = buffer;
  }
  *v0 = _mm256_loadu_ps(from);
  *v1 = _mm256_loadu_ps(from + 8);
}

static inline void store_panel(const octet_fproduct *p, __m256 v0, __m256 v1, int64_t column, int64_t index,
                               int64_t valid, const float *residual, float *y) {
  v0 = _mm256_add_ps(v0, _mm256_loadu_ps(p->bias + column));
  v1 = _mm256_add_ps(v1, _mm256_loadu_ps(p->bias + column + 8));
  if (p->has_residual) {
    __m256 r0, r1;
    load_floats(residual + index, valid, &r0, &r1);
    v0 = _mm256_add_ps(v0, r0);
    v1 = _mm256_add_ps(v1, r1);
  }
  __m256 low = _mm256_set1_ps(p->min);
  __m256 high = _mm256_set1_ps(p->max);
  v0 = _mm256_min_ps(high, _mm256_max_ps(low, v0));
  v1 = _mm256_min_ps(high, _mm256_max_ps(low, v1));
  if (valid == OCTET_PANEL) {
    _mm256_storeu_ps(y + index, v0);
    _mm256_storeu_ps(y + index + 8, v1);
    return;
  }
  float buffer[OCTET_PANEL];
  _mm256_storeu_ps(buffer, v0);
  _mm256_storeu_ps(buffer + 8, v1);
  memcpy(y + index, buffer, (size_t)valid * sizeof(float));
}
