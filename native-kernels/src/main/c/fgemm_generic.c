/* Float product in plain C: 4 x 16 tiles, product and sum rounded apart. */
#define X_T float
#define A_T float
#include "arguments.h"
#include "blocks.h"
#include "fgemm_pack.h"

enum { TILE = 4 };

static void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind) {
  (void)x_kind;
  memcpy(to, from, (size_t)count * sizeof(float));
}

static void tile(const octet_fproduct *p, const float *a, int64_t stride, int64_t rows, int64_t panel, float *acc) {
  const float *b = p->packed + panel * OCTET_PANEL * stride;
  memset(acc, 0, (size_t)rows * OCTET_PANEL * sizeof(float));
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t k = 0; k < stride; k++) {
      for (int64_t col = 0; col < OCTET_PANEL; col++) {
        acc[r * OCTET_PANEL + col] += a[r * stride + k] * b[k * OCTET_PANEL + col];
      }
    }
  }
}

static void store_row(const octet_fproduct *p, const float *acc, int64_t column, int64_t index, const float *residual,
                      float *y) {
  int64_t valid = smaller(OCTET_PANEL, p->columns - column);
  for (int64_t i = 0; i < valid; i++) {
    float value = acc[i] + p->bias[column + i];
    value = p->has_residual ? value + residual[index + i] : value;
    value = value < p->min ? p->min : value;
    y[index + i] = value > p->max ? p->max : value;
  }
}

int64_t octet_fgemm_packed_bytes_generic(int64_t columns, int64_t taps, int64_t depth) {
  return fgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_fgemm_pack_generic(const octet_weights *w, void *packed) { return fgemm_pack(w, packed); }

int32_t octet_fgemm_generic(const octet_fproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                            int64_t rows, int64_t first_panel, int64_t panels) {
  REQUIRE(is_fproduct(p, p == NULL ? 0 : p->window.depth, x, residual, y, first_row, rows) &&
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
    gather_rows(&p->window, x, OCTET_F32, 0, row, count, a, p->window.kernel_width * p->window.depth);
    for (int64_t panel = first_panel; panel < first_panel + panels; panel++) {
      float acc[TILE * OCTET_PANEL];
      tile(p, a, stride, count, panel, acc);
      for (int64_t r = 0; r < count; r++) {
        int64_t column = panel * OCTET_PANEL;
        store_row(p, acc + r * OCTET_PANEL, column, (row + r) * p->row_stride + column, residual, y);
      }
    }
  }
  free(a);
  return OCTET_OK;
}

FGEMM_UNPACKED(generic)
