/*
 * The order of a float product's tiles. Weights that fit the first-level cache stay there while the rows pass by once;
 * otherwise one tile's weights at a time meet all rows of the block, which lie in the second-level cache.
 *
 * The file that includes this defines TILE, TILE_PANELS, ROW_PANELS and
 *   static inline int64_t tallest(const octet_fproduct *p, int64_t panel);
 *   static void any_tile(const tile_args *t, int64_t rows, int64_t panels);
 */
#include "fgemm_lines.h"

/* Weights that pass for small: half of a small first-level cache. */
enum { SMALL_WEIGHTS = 16 * 1024 };

/* What a tile needs beside its size. */
typedef struct {
  const octet_fproduct *p;
  const fblock *block;
  const float *residual;
  float *y;
  int64_t first; /* in the block */
  int64_t panel;
} tile_args;

/* Rows of the tallest tile at a panel: TILE, or more where few of its columns are valid. */
static inline int64_t tallest(const octet_fproduct *p, int64_t panel);

/* Up to tallest rows and TILE_PANELS panels, or one row and up to ROW_PANELS panels. */
static void any_tile(const tile_args *t, int64_t rows, int64_t panels);

/* Rows of the next tile: the last two share what is left, because thin tiles wait for their chains. */
static inline int64_t tile_rows(int64_t left, int64_t most) {
  return left > most && left < 2 * most ? (left + 1) / 2 : smaller(left, most);
}

/* Panels that share their tiles' rows, from t->panel on. */
static inline int64_t panels_together(const tile_args *t, int64_t left, int64_t across) {
  int64_t panel_bytes = t->block->lines * t->block->line * OCTET_PANEL * (int64_t)sizeof(float);
  int64_t small = SMALL_WEIGHTS / (panel_bytes > 0 ? panel_bytes : 1) / across * across;
  int64_t together = smaller(left, small > across ? small : across);
  int last_differs = together > 1 && tallest(t->p, t->panel + together - 1) != TILE;
  return last_differs ? together - 1 : together;
}

static void multiply_block(const fblock *block, const octet_fproduct *p, const float *residual, float *y) {
  tile_args t = {p, block, residual, y, 0, block->first_panel};
  int64_t across = block->rows == 1 ? ROW_PANELS : TILE_PANELS;
  for (int64_t end = block->first_panel + block->panels; t.panel < end;) {
    int64_t first = t.panel;
    int64_t after = first + panels_together(&t, end - first, across);
    int64_t most = tallest(p, first);
    for (t.first = 0; t.first < block->rows;) {
      int64_t rows = tile_rows(block->rows - t.first, most);
      for (t.panel = first; t.panel < after; t.panel += across) {
        any_tile(&t, rows, smaller(across, after - t.panel));
      }
      t.first += rows;
    }
    t.panel = after;
  }
}
