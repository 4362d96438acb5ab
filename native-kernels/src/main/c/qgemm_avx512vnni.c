/*
 * Integer product with AVX-512 VNNI: tiles of 6 rows and up to 4 panels (6 x 64) of int32 in 24 registers. vpdpbusd
 * multiplies unsigned by signed bytes and adds four products without saturating, so gathered rows are unsigned: a signed
 * x has 128 added by flipping its sign bit, and the bias takes 128 * column sum back.
 */
#define X_T uint8_t
#define A_T uint8_t
#define K_GROUP 4
#include <immintrin.h>

#include "blocks.h"
#include "qgemm_pack.h"
#include "requantize_avx2.h"

enum { TILE = 6, TILE_PANELS = 4 };

static void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind) {
  if (x_kind == OCTET_U8) {
    memcpy(to, from, (size_t)count);
    return;
  }
  for (int64_t i = 0; i < count; i++) {
    to[i] = from[i] ^ 0x80;
  }
}

/* What a tile needs beside its size. */
typedef struct {
  const octet_qproduct *p;
  const uint8_t *a;
  int64_t stride;
  int64_t row, panel;
  const epilogue *e;
} tile_args;

/* Not inlined: 24 tile sizes call it. */
__attribute__((noinline)) static void store_sums(const tile_args *t, __m512i acc, int64_t row, int64_t column) {
  store_panel(t->e, _mm512_castsi512_si256(acc), _mm512_extracti64x4_epi64(acc, 1), row, column,
              smaller(OCTET_PANEL, t->p->columns - column));
}

__attribute__((always_inline)) static inline void tile(const tile_args *t, const int rows, const int panels) {
  int64_t stride = t->stride;
  int64_t panel_bytes = stride * OCTET_PANEL;
  const uint8_t *a = t->a;
  const int8_t *b = (const int8_t *)t->p->packed + t->panel * panel_bytes;
  __m512i acc[TILE][TILE_PANELS];
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
#pragma GCC unroll 4
    for (int v = 0; v < panels; v++) {
      acc[r][v] = _mm512_loadu_si512(t->p->bias + (t->panel + v) * OCTET_PANEL);
    }
  }
  for (int64_t k = 0; k < stride; k += K_GROUP, b += OCTET_PANEL * K_GROUP) {
    __m512i w[TILE_PANELS];
#pragma GCC unroll 4
    for (int v = 0; v < panels; v++) {
      w[v] = _mm512_loadu_si512(b + v * panel_bytes);
    }
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
      int32_t group;
      memcpy(&group, a + r * stride + k, sizeof(group));
      __m512i x = _mm512_set1_epi32(group);
#pragma GCC unroll 4
      for (int v = 0; v < panels; v++) {
        acc[r][v] = _mm512_dpbusd_epi32(acc[r][v], x, w[v]);
      }
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
#pragma GCC unroll 4
    for (int v = 0; v < panels; v++) {
      store_sums(t, acc[r][v], t->row + r, (t->panel + v) * OCTET_PANEL);
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
    default: tile(t, 6, panels); break;                                                                                \
    }                                                                                                                  \
  }

TILES_OF(1)
TILES_OF(2)
TILES_OF(3)
TILES_OF(4)

static void any_tile(const tile_args *t, int64_t rows, int64_t panels) {
  switch (panels) {
  case 1: tiles_of_1(t, rows); break;
  case 2: tiles_of_2(t, rows); break;
  case 3: tiles_of_3(t, rows); break;
  default: tiles_of_4(t, rows); break;
  }
}

int64_t octet_qgemm_packed_bytes_avx512vnni(int64_t columns, int64_t taps, int64_t depth) {
  return qgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_qgemm_pack_avx512vnni(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,
                                    int64_t x_zero_point, void *packed, int32_t *bias) {
  int32_t shift = x_kind == OCTET_S8 ? 128 : 0;
  return qgemm_pack(w, given_bias, (int32_t)x_zero_point + shift, packed, bias);
}

int32_t octet_qgemm_avx512vnni(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                               int64_t rows, int64_t first_panel, int64_t panels) {
  int64_t stride = round_up(window_taps(&p->window) * p->window.depth, K_GROUP);
  int64_t block = block_rows(rows, stride * (int64_t)sizeof(A_T), TILE);
  A_T padding = (A_T)(p->x_kind == OCTET_S8 ? p->padding ^ 0x80 : p->padding);
  A_T *a = allocate_rows(block, stride);
  if (a == NULL) {
    return OCTET_NO_MEMORY;
  }
  epilogue e = epilogue_of(p, residual, y);
  for (int64_t first = first_row; first < first_row + rows; first += block) {
    int64_t count = smaller(block, first_row + rows - first);
    gather_rows(&p->window, x, p->x_kind, padding, first, count, a, stride);
    for (int64_t panel = 0; panel < panels; panel += TILE_PANELS) {
      for (int64_t r = 0; r < count; r += TILE) {
        tile_args t = {p, a + r * stride, stride, first + r, first_panel + panel, &e};
        any_tile(&t, smaller(TILE, count - r), smaller(TILE_PANELS, panels - panel));
      }
    }
  }
  free(a);
  return OCTET_OK;
}

QGEMM_UNPACKED(avx512vnni)
