/*
 * Where the taps of a depthwise window lie, and the walk over a call's rows. The file that includes this defines X_T.
 */
#include <stdlib.h>
#include <string.h>

#include "octet_kernels.h"

static inline int64_t round_up(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }

static inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/* A row's place in the output. */
typedef struct {
  int64_t image, oy, ox;
} place;

static inline place place_of(const octet_window *w, int64_t row) {
  place at = {row / w->out_width / w->out_height, row / w->out_width % w->out_height, row % w->out_width};
  return at;
}

static inline void advance(const octet_window *w, place *at) {
  if (++at->ox == w->out_width) {
    at->ox = 0;
    if (++at->oy == w->out_height) {
      at->oy = 0;
      at->image++;
    }
  }
}

/* The channels that each tap of a row reads; padding has as many elements of the padding value. */
static inline void find_taps(const octet_window *w, const X_T *x, const place *at, const X_T *padding,
                             const X_T **taps) {
  const X_T *image = x + at->image * w->in_height * w->in_width * w->pixel_stride;
  for (int64_t ky = 0; ky < w->kernel_height; ky++) {
    int64_t iy = at->oy * w->stride_y - w->pad_y + ky * w->dilation_y;
    for (int64_t kx = 0; kx < w->kernel_width; kx++) {
      int64_t ix = at->ox * w->stride_x - w->pad_x + kx * w->dilation_x;
      int inside = iy >= 0 && iy < w->in_height && ix >= 0 && ix < w->in_width;
      *taps++ = inside ? image + (iy * w->in_width + ix) * w->pixel_stride : padding;
    }
  }
}

/* Elements from a window's first position to each tap's, for windows that lie inside the input. */
static inline void tap_offsets(const octet_window *w, int64_t *offsets) {
  for (int64_t ky = 0; ky < w->kernel_height; ky++) {
    for (int64_t kx = 0; kx < w->kernel_width; kx++) {
      *offsets++ = (ky * w->dilation_y * w->in_width + kx * w->dilation_x) * w->pixel_stride;
    }
  }
}

/* Like find_taps, faster where the whole window lies inside. */
static inline void find_taps_at(const octet_window *w, const X_T *x, const place *at, const X_T *padding,
                                const int64_t *offsets, const X_T **taps) {
  int64_t iy = at->oy * w->stride_y - w->pad_y;
  int64_t ix = at->ox * w->stride_x - w->pad_x;
  int64_t last_y = iy + (w->kernel_height - 1) * w->dilation_y;
  int64_t last_x = ix + (w->kernel_width - 1) * w->dilation_x;
  if (iy < 0 || ix < 0 || last_y >= w->in_height || last_x >= w->in_width) {
    find_taps(w, x, at, padding, taps);
    return;
  }
  const X_T *corner = x + ((at->image * w->in_height + iy) * w->in_width + ix) * w->pixel_stride;
  for (int64_t i = 0; i < w->kernel_height * w->kernel_width; i++) {
    taps[i] = corner + offsets[i];
  }
}

static inline X_T *allocate_padding(int64_t channels, X_T value) {
  X_T *padding = malloc((size_t)channels * sizeof(X_T) + 64);
  if (padding != NULL) {
    for (int64_t i = 0; i < channels; i++) {
      padding[i] = value;
    }
  }
  return padding;
}
