/* The largest value under each window with AVX2: 32 bytes of channels stay in a register over all taps. */
#include <immintrin.h>

#include "maxpool.h"

/* _mm256_max_ps(value, so_far) gives so_far where either is NaN or both are zeros, as the generic form does. */
#define MAX_F32(value, so_far)                                                                                         \
  _mm256_castps_si256(_mm256_max_ps(_mm256_castsi256_ps(value), _mm256_castsi256_ps(so_far)))

#define LARGEST(name, type, vector_max, lowest)                                                                        \
  static void name(const uint8_t *const *taps, int64_t count, int64_t channels, uint8_t *y) {                          \
    const int64_t lanes = 32 / (int64_t)sizeof(type);                                                                  \
    int64_t c = 0;                                                                                                     \
    for (; c + lanes <= channels; c += lanes) {                                                                        \
      int64_t offset = c * (int64_t)sizeof(type);                                                                      \
      __m256i acc = lowest;                                                                                            \
      for (int64_t tap = 0; tap < count; tap++) {                                                                      \
        acc = vector_max(_mm256_loadu_si256((const __m256i *)(taps[tap] + offset)), acc);                              \
      }                                                                                                                \
      _mm256_storeu_si256((__m256i *)(y + offset), acc);                                                               \
    }                                                                                                                  \
    for (; c < channels; c++) {                                                                                        \
      type acc = LOWEST_##type;                                                                                        \
      for (int64_t tap = 0; tap < count; tap++) {                                                                      \
        type value = ((const type *)taps[tap])[c];                                                                     \
        acc = LARGER(type, value, acc);                                                                                \
      }                                                                                                                \
      ((type *)y)[c] = acc;                                                                                            \
    }                                                                                                                  \
  }

LARGEST(largest_u8, uint8_t, _mm256_max_epu8, _mm256_setzero_si256())
LARGEST(largest_s8, int8_t, _mm256_max_epi8, _mm256_set1_epi8(INT8_MIN))
LARGEST(largest_f32, float, MAX_F32, _mm256_castps_si256(_mm256_set1_ps(-INFINITY)))

int32_t octet_maxpool_avx2(const octet_window *w, int64_t kind, const void *x, void *y, int64_t first_row,
                           int64_t rows) {
  switch (kind) {
  case OCTET_U8: return maxpool(w, 1, largest_u8, x, y, first_row, rows);
  case OCTET_S8: return maxpool(w, 1, largest_s8, x, y, first_row, rows);
  case OCTET_F32: return maxpool(w, sizeof(float), largest_f32, x, y, first_row, rows);
  default: return OCTET_BAD_ARGUMENT;
  }
}
