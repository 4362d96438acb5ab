/* Kernels of elements and rows: what quantizes, computes and moves them; see octet_kernels.h. */
#ifndef OCTET_ELEMENTS_H
#define OCTET_ELEMENTS_H

#include <stdint.h>

#pragma GCC visibility push(default)

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

/* Elements [first, first + count) of y; operands beyond those that p has are ignored. */
#define OCTET_DECLARE_POINTWISE(isa)                                                                                   \
  int32_t octet_pointwise_##isa(const octet_pointwise *p, const void *x0, const void *x1, const void *x2,              \
                                const void *x3, const void *x4, const void *x5, void *y, int64_t first, int64_t count);

/* y[i] = table[x[i]] for `count` bytes; the table has 256. */
#define OCTET_DECLARE_QLOOKUP(isa)                                                                                     \
  int32_t octet_qlookup_##isa(const void *table, const void *x, void *y, int64_t count);

/* y[c * rows + r] = x[r * columns + c] for c in [first, first + count) and all rows; elements of 1 or 4 bytes. */
#define OCTET_DECLARE_TRANSPOSE(isa)                                                                                   \
  int32_t octet_transpose_##isa(const void *x, void *y, int64_t size, int64_t rows, int64_t columns, int64_t first,    \
                                int64_t count);

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

OCTET_DECLARE_QUANTIZE(generic)
OCTET_DECLARE_QUANTIZE(avx2)
OCTET_DECLARE_DEQUANTIZE(generic)
OCTET_DECLARE_DEQUANTIZE(avx2)
OCTET_DECLARE_MOVE(generic)
OCTET_DECLARE_QBINARY(generic)
OCTET_DECLARE_QBINARY(avx2)
OCTET_DECLARE_QLOOKUP(generic)
OCTET_DECLARE_QLOOKUP(avx2)
OCTET_DECLARE_TRANSPOSE(generic)
OCTET_DECLARE_TRANSPOSE(avx2)
OCTET_DECLARE_FSOFTMAX(generic)
OCTET_DECLARE_FSOFTMAX(avx2)
OCTET_DECLARE_POINTWISE(generic)
OCTET_DECLARE_POINTWISE(avx2)
OCTET_DECLARE_FLAYERNORM(generic)
OCTET_DECLARE_FLAYERNORM(avx2)

#pragma GCC visibility pop

#endif
