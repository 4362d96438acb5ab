/*
 * The left operand of a product, as the tiles of the vector kernels read it. A row's k is `lines` runs of `line` elements,
 * `pitch` apart: one run for a matrix, one for each kernel line of a convolution. Runs are read where they lie if X_T and
 * A_T are alike. Else, and where there is padding, bands of the input are copied with their padding written out (each
 * input once, not once a tap); only matrices, windows with gaps between columns and cropping ones are gathered row by row.
 *
 * The file that includes this defines X_T, A_T, copy_span (see blocks.h) and
 *   TILE        rows of a tile
 *   MOST_ROWS   rows of a block: all panels of a block are computed before the next block
 *   K_GROUP     tiles read a line in groups of so many k; what follows the line's last k meets weights of 0
 *   static void multiply_block(const block *b, const void *product);
 */

typedef struct {
  const A_T *starts[MOST_ROWS];
  int64_t lines, line, pitch;
  int64_t first_row, rows;
  int64_t first_panel, panels;
} block;

/* What a call computes; in_place: X_T is A_T, and tiles may read x. */
typedef struct {
  const octet_window *window;
  const X_T *x;
  int64_t x_kind;
  A_T padding;
  int in_place;
  int64_t first_panel, panels;
  const void *product;
} call;

/* Where a row's window starts: image_step for each image, then stride steps over lines and positions. */
typedef struct {
  const A_T *base;
  int64_t image_step, line_step, position_step;
} view;

static void multiply_block(const block *b, const void *product);

static inline int runs_are_joined(const octet_window *w) {
  return w->kernel_width == 1 || (w->dilation_x == 1 && w->pixel_stride == w->depth);
}

static inline int stays_inside(const octet_window *w) {
  return w->pad_y == 0 && w->pad_x == 0 &&
         (w->out_height - 1) * w->stride_y + (w->kernel_height - 1) * w->dilation_y < w->in_height &&
         (w->out_width - 1) * w->stride_x + (w->kernel_width - 1) * w->dilation_x < w->in_width;
}

static inline block block_of(const call *c, int64_t line, int64_t pitch) {
  block b;
  b.lines = c->window->kernel_height;
  b.line = line;
  b.pitch = pitch;
  b.first_panel = c->first_panel;
  b.panels = c->panels;
  return b;
}

/* Rows [first, first + count); first_image_row is the row whose window starts at the view's base. */
static void multiply_view(const call *c, const view *v, int64_t first_image_row, int64_t first, int64_t count, block *b) {
  const octet_window *w = c->window;
  int64_t fitting = block_rows(count, b->lines * b->line * (int64_t)sizeof(A_T), TILE);
  fitting = smaller(fitting, MOST_ROWS);
  int64_t place = first - first_image_row;
  int64_t ox = place % w->out_width;
  int64_t oy = place / w->out_width % w->out_height;
  int64_t image = place / w->out_width / w->out_height;
  for (int64_t done = 0; done < count; done += fitting) {
    b->first_row = first + done;
    b->rows = smaller(fitting, count - done);
    for (int64_t r = 0; r < b->rows; r++) {
      b->starts[r] = v->base + image * v->image_step + oy * v->line_step + ox * v->position_step;
      if (++ox == w->out_width) {
        ox = 0;
        if (++oy == w->out_height) {
          oy = 0;
          image++;
        }
      }
    }
    multiply_block(b, c->product);
  }
}

static void multiply_in_place(const call *c, int64_t first, int64_t rows) {
  const octet_window *w = c->window;
  int64_t pitch = w->in_width * w->pixel_stride;
  view v = {(const A_T *)(const void *)c->x, w->in_height * pitch, w->stride_y * pitch, w->stride_x * w->pixel_stride};
  block b = block_of(c, w->kernel_width * w->depth, w->dilation_y * pitch);
  multiply_view(c, &v, 0, first, rows, &b);
}

/* Copies `count` input lines from line iy on, with the padding at their sides, or all padding where there is no such
 * line. */
static void copy_band(const call *c, const X_T *image, int64_t iy, int64_t count, int64_t width, A_T *to) {
  const octet_window *w = c->window;
  int64_t inside = smaller(w->in_width, width - w->pad_x);
  int64_t left = w->pad_x * w->depth;
  for (int64_t i = 0; i < count; i++, iy++, to += width * w->depth) {
    if (iy < 0 || iy >= w->in_height) {
      fill_span(to, width * w->depth, c->padding);
      continue;
    }
    const X_T *line = image + iy * w->in_width * w->pixel_stride;
    fill_span(to, left, c->padding);
    if (w->pixel_stride == w->depth) {
      copy_span(to + left, line, inside * w->depth, c->x_kind);
    } else {
      for (int64_t ix = 0; ix < inside; ix++) {
        copy_span(to + left + ix * w->depth, line + ix * w->pixel_stride, w->depth, c->x_kind);
      }
    }
    fill_span(to + left + inside * w->depth, (width - w->pad_x - inside) * w->depth, c->padding);
  }
}

static int32_t multiply_band(const call *c, int64_t first, int64_t rows) {
  const octet_window *w = c->window;
  int64_t width = (w->out_width - 1) * w->stride_x + w->kernel_width;
  width = width > w->pad_x ? width : w->pad_x;
  int64_t pitch = width * w->depth;
  int64_t reach = (w->kernel_height - 1) * w->dilation_y + 1;
  int64_t band = (BLOCK_BYTES / (smaller(-1, -pitch) * -(int64_t)sizeof(A_T)) - reach) / w->stride_y + 1;
  band = smaller(band > 1 ? band : 1, w->out_height);
  A_T *copy = allocate_rows((band - 1) * w->stride_y + reach, pitch);
  if (copy == NULL) {
    return OCTET_NO_MEMORY;
  }
  view v = {copy, 0, w->stride_y * pitch, w->stride_x * w->depth};
  block b = block_of(c, w->kernel_width * w->depth, w->dilation_y * pitch);
  for (int64_t row = first; row < first + rows;) {
    int64_t oy = row / w->out_width % w->out_height;
    int64_t image = row / w->out_width / w->out_height;
    int64_t lines = smaller(band, w->out_height - oy);
    int64_t origin = row - row % w->out_width;
    int64_t end = smaller(first + rows, origin + lines * w->out_width);
    lines = (end - origin + w->out_width - 1) / w->out_width;
    copy_band(c, c->x + image * w->in_height * w->in_width * w->pixel_stride, oy * w->stride_y - w->pad_y,
              (lines - 1) * w->stride_y + reach, width, copy);
    multiply_view(c, &v, origin, row, end - row, &b);
    row = end;
  }
  free(copy);
  return OCTET_OK;
}

static int32_t multiply_gathered(const call *c, int64_t first, int64_t rows) {
  const octet_window *w = c->window;
  int64_t line = round_up(w->kernel_width * w->depth, K_GROUP);
  int64_t k = w->kernel_height * line;
  int64_t fitting = smaller(block_rows(rows, k * (int64_t)sizeof(A_T), TILE), MOST_ROWS);
  A_T *a = allocate_rows(fitting, k);
  if (a == NULL) {
    return OCTET_NO_MEMORY;
  }
  block b = block_of(c, line, line);
  for (int64_t done = 0; done < rows; done += fitting) {
    b.first_row = first + done;
    b.rows = smaller(fitting, rows - done);
    gather_rows(w, c->x, c->x_kind, c->padding, b.first_row, b.rows, a, line);
    for (int64_t r = 0; r < b.rows; r++) {
      b.starts[r] = a + r * k;
    }
    multiply_block(&b, c->product);
  }
  free(a);
  return OCTET_OK;
}

static int32_t multiply(const call *c, int64_t first, int64_t rows) {
  const octet_window *w = c->window;
  if (c->in_place && runs_are_joined(w) && stays_inside(w)) {
    multiply_in_place(c, first, rows);
    return OCTET_OK;
  }
  if (w->dilation_x == 1 && window_taps(w) > 1 && w->pad_x >= 0) {
    return multiply_band(c, first, rows);
  }
  return multiply_gathered(c, first, rows);
}

/* Rows of the next tile of at most `most`: the last two share what is left, because thin tiles wait for their chains. */
static inline int64_t rows_of_at_most(int64_t most, int64_t left) {
  return left > most && left < 2 * most ? (left + 1) / 2 : smaller(left, most);
}

static inline int64_t tile_rows(int64_t left) { return rows_of_at_most(TILE, left); }
