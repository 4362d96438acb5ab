/*
 * Integer product in tiles of 6 x 16 int32 in 12 registers of 256 bits. The file that includes this defines X_T, A_T,
 * K_GROUP and copy_span (see lines.h),
 *   load_columns        8 columns' weights of one group of k
 *   multiply_add        acc0 and acc1 += products of one row's group of k with 16 columns
 *   multiply_add_half   the same for 8 columns
 */
enum { TILE = 6, MOST_ROWS = 48 };

#include "lines.h"

/* A call's product. */
typedef struct {
  const octet_qproduct *p;
  const epilogue *e;
  uint8_t *bytes; /* memory for a form that an instruction set has besides, or NULL */
} output;

/* What a tile needs beside its size. */
typedef struct {
  const octet_qproduct *p;
  const epilogue *e;
  const block *b;
  const int8_t *weights; /* of the panel */
  const int32_t *bias;
  int64_t line;   /* of k, in whole groups */
  int64_t first;  /* in the block */
  int64_t column; /* first of the panel */
  int64_t valid;  /* columns of the panel that exist */
  int64_t index;  /* of the tile's first element of y */
  int packable;
  const uint8_t *bytes; /* this and what follows: of the form of bytes, see qgemm_bytes_avx2.h */
  const int32_t *order;
  int64_t safe;
} tile_args;

/* Groups of two rows of 16 columns or four of 8; the last group repeats rows where there are too few. */
__attribute__((always_inline)) static inline void store_packable_tile(const tile_args *t, __m256i acc[TILE][2],
                                                                      const int rows, const int vectors,
                                                                      const int64_t valid) {
  const int group = 4 / vectors;
  int64_t row_stride = t->p->row_stride;
#pragma GCC unroll 6
  for (int r = 0; r < rows; r += group) {
    __m256i sums[4];
    int64_t index[4];
#pragma GCC unroll 4
    for (int i = 0; i < group; i++) {
      int from = r + i < rows ? r + i : rows - 1;
      index[i] = t->index + from * row_stride;
      sums[i * vectors] = acc[from][0];
      if (vectors == 2) {
        sums[i * 2 + 1] = acc[from][1];
      }
    }
    store_packable(t->e, sums, index, group, t->column, valid, 0);
  }
}

/* What is rarer, out of line so that tiles keep their sums in registers. */
__attribute__((noinline)) static void store_tile(const tile_args *t, __m256i acc[TILE][2], int64_t rows) {
  int64_t row = t->b->first_row + t->first;
  int64_t r = 0;
  if (t->packable) {
    for (; r + 2 <= rows; r += 2) {
      int64_t index = t->index + r * t->p->row_stride;
      int64_t places[2] = {index, index + t->p->row_stride};
      store_packable(t->e, acc[r], places, 2, t->column, t->valid, 1);
    }
  }
  for (; r < rows; r++) {
    store_panel(t->e, acc[r][0], acc[r][1], row + r, t->column, t->valid);
  }
}

__attribute__((always_inline)) static inline void finish_tile(const tile_args *t, __m256i acc[TILE][2], const int rows,
                                                              const int vectors, const int full) {
  if (t->packable && t->e->residual_kind == OCTET_NONE) {
    store_packable_tile(t, acc, rows, vectors, full ? OCTET_PANEL : t->valid);
  } else {
    __m256i sums[TILE][2];
    memcpy(sums, acc, TILE * sizeof(*acc));
    store_tile(t, sums, rows);
  }
}

__attribute__((always_inline)) static inline void tile(const tile_args *t, const int rows, const int vectors,
                                                       const int full) {
  int64_t lines = t->b->lines, line = t->line;
  const int8_t *b = t->weights;
  const A_T *a[TILE];
  __m256i acc[TILE][2];
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    a[r] = t->b->starts[t->first + r];
    acc[r][0] = _mm256_loadu_si256((const __m256i *)t->bias);
    acc[r][1] = _mm256_loadu_si256((const __m256i *)(t->bias + 8));
  }
  for (;;) {
    for (int64_t k = 0; k < line; k += K_GROUP, b += OCTET_PANEL * K_GROUP) {
      __m256i b0 = load_columns(b);
      if (vectors == 1) {
#pragma GCC unroll 6
        for (int r = 0; r < rows; r++) {
          multiply_add_half(&acc[r][0], a[r] + k, b0);
        }
      } else {
        __m256i b1 = load_columns(b + OCTET_PANEL / 2 * K_GROUP);
#pragma GCC unroll 6
        for (int r = 0; r < rows; r++) {
          multiply_add(&acc[r][0], &acc[r][1], a[r] + k, b0, b1);
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
  finish_tile(t, acc, rows, vectors, full);
}

/* All rows of a block and one panel: of 8 columns or fewer, of less than 16, of 16. */
#define TILES(name, tile, vectors, full)                                                                                     \
  static void name(tile_args t) {                                                                                      \
    int64_t left = t.b->rows, step = TILE * t.p->row_stride;                                                           \
    for (; tile_rows(left) == TILE; left -= TILE, t.first += TILE, t.index += step) {                                  \
      tile(&t, TILE, vectors, full);                                                                                   \
    }                                                                                                                  \
    for (int64_t rows; left > 0; left -= rows, t.first += rows, t.index += rows * t.p->row_stride) {                   \
      rows = tile_rows(left);                                                                                          \
      switch (rows) {                                                                                                  \
      case 1: tile(&t, 1, vectors, full); break;                                                                       \
      case 2: tile(&t, 2, vectors, full); break;                                                                       \
      case 3: tile(&t, 3, vectors, full); break;                                                                       \
      case 4: tile(&t, 4, vectors, full); break;                                                                       \
      default: tile(&t, 5, vectors, full); break;                                                                      \
      }                                                                                                                \
    }                                                                                                                  \
  }

TILES(half_panel, tile, 1, 0)
TILES(part_panel, tile, 2, 0)
TILES(full_panel, tile, 2, 1)

static tile_args panel_of(const block *b, const output *out, int64_t panel) {
  const octet_qproduct *p = out->p;
  int64_t column = panel * OCTET_PANEL;
  int64_t line = round_up(b->line, K_GROUP);
  return (tile_args){.p = p,
                     .e = out->e,
                     .b = b,
                     .weights = (const int8_t *)p->packed + column * packed_depth(b->lines, line),
                     .bias = p->bias + column,
                     .line = line,
                     .column = column,
                     .valid = smaller(OCTET_PANEL, p->columns - column),
                     .index = b->first_row * p->row_stride + column,
                     .packable = is_packable(out->e, column)};
}

static void multiply_panels(const block *b, const output *out) {
  for (int64_t panel = b->first_panel; panel < b->first_panel + b->panels; panel++) {
    tile_args t = panel_of(b, out, panel);
    if (t.valid == OCTET_PANEL) {
      full_panel(t);
    } else if (t.valid > OCTET_PANEL / 2) {
      part_panel(t);
    } else {
      half_panel(t);
    }
  }
}

/* Rows [first_row, first_row + rows); bytes: see output. */
static int32_t qgemm(const octet_qproduct *p, call c, const void *residual, void *y, int64_t first_row, int64_t rows,
                     uint8_t *bytes) {
  if (rows == 0 || c.panels == 0) {
    return OCTET_OK;
  }
  epilogue e = epilogue_of(p, residual, y);
  output out = {.p = p, .e = &e, .bytes = bytes};
  c.product = &out;
  return multiply(&c, first_row, rows);
}
