/* Loads and stores of the first of eight floats. Only the end of a row is masked: some processors are slow at it. */
#ifndef OCTET_LANES_AVX2_H
#define OCTET_LANES_AVX2_H

#include <immintrin.h>
#include <stdint.h>

/* Lanes [0, count) for a masked load or store; count may exceed 8, or be negative for none. */
static inline __m256i first_lanes(int64_t count) {
  int lanes = count < 8 ? (int)count : 8;
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(lanes), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/* The first `count` floats of x, the rest 0. */
static inline __m256 load_first(const float *x, int64_t count) {
  return count >= 8 ? _mm256_loadu_ps(x) : _mm256_maskload_ps(x, first_lanes(count));
}

static inline void store_first(float *y, int64_t count, __m256 value) {
  if (count >= 8) {
    _mm256_storeu_ps(y, value);
  } else {
    _mm256_maskstore_ps(y, first_lanes(count), value);
  }
}

#endif
