/*
 * What the product kernels share: sizes, memory for gathered rows, and the gathering itself.
 *
 * A product copies a block of the left operand's rows into memory of its own, in the form its inner loop wants (widened,
 * or with the sign bit flipped), padding and tails included. This costs a share of 1 / columns of the product and makes
 * the inner loop one flat walk over k for convolutions and matrices alike.
 *
 * The file that includes this defines X_T (element of x) and A_T (element of a gathered row), and
 *   static inline void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind);
 */
#include <stdlib.h>
#include <string.h>

#include "octet_kernels.h"

/* Gathered rows that one block may take: half of a second-level cache of 512 KiB. */
enum { BLOCK_BYTES = 256 * 1024 };

static inline int64_t round_up(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }

static inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

static inline int64_t window_taps(const octet_window *w) { return w->kernel_height * w->kernel_width; }

static inline void fill_span(A_T *to, int64_t count, A_T value) {
  for (int64_t i = 0; i < count; i++) {
    to[i] = value;
  }
}

static void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind);

/* One row, its kernel lines `pitch` apart; image points at the first input position of the row's image. */
static void gather_row(const octet_window *w, const X_T *image, int64_t oy, int64_t ox, int64_t x_kind, A_T padding,
                       A_T *a, int64_t pitch) {
  int64_t line = w->kernel_width * w->depth;
  int64_t x0 = ox * w->stride_x - w->pad_x;
  int joined = w->dilation_x == 1 && w->pixel_stride == w->depth && x0 >= 0 && x0 + w->kernel_width <= w->in_width;
  for (int64_t ky = 0; ky < w->kernel_height; ky++, a += pitch) {
    int64_t iy = oy * w->stride_y - w->pad_y + ky * w->dilation_y;
    for (int64_t i = line; i < pitch; i++) {
      a[i] = 0;
    }
    if (iy < 0 || iy >= w->in_height) {
      fill_span(a, line, padding);
      continue;
    }
    const X_T *row = image + iy * w->in_width * w->pixel_stride;
    if (joined) {
      copy_span(a, row + x0 * w->pixel_stride, line, x_kind);
      continue;
    }
    for (int64_t kx = 0; kx < w->kernel_width; kx++) {
      int64_t ix = x0 + kx * w->dilation_x;
      if (ix < 0 || ix >= w->in_width) {
        fill_span(a + kx * w->depth, w->depth, padding);
      } else {
        copy_span(a + kx * w->depth, row + ix * w->pixel_stride, w->depth, x_kind);
      }
    }
  }
}

/* Whether each row is `depth` elements at x + row * pixel_stride: a matrix, or a convolution of single positions. */
static inline int is_plain(const octet_window *w) {
  return w->kernel_height * w->kernel_width == 1 && w->stride_y == 1 && w->stride_x == 1 && w->pad_y == 0 &&
         w->pad_x == 0 && w->in_height == w->out_height && w->in_width == w->out_width;
}

/* Rows [first, first + count), one behind the other, their kernel lines `pitch` apart; what follows a line is zeroed. */
static void gather_rows(const octet_window *w, const X_T *x, int64_t x_kind, A_T padding, int64_t first, int64_t count,
                        A_T *a, int64_t pitch) {
  if (is_plain(w) && pitch == w->depth && w->pixel_stride == w->depth) {
    copy_span(a, x + first * w->depth, count * w->depth, x_kind);
    return;
  }
  int64_t ox = first % w->out_width;
  int64_t oy = first / w->out_width % w->out_height;
  int64_t image = first / w->out_width / w->out_height;
  for (int64_t r = 0; r < count; r++, a += w->kernel_height * pitch) {
    gather_row(w, x + image * w->in_height * w->in_width * w->pixel_stride, oy, ox, x_kind, padding, a, pitch);
    if (++ox == w->out_width) {
      ox = 0;
      if (++oy == w->out_height) {
        oy = 0;
        image++;
      }
    }
  }
}

/* How many rows to gather at a time: a multiple of tile, unless there are fewer. */
static inline int64_t block_rows(int64_t rows, int64_t row_bytes, int64_t tile) {
  int64_t fitting = BLOCK_BYTES / (row_bytes > 0 ? row_bytes : 1) / tile * tile;
  if (fitting < tile) {
    fitting = tile;
  }
  return smaller(rows, fitting);
}

static inline A_T *allocate_rows(int64_t rows, int64_t stride) {
  return aligned_alloc(64, (size_t)round_up(rows * stride * (int64_t)sizeof(A_T) + 64, 64));
}
