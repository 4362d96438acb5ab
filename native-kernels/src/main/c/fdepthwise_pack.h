/* Packs the weights of a float depthwise convolution: [taps][channels]. */
#include "arguments.h"

static inline int64_t fdepthwise_packed_bytes(int64_t columns, int64_t taps, int64_t depth) {
  return is_weight_shape(columns, taps, depth) ? columns * taps * depth * (int64_t)sizeof(float) : -1;
}

static int32_t fdepthwise_pack(const octet_weights *w, float *packed) {
  REQUIRE(is_weights(w, w == NULL ? NULL : w->data, 4) && w->depth == 1 && w->taps <= OCTET_MAX_TAPS);
  REQUIRE(w->columns == 0 || is_there(packed, 4));
  for (int64_t tap = 0; tap < w->taps; tap++) {
    for (int64_t channel = 0; channel < w->columns; channel++) {
      packed[tap * w->columns + channel] = ((const float *)w->data)[channel * w->col_stride + tap * w->tap_stride];
    }
  }
  return OCTET_OK;
}
