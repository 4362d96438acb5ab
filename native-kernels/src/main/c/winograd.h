/* What a Winograd convolution takes: 3x3 windows of stride 1 without dilation, whole groups of 16 channels. */
#include <stdlib.h>
#include <string.h>

#include "octet_kernels.h"

static inline int is_winograd_weights(int64_t columns, int64_t taps, int64_t depth) {
  return is_weight_shape(columns, taps, depth) && taps == 9 && depth % 16 == 0 && depth >= 16 &&
         depth <= OCTET_WINOGRAD_DEPTH;
}

static inline int64_t winograd_packed_bytes(int64_t columns, int64_t depth) {
  return (columns + OCTET_PANEL - 1) / OCTET_PANEL * OCTET_PANEL * 16 * depth * (int64_t)sizeof(int16_t);
}

/* Pairs of output lines [first, first + pairs) of all images. */
static inline int is_winograd(const octet_qproduct *p, const void *x, const void *residual, const void *y,
                              int64_t first, int64_t pairs) {
  if (!is_there(p, 8) || !is_range(first, pairs, SIZE_LIMIT)) {
    return 0;
  }
  const octet_window *w = &p->window;
  if (w->out_height < 0 || w->out_height >= SIZE_LIMIT || (w->out_height == 0 && pairs > 0)) {
    return 0;
  }
  int64_t images = w->out_height == 0 ? 0 : (first + pairs + (w->out_height + 1) / 2 - 1) / ((w->out_height + 1) / 2);
  int64_t rows = size_of(images, size_of(w->out_height, w->out_width));
  return rows >= 0 && is_qproduct(p, w->depth, x, residual, y, 0, rows) && w->kernel_height == 3 &&
         w->kernel_width == 3 && w->stride_y == 1 && w->stride_x == 1 && w->dilation_y == 1 && w->dilation_x == 1 &&
         is_winograd_weights(p->columns, 9, w->depth);
}

/* One filter's 3x3 weights to 4x4, fourfold. */
static inline void winograd_filter(const int32_t g[3][3], int32_t u[4][4]) {
  int32_t t[4][3];
  for (int i = 0; i < 3; i++) {
    t[0][i] = 2 * g[0][i];
    t[1][i] = g[0][i] + g[1][i] + g[2][i];
    t[2][i] = g[0][i] - g[1][i] + g[2][i];
    t[3][i] = 2 * g[2][i];
  }
  for (int i = 0; i < 4; i++) {
    u[i][0] = 2 * t[i][0];
    u[i][1] = t[i][0] + t[i][1] + t[i][2];
    u[i][2] = t[i][0] - t[i][1] + t[i][2];
    u[i][3] = 2 * t[i][2];
  }
}

static int32_t winograd_pack(const octet_weights *w, const int32_t *given_bias, int32_t x_zero_point, void *packed,
                             int32_t *bias) {
  REQUIRE(is_weights(w, w == NULL ? NULL : w->data, 1) && is_winograd_weights(w->columns, w->taps, w->depth) &&
          w->lines == 3);
  REQUIRE(w->columns == 0 || (is_there(packed, 2) && is_there(bias, 4) && (uintptr_t)given_bias % 4 == 0));
  memset(packed, 0, w->columns == 0 ? 0 : (size_t)winograd_packed_bytes(w->columns, w->depth));
  for (int64_t column = 0; column < (w->columns + OCTET_PANEL - 1) / OCTET_PANEL * OCTET_PANEL; column++) {
    int32_t total = 0;
    int16_t *panel = (int16_t *)packed + column / OCTET_PANEL * 16 * w->depth * OCTET_PANEL;
    for (int64_t channel = 0; column < w->columns && channel < w->depth; channel++) {
      const int8_t *from = (const int8_t *)w->data + column * w->col_stride + channel * w->channel_stride;
      int32_t g[3][3], u[4][4];
      for (int64_t tap = 0; tap < 9; tap++) {
        g[tap / 3][tap % 3] = from[tap * w->tap_stride];
        total += from[tap * w->tap_stride];
      }
      winograd_filter(g, u);
      int16_t *to = panel + (channel / 2 * OCTET_PANEL + column % OCTET_PANEL) * 2 + channel % 2;
      for (int64_t i = 0; i < 16; i++) {
        to[i * w->depth * OCTET_PANEL] = (int16_t)u[i / 4][i % 4];
      }
    }
    bias[column] = (given_bias != NULL && column < w->columns ? given_bias[column] : 0) - x_zero_point * total;
  }
  return OCTET_OK;
}
