/* Integer depthwise convolution in plain C. Packed: [taps][channels]. */
#define X_T uint8_t
#include "arguments.h"
#include "taps.h"

#include "qdepthwise_bias.h"
#include "requantize_generic.h"

int64_t octet_qdepthwise_packed_bytes_generic(int64_t columns, int64_t taps, int64_t depth) {
  if (!is_weight_shape(columns, taps, depth)) {
    return -1;
  }
  return columns * taps * depth;
}

int32_t octet_qdepthwise_pack_generic(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,
                                      int64_t x_zero_point, void *packed, int32_t *bias) {
  REQUIRE(is_weights(w, w == NULL ? NULL : w->data, 1) && w->depth == 1 && w->taps <= OCTET_MAX_TAPS);
  REQUIRE(kind_bytes(x_kind) == 1 && is_of_kind(x_kind, x_zero_point));
  REQUIRE(w->columns == 0 || (packed != NULL && is_there(bias, 4) && (uintptr_t)given_bias % 4 == 0));
  for (int64_t tap = 0; tap < w->taps; tap++) {
    for (int64_t channel = 0; channel < w->columns; channel++) {
      ((int8_t *)packed)[tap * w->columns + channel] =
          ((const int8_t *)w->data)[channel * w->col_stride + tap * w->tap_stride];
    }
  }
  qdepthwise_bias(w, given_bias, x_zero_point, bias);
  return OCTET_OK;
}

int32_t octet_qdepthwise_generic(const octet_qproduct *p, const void *x, const void *residual, void *y,
                                 int64_t first_row, int64_t rows) {
  REQUIRE(is_qproduct(p, p == NULL ? 0 : p->columns, x, residual, y, first_row, rows) &&
          is_depthwise(&p->window, p->columns));
  if (rows == 0 || p->columns == 0) {
    return OCTET_OK;
  }
  const octet_window *w = &p->window;
  int64_t count = w->kernel_height * w->kernel_width;
  uint8_t *padding = allocate_padding(p->columns, (uint8_t)p->padding);
  if (padding == NULL) {
    return OCTET_NO_MEMORY;
  }
  const uint8_t *taps[OCTET_MAX_TAPS];
  int64_t offsets[OCTET_MAX_TAPS];
  tap_offsets(w, offsets);
  place at = place_of(w, first_row);
  for (int64_t row = first_row; row < first_row + rows; row++, advance(w, &at)) {
    find_taps_at(w, x, &at, padding, offsets, taps);
    for (int64_t channel = 0; channel < p->columns; channel++) {
      int32_t acc = p->bias[channel];
      for (int64_t tap = 0; tap < count; tap++) {
        int32_t value = p->x_kind == OCTET_S8 ? (int8_t)taps[tap][channel] : taps[tap][channel];
        acc += value * ((const int8_t *)p->packed)[tap * p->columns + channel];
      }
      store_scalar(p, acc, channel, row * p->row_stride + channel, residual, y);
    }
  }
  free(padding);
  return OCTET_OK;
}
