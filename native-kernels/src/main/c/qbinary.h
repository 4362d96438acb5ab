/* What the forms of the integer sum and product share: their argument check, the walk over rows, one element. */
#ifndef OCTET_QBINARY_H
#define OCTET_QBINARY_H

#include <math.h>

#include "arguments.h"

static inline int is_qbinary_axes(const octet_qbinary *q, int64_t first_row, int64_t rows) {
  int64_t total = 1;
  for (int64_t i = 0; i < q->axes; i++) {
    if (size_of(q->extent[i], q->a_stride[i]) < 0 || size_of(q->extent[i], q->b_stride[i]) < 0) {
      return 0;
    }
    total = size_of(total, q->extent[i]);
  }
  return total >= 0 && is_range(first_row, rows, total) && size_of(total, q->length) >= 0;
}

static inline int is_qbinary(const octet_qbinary *q, int64_t first_row, int64_t rows, int64_t first, int64_t count) {
  return is_there(q, 8) && (q->function == OCTET_ADD || q->function == OCTET_MUL) &&
         is_of_kind(q->a_kind, q->a_zero_point) && is_of_kind(q->b_kind, q->b_zero_point) &&
         is_of_kind(q->y_kind, q->zero_point) && is_of_kind(q->y_kind, q->qmin) && is_of_kind(q->y_kind, q->qmax) &&
         q->qmin <= q->qmax && q->axes >= 0 && q->axes <= OCTET_MAX_AXES && (q->a_step == 0 || q->a_step == 1) &&
         (q->b_step == 0 || q->b_step == 1) && is_range(first, count, q->length) && q->length < SIZE_LIMIT &&
         is_qbinary_axes(q, first_row, rows);
}

static inline float steps_at(const uint8_t *x, int64_t kind, int64_t zero_point, int64_t index) {
  int32_t value = kind == OCTET_S8 ? (int8_t)x[index] : x[index];
  return (float)(value - (int32_t)zero_point);
}

/* A row, element by element; the product of two steps is exact in fp32. */
static inline void row_scalar(const octet_qbinary *q, const uint8_t *a, const uint8_t *b, uint8_t *y, int64_t count) {
  float low = (float)(q->qmin - q->zero_point), high = (float)(q->qmax - q->zero_point);
  for (int64_t i = 0; i < count; i++) {
    float left = steps_at(a, q->a_kind, q->a_zero_point, i * q->a_step);
    float right = steps_at(b, q->b_kind, q->b_zero_point, i * q->b_step);
    float value;
    if (q->function == OCTET_ADD) {
      left = left * q->a_multiplier;
      right = right * q->b_multiplier;
      value = rintf(left + right);
    } else {
      value = left * right;
      value = rintf(value * q->a_multiplier);
    }
    value = value < low ? low : value > high ? high : value;
    y[i] = (uint8_t)((int32_t)value + (int32_t)q->zero_point);
  }
}

typedef void (*qbinary_row)(const octet_qbinary *q, const uint8_t *a, const uint8_t *b, uint8_t *y, int64_t count);

/* Where rows are is worked out for each of them: a few divisions, against dozens of elements. */
static inline int32_t qbinary_rows(const octet_qbinary *q, const void *a, const void *b, void *y, int64_t first_row,
                                   int64_t rows, int64_t first, int64_t count, qbinary_row run) {
  REQUIRE(is_qbinary(q, first_row, rows, first, count));
  REQUIRE(rows == 0 || count == 0 || (a != NULL && b != NULL && y != NULL));
  for (int64_t row = first_row; row < first_row + rows; row++) {
    int64_t from_a = first * q->a_step, from_b = first * q->b_step, rest = row;
    for (int64_t i = q->axes - 1; i >= 0; i--) {
      int64_t at = rest % q->extent[i];
      rest /= q->extent[i];
      from_a += at * q->a_stride[i];
      from_b += at * q->b_stride[i];
    }
    run(q, (const uint8_t *)a + from_a, (const uint8_t *)b + from_b, (uint8_t *)y + row * q->length + first, count);
  }
  return OCTET_OK;
}

#endif
