/*
 * A float product but for its tiles, whose order this is. Weights that fit the first-level cache stay there while the rows
 * pass by once; otherwise one tile's weights at a time meet all rows of the block, which lie in the second-level cache.
 *
 * The file that includes this defines TILE, TILE_PANELS, ROW_PANELS and
 *   static inline int64_t tallest(const octet_fproduct *p, int64_t panel);
 *   static void any_tile(const tile_args *t, int64_t rows, int64_t panels);
 */
#define X_T float
#define A_T float
#include "arguments.h"
#include "blocks.h"
#include "fgemm_pack.h"

#define K_GROUP 1

/* Rows of a block: their starts stay on the stack. */
enum { MOST_ROWS = 384 };

#include "lines.h"

static void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind) {
  (void)x_kind;
  memcpy(to, from, (size_t)count * sizeof(float));
}

/* Weights that pass for small: half of a small first-level cache. */
enum { SMALL_WEIGHTS = 16 * 1024 };

/* A call's product. */
typedef struct {
  const octet_fproduct *p;
  const float *residual;
  float *y;
  int is_far; /* whether y is larger than what the second-level cache keeps of it */
} output;

/* What a tile needs beside its size. */
typedef struct {
  const output *out;
  const block *block;
  int64_t first; /* in the block */
  int64_t panel;
} tile_args;

/* Rows of the tallest tile at a panel: TILE, or more where few of its columns are valid. */
static inline int64_t tallest(const octet_fproduct *p, int64_t panel);

/* Up to tallest rows and TILE_PANELS panels, or one row and up to ROW_PANELS panels. */
static void any_tile(const tile_args *t, int64_t rows, int64_t panels);

/* What a tile will write, and fetches while it computes where it lies too far for stores to wait; else NULL. */
static inline const float *output_to_fetch(const tile_args *t) {
  const output *out = t->out;
  int64_t first = (t->block->first_row + t->first) * out->p->row_stride + t->panel * OCTET_PANEL;
  return out->is_far ? out->y + first : NULL;
}

/* Panels that share their tiles' rows, from t->panel on. */
static inline int64_t panels_together(const tile_args *t, int64_t left, int64_t across) {
  int64_t panel_bytes = t->block->lines * t->block->line * OCTET_PANEL * (int64_t)sizeof(float);
  int64_t small = SMALL_WEIGHTS / (panel_bytes > 0 ? panel_bytes : 1) / across * across;
  int64_t together = smaller(left, small > across ? small : across);
  int last_differs = together > 1 && tallest(t->out->p, t->panel + together - 1) != TILE;
  return last_differs ? together - 1 : together;
}

static void multiply_block(const block *b, const void *product) {
  tile_args t = {product, b, 0, b->first_panel};
  int64_t across = b->rows == 1 ? ROW_PANELS : TILE_PANELS;
  for (int64_t end = b->first_panel + b->panels; t.panel < end;) {
    int64_t first = t.panel;
    int64_t after = first + panels_together(&t, end - first, across);
    int64_t most = tallest(t.out->p, first);
    for (t.first = 0; t.first < b->rows;) {
      int64_t rows = rows_of_at_most(most, b->rows - t.first);
      for (t.panel = first; t.panel < after; t.panel += across) {
        any_tile(&t, rows, smaller(across, after - t.panel));
      }
      t.first += rows;
    }
    t.panel = after;
  }
}

/* The product itself: rows and panels of y, after the checks of its arguments. */
static int32_t multiply_floats(const octet_fproduct *p, const float *x, const float *residual, float *y,
                               int64_t first_row, int64_t rows, int64_t first_panel, int64_t panels) {
  REQUIRE(is_fproduct(p, p == NULL ? 0 : p->window.depth, x, residual, y, first_row, rows) &&
          is_product_weights(&p->window, p->columns) && is_panels(p->columns, first_panel, panels));
  if (rows == 0 || panels == 0) {
    return OCTET_OK;
  }
  output out = {p, residual, y, rows * p->row_stride * (int64_t)sizeof(float) > BLOCK_BYTES};
  call c = {&p->window, x, OCTET_F32, 0, 1, first_panel, panels, &out};
  return multiply(&c, first_row, rows);
}
