/* bias[channel] = given bias - x_zero_point * sum of the channel's weights; 0 for the channels that round up. */
#include "octet_kernels.h"

static void qdepthwise_bias(const octet_weights *w, const int32_t *given_bias, int64_t x_zero_point, int32_t *bias) {
  for (int64_t channel = 0; channel < round_up(w->columns, OCTET_PANEL); channel++) {
    int32_t sum = 0;
    for (int64_t tap = 0; tap < w->taps && channel < w->columns; tap++) {
      sum += ((const int8_t *)w->data)[channel * w->col_stride + tap * w->tap_stride];
    }
    int32_t given = given_bias != NULL && channel < w->columns ? given_bias[channel] : 0;
    bias[channel] = given - (int32_t)x_zero_point * sum;
  }
}
