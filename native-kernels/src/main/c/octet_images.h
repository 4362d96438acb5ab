/* Kernels of images: windows without weights, means and resampling; see octet_kernels.h. */
#ifndef OCTET_IMAGES_H
#define OCTET_IMAGES_H

#include "octet_products.h"

#pragma GCC visibility push(default)

/* Means over all `pixels` positions of 8-bit integers [pixels, channels]: saturate(rint(float(sum of x - x_zero_point) *
 * multiplier) + zero_point). At most 8,421,504 positions. */
typedef struct octet_qglobalmean {
  int64_t channels, pixels;
  int64_t x_kind, x_zero_point;
  int64_t y_kind, zero_point;
  float multiplier, unused;
} octet_qglobalmean;

/*
 * A resampling of images x [images, in_height, in_width, run] to y [images, out_height, out_width, run]: element (oy, ox)
 * is the sum over taps ty and tx of weight_y[oy, ty] * weight_x[ox, tx] * x(position_y[oy, ty], position_x[ox, tx]), each
 * sum in ascending order of taps, first along y, weights of 0 left out. Without weights there is one tap an axis, which is
 * copied; elements are then of any size.
 */
typedef struct octet_resample {
  int64_t in_height, in_width, out_height, out_width;
  int64_t run;            /* elements, or bytes where there are no weights */
  int64_t taps_y, taps_x; /* 1 or more */
  const int32_t *position_y, *position_x;
  const float *weight_y, *weight_x; /* both NULL or neither */
} octet_resample;

/* The largest value under each window, channels innermost: rows [first_row, first_row + rows) of output positions, each
 * with `depth` values of `kind`, which is also the pixel stride. NaN is passed over. At most OCTET_MAX_TAPS taps; a window
 * wholly in padding is a bad argument. */
#define OCTET_DECLARE_MAXPOOL(isa)                                                                                     \
  int32_t octet_maxpool_##isa(const octet_window *w, int64_t kind, const void *x, void *y, int64_t first_row,          \
                              int64_t rows);

/* The sum under each window, taps in ascending order and those in padding left out, over the position's divisor: rows
 * [first_row, first_row + rows) of output positions as in a maxpool. */
#define OCTET_DECLARE_AVERAGEPOOL(isa)                                                                                 \
  int32_t octet_averagepool_##isa(const octet_window *w, const float *divisors, const float *x, float *y,              \
                                  int64_t first_row, int64_t rows);

/* Channels [first, first + count) of one image. */
#define OCTET_DECLARE_QGLOBALMEAN(isa)                                                                                 \
  int32_t octet_qglobalmean_##isa(const octet_qglobalmean *m, const void *x, void *y, int64_t first, int64_t count);

/* The mean over `pixels` positions of each of some channels, summed in double in ascending order, the same bits in all
 * sets. */
#define OCTET_DECLARE_GLOBALMEAN(isa)                                                                                  \
  int32_t octet_globalmean_##isa(const float *x, float *y, int64_t channels, int64_t pixels, int64_t channel_stride,   \
                                 int64_t pixel_stride);

/* Lines [first, first + count) of y, counted over all images. */
#define OCTET_DECLARE_RESAMPLE(isa)                                                                                    \
  int32_t octet_resample_##isa(const octet_resample *r, const void *x, void *y, int64_t first, int64_t count);

OCTET_DECLARE_MAXPOOL(generic)
OCTET_DECLARE_MAXPOOL(avx2)
OCTET_DECLARE_QGLOBALMEAN(generic)
OCTET_DECLARE_QGLOBALMEAN(avx2)
OCTET_DECLARE_GLOBALMEAN(generic)
OCTET_DECLARE_GLOBALMEAN(avx2)
OCTET_DECLARE_AVERAGEPOOL(generic)
OCTET_DECLARE_AVERAGEPOOL(avx2)
OCTET_DECLARE_RESAMPLE(generic)
OCTET_DECLARE_RESAMPLE(avx2)

#pragma GCC visibility pop

#endif
