/*
 * The walk of the float depthwise kernels: line by line, OUTPUTS neighbouring positions at a time. For each line a table
 * points at the input positions under its windows, or at padding, so that borders cost what the middle does and any
 * stride and dilation is the same code. Channels are the innermost loop: every load of a tap is a stream of its own.
 *
 * The file that includes this defines OUTPUTS and
 *   static void outputs_of_line(const fline *line, int64_t first, int64_t count, int64_t row);
 */
#define X_T float
#include "arguments.h"
#include "taps.h"

#include "fdepthwise_pack.h"

/* A line's table, [kernel_height][columns], and what its outputs need beside it. */
typedef struct {
  const octet_fproduct *p;
  const float *residual;
  float *y;
  const float **table;
  int64_t columns;
} fline;

/* Output positions [first, first + count) of the table's, count at most OUTPUTS; the first of them is `row`. */
static void outputs_of_line(const fline *line, int64_t first, int64_t count, int64_t row);

/* Columns of the table under `count` windows, which fits memory sizes: see table_of. */
static inline int64_t table_columns(const octet_window *w, int64_t count) {
  return (count - 1) * w->stride_x + (w->kernel_width - 1) * w->dilation_x + 1;
}

/* Memory for a table of whole lines with the channels of a position in padding behind it, or NULL. */
static inline const float **table_of(const octet_window *w, int64_t channels, const float **padding) {
  int64_t pointers = size_of(w->kernel_height, table_columns(w, w->out_width));
  int64_t pointer_bytes = size_of(pointers, (int64_t)sizeof(float *));
  const float **table = pointer_bytes < 0 ? NULL : malloc((size_t)(pointer_bytes + channels * (int64_t)sizeof(float)));
  if (table != NULL) {
    float *zeros = (float *)(void *)(table + pointers);
    memset(zeros, 0, (size_t)channels * sizeof(float));
    *padding = zeros;
  }
  return table;
}

/* Fills the table for the windows of `at` and its right neighbours. */
static void point_at_line(const octet_window *w, const float *x, const place *at, const float *padding, fline *line) {
  int64_t left = at->ox * w->stride_x - w->pad_x;
  int64_t inside = left < 0 ? smaller(-left, line->columns) : 0;
  int64_t end = smaller(line->columns, w->in_width - left);
  for (int64_t ky = 0; ky < w->kernel_height; ky++) {
    const float **to = line->table + ky * line->columns;
    int64_t iy = at->oy * w->stride_y - w->pad_y + ky * w->dilation_y;
    const float *from = x + (at->image * w->in_height + iy) * w->in_width * w->pixel_stride + left * w->pixel_stride;
    int64_t column = 0;
    if (iy >= 0 && iy < w->in_height) {
      for (; column < inside; column++) {
        to[column] = padding;
      }
      for (; column < end; column++) {
        to[column] = from + column * w->pixel_stride;
      }
    }
    for (; column < line->columns; column++) {
      to[column] = padding;
    }
  }
}

/* The stride of a 3 x 3 window without gaps, which is worth code of its own, else 0. */
static inline int64_t near_stride_of(const octet_window *w) {
  return w->kernel_height == 3 && w->kernel_width == 3 && w->dilation_x == 1 && w->stride_x <= 2 ? w->stride_x : 0;
}

/* The convolution itself: rows of y, after the checks of its arguments. */
static int32_t depthwise_lines(const octet_fproduct *p, const float *x, const float *residual, float *y,
                               int64_t first_row, int64_t rows) {
  REQUIRE(is_fproduct(p, p == NULL ? 0 : p->columns, x, residual, y, first_row, rows) &&
          is_depthwise(&p->window, p->columns));
  if (rows == 0 || p->columns == 0) {
    return OCTET_OK;
  }
  const octet_window *w = &p->window;
  const float *padding;
  fline line = {p, residual, y, table_of(w, p->columns, &padding), 0};
  if (line.table == NULL) {
    return OCTET_NO_MEMORY;
  }
  for (int64_t row = first_row; row < first_row + rows;) {
    place at = place_of(w, row);
    int64_t count = smaller(w->out_width - at.ox, first_row + rows - row);
    line.columns = table_columns(w, count);
    point_at_line(w, x, &at, padding, &line);
    for (int64_t done = 0; done < count; done += OUTPUTS) {
      outputs_of_line(&line, done, smaller(OUTPUTS, count - done), row + done);
    }
    row += count;
  }
  free(line.table);
  return OCTET_OK;
}
