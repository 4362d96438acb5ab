/*
 * Float product with AVX-512: 12 x 32 tiles in 24 registers, and 1 x 128 for a single row, whose chains would wait for each
 * other otherwise. Each element is one chain of FMAs in ascending k.
 */
#include <immintrin.h>

enum { TILE = 12, TILE_PANELS = 2, ROW_PANELS = 8 };

#include "fgemm_walk.h"
#include "fstore_avx512.h"

static inline int64_t tallest(const octet_fproduct *p, int64_t panel) {
  (void)p;
  (void)panel;
  return TILE;
}

__attribute__((always_inline)) static inline void tile(const tile_args *t, const int rows, const int panels) {
  const octet_fproduct *p = t->out->p;
  const block *block = t->block;
  int64_t panel_size = block->lines * block->line * OCTET_PANEL;
  const float *b = p->packed + t->panel * panel_size;
  __m512 acc[TILE][ROW_PANELS];
  const float *a[TILE];
  int64_t row_stride = p->row_stride;
  const float *y = output_to_fetch(t);
#pragma GCC unroll 12
  for (int r = 0; r < rows; r++) {
    a[r] = block->starts[t->first + r];
#pragma GCC unroll 8
    for (int v = 0; v < panels; v++) {
      if (y != NULL) {
        __builtin_prefetch(y + r * row_stride + v * OCTET_PANEL, 1);
      }
      acc[r][v] = _mm512_setzero_ps();
    }
  }
  for (int64_t line = 0; line < block->lines * block->pitch; line += block->pitch) {
    for (int64_t k = line; k < line + block->line; k++, b += OCTET_PANEL) {
      __m512 w[ROW_PANELS];
#pragma GCC unroll 8
      for (int v = 0; v < panels; v++) {
        w[v] = _mm512_loadu_ps(b + v * panel_size);
      }
#pragma GCC unroll 12
      for (int r = 0; r < rows; r++) {
        __m512 x = _mm512_set1_ps(a[r][k]);
#pragma GCC unroll 8
        for (int v = 0; v < panels; v++) {
          acc[r][v] = _mm512_fmadd_ps(x, w[v], acc[r][v]);
        }
      }
    }
  }
#pragma GCC unroll 8
  for (int v = 0; v < panels; v++) {
    int64_t column = (t->panel + v) * OCTET_PANEL;
    panel_store s = panel_store_of(p, column, p->columns - column, t->out->residual, t->out->y);
    int64_t index = (block->first_row + t->first) * row_stride + column;
#pragma GCC unroll 12
    for (int r = 0; r < rows; r++, index += row_stride) {
      store_panel(&s, acc[r][v], index);
    }
  }
}

#define TILES_OF(panels)                                                                                               \
  static void tiles_of_##panels(const tile_args *t, int64_t rows) {                                                    \
    switch (rows) {                                                                                                    \
    case 1: tile(t, 1, panels); break;                                                                                 \
    case 2: tile(t, 2, panels); break;                                                                                 \
    case 3: tile(t, 3, panels); break;                                                                                 \
    case 4: tile(t, 4, panels); break;                                                                                 \
    case 5: tile(t, 5, panels); break;                                                                                 \
    case 6: tile(t, 6, panels); break;                                                                                 \
    case 7: tile(t, 7, panels); break;                                                                                 \
    case 8: tile(t, 8, panels); break;                                                                                 \
    case 9: tile(t, 9, panels); break;                                                                                 \
    case 10: tile(t, 10, panels); break;                                                                               \
    case 11: tile(t, 11, panels); break;                                                                               \
    default: tile(t, 12, panels); break;                                                                               \
    }                                                                                                                  \
  }

TILES_OF(1)
TILES_OF(2)

static void row_tile(const tile_args *t, int64_t panels) {
  switch (panels) {
  case 3: tile(t, 1, 3); break;
  case 4: tile(t, 1, 4); break;
  case 5: tile(t, 1, 5); break;
  case 6: tile(t, 1, 6); break;
  case 7: tile(t, 1, 7); break;
  default: tile(t, 1, 8); break;
  }
}

static void any_tile(const tile_args *t, int64_t rows, int64_t panels) {
  if (panels > TILE_PANELS) {
    row_tile(t, panels);
  } else if (panels == 1) {
    tiles_of_1(t, rows);
  } else {
    tiles_of_2(t, rows);
  }
}

int64_t octet_fgemm_packed_bytes_avx512vnni(int64_t columns, int64_t taps, int64_t depth) {
  return fgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_fgemm_pack_avx512vnni(const octet_weights *w, void *packed) { return fgemm_pack(w, packed); }

int32_t octet_fgemm_avx512vnni(const octet_fproduct *p, const void *x, const void *residual, void *y,
                               int64_t first_row, int64_t rows, int64_t first_panel, int64_t panels) {
  return multiply_floats(p, x, residual, y, first_row, rows, first_panel, panels);
}

FGEMM_UNPACKED(avx512vnni)
