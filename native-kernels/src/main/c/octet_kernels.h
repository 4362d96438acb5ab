/*
 * The CPU kernels' C interface: plain functions and a few structures, called from Java by java.lang.foreign.
 *
 * Every function returns a status and never prints, exits or throws. All buffers are the caller's; none overlap, and
 * none needs an alignment beyond its element's unless stated. Functions may run in several threads at once as long as
 * they write different rows or columns.
 *
 * A kernel exists once for each instruction set, with the set's name as suffix:
 *   generic     C11 alone
 *   avx2        AVX2 and FMA
 *   avxvnni     AVX2, FMA and AVX-VNNI
 *   avx512vnni  AVX-512 F, BW, VL and VNNI
 *   neondot     NEON with the dot product of Armv8.2
 * Where a kernel has no form for a set, that of the set before it is used which the processor has.
 * Integer kernels of all sets give the same bits. Float kernels add up in ascending order of k for each output element,
 * whatever the row count or thread; sets differ in whether product and sum round once (FMA) or twice.
 */
#ifndef OCTET_KERNELS_H
#define OCTET_KERNELS_H

#include <stdint.h>

#pragma GCC visibility push(default)

enum { OCTET_OK = 0, OCTET_NO_MEMORY = 1, OCTET_BAD_ARGUMENT = 2 };

/* Element kinds. */
enum { OCTET_NONE = -1, OCTET_U8 = 0, OCTET_S8 = 1, OCTET_F32 = 2 };

/* Bits of octet_cpu_features. */
enum { OCTET_HAS_AVX2 = 1, OCTET_HAS_AVX512VNNI = 2, OCTET_HAS_AVXVNNI = 4, OCTET_HAS_NEONDOT = 8 };

/* Columns of one packed panel, in every kernel. */
enum { OCTET_PANEL = 16 };

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

/* Where a float result goes: as it is (OCTET_F32), or to an 8-bit integer, saturate(rint(result / scale) + zero_point)
 * with NaN becoming the zero point. */
typedef struct octet_grid {
  int64_t kind;
  int64_t zero_point;
  float scale, unused;
} octet_grid;

/* A softmax of rows of `length` floats x * factor + mask; row r meets the mask's floats from r * mask_stride on. */
typedef struct octet_softmax {
  int64_t length;
  int64_t mask_stride; /* 0: all rows meet the same */
  octet_grid to;
  float factor, unused;
} octet_softmax;

/* A layer normalization of rows of `length` floats. */
typedef struct octet_layernorm {
  int64_t length;
  const float *scale, *bias; /* length each */
  octet_grid to;
  float epsilon, unused;
} octet_layernorm;

enum { OCTET_MAX_AXES = 8 };

/*
 * Bytes that move from one strided view to another: for each combination of indices along the axes, the last of which
 * changes fastest, the `run` bytes at x + from + sum of index * from_stride go to y + to + sum of index * to_stride.
 */
typedef struct octet_move {
  int64_t from, to;
  int64_t run;
  int64_t axes; /* at most OCTET_MAX_AXES */
  int64_t extent[OCTET_MAX_AXES];
  int64_t from_stride[OCTET_MAX_AXES], to_stride[OCTET_MAX_AXES]; /* bytes; a from_stride may be 0 or negative */
} octet_move;

/* Means over all `pixels` positions of 8-bit integers [pixels, channels]: saturate(rint(float(sum of x - x_zero_point) *
 * multiplier) + zero_point). At most 8,421,504 positions. */
typedef struct octet_qglobalmean {
  int64_t channels, pixels;
  int64_t x_kind, x_zero_point;
  int64_t y_kind, zero_point;
  float multiplier, unused;
} octet_qglobalmean;

enum { OCTET_ADD = 0, OCTET_MUL = 1 };

/*
 * A sum or product of 8-bit integers with broadcasting, p = a - a_zero_point and q = b - b_zero_point:
 *   sum:     clamp(rint(float(p) * a_multiplier + float(q) * b_multiplier) + zero_point, qmin, qmax)
 *   product: clamp(rint(float(p * q) * a_multiplier) + zero_point, qmin, qmax)
 * y is dense: rows of `length` elements, along which an operand's step is 0 or 1, for each combination of indices along
 * the outer axes, the last of which changes fastest.
 */
typedef struct octet_qbinary {
  int64_t function; /* OCTET_ADD or OCTET_MUL */
  int64_t a_kind, a_zero_point;
  int64_t b_kind, b_zero_point;
  int64_t y_kind, zero_point, qmin, qmax;
  int64_t length, a_step, b_step;
  int64_t axes; /* outer ones, at most OCTET_MAX_AXES */
  int64_t extent[OCTET_MAX_AXES];
  int64_t a_stride[OCTET_MAX_AXES], b_stride[OCTET_MAX_AXES]; /* elements */
  float a_multiplier, b_multiplier;
} octet_qbinary;

/*
 * Functions of an octet_instruction: of a, of a and b, or of all three. Bounds, in units of 2^-24, are shares
 * of the result unless stated; subnormal results are off by up to 2 steps more.
 */
enum {
  OCTET_CONSTANT = 0, /* first */
  OCTET_PLUS = 1, OCTET_MINUS = 2, OCTET_TIMES = 3, OCTET_OVER = 4,
  OCTET_LEAST = 5, OCTET_MOST = 6, /* NaN if either is */
  OCTET_PRELU = 7,                 /* a < 0 ? b * a : a */
  OCTET_WHERE = 8,                 /* a != 0 ? b : c */
  OCTET_ABS = 9, OCTET_NEG = 10, OCTET_RECIPROCAL = 11, OCTET_SQRT = 12,
  OCTET_FLOOR = 13, OCTET_CEIL = 14, OCTET_ROUND = 15, OCTET_SIGN = 16,
  OCTET_EXP = 17,          /* 4 units */
  OCTET_LOG = 18,          /* 6 units, or of 2^-24 where |a - 1| < 2^-10 */
  OCTET_ERF = 19,          /* 4 units */
  OCTET_SIGMOID = 20,      /* 8 units */
  OCTET_TANH = 21,         /* 12 units */
  OCTET_SOFTPLUS = 22,     /* 8 units */
  OCTET_SOFTSIGN = 23,     /* a / (1 + |a|) */
  OCTET_MISH = 24,         /* a * tanh(softplus(a)); 16 units */
  OCTET_GELU = 25,         /* a / 2 * (1 + erf(a / sqrt 2)); 4 units of |a|; -inf gives NaN */
  OCTET_HARD_SWISH = 26,   /* a * clamp(a / 6 + 1/2, 0, 1); 2 units of |a| */
  OCTET_CLIP = 27,         /* min(second, max(first, a)); NaN stays NaN */
  OCTET_HARD_SIGMOID = 28, /* clamp(first * a + second, 0, 1), the sum within 2 units of its larger part */
  OCTET_LEAKY_RELU = 29,   /* a < 0 ? first * a : a */
  OCTET_ELU = 30,          /* a < 0 ? first * (exp(a) - 1) : a; 12 units */
  OCTET_FUNCTIONS = 31
};

enum { OCTET_MAX_OPERANDS = 6, OCTET_MAX_INSTRUCTIONS = 32 };

/* One step of an octet_pointwise; a, b, c: the result of an earlier instruction, or operand -1 - a. */
typedef struct octet_instruction {
  int64_t function;
  int64_t a, b, c;
  float first, second;
} octet_instruction;

/* An operand of an octet_pointwise: floats, or 8-bit integers that stand for float(x - zero_point) * scale. */
typedef struct octet_operand {
  int64_t kind, zero_point;
  int64_t step;                   /* along a row: 0 or 1 */
  int64_t stride[OCTET_MAX_AXES]; /* elements, along the outer axes */
  float scale, unused;
} octet_operand;

/*
 * A function of each element of some tensors with broadcasting: straight-line code whose last instruction's result is
 * stored. y is dense: rows of `length` elements for each combination of indices along the outer axes, the last of which
 * changes fastest.
 */
typedef struct octet_pointwise {
  int64_t length;
  int64_t axes; /* outer ones, at most OCTET_MAX_AXES */
  int64_t extent[OCTET_MAX_AXES];
  int64_t operands;     /* at most OCTET_MAX_OPERANDS */
  int64_t instructions; /* 1 to OCTET_MAX_INSTRUCTIONS */
  const octet_operand *operand;
  const octet_instruction *code;
  octet_grid to;
} octet_pointwise;

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

/* What this processor and operating system can run: OCTET_HAS_ bits. */
int32_t octet_cpu_features(void);

/* The calling thread as octet_keep_apart knows it, and the processor it runs on now or -1. */
int32_t octet_thread_id(void);
int32_t octet_processor(void);

/*
 * Divides the processors that the calling thread may use, but for `processor`, among threads: each may then run on its
 * share alone. Where the caller may use no other, or the system refuses, threads stay as they are.
 */
int32_t octet_keep_apart(const int32_t *threads, int64_t count, int32_t processor);

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

/* 8-bit integers of floats: saturate(rint(x / scale) + zero_point), NaN becoming the zero point. */
#define OCTET_DECLARE_QUANTIZE(isa)                                                                                    \
  int32_t octet_quantize_##isa(const float *x, void *y, int64_t count, int64_t kind, int64_t zero_point, float scale); \
  /* Of pixels [first, first + count) of an image [planes, pixels], with the planes innermost in y. */                 \
  int32_t octet_quantize_planes_##isa(const float *x, void *y, int64_t planes, int64_t pixels, int64_t first,          \
                                      int64_t count, int64_t kind, int64_t zero_point, float scale);                   \
  /* range[0] and [1]: the smallest and largest of the floats and 0, NaN left out. */                                  \
  int32_t octet_range_##isa(const float *x, int64_t count, float *range);

/* Reals of 8-bit integers: float(x - zero_point) * scale. */
#define OCTET_DECLARE_DEQUANTIZE(isa)                                                                                  \
  int32_t octet_dequantize_##isa(const void *x, float *y, int64_t count, int64_t kind, int64_t zero_point, float scale);

/* The runs [first, first + count) of a move, counted over all its axes. */
#define OCTET_DECLARE_MOVE(isa)                                                                                        \
  int32_t octet_move_##isa(const octet_move *m, const void *x, void *y, int64_t first, int64_t count);

/* Elements [first, first + count) of each of the rows [first_row, first_row + rows). */
#define OCTET_DECLARE_QBINARY(isa)                                                                                     \
  int32_t octet_qbinary_##isa(const octet_qbinary *q, const void *a, const void *b, void *y, int64_t first_row,        \
                              int64_t rows, int64_t first, int64_t count);

/* Lines [first, first + count) of y, counted over all images. */
#define OCTET_DECLARE_RESAMPLE(isa)                                                                                    \
  int32_t octet_resample_##isa(const octet_resample *r, const void *x, void *y, int64_t first, int64_t count);

/* Elements [first, first + count) of y; operands beyond those that p has are ignored. */
#define OCTET_DECLARE_POINTWISE(isa)                                                                                   \
  int32_t octet_pointwise_##isa(const octet_pointwise *p, const void *x0, const void *x1, const void *x2,              \
                                const void *x3, const void *x4, const void *x5, void *y, int64_t first, int64_t count);

/* Channels [first, first + count) of one image. */
#define OCTET_DECLARE_QGLOBALMEAN(isa)                                                                                 \
  int32_t octet_qglobalmean_##isa(const octet_qglobalmean *m, const void *x, void *y, int64_t first, int64_t count);

/* y[i] = table[x[i]] for `count` bytes; the table has 256. */
#define OCTET_DECLARE_QLOOKUP(isa)                                                                                     \
  int32_t octet_qlookup_##isa(const void *table, const void *x, void *y, int64_t count);

/* y[c * rows + r] = x[r * columns + c] for c in [first, first + count) and all rows; elements of 1 or 4 bytes. */
#define OCTET_DECLARE_TRANSPOSE(isa)                                                                                   \
  int32_t octet_transpose_##isa(const void *x, void *y, int64_t size, int64_t rows, int64_t columns, int64_t first,    \
                                int64_t count);

/* The mean over `pixels` positions of each of some channels, summed in double in ascending order, the same bits in all
 * sets. */
#define OCTET_DECLARE_GLOBALMEAN(isa)                                                                                  \
  int32_t octet_globalmean_##isa(const float *x, float *y, int64_t channels, int64_t pixels, int64_t channel_stride,   \
                                 int64_t pixel_stride);

/* Peak rates: runs `rounds` rounds of independent sums in registers and says how many multiplications and additions
 * these were. The int8 form is the set's exact one. */
#define OCTET_DECLARE_PEAK(isa)                                                                                        \
  int32_t octet_peak_int8_##isa(int64_t rounds, int64_t *operations);                                                  \
  int32_t octet_peak_fp32_##isa(int64_t rounds, int64_t *operations);

enum { OCTET_MAX_TAPS = 256 };

/* Softmax of each of some rows, see octet_softmax; mask may be NULL. A row with a NaN, +inf or nothing but -inf becomes
 * NaN. With d the distance from the row's largest element, the relative error is below (d + 8) * 2^-24; where d is above
 * 86.9 the result may be 0. The sum is fp64. Quantizing adds a relative error of 2 * 2^-24 before it rounds. */
#define OCTET_DECLARE_FSOFTMAX(isa)                                                                                    \
  int32_t octet_fsoftmax_##isa(const octet_softmax *s, const float *x, const float *mask, void *y, int64_t rows);

/* (x - mean) / sqrt(variance + epsilon) * scale + bias of each of some rows, x being the sum of x and residual where that
 * is not NULL; y gets it as floats and q as n->to says, either may be NULL. Sums are fp64; with n = (x - mean) /
 * sqrt(variance + epsilon), the error is below (|mean| / sqrt(variance + epsilon) + 4 |n|) * |scale| * 2^-24 + |y| *
 * 2^-24. */
#define OCTET_DECLARE_FLAYERNORM(isa)                                                                                  \
  int32_t octet_flayernorm_##isa(const octet_layernorm *n, const float *x, const float *residual, float *y, void *q,   \
                                 int64_t rows);

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
OCTET_DECLARE_MAXPOOL(generic)
OCTET_DECLARE_MAXPOOL(avx2)
OCTET_DECLARE_QUANTIZE(generic)
OCTET_DECLARE_QUANTIZE(avx2)
OCTET_DECLARE_DEQUANTIZE(generic)
OCTET_DECLARE_DEQUANTIZE(avx2)
OCTET_DECLARE_MOVE(generic)
OCTET_DECLARE_QBINARY(generic)
OCTET_DECLARE_QBINARY(avx2)
OCTET_DECLARE_QGLOBALMEAN(generic)
OCTET_DECLARE_QGLOBALMEAN(avx2)
OCTET_DECLARE_QLOOKUP(generic)
OCTET_DECLARE_QLOOKUP(avx2)
OCTET_DECLARE_TRANSPOSE(generic)
OCTET_DECLARE_TRANSPOSE(avx2)
OCTET_DECLARE_GLOBALMEAN(generic)
OCTET_DECLARE_GLOBALMEAN(avx2)
OCTET_DECLARE_PEAK(generic)
OCTET_DECLARE_PEAK(avx2)
OCTET_DECLARE_PEAK(avxvnni)
OCTET_DECLARE_PEAK(avx512vnni)
OCTET_DECLARE_FSOFTMAX(generic)
OCTET_DECLARE_FSOFTMAX(avx2)
OCTET_DECLARE_AVERAGEPOOL(generic)
OCTET_DECLARE_AVERAGEPOOL(avx2)
OCTET_DECLARE_RESAMPLE(generic)
OCTET_DECLARE_RESAMPLE(avx2)
OCTET_DECLARE_POINTWISE(generic)
OCTET_DECLARE_POINTWISE(avx2)
OCTET_DECLARE_FLAYERNORM(generic)
OCTET_DECLARE_FLAYERNORM(avx2)

#pragma GCC visibility pop

#endif
