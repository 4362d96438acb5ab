/*
 * The largest value under each window with AVX2: 32 bytes of channels stay in a register over all taps. Of a window inside
 * the input the last vector may overlap the one before it, which does not change what is the largest.
 */
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

/* 16 or 32 bytes. */
static inline __m256i load_vector(const uint8_t *from, const int64_t bytes) {
  return bytes == 32 ? _mm256_loadu_si256((const __m256i *)from)
                     : _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)from));
}

static inline void store_vector(__m256i vector, uint8_t *to, const int64_t bytes) {
  if (bytes == 32) {
    _mm256_storeu_si256((__m256i *)to, vector);
  } else {
    _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(vector));
  }
}

/* `vector` is 16 or 32; it and the kernel's sizes are constants where it pays. */
#define WHOLE(name, type, vector_max, lowest)                                                                          \
  __attribute__((always_inline)) static inline void name##_of(const octet_window *w, const uint8_t *from,              \
                                                              const int64_t vector, const int64_t height,              \
                                                              const int64_t width, uint8_t *y) {                       \
    const int64_t line = w->dilation_y * w->in_width * w->pixel_stride, column = w->dilation_x * w->pixel_stride;      \
    const int64_t bytes = w->depth * (int64_t)sizeof(type);                                                            \
    for (int64_t c = 0; c < bytes; c += vector) {                                                                      \
      int64_t first = smaller(c, bytes - vector);                                                                      \
      __m256i acc = lowest;                                                                                            \
      for (int64_t ky = 0; ky < height; ky++) {                                                                        \
        for (int64_t kx = 0; kx < width; kx++) {                                                                       \
          acc = vector_max(load_vector(from + ky * line + kx * column + first, vector), acc);                          \
        }                                                                                                              \
      }                                                                                                                \
      store_vector(acc, y + first, vector);                                                                            \
    }                                                                                                                  \
  }                                                                                                                    \
                                                                                                                       \
  static int name(const octet_window *w, const uint8_t *from, int64_t count, uint8_t *y) {                             \
    int64_t bytes = w->depth * (int64_t)sizeof(type), step = w->stride_x * w->pixel_stride;                            \
    int64_t kernel = w->kernel_height == w->kernel_width ? w->kernel_width : 0;                                        \
    if (bytes < 16) {                                                                                                  \
      return 0;                                                                                                        \
    }                                                                                                                  \
    for (int64_t i = 0; i < count; i++, from += step, y += bytes) {                                                    \
      if (bytes < 32) {                                                                                                \
        name##_of(w, from, 16, w->kernel_height, w->kernel_width, y);                                                  \
      } else if (kernel == 3) {                                                                                        \
        name##_of(w, from, 32, 3, 3, y);                                                                               \
      } else if (kernel == 2) {                                                                                        \
        name##_of(w, from, 32, 2, 2, y);                                                                               \
      } else {                                                                                                         \
        name##_of(w, from, 32, w->kernel_height, w->kernel_width, y);                                                  \
      }                                                                                                                \
    }                                                                                                                  \
    return 1;                                                                                                          \
  }

WHOLE(whole_u8, uint8_t, _mm256_max_epu8, _mm256_setzero_si256())
WHOLE(whole_s8, int8_t, _mm256_max_epi8, _mm256_set1_epi8(INT8_MIN))
WHOLE(whole_f32, float, MAX_F32, _mm256_castps_si256(_mm256_set1_ps(-INFINITY)))

int32_t octet_maxpool_avx2(const octet_window *w, int64_t kind, const void *x, void *y, int64_t first_row,
                           int64_t rows) {
  switch (kind) {
  case OCTET_U8: return maxpool(w, (largest){1, largest_u8, whole_u8}, x, y, first_row, rows);
  case OCTET_S8: return maxpool(w, (largest){1, largest_s8, whole_s8}, x, y, first_row, rows);
  case OCTET_F32: return maxpool(w, (largest){sizeof(float), largest_f32, whole_f32}, x, y, first_row, rows);
  default: return OCTET_BAD_ARGUMENT;
  }
}
