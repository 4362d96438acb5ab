/* Float depthwise convolution in plain C, product and sum rounded apart. */
#define X_T float
#include "arguments.h"
#include "taps.h"

#include "fdepthwise_pack.h"

int64_t octet_fdepthwise_packed_bytes_generic(int64_t columns, int64_t taps, int64_t depth) {
  return fdepthwise_packed_bytes(columns, taps, depth);
}

int32_t octet_fdepthwise_pack_generic(const octet_weights *w, void *packed) { return fdepthwise_pack(w, packed); }

static void one_channel(const octet_fproduct *p, const float **taps, int64_t channel, int64_t index,
                        const float *residual, float *y) {
  float value = 0;
  for (int64_t tap = 0; tap < p->window.kernel_height * p->window.kernel_width; tap++) {
    value += taps[tap][channel] * p->packed[tap * p->columns + channel];
  }
  value += p->bias[channel];
  value = p->has_residual ? value + residual[index] : value;
  value = value < p->min ? p->min : value;
  y[index] = value > p->max ? p->max : value;
}

int32_t octet_fdepthwise_generic(const octet_fproduct *p, const void *x, const void *residual, void *y,
                                 int64_t first_row, int64_t rows) {
  REQUIRE(is_fproduct(p, p == NULL ? 0 : p->columns, x, residual, y, first_row, rows) &&
          is_depthwise(&p->window, p->columns));
  if (rows == 0 || p->columns == 0) {
    return OCTET_OK;
  }
  const octet_window *w = &p->window;
  float *padding = allocate_padding(p->columns, 0);
  if (padding == NULL) {
    return OCTET_NO_MEMORY;
  }
  const float *taps[OCTET_MAX_TAPS];
  int64_t offsets[OCTET_MAX_TAPS];
  tap_offsets(w, offsets);
  place at = place_of(w, first_row);
  for (int64_t row = first_row; row < first_row + rows; row++, advance(w, &at)) {
    find_taps_at(w, x, &at, padding, offsets, taps);
    for (int64_t channel = 0; channel < p->columns; channel++) {
      one_channel(p, taps, channel, row * p->row_stride + channel, residual, y);
    }
  }
  free(padding);
  return OCTET_OK;
}
