/* Float product with AVX2 and FMA: 6 x 16 tiles in 12 registers; each element one chain of FMAs in ascending k. */
#define X_T float
#define A_T float
#include "arguments.h"
#include "blocks.h"
#include "fgemm_pack.h"
#include "fstore_avx2.h"

#define K_GROUP 1
enum { TILE = 6, MOST_ROWS = 384 };

#include "lines.h"

static void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind) {
  (void)x_kind;
  memcpy(to, from, (size_t)count * sizeof(float));
}

/* A call's product. */
typedef struct {
  const octet_fproduct *p;
  const float *residual;
  float *y;
} output;

/* What a tile needs beside its size. */
typedef struct {
  const octet_fproduct *p;
  const block *block;
  int64_t first; /* in the block */
  int64_t panel;
  const float *residual;
  float *y;
} tile_args;

__attribute__((always_inline)) static inline void tile(const tile_args *t, const int rows) {
  const octet_fproduct *p = t->p;
  const block *block = t->block;
  int64_t column = t->panel * OCTET_PANEL;
  const float *b = p->packed + column * block->lines * block->line;
  __m256 acc[TILE][2];
  const float *a[TILE];
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    a[r] = block->starts[t->first + r];
    acc[r][0] = _mm256_setzero_ps();
    acc[r][1] = _mm256_setzero_ps();
  }
  for (int64_t line = 0; line < block->lines; line++) {
    for (int64_t k = 0; k < block->line; k++, b += OCTET_PANEL) {
      __m256 b0 = _mm256_loadu_ps(b);
      __m256 b1 = _mm256_loadu_ps(b + 8);
#pragma GCC unroll 6
      for (int r = 0; r < rows; r++) {
        __m256 x = _mm256_broadcast_ss(a[r] + k);
        acc[r][0] = _mm256_fmadd_ps(x, b0, acc[r][0]);
        acc[r][1] = _mm256_fmadd_ps(x, b1, acc[r][1]);
      }
    }
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
      a[r] += block->pitch;
    }
  }
  int64_t valid = smaller(OCTET_PANEL, p->columns - column);
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    store_panel(p, acc[r][0], acc[r][1], column, (block->first_row + t->first + r) * p->row_stride + column, valid,
                t->residual, t->y);
  }
}

static void any_tile(const tile_args *t, int64_t rows) {
  switch (rows) {
  case 1: tile(t, 1); break;
  case 2: tile(t, 2); break;
  case 3: tile(t, 3); break;
  case 4: tile(t, 4); break;
  case 5: tile(t, 5); break;
  default: tile(t, 6); break;
  }
}

static void multiply_block(const block *block, const void *product) {
  const output *out = product;
  for (int64_t panel = block->first_panel; panel < block->first_panel + block->panels; panel++) {
    for (int64_t r = 0; r < block->rows;) {
      int64_t rows = tile_rows(block->rows - r);
      tile_args t = {out->p, block, r, panel, out->residual, out->y};
      any_tile(&t, rows);
      r += rows;
    }
  }
}

int64_t octet_fgemm_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  return fgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_fgemm_pack_avx2(const octet_weights *w, void *packed) { return fgemm_pack(w, packed); }

int32_t octet_fgemm_avx2(const octet_fproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                         int64_t rows, int64_t first_panel, int64_t panels) {
  REQUIRE(is_fproduct(p, p == NULL ? 0 : p->window.depth, x, residual, y, first_row, rows) &&
          is_product_weights(&p->window, p->columns) && is_panels(p->columns, first_panel, panels));
  if (rows == 0 || panels == 0) {
    return OCTET_OK;
  }
  output out = {p, residual, y};
  call c = {&p->window, x, OCTET_F32, 0, 1, first_panel, panels, &out};
  return multiply(&c, first_row, rows);
}

FGEMM_UNPACKED(avx2)
