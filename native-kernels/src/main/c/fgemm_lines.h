/*
 * The left operand of a float product, read where it lies. A row's k is `lines` runs of `line` floats, `pitch` apart: one
 * run for a matrix, one for each kernel line of a convolution. Convolutions with padding copy bands of the input with
 * its padding written out (each input once, not once a tap); only windows with gaps between columns are gathered.
 *
 * The file that includes this defines TILE and
 *   static void multiply_block(const fblock *block, const octet_fproduct *p, const float *residual, float *y);
 */

/* Rows of a block: their starts stay on the stack. */
enum { BLOCK_ROWS = 384 };

typedef struct {
  const float *starts[BLOCK_ROWS];
  int64_t lines, line, pitch;
  int64_t first_row, rows;
  int64_t first_panel, panels;
} fblock;

/* What a call computes. */
typedef struct {
  const octet_fproduct *p;
  const float *x;
  const float *residual;
  float *y;
  int64_t first_panel, panels;
} fcall;

/* Where a row's window starts: image_step for each image, then stride steps over lines and positions. */
typedef struct {
  const float *base;
  int64_t image_step, line_step, position_step;
} fview;

static void multiply_block(const fblock *block, const octet_fproduct *p, const float *residual, float *y);

static inline int runs_are_joined(const octet_window *w) {
  return w->kernel_width == 1 || (w->dilation_x == 1 && w->pixel_stride == w->depth);
}

static inline int stays_inside(const octet_window *w) {
  return w->pad_y == 0 && w->pad_x == 0 &&
         (w->out_height - 1) * w->stride_y + (w->kernel_height - 1) * w->dilation_y < w->in_height &&
         (w->out_width - 1) * w->stride_x + (w->kernel_width - 1) * w->dilation_x < w->in_width;
}

/* Rows [first, first + count); first_image_row is the row whose window starts at the view's base. */
static void multiply_view(const fcall *call, const fview *view, int64_t first_image_row, int64_t first, int64_t count,
                          fblock *block) {
  const octet_window *w = &call->p->window;
  int64_t fitting = block_rows(count, block->lines * block->line * (int64_t)sizeof(float), TILE);
  fitting = smaller(fitting, BLOCK_ROWS);
  int64_t place = first - first_image_row;
  int64_t ox = place % w->out_width;
  int64_t oy = place / w->out_width % w->out_height;
  int64_t image = place / w->out_width / w->out_height;
  for (int64_t done = 0; done < count; done += fitting) {
    block->first_row = first + done;
    block->rows = smaller(fitting, count - done);
    for (int64_t r = 0; r < block->rows; r++) {
      block->starts[r] = view->base + image * view->image_step + oy * view->line_step + ox * view->position_step;
      if (++ox == w->out_width) {
        ox = 0;
        if (++oy == w->out_height) {
          oy = 0;
          image++;
        }
      }
    }
    multiply_block(block, call->p, call->residual, call->y);
  }
}

static void multiply_in_place(const fcall *call, int64_t first, int64_t rows) {
  const octet_window *w = &call->p->window;
  int64_t pitch = w->in_width * w->pixel_stride;
  fview view = {call->x, w->in_height * pitch, w->stride_y * pitch, w->stride_x * w->pixel_stride};
  fblock block;
  block.lines = w->kernel_height;
  block.line = w->kernel_width * w->depth;
  block.pitch = w->dilation_y * pitch;
  block.first_panel = call->first_panel;
  block.panels = call->panels;
  multiply_view(call, &view, 0, first, rows, &block);
}

/* Copies `count` input lines from line iy on, with the padding at their sides, or zeros where there is no such line. */
static void copy_band(const octet_window *w, const float *image, int64_t iy, int64_t count, int64_t width, float *to) {
  int64_t inside = smaller(w->in_width, width - w->pad_x);
  int64_t left = w->pad_x * w->depth;
  for (int64_t i = 0; i < count; i++, iy++, to += width * w->depth) {
    if (iy < 0 || iy >= w->in_height) {
      memset(to, 0, (size_t)(width * w->depth) * sizeof(float));
      continue;
    }
    const float *line = image + iy * w->in_width * w->pixel_stride;
    memset(to, 0, (size_t)left * sizeof(float));
    if (w->pixel_stride == w->depth) {
      memcpy(to + left, line, (size_t)(inside * w->depth) * sizeof(float));
    } else {
      for (int64_t ix = 0; ix < inside; ix++) {
        memcpy(to + left + ix * w->depth, line + ix * w->pixel_stride, (size_t)w->depth * sizeof(float));
      }
    }
    memset(to + left + inside * w->depth, 0, (size_t)((width - w->pad_x - inside) * w->depth) * sizeof(float));
  }
}

static int32_t multiply_padded(const fcall *call, int64_t first, int64_t rows) {
  const octet_window *w = &call->p->window;
  int64_t width = (w->out_width - 1) * w->stride_x + w->kernel_width;
  width = width > w->pad_x ? width : w->pad_x;
  int64_t pitch = width * w->depth;
  int64_t reach = (w->kernel_height - 1) * w->dilation_y + 1;
  int64_t band = (BLOCK_BYTES / (smaller(-1, -pitch) * -(int64_t)sizeof(float)) - reach) / w->stride_y + 1;
  band = smaller(band > 1 ? band : 1, w->out_height);
  float *copy = allocate_rows((band - 1) * w->stride_y + reach, pitch);
  if (copy == NULL) {
    return OCTET_NO_MEMORY;
  }
  fview view = {copy, 0, w->stride_y * pitch, w->stride_x * w->depth};
  fblock block;
  block.lines = w->kernel_height;
  block.line = w->kernel_width * w->depth;
  block.pitch = w->dilation_y * pitch;
  block.first_panel = call->first_panel;
  block.panels = call->panels;
  for (int64_t row = first; row < first + rows;) {
    int64_t oy = row / w->out_width % w->out_height;
    int64_t image = row / w->out_width / w->out_height;
    int64_t lines = smaller(band, w->out_height - oy);
    int64_t origin = row - row % w->out_width;
    int64_t end = smaller(first + rows, origin + lines * w->out_width);
    lines = (end - origin + w->out_width - 1) / w->out_width;
    copy_band(w, call->x + image * w->in_height * w->in_width * w->pixel_stride, oy * w->stride_y - w->pad_y,
              (lines - 1) * w->stride_y + reach, width, copy);
    multiply_view(call, &view, origin, row, end - row, &block);
    row = end;
  }
  free(copy);
  return OCTET_OK;
}

static int32_t multiply_gathered(const fcall *call, int64_t first, int64_t rows) {
  const octet_window *w = &call->p->window;
  int64_t k = window_taps(w) * w->depth;
  int64_t fitting = smaller(block_rows(rows, k * (int64_t)sizeof(float), TILE), BLOCK_ROWS);
  float *a = allocate_rows(fitting, k);
  if (a == NULL) {
    return OCTET_NO_MEMORY;
  }
  fblock block;
  block.lines = 1;
  block.line = k;
  block.pitch = 0;
  block.first_panel = call->first_panel;
  block.panels = call->panels;
  for (int64_t done = 0; done < rows; done += fitting) {
    block.first_row = first + done;
    block.rows = smaller(fitting, rows - done);
    gather_rows(w, call->x, OCTET_F32, 0, block.first_row, block.rows, a, k);
    for (int64_t r = 0; r < block.rows; r++) {
      block.starts[r] = a + r * k;
    }
    multiply_block(&block, call->p, call->residual, call->y);
  }
  free(a);
  return OCTET_OK;
}

static int32_t multiply(const fcall *call, int64_t first, int64_t rows) {
  const octet_window *w = &call->p->window;
  if (runs_are_joined(w) && stays_inside(w)) {
    multiply_in_place(call, first, rows);
    return OCTET_OK;
  }
  if (w->dilation_x == 1 || w->kernel_width == 1) {
    return multiply_padded(call, first, rows);
  }
  return multiply_gathered(call, first, rows);
}
