/*
 * Float product with AVX2 and FMA: 6 x 16 tiles in 12 registers, 12 x 8 where a panel has no more columns, and 1 x 64 for a
 * single row, whose chains would wait for each other otherwise. Each element is one chain of FMAs in ascending k.
 */
#include <immintrin.h>

enum { TILE = 6, TILE_PANELS = 1, ROW_PANELS = 4, HALF_TILE = 12 };

#include "fgemm_walk.h"
#include "fstore_avx2.h"

static inline int64_t tallest(const octet_fproduct *p, int64_t panel) {
  return p->columns - panel * OCTET_PANEL <= OCTET_PANEL / 2 ? HALF_TILE : TILE;
}

/* vectors: of eight columns in a panel, 1 or 2. */
__attribute__((always_inline)) static inline void tile(const tile_args *t, const int rows, const int panels,
                                                       const int vectors) {
  const octet_fproduct *p = t->out->p;
  const block *block = t->block;
  int64_t panel_size = block->lines * block->line * OCTET_PANEL;
  const float *b = p->packed + t->panel * panel_size;
  __m256 acc[HALF_TILE][2 * ROW_PANELS];
  const float *a[HALF_TILE];
  int64_t row_stride = p->row_stride;
  const float *y = output_to_fetch(t);
#pragma GCC unroll 12
  for (int r = 0; r < rows; r++) {
    if (y != NULL) {
      __builtin_prefetch(y + r * row_stride, 1);
    }
    a[r] = block->starts[t->first + r];
#pragma GCC unroll 8
    for (int v = 0; v < panels * vectors; v++) {
      acc[r][v] = _mm256_setzero_ps();
    }
  }
  for (int64_t line = 0; line < block->lines * block->pitch; line += block->pitch) {
    /* A loop's own instructions cost a sixth of what a core hands out where another hardware thread takes its share. */
#pragma GCC unroll 4
    for (int64_t k = line; k < line + block->line; k++, b += OCTET_PANEL) {
      __m256 w[2 * ROW_PANELS];
#pragma GCC unroll 8
      for (int v = 0; v < panels * vectors; v++) {
        w[v] = _mm256_loadu_ps(b + v / vectors * panel_size + v % vectors * 8);
      }
#pragma GCC unroll 12
      for (int r = 0; r < rows; r++) {
        __m256 x = _mm256_broadcast_ss(a[r] + k);
#pragma GCC unroll 8
        for (int v = 0; v < panels * vectors; v++) {
          acc[r][v] = _mm256_fmadd_ps(x, w[v], acc[r][v]);
        }
      }
    }
  }
#pragma GCC unroll 4
  for (int v = 0; v < panels; v++) {
    int64_t column = (t->panel + v) * OCTET_PANEL;
    panel_store s = panel_store_of(p, column, smaller(OCTET_PANEL, p->columns - column), t->out->residual, t->out->y);
    int64_t index = (block->first_row + t->first) * row_stride + column;
#pragma GCC unroll 12
    for (int r = 0; r < rows; r++, index += row_stride) {
      store_panel(&s, acc[r] + v * vectors, vectors, index);
    }
  }
}

static void row_tile(const tile_args *t, int64_t panels) {
  switch (panels) {
  case 1: tile(t, 1, 1, 2); break;
  case 2: tile(t, 1, 2, 2); break;
  case 3: tile(t, 1, 3, 2); break;
  default: tile(t, 1, 4, 2); break;
  }
}

static void half_tile(const tile_args *t, int64_t rows) {
  switch (rows) {
  case 1: tile(t, 1, 1, 1); break;
  case 2: tile(t, 2, 1, 1); break;
  case 3: tile(t, 3, 1, 1); break;
  case 4: tile(t, 4, 1, 1); break;
  case 5: tile(t, 5, 1, 1); break;
  case 6: tile(t, 6, 1, 1); break;
  case 7: tile(t, 7, 1, 1); break;
  case 8: tile(t, 8, 1, 1); break;
  case 9: tile(t, 9, 1, 1); break;
  case 10: tile(t, 10, 1, 1); break;
  case 11: tile(t, 11, 1, 1); break;
  default: tile(t, 12, 1, 1); break;
  }
}

static void any_tile(const tile_args *t, int64_t rows, int64_t panels) {
  if (tallest(t->out->p, t->panel) == HALF_TILE) {
    half_tile(t, rows);
    return;
  }
  switch (rows) {
  case 1: row_tile(t, panels); break;
  case 2: tile(t, 2, 1, 2); break;
  case 3: tile(t, 3, 1, 2); break;
  case 4: tile(t, 4, 1, 2); break;
  case 5: tile(t, 5, 1, 2); break;
  default: tile(t, 6, 1, 2); break;
  }
}

int64_t octet_fgemm_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  return fgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_fgemm_pack_avx2(const octet_weights *w, void *packed) { return fgemm_pack(w, packed); }

int32_t octet_fgemm_avx2(const octet_fproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                         int64_t rows, int64_t first_panel, int64_t panels) {
  return multiply_floats(p, x, residual, y, first_row, rows, first_panel, panels);
}

FGEMM_UNPACKED(avx2)
