/* Products and convolutions; see octet_kernels.h. */
#ifndef OCTET_PRODUCTS_H
#define OCTET_PRODUCTS_H

#include <stdint.h>

#pragma GCC visibility push(default)

/* Columns of one packed panel, in every kernel. */
enum { OCTET_PANEL = 16 };

enum { OCTET_MAX_TAPS = 256 };

/*
 * Where the rows of the left operand lie in x, channels innermost: row (image, oy, ox) holds for each tap (ky, kx) the
 * `depth` channels at input position (oy*stride_y - pad_y + ky*dilation_y, likewise x), or the padding value if that is
 * outside. A plain matrix [M, K] is the window with in_height 1, in_width M, pixel_stride K, depth K and all else 1 or 0.
 */
typedef struct octet_window {
  int64_t in_height, in_width;
  int64_t pixel_stride; /* elements from one input position to the next: all channels */
  int64_t out_height, out_width;
  int64_t kernel_height, kernel_width;
  int64_t stride_y, stride_x;
  int64_t dilation_y, dilation_x;
  int64_t pad_y, pad_x;
  int64_t depth;
} octet_window;

/*
 * An integer product or convolution: acc[row, col] = bias[col] + sum over k of x[row, k] * w[k, col], then
 *   to u8/s8: clamp(rint(float(acc) * multipliers[col] [+ float(r - residual_zero_point) * residual_multiplier])
 *             + zero_point, qmin, qmax)
 *   to f32:   clamp(float(acc) * multipliers[col], min, max)
 * or depthwise, with one weight a tap and channel. Multipliers are at
 * most 2^90. y and the residual have row_stride elements a row.
 */
typedef struct octet_qproduct {
  octet_window window;
  int64_t columns;    /* of y written by this call's product; depthwise: channels */
  int64_t row_stride; /* elements of y from row to row */
  const void *packed; /* made by the pack function of the same kernel */
  const int32_t *bias;      /* columns rounded up to OCTET_PANEL, made by the pack function */
  const float *multipliers; /* columns rounded up to OCTET_PANEL */
  int64_t x_kind;           /* OCTET_U8 or OCTET_S8 */
  int64_t padding;          /* x's zero point */
  int64_t y_kind;           /* OCTET_U8, OCTET_S8 or OCTET_F32 */
  int64_t zero_point, qmin, qmax;
  int64_t residual_kind; /* OCTET_NONE, OCTET_U8 or OCTET_S8; not with OCTET_F32 */
  int64_t residual_zero_point;
  float residual_multiplier, min, max, unused;
} octet_qproduct;

/* A float product or convolution: y = clamp(sum over k + bias[col] [+ residual], min, max). Padding is 0. */
typedef struct octet_fproduct {
  octet_window window;
  int64_t columns;
  int64_t row_stride;
  const float *packed;
  const float *bias;    /* columns rounded up to OCTET_PANEL */
  int64_t has_residual; /* 0 or 1 */
  float min, max;       /* NaN passes through */
} octet_fproduct;

/* Weights to pack: element (col, tap, channel) is at col*col_stride + tap*tap_stride + channel*channel_stride. */
typedef struct octet_weights {
  const void *data; /* s8 for integer products, f32 for float ones */
  int64_t columns, taps, depth;
  int64_t col_stride, tap_stride, channel_stride;
  int64_t lines; /* that the taps lie in: a kernel's height; divides taps */
} octet_weights;

/* Integer product. Panels: [columns / 16][kernel lines][k groups of a line][16 columns][k in group]. */
#define OCTET_DECLARE_QGEMM(isa)                                                                                       \
  int64_t octet_qgemm_packed_bytes_##isa(int64_t columns, int64_t taps, int64_t depth);                                \
  /* Packs s8 weights; bias[columns rounded up] = given bias (or 0 where NULL) - x_zero_point * sum of the column,     \
   * and whatever else the kernel's form of x needs. */                                                                \
  int32_t octet_qgemm_pack_##isa(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,                    \
                                 int64_t x_zero_point, void *packed, int32_t *bias);                                   \
  /* Rows [first_row, first_row + rows) and panels [first_panel, first_panel + panels) of the product. */              \
  int32_t octet_qgemm_##isa(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,  \
                            int64_t rows, int64_t first_panel, int64_t panels);                                        \
  /* All rows and panels, with weights that are not constant: packs them at `weights` (w's data is ignored, as are     \
   * p's packed and bias) into memory of its own first. given_bias may be NULL. */                                     \
  int32_t octet_qgemm_unpacked_##isa(const octet_qproduct *p, const octet_weights *w, const void *weights,             \
                                     const int32_t *given_bias, const void *x, const void *residual, void *y,          \
                                     int64_t rows);

/* Most channels of a Winograd convolution: 4 * 9 * 255 * 128 * 1024 is below 2^31. */
enum { OCTET_WINOGRAD_DEPTH = 1024 };

/* Integer convolution by 3x3 windows of stride 1 and dilation 1, of whole groups of 16 channels; the same results as the
 * integer product. Computes pairs of output lines, (out_height + 1) / 2 an image, and all columns. A set has it only where
 * it is faster than the set's product. */
#define OCTET_DECLARE_QWINOGRAD(isa)                                                                                   \
  int64_t octet_qwinograd_packed_bytes_##isa(int64_t columns, int64_t taps, int64_t depth);                            \
  int32_t octet_qwinograd_pack_##isa(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,                \
                                     int64_t x_zero_point, void *packed, int32_t *bias);                               \
  int32_t octet_qwinograd_##isa(const octet_qproduct *p, const void *x, const void *residual, void *y,                 \
                                int64_t first_pair, int64_t pairs);

/* Integer depthwise convolution: columns are channels, weights have depth 1, at most OCTET_MAX_TAPS taps, and as many lines
 * as the window that they are used with. */
#define OCTET_DECLARE_QDEPTHWISE(isa)                                                                                  \
  int64_t octet_qdepthwise_packed_bytes_##isa(int64_t columns, int64_t taps, int64_t depth);                           \
  int32_t octet_qdepthwise_pack_##isa(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,               \
                                      int64_t x_zero_point, void *packed, int32_t *bias);                              \
  int32_t octet_qdepthwise_##isa(const octet_qproduct *p, const void *x, const void *residual, void *y,                \
                                 int64_t first_row, int64_t rows);

/* Float product. */
#define OCTET_DECLARE_FGEMM(isa)                                                                                       \
  int64_t octet_fgemm_packed_bytes_##isa(int64_t columns, int64_t taps, int64_t depth);                                \
  int32_t octet_fgemm_pack_##isa(const octet_weights *w, void *packed);                                                \
  int32_t octet_fgemm_##isa(const octet_fproduct *p, const void *x, const void *residual, void *y, int64_t first_row,  \
                            int64_t rows, int64_t first_panel, int64_t panels);                                        \
  /* All rows and panels, with weights that are not constant: packs them at `weights` (w's data is ignored, as is      \
   * p's packed) into memory of its own first. */                                                                      \
  int32_t octet_fgemm_unpacked_##isa(const octet_fproduct *p, const octet_weights *w, const void *weights,             \
                                     const void *x, const void *residual, void *y, int64_t rows);

/* Float depthwise convolution. */
#define OCTET_DECLARE_FDEPTHWISE(isa)                                                                                  \
  int64_t octet_fdepthwise_packed_bytes_##isa(int64_t columns, int64_t taps, int64_t depth);                           \
  int32_t octet_fdepthwise_pack_##isa(const octet_weights *w, void *packed);                                           \
  int32_t octet_fdepthwise_##isa(const octet_fproduct *p, const void *x, const void *residual, void *y,                \
                                 int64_t first_row, int64_t rows);

OCTET_DECLARE_QGEMM(generic)
OCTET_DECLARE_QGEMM(avx2)
OCTET_DECLARE_QGEMM(avxvnni)
OCTET_DECLARE_QGEMM(avx512vnni)
OCTET_DECLARE_QGEMM(neondot)
OCTET_DECLARE_QWINOGRAD(avx2)
OCTET_DECLARE_QDEPTHWISE(generic)
OCTET_DECLARE_QDEPTHWISE(avx2)
OCTET_DECLARE_QDEPTHWISE(avxvnni)
OCTET_DECLARE_QDEPTHWISE(avx512vnni)
OCTET_DECLARE_FGEMM(generic)
OCTET_DECLARE_FGEMM(avx2)
OCTET_DECLARE_FGEMM(avx512vnni)
OCTET_DECLARE_FDEPTHWISE(generic)
OCTET_DECLARE_FDEPTHWISE(avx2)
OCTET_DECLARE_FDEPTHWISE(avx512vnni)

#pragma GCC visibility pop

#endif
