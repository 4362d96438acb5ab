/*
 * Integer product with NEON's dot product: sdot adds four products of signed bytes to each of four int32 lanes. An unsigned
 * x has 128 taken off by flipping its sign bit, and the packed bias gives 128 * column sum back. 4 x 16 tiles; a panel
 * holds, for each four k, four bytes of each of its 16 columns.
 */
#define X_T uint8_t
#define A_T int8_t
#define K_GROUP 4
#include <arm_neon.h>

#include "arguments.h"
#include "blocks.h"
#include "qgemm_pack.h"
#include "requantize_generic.h"

enum { TILE = 4, VECTORS = OCTET_PANEL / 4 };

static inline void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind) {
  uint8_t flip = x_kind == OCTET_U8 ? 0x80 : 0;
  for (int64_t i = 0; i < count; i++) {
    to[i] = (int8_t)(from[i] ^ flip);
  }
}

static inline int32_t flip_shift(int64_t x_kind) { return x_kind == OCTET_U8 ? 128 : 0; }

/* What a tile needs beside its size. */
typedef struct {
  const octet_qproduct *p;
  const int8_t *a;
  int64_t stride;
  int64_t panel;
} tile_args;

__attribute__((always_inline)) static inline void tile(const tile_args *t, int32_t *sums, const int rows) {
  const int8_t *b = (const int8_t *)t->p->packed + t->panel * OCTET_PANEL * t->stride;
  int32x4_t acc[TILE][VECTORS];
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < VECTORS; v++) {
      acc[r][v] = vld1q_s32(t->p->bias + t->panel * OCTET_PANEL + 4 * v);
    }
  }
  for (int64_t k = 0; k < t->stride; k += K_GROUP, b += K_GROUP * OCTET_PANEL) {
    int8x16_t columns[VECTORS];
    for (int v = 0; v < VECTORS; v++) {
      columns[v] = vld1q_s8(b + 16 * v);
    }
    for (int r = 0; r < rows; r++) {
      int32_t group;
      memcpy(&group, t->a + r * t->stride + k, sizeof group);
      int8x16_t x = vreinterpretq_s8_s32(vdupq_n_s32(group));
      for (int v = 0; v < VECTORS; v++) {
        acc[r][v] = vdotq_s32(acc[r][v], columns[v], x);
      }
    }
  }
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < VECTORS; v++) {
      vst1q_s32(sums + r * OCTET_PANEL + 4 * v, acc[r][v]);
    }
  }
}

static void any_tile(const tile_args *t, int32_t *sums, int64_t rows) {
  switch (rows) {
  case 1: tile(t, sums, 1); break;
  case 2: tile(t, sums, 2); break;
  case 3: tile(t, sums, 3); break;
  default: tile(t, sums, 4); break;
  }
}

int64_t octet_qgemm_packed_bytes_neondot(int64_t columns, int64_t taps, int64_t depth) {
  return qgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_qgemm_pack_neondot(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,
                                 int64_t x_zero_point, void *packed, int32_t *bias) {
  REQUIRE(is_of_kind(x_kind, x_zero_point));
  return qgemm_pack(w, given_bias, (int32_t)x_zero_point - flip_shift(x_kind), packed, bias);
}

/* Where results of a call go. */
typedef struct {
  const void *residual;
  void *y;
} target;

static void store_tile(const octet_qproduct *p, const target *to, const int32_t *sums, int64_t row, int64_t rows,
                       int64_t panel) {
  int64_t first = panel * OCTET_PANEL;
  int64_t valid = smaller(OCTET_PANEL, p->columns - first);
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t i = 0; i < valid; i++) {
      store_scalar(p, sums[r * OCTET_PANEL + i], first + i, (row + r) * p->row_stride + first + i, to->residual,
                   to->y);
    }
  }
}

int32_t octet_qgemm_neondot(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                            int64_t rows, int64_t first_panel, int64_t panels) {
  REQUIRE(is_qproduct(p, p == NULL ? 0 : p->window.depth, x, residual, y, first_row, rows) &&
          is_product_weights(&p->window, p->columns) && is_panels(p->columns, first_panel, panels));
  if (rows == 0 || panels == 0) {
    return OCTET_OK;
  }
  int64_t pitch = round_up(p->window.kernel_width * p->window.depth, K_GROUP);
  int64_t stride = p->window.kernel_height * pitch;
  int64_t block = block_rows(rows, stride, TILE);
  A_T *a = allocate_rows(block, stride);
  if (a == NULL) {
    return OCTET_NO_MEMORY;
  }
  A_T padding = (A_T)(p->padding - flip_shift(p->x_kind));
  target to = {residual, y};
  for (int64_t row = first_row; row < first_row + rows; row += block) {
    int64_t count = smaller(block, first_row + rows - row);
    gather_rows(&p->window, x, p->x_kind, padding, row, count, a, pitch);
    for (int64_t panel = first_panel; panel < first_panel + panels; panel++) {
      for (int64_t r = 0; r < count; r += TILE) {
        int32_t sums[TILE * OCTET_PANEL];
        int64_t tall = smaller(TILE, count - r);
        any_tile(&(tile_args){p, a + r * stride, stride, panel}, sums, tall);
        store_tile(p, &to, sums, row + r, tall, panel);
      }
    }
  }
  free(a);
  return OCTET_OK;
}

QGEMM_UNPACKED(neondot)
