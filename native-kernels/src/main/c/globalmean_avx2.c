/* The mean of each channel with AVX2: 16 channels at a time, each summed in double in ascending order of position. */
#include <immintrin.h>

#include "arguments.h"

int32_t octet_globalmean_avx2(const float *x, float *y, int64_t channels, int64_t pixels, int64_t channel_stride,
                              int64_t pixel_stride) {
  REQUIRE(size_of(channels, channel_stride) >= 0 && size_of(pixels, pixel_stride) >= 0);
  REQUIRE(channels == 0 || (is_there(y, 4) && (pixels == 0 || is_there(x, 4))));
  int64_t c = 0;
  __m256d divisor = _mm256_set1_pd((double)pixels);
  for (; channel_stride == 1 && c + 16 <= channels; c += 16) {
    __m256d s0 = _mm256_setzero_pd(), s1 = s0, s2 = s0, s3 = s0;
    for (int64_t i = 0; i < pixels; i++) {
      const float *from = x + c + i * pixel_stride;
      s0 = _mm256_add_pd(s0, _mm256_cvtps_pd(_mm_loadu_ps(from)));
      s1 = _mm256_add_pd(s1, _mm256_cvtps_pd(_mm_loadu_ps(from + 4)));
      s2 = _mm256_add_pd(s2, _mm256_cvtps_pd(_mm_loadu_ps(from + 8)));
      s3 = _mm256_add_pd(s3, _mm256_cvtps_pd(_mm_loadu_ps(from + 12)));
    }
    _mm_storeu_ps(y + c, _mm256_cvtpd_ps(_mm256_div_pd(s0, divisor)));
    _mm_storeu_ps(y + c + 4, _mm256_cvtpd_ps(_mm256_div_pd(s1, divisor)));
    _mm_storeu_ps(y + c + 8, _mm256_cvtpd_ps(_mm256_div_pd(s2, divisor)));
    _mm_storeu_ps(y + c + 12, _mm256_cvtpd_ps(_mm256_div_pd(s3, divisor)));
  }
  return octet_globalmean_generic(x + c * channel_stride, y + c, channels - c, pixels, channel_stride, pixel_stride);
}
