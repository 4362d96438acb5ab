/*
 * Integer product with AVX-512 VNNI: tiles of 6 rows and up to 4 panels (6 x 64) of int32 in 24 registers. vpdpbusd
 * multiplies unsigned by signed bytes and adds four products without saturating.
 */
#define X_T uint8_t
#define A_T uint8_t
#define K_GROUP 4
#include <immintrin.h>

#include "arguments.h"
#include "blocks.h"
#include "qgemm_pack.h"
#include "requantize_avx512.h"

/* Panels are read this far ahead: they come from the second-level cache, one line each in 6 to 24 cycles. */
enum { TILE = 6, TILE_PANELS = 4, PREFETCH_BYTES = 512, MOST_ROWS = 48 };

#include "flip.h"
#include "lines.h"

/* A call's product. */
typedef struct {
  const octet_qproduct *p;
  const epilogue *e;
} output;

/* What a tile needs beside its size. */
typedef struct {
  const octet_qproduct *p;
  const epilogue *e;
  const block *b;
  int64_t line, panel_bytes; /* line: of k, in whole groups */
  int64_t first;             /* in the block */
  int64_t panel;
  int packable;
  __mmask64 valid; /* which of the tile's columns exist */
} tile_args;

__attribute__((always_inline)) static inline void tile(const tile_args *t, const int rows, const int panels) {
  int64_t lines = t->b->lines, line = t->line, panel_bytes = t->panel_bytes;
  int64_t column = t->panel * OCTET_PANEL;
  const int8_t *b = (const int8_t *)t->p->packed + t->panel * panel_bytes;
  const uint8_t *a[TILE];
  __m512i acc[TILE][TILE_PANELS];
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    a[r] = t->b->starts[t->first + r];
#pragma GCC unroll 4
    for (int v = 0; v < panels; v++) {
      acc[r][v] = _mm512_loadu_si512(t->p->bias + column + v * OCTET_PANEL);
    }
  }
  for (;;) {
    for (int64_t k = 0; k < line; k += K_GROUP, b += OCTET_PANEL * K_GROUP) {
      __m512i w[TILE_PANELS];
#pragma GCC unroll 4
      for (int v = 0; v < panels; v++) {
        w[v] = _mm512_loadu_si512(b + v * panel_bytes);
        _mm_prefetch((const char *)(b + v * panel_bytes + PREFETCH_BYTES), _MM_HINT_T0);
      }
#pragma GCC unroll 6
      for (int r = 0; r < rows; r++) {
        int32_t group;
        memcpy(&group, a[r] + k, sizeof(group));
        __m512i x = _mm512_set1_epi32(group);
#pragma GCC unroll 4
        for (int v = 0; v < panels; v++) {
          acc[r][v] = _mm512_dpbusd_epi32(acc[r][v], x, w[v]);
        }
      }
    }
    if (--lines == 0) {
      break;
    }
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
      a[r] += t->b->pitch;
    }
  }
  int64_t row = t->b->first_row + t->first;
  if (t->packable && t->e->residual_kind == OCTET_NONE) {
    store_packable_rows(t->e, (const __m512i(*)[4])acc, rows, panels, row, column, t->valid, 0);
    return;
  }
  __m512i sums[TILE][TILE_PANELS];
  memcpy(sums, acc, sizeof(acc));
  sum_tile done = {(const __m512i(*)[4])sums, rows, panels, row, column, t->p->columns, t->packable, t->valid};
  store_sums(t->e, t->p, &done);
}

#define TILES_OF(panels)                                                                                               \
  static void tiles_of_##panels(tile_args t) {                                                                         \
    int64_t left = t.b->rows;                                                                                          \
    for (; tile_rows(left) == TILE; left -= TILE, t.first += TILE) {                                                    \
      tile(&t, TILE, panels);                                                                                          \
    }                                                                                                                  \
    for (int64_t rows; left > 0; left -= rows, t.first += rows) {                                                      \
      rows = tile_rows(left);                                                                                          \
      switch (rows) {                                                                                                  \
      case 1: tile(&t, 1, panels); break;                                                                              \
      case 2: tile(&t, 2, panels); break;                                                                              \
      case 3: tile(&t, 3, panels); break;                                                                              \
      case 4: tile(&t, 4, panels); break;                                                                              \
      default: tile(&t, 5, panels); break;                                                                             \
      }                                                                                                                \
    }                                                                                                                  \
  }

TILES_OF(1)
TILES_OF(2)
TILES_OF(3)
TILES_OF(4)

static void tiles(tile_args t, int64_t panels) {
  int64_t column = t.panel * OCTET_PANEL;
  int64_t columns = smaller(panels * OCTET_PANEL, t.p->columns - column);
  t.valid = columns < 64 ? ((__mmask64)1 << columns) - 1 : ~(__mmask64)0;
  t.packable = 1;
  for (int64_t v = 0; v < panels; v++) {
    t.packable &= is_packable(t.e, column + v * OCTET_PANEL);
  }
  switch (panels) {
  case 1: tiles_of_1(t); break;
  case 2: tiles_of_2(t); break;
  case 3: tiles_of_3(t); break;
  default: tiles_of_4(t); break;
  }
}

static void multiply_block(const block *b, const void *product) {
  const output *out = product;
  int64_t line = round_up(b->line, K_GROUP);
  int64_t panel_bytes = OCTET_PANEL * packed_depth(b->lines, line);
  for (int64_t done = 0; done < b->panels; done += TILE_PANELS) {
    tile_args t = {out->p, out->e, b, line, panel_bytes, 0, b->first_panel + done, 0, 0};
    tiles(t, smaller(TILE_PANELS, b->panels - done));
  }
}

int64_t octet_qgemm_packed_bytes_avx512vnni(int64_t columns, int64_t taps, int64_t depth) {
  return qgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_qgemm_pack_avx512vnni(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,
                                    int64_t x_zero_point, void *packed, int32_t *bias) {
  REQUIRE(is_of_kind(x_kind, x_zero_point));
  return qgemm_pack(w, given_bias, (int32_t)x_zero_point + flip_shift(x_kind), packed, bias);
}

int32_t octet_qgemm_avx512vnni(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                               int64_t rows, int64_t first_panel, int64_t panels) {
  REQUIRE(is_qproduct(p, p == NULL ? 0 : p->window.depth, x, residual, y, first_row, rows) &&
          is_product_weights(&p->window, p->columns) && is_panels(p->columns, first_panel, panels));
  if (rows == 0 || panels == 0) {
    return OCTET_OK;
  }
  epilogue e = epilogue_of(p, residual, y);
  output out = {p, &e};
  call c = {&p->window, x, p->x_kind, flipped_padding(p), is_readable_in_place(p), first_panel, panels, &out};
  return multiply(&c, first_row, rows);
}

QGEMM_UNPACKED(avx512vnni)
