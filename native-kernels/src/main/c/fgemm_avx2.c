/* Float product with AVX2 and FMA: 6 x 16 tiles in 12 registers; each element one chain of FMAs in ascending k. */
#define X_T float
#define A_T float
#include "blocks.h"
#include "fgemm_pack.h"
#include "fstore_avx2.h"

enum { TILE = 6 };

static void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind) {
  (void)x_kind;
  memcpy(to, from, (size_t)count * sizeof(float));
}

/* What a tile needs beside its size. */
typedef struct {
  const octet_fproduct *p;
  const float *a;
  int64_t stride;
  int64_t row, panel;
  const float *residual;
  float *y;
} tile_args;

__attribute__((always_inline)) static inline void tile(const tile_args *t, const int rows) {
  const octet_fproduct *p = t->p;
  int64_t stride = t->stride;
  int64_t column = t->panel * OCTET_PANEL;
  const float *a = t->a;
  const float *b = p->packed + column * stride;
  __m256 acc[TILE][2];
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    acc[r][0] = _mm256_setzero_ps();
    acc[r][1] = _mm256_setzero_ps();
  }
  for (int64_t k = 0; k < stride; k++, b += OCTET_PANEL) {
    __m256 b0 = _mm256_loadu_ps(b);
    __m256 b1 = _mm256_loadu_ps(b + 8);
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
      __m256 x = _mm256_broadcast_ss(a + r * stride + k);
      acc[r][0] = _mm256_fmadd_ps(x, b0, acc[r][0]);
      acc[r][1] = _mm256_fmadd_ps(x, b1, acc[r][1]);
    }
  }
  int64_t valid = smaller(OCTET_PANEL, p->columns - column);
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    store_panel(p, acc[r][0], acc[r][1], column, (t->row + r) * p->row_stride + column, valid, t->residual, t->y);
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

int64_t octet_fgemm_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  return fgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_fgemm_pack_avx2(const octet_weights *w, void *packed) { return fgemm_pack(w, packed); }

int32_t octet_fgemm_avx2(const octet_fproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                         int64_t rows, int64_t first_panel, int64_t panels) {
  int64_t stride = window_taps(&p->window) * p->window.depth;
  int64_t block = block_rows(rows, stride * (int64_t)sizeof(A_T), TILE);
  A_T *a = allocate_rows(block, stride);
  if (a == NULL) {
    return OCTET_NO_MEMORY;
  }
  for (int64_t first = first_row; first < first_row + rows; first += block) {
    int64_t count = smaller(block, first_row + rows - first);
    gather_rows(&p->window, x, OCTET_F32, 0, first, count, a, stride);
    for (int64_t panel = first_panel; panel < first_panel + panels; panel++) {
      for (int64_t r = 0; r < count; r += TILE) {
        tile_args t = {p, a + r * stride, stride, first + r, panel, residual, y};
        any_tile(&t, smaller(TILE, count - r));
      }
    }
  }
  free(a);
  return OCTET_OK;
}

FGEMM_UNPACKED(avx2)
