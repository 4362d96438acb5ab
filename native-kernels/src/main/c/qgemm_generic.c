/* Integer product in plain C: 4 x 16 tiles, rows as they are in x. The twin of the vector kernels. */
#define X_T uint8_t
#define A_T int16_t
#define K_GROUP 1
#include "arguments.h"
#include "blocks.h"
#include "qgemm_pack.h"
#include "requantize_generic.h"

enum { TILE = 4 };

static void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind) {
  for (int64_t i = 0; i < count; i++) {
    to[i] = x_kind == OCTET_S8 ? (int8_t)from[i] : from[i];
  }
}

static void tile(const octet_qproduct *p, const int16_t *a, int64_t stride, int64_t rows, int64_t panel, int32_t *acc) {
  const int8_t *b = (const int8_t *)p->packed + panel * OCTET_PANEL * stride;
  for (int64_t r = 0; r < rows; r++) {
    memcpy(acc + r * OCTET_PANEL, p->bias + panel * OCTET_PANEL, OCTET_PANEL * sizeof(int32_t));
    for (int64_t k = 0; k < stride; k++) {
      for (int64_t col = 0; col < OCTET_PANEL; col++) {
        acc[r * OCTET_PANEL + col] += (int32_t)a[r * stride + k] * b[k * OCTET_PANEL + col];
      }
    }
  }
}

int64_t octet_qgemm_packed_bytes_generic(int64_t columns, int64_t taps, int64_t depth) {
  return qgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_qgemm_pack_generic(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,
                                 int64_t x_zero_point, void *packed, int32_t *bias) {
  REQUIRE(is_of_kind(x_kind, x_zero_point));
  return qgemm_pack(w, given_bias, (int32_t)x_zero_point, packed, bias);
}

int32_t octet_qgemm_generic(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                            int64_t rows, int64_t first_panel, int64_t panels) {
  REQUIRE(is_qproduct(p, p == NULL ? 0 : p->window.depth, x, residual, y, first_row, rows) &&
          is_product_weights(&p->window, p->columns) && is_panels(p->columns, first_panel, panels));
  if (rows == 0 || panels == 0) {
    return OCTET_OK;
  }
  int64_t stride = window_taps(&p->window) * p->window.depth;
  A_T *a = allocate_rows(TILE, stride);
  if (a == NULL) {
    return OCTET_NO_MEMORY;
  }
  for (int64_t row = first_row; row < first_row + rows; row += TILE) {
    int64_t count = smaller(TILE, first_row + rows - row);
    gather_rows(&p->window, x, p->x_kind, (A_T)p->padding, row, count, a, p->window.kernel_width * p->window.depth);
    for (int64_t panel = first_panel; panel < first_panel + panels; panel++) {
      int32_t acc[TILE * OCTET_PANEL];
      tile(p, a, stride, count, panel, acc);
      int64_t first = panel * OCTET_PANEL;
      int64_t valid = smaller(OCTET_PANEL, p->columns - first);
      for (int64_t r = 0; r < count; r++) {
        for (int64_t i = 0; i < valid; i++) {
          store_scalar(p, acc[r * OCTET_PANEL + i], first + i, (row + r) * p->row_stride + first + i, residual, y);
        }
      }
    }
  }
  free(a);
  return OCTET_OK;
}

QGEMM_UNPACKED(generic)
