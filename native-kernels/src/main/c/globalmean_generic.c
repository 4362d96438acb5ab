/* The mean of each channel in plain C, summed in double in ascending order of position. */
#include "arguments.h"

int32_t octet_globalmean_generic(const float *x, float *y, int64_t channels, int64_t pixels, int64_t channel_stride,
                                 int64_t pixel_stride) {
  REQUIRE(size_of(channels, channel_stride) >= 0 && size_of(pixels, pixel_stride) >= 0);
  REQUIRE(channels == 0 || (is_there(y, 4) && (pixels == 0 || is_there(x, 4))));
  for (int64_t c = 0; c < channels; c++) {
    double sum = 0;
    for (int64_t i = 0; i < pixels; i++) {
      sum += x[c * channel_stride + i * pixel_stride];
    }
    y[c] = (float)(sum / (double)pixels);
  }
  return OCTET_OK;
}
