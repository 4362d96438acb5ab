/*
 * Packs the weights of depthwise kernels that take LANES channels at a time, [blocks of LANES channels][taps][LANES x s8].
 * The last block ends with the last channel and so overlaps its neighbour, which makes whole vectors of any channel count
 * from LANES on; with fewer, the lanes behind are 0.
 */
#include "qdepthwise_bias.h"

static inline int64_t first_channel(int64_t block, int64_t channels) {
  int64_t first = block * LANES;
  return channels >= LANES ? smaller(first, channels - LANES) : 0;
}

static int64_t strips_packed_bytes(int64_t columns, int64_t taps, int64_t depth) {
  return is_weight_shape(columns, taps, depth) ? round_up(columns, LANES) * taps * depth : -1;
}

/* x_shift: what the kernel adds to x. */
static int32_t strips_pack(const octet_weights *w, const int32_t *given_bias, int64_t x_kind, int64_t x_zero_point,
                           int64_t x_shift, void *packed, int32_t *bias) {
  REQUIRE(is_weights(w, w == NULL ? NULL : w->data, 1) && w->depth == 1 && w->taps <= OCTET_MAX_TAPS);
  REQUIRE(kind_bytes(x_kind) == 1 && is_of_kind(x_kind, x_zero_point));
  REQUIRE(w->columns == 0 || (packed != NULL && is_there(bias, 4) && (uintptr_t)given_bias % 4 == 0));
  int8_t *to = packed;
  for (int64_t block = 0; block * LANES < w->columns; block++) {
    int64_t first = first_channel(block, w->columns);
    for (int64_t tap = 0; tap < w->taps; tap++) {
      for (int64_t channel = first; channel < first + LANES; channel++) {
        *to++ = channel < w->columns ? ((const int8_t *)w->data)[channel * w->col_stride + tap * w->tap_stride] : 0;
      }
    }
  }
  qdepthwise_bias(w, given_bias, x_zero_point + x_shift, bias);
  return OCTET_OK;
}
