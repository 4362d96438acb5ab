/*
 * What every function checks before it touches memory: pointers that are there and as aligned as their elements, kinds and
 * sizes that make sense, products of sizes that 64 bits hold. How long buffers are no function can know; callers do.
 */
#ifndef OCTET_ARGUMENTS_H
#define OCTET_ARGUMENTS_H

#include <stddef.h>

#include "octet_kernels.h"

/* Byte counts and element offsets stay below this, so that sums and small multiples of them fit too. */
#define SIZE_LIMIT ((int64_t)1 << 58)

#define REQUIRE(condition)                                                                                             \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      return OCTET_BAD_ARGUMENT;                                                                                       \
    }                                                                                                                  \
  } while (0)

/* a * b if neither is negative and the product is below the limit, else -1. */
static inline int64_t size_of(int64_t a, int64_t b) {
  int64_t product;
  if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &product) || product >= SIZE_LIMIT) {
    return -1;
  }
  return product;
}

static inline int is_there(const void *pointer, uintptr_t alignment) {
  return pointer != NULL && (uintptr_t)pointer % alignment == 0;
}

/* Bytes of an element of x or y; 0 if it is no kind of element. */
static inline int64_t kind_bytes(int64_t kind) {
  return kind == OCTET_U8 || kind == OCTET_S8 ? 1 : kind == OCTET_F32 ? 4 : 0;
}

/* Whether a value is one of an 8-bit kind. */
static inline int is_of_kind(int64_t kind, int64_t value) {
  return kind == OCTET_U8 ? value >= 0 && value <= UINT8_MAX
                          : kind == OCTET_S8 && value >= INT8_MIN && value <= INT8_MAX;
}

static inline int is_range(int64_t first, int64_t count, int64_t end) {
  return first >= 0 && count >= 0 && first <= end && count <= end - first;
}

static inline int is_axis(int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t dilation, int64_t pad) {
  return in >= 0 && out >= 0 && kernel >= 1 && stride >= 1 && dilation >= 1 && pad > -SIZE_LIMIT && pad < SIZE_LIMIT &&
         size_of(out, stride) >= 0 && size_of(kernel, dilation) >= 0;
}

/* Whether rows [first, first + rows) of a window make sense, for `channels` elements a position. */
static inline int is_window(const octet_window *w, int64_t channels, int64_t first, int64_t rows) {
  if (!is_axis(w->in_height, w->out_height, w->kernel_height, w->stride_y, w->dilation_y, w->pad_y) ||
      !is_axis(w->in_width, w->out_width, w->kernel_width, w->stride_x, w->dilation_x, w->pad_x) || channels < 0 ||
      w->pixel_stride < channels || !is_range(first, rows, SIZE_LIMIT)) {
    return 0;
  }
  int64_t positions = size_of(w->out_height, w->out_width);
  int64_t image = size_of(size_of(w->in_height, w->in_width), w->pixel_stride);
  if (image < 0 || positions < 0 || (positions == 0 && first + rows > 0)) {
    return 0;
  }
  int64_t images = positions == 0 ? 0 : (first + rows - 1) / positions + 1;
  int64_t reach = size_of(size_of(w->kernel_height, w->dilation_y), size_of(w->in_width, w->pixel_stride));
  return size_of(images, image) >= 0 && reach >= 0;
}

/* Columns, taps and depth whose packed form, rounded up and in any element, has a size. */
static inline int is_weight_shape(int64_t columns, int64_t taps, int64_t depth) {
  return columns >= 0 && columns < SIZE_LIMIT && size_of(columns + 2 * OCTET_PANEL, size_of(taps, depth + 8)) >= 0 &&
         size_of(taps, depth) >= 0;
}

static inline int is_weights(const octet_weights *w, const void *data, uintptr_t alignment) {
  if (!is_there(w, 8) || !is_weight_shape(w->columns, w->taps, w->depth) || w->lines < 1 || w->taps % w->lines != 0) {
    return 0;
  }
  if (size_of(w->columns, size_of(w->taps, w->depth)) == 0) {
    return 1;
  }
  return is_there(data, alignment) && size_of(w->columns, w->col_stride) >= 0 &&
         size_of(w->taps, w->tap_stride) >= 0 && size_of(w->depth, w->channel_stride) >= 0;
}

/* Whether a call's rows of y, and of the residual if it has one, make sense. */
static inline int is_output(int64_t columns, int64_t row_stride, int64_t first, int64_t rows) {
  return columns >= 0 && columns < SIZE_LIMIT && row_stride >= columns && is_range(first, rows, SIZE_LIMIT) &&
         size_of(first + rows, row_stride) >= 0;
}

/* Everything of an integer product but its packed weights. */
static inline int is_qproduct_form(const octet_qproduct *p, int64_t channels, const void *x, const void *residual,
                                   const void *y, int64_t first, int64_t rows) {
  if (!is_there(p, 8) || !is_window(&p->window, channels, first, rows) ||
      !is_output(p->columns, p->row_stride, first, rows) || kind_bytes(p->x_kind) != 1 ||
      !is_of_kind(p->x_kind, p->padding) || kind_bytes(p->y_kind) == 0) {
    return 0;
  }
  if (p->y_kind == OCTET_F32 ? p->residual_kind != OCTET_NONE
                             : !is_of_kind(p->y_kind, p->qmin) || !is_of_kind(p->y_kind, p->qmax) ||
                                   !is_of_kind(p->y_kind, p->zero_point) || p->qmin > p->qmax) {
    return 0;
  }
  if (p->residual_kind != OCTET_NONE && !is_of_kind(p->residual_kind, p->residual_zero_point)) {
    return 0;
  }
  if (rows == 0 || p->columns == 0) {
    return 1;
  }
  return is_there(p->multipliers, 4) && x != NULL && is_there(y, (uintptr_t)kind_bytes(p->y_kind)) &&
         (p->residual_kind == OCTET_NONE || residual != NULL);
}

static inline int is_qproduct(const octet_qproduct *p, int64_t channels, const void *x, const void *residual,
                              const void *y, int64_t first, int64_t rows) {
  return is_qproduct_form(p, channels, x, residual, y, first, rows) &&
         (rows == 0 || p->columns == 0 || (p->packed != NULL && is_there(p->bias, 4)));
}

/* Everything of a float product but its packed weights; its bias is not among them. */
static inline int is_fproduct_form(const octet_fproduct *p, int64_t channels, const void *x, const void *residual,
                                   const void *y, int64_t first, int64_t rows) {
  if (!is_there(p, 8) || !is_window(&p->window, channels, first, rows) ||
      !is_output(p->columns, p->row_stride, first, rows) || (p->has_residual != 0 && p->has_residual != 1)) {
    return 0;
  }
  return rows == 0 || p->columns == 0 ||
         (is_there(p->bias, 4) && is_there(x, 4) && is_there(y, 4) && (!p->has_residual || is_there(residual, 4)));
}

static inline int is_fproduct(const octet_fproduct *p, int64_t channels, const void *x, const void *residual,
                              const void *y, int64_t first, int64_t rows) {
  return is_fproduct_form(p, channels, x, residual, y, first, rows) &&
         (rows == 0 || p->columns == 0 || is_there(p->packed, 4));
}

static inline int is_product_weights(const octet_window *w, int64_t columns) {
  return is_weight_shape(columns, size_of(w->kernel_height, w->kernel_width), w->depth);
}

static inline int is_depthwise(const octet_window *w, int64_t columns) {
  int64_t taps = size_of(w->kernel_height, w->kernel_width);
  return taps >= 1 && taps <= OCTET_MAX_TAPS && is_weight_shape(columns, taps, 1);
}

static inline int is_panels(int64_t columns, int64_t first, int64_t panels) {
  return is_range(first, panels, (columns + OCTET_PANEL - 1) / OCTET_PANEL);
}

/* Whether the weights of an unpacked call are those that its product reads. */
static inline int is_same_shape(const octet_weights *w, const octet_window *window, int64_t columns) {
  return w->columns == columns && w->taps == size_of(window->kernel_height, window->kernel_width) &&
         w->depth == window->depth && w->lines == window->kernel_height;
}

static inline int is_grid(const octet_grid *g) {
  return is_there(g, 8) && (g->kind == OCTET_F32 || is_of_kind(g->kind, g->zero_point));
}

/* Everything of a softmax of some rows. */
static inline int is_softmax(const octet_softmax *s, const float *x, const float *mask, const void *y, int64_t rows) {
  if (!is_there(s, 8) || !is_grid(&s->to) || size_of(rows, s->length) < 0 || size_of(rows, s->mask_stride) < 0) {
    return 0;
  }
  return size_of(rows, s->length) == 0 || (is_there(x, 4) && (uintptr_t)mask % 4 == 0 &&
                                           is_there(y, (uintptr_t)kind_bytes(s->to.kind)));
}

/* Everything of a layer normalization of some rows. */
static inline int is_layernorm(const octet_layernorm *n, const float *x, const float *residual, const float *y,
                               const void *q, int64_t rows) {
  if (!is_there(n, 8) || size_of(rows, n->length) < 0 || (q != NULL && (!is_grid(&n->to) || n->to.kind == OCTET_F32))) {
    return 0;
  }
  return size_of(rows, n->length) == 0 || (is_there(n->scale, 4) && is_there(n->bias, 4) && is_there(x, 4) &&
                                           (uintptr_t)residual % 4 == 0 && (uintptr_t)y % 4 == 0);
}

#endif
