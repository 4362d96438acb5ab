/*
 * Integer depthwise convolution in strips: a strip is a few outputs of one line. For some channels, GROUP input rows at a
 * time are interleaved so that one multiply-and-add instruction takes the taps of all of them, once for every column that
 * the strip's windows see; then each output sums over groups and columns. Borders, dilations and strides are settled
 * while interleaving, so the sums have no special cases.
 *
 * A group with fewer rows left repeats them, moved by a dilation each time: of the 3 rows of a 3x3 window and pairs, the
 * third pairs with itself and takes 2 taps of a line at once. Where windows hardly overlap (`gathered`), the columns are
 * those of each output in turn instead of those of the line.
 *
 * The file that includes this defines GROUP (rows an instruction takes), LANES (channels at a time), `column` (GROUP bytes
 * of each of LANES channels, interleaved), interleave_bytes and interleave_weight_bytes, and includes qdepthwise_pack.h.
 */
enum {
  SIDE_BY_SIDE = 4,  /* outputs that are summed together */
  MOST_OUTPUTS = 128, /* of a strip */
  MOST_STRIPS = 32,  /* of a chunk: those that share a pass over the channels */
  CHUNK_OUTPUTS = MOST_OUTPUTS,
  MOST_COLUMNS = 512, /* of all groups of a strip, but those of SIDE_BY_SIDE outputs may be more */
  COLUMN_ROOM = SIDE_BY_SIDE * OCTET_MAX_TAPS
};

/* Outputs [row, row + outputs) of y; (oy, ox) is the first one's place. */
typedef struct {
  int64_t row, image, oy, ox, outputs;
} strip;

/* What is the same for all strips of a call. */
typedef struct {
  const octet_window *w;
  const uint8_t *x;
  int64_t channels, blocks;
  int64_t groups, entries; /* an entry is a group's column that has weights */
  int64_t step, reach;     /* columns from output to output and from tap to tap */
  int64_t outputs;         /* of a strip, at most; SIDE_BY_SIDE or more */
  int64_t columns;         /* of a group */
  int gathered;
  uint8_t padding[LANES];
  int16_t column_of[OCTET_MAX_TAPS]; /* where an entry is for a strip's first output */
} depthwise;

static inline int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

static int64_t columns_of(const depthwise *d, int64_t outputs) {
  return (outputs - 1) * d->step + (d->w->kernel_width - 1) * d->reach + 1;
}

static void choose_strips(depthwise *d) {
  const octet_window *w = d->w;
  int64_t strips = (w->out_width + MOST_OUTPUTS - 1) / MOST_OUTPUTS;
  for (d->outputs = round_up((w->out_width + strips - 1) / strips, SIDE_BY_SIDE);; d->outputs -= SIDE_BY_SIDE) {
    d->gathered = 0;
    d->step = w->stride_x;
    d->reach = w->dilation_x;
    if (columns_of(d, d->outputs) > d->outputs * w->kernel_width) {
      d->gathered = 1;
      d->step = w->kernel_width;
      d->reach = 1;
    }
    d->columns = columns_of(d, d->outputs);
    if (d->outputs == SIDE_BY_SIDE || d->columns * d->groups <= MOST_COLUMNS) {
      return;
    }
  }
}

static void depthwise_of(const octet_qproduct *p, const void *x, depthwise *d) {
  const octet_window *w = &p->window;
  d->w = w;
  d->x = x;
  d->channels = p->columns;
  d->blocks = (p->columns + LANES - 1) / LANES;
  d->groups = (w->kernel_height + GROUP - 1) / GROUP;
  memset(d->padding, (int)(p->padding & UINT8_MAX), LANES);
  choose_strips(d);
  d->entries = 0;
  for (int64_t group = 0; group < d->groups; group++) {
    int64_t repeats = GROUP / rows_of_group(w->kernel_height, group);
    for (int64_t kx = 0; kx < w->kernel_width; kx += repeats) {
      d->column_of[d->entries++] = (int16_t)(group * d->columns + kx * d->reach);
    }
  }
}

/* The columns from output to output of a 3x3 window whose sums are written out, else 0. */
static inline int64_t square_of(const depthwise *d) {
  int square = d->w->kernel_height == 3 && d->w->kernel_width == 3 && d->reach == 1 && d->step <= 2 && d->w->in_width > 0;
  return square ? d->step : 0;
}

static inline void read_weights(const depthwise *d, const uint8_t *packed, int64_t block, column *weights) {
  size_t bytes = (size_t)d->entries * sizeof(column);
  memcpy(weights, packed + (size_t)block * bytes, bytes);
}

/* Where the bytes of a column are: each row's at from + (channel & mask), the mask being 0 for padding. */
typedef struct {
  const uint8_t *from[GROUP];
  int64_t mask[GROUP];
} column_source;

typedef struct {
  const uint8_t *line[GROUP]; /* of the input, NULL for padding */
  int64_t first[GROUP];       /* position of a strip's first column */
  int64_t readable;           /* positions of each line where LANES bytes can be read */
} group_rows;

/* A group's columns for a strip: [begin, end) are `stride` apart, 0 in padding; the others are listed. */
typedef struct {
  group_rows rows;
  const uint8_t *from[GROUP]; /* column `begin`; of channel 0 unless it is padding */
  int64_t stride[GROUP];
  int64_t begin, end, columns;
  const column_source *others;
} group_columns;

static group_rows rows_at(const depthwise *d, const strip *s, int64_t group) {
  const octet_window *w = d->w;
  int64_t rows = rows_of_group(d->w->kernel_height, group), repeats = GROUP / rows;
  group_rows g = {.readable = w->in_width};
  for (int64_t i = 0; i < GROUP; i++) {
    int64_t iy = s->oy * w->stride_y - w->pad_y + (group * GROUP + i % rows) * w->dilation_y;
    int inside = iy >= 0 && iy < w->in_height;
    g.line[i] = inside ? d->x + (s->image * w->in_height + iy) * w->in_width * w->pixel_stride : NULL;
    g.first[i] = s->ox * w->stride_x - w->pad_x + i / rows % repeats * w->dilation_x;
    if (inside && d->channels < LANES) {
      int64_t left = (w->in_height - iy) * w->in_width * w->pixel_stride - LANES - (w->pixel_stride - d->channels);
      g.readable = left < 0 ? 0 : smaller(g.readable, left / w->pixel_stride + 1);
    }
  }
  return g;
}

static column_source source_at(const depthwise *d, const group_rows *g, int64_t at) {
  column_source source;
  for (int64_t i = 0; i < GROUP; i++) {
    int64_t ix = g->first[i] + at;
    int inside = g->line[i] != NULL && ix >= 0 && ix < d->w->in_width;
    source.from[i] = inside ? g->line[i] + ix * d->w->pixel_stride : d->padding;
    source.mask[i] = inside ? -1 : 0;
  }
  return source;
}

/* Positions of a line from a strip's first column to another one. */
static int64_t position_of(const depthwise *d, int64_t at) {
  return d->gathered ? at / d->step * d->w->stride_x + at % d->step * d->w->dilation_x : at;
}

/* Finds a group's columns; returns the end of the list of others. */
static column_source *find_columns(const depthwise *d, const strip *s, int64_t group, column_source *others,
                                   group_columns *c) {
  group_rows g = rows_at(d, s, group);
  int64_t outputs = larger(s->outputs, SIDE_BY_SIDE);
  c->rows = g;
  c->others = others;
  c->columns = columns_of(d, outputs);
  c->begin = d->gathered ? c->columns : 0;
  c->end = c->columns;
  for (int64_t i = 0; i < GROUP; i++) {
    c->begin = larger(c->begin, -g.first[i]);
    c->end = smaller(c->end, g.readable - g.first[i]);
  }
  c->begin = smaller(c->begin, c->columns);
  c->end = larger(c->begin, c->end);
  for (int64_t at = 0; at < c->begin; at++) {
    *others++ = source_at(d, &g, position_of(d, at));
  }
  for (int64_t at = c->end; at < c->columns; at++) {
    *others++ = source_at(d, &g, position_of(d, at));
  }
  for (int64_t i = 0; i < GROUP; i++) {
    int inside = c->begin < c->end && g.line[i] != NULL;
    c->stride[i] = inside ? d->w->pixel_stride : 0;
    c->from[i] = inside ? g.line[i] + (g.first[i] + c->begin) * d->w->pixel_stride : d->padding;
  }
  return others;
}

/* A column of fewer channels than there are lanes. */
__attribute__((noinline)) static column short_column(const depthwise *d, const column_source *source,
                                                     const int64_t x_kind) {
  uint8_t bytes[GROUP][LANES] = {0};
  const uint8_t *from[GROUP];
  for (int64_t i = 0; i < GROUP; i++) {
    memcpy(bytes[i], source->from[i], (size_t)d->channels);
    from[i] = bytes[i];
  }
  return interleave_bytes(from, x_kind);
}

static inline column listed_column(const depthwise *d, const column_source *source, int64_t channel,
                                   const int64_t x_kind) {
  if (d->channels < LANES) {
    return short_column(d, source, x_kind);
  }
  const uint8_t *from[GROUP];
  for (int64_t i = 0; i < GROUP; i++) {
    from[i] = source->from[i] + (source->mask[i] & channel);
  }
  return interleave_bytes(from, x_kind);
}

/* Interleaves a group's columns of some channels. */
static inline void interleave_columns(const depthwise *d, const group_columns *c, int64_t channel, const int64_t x_kind,
                                      column *to) {
  const column_source *others = c->others;
  const uint8_t *from[GROUP];
  for (int64_t i = 0; i < GROUP; i++) {
    from[i] = c->from[i] + (c->stride[i] == 0 ? 0 : channel);
  }
  int64_t at = 0;
  for (; at < c->begin; at++) {
    to[at] = listed_column(d, others++, channel, x_kind);
  }
  for (; at < c->end; at++) {
    to[at] = interleave_bytes(from, x_kind);
    for (int64_t i = 0; i < GROUP; i++) {
      from[i] += c->stride[i];
    }
  }
  for (; at < c->columns; at++) {
    to[at] = listed_column(d, others++, channel, x_kind);
  }
}

/* Some strips that share a pass over the channels, and their groups' columns. */
typedef struct {
  int64_t count;
  strip strips[MOST_STRIPS];
  group_columns groups[OCTET_MAX_TAPS];
  column_source others[COLUMN_ROOM];
} chunk;

/* The strips of rows from *row on, and moves *row behind them. */
static void next_chunk(const depthwise *d, int64_t *row, int64_t end, chunk *c) {
  int64_t outputs = 0;
  column_source *others = c->others;
  for (c->count = 0; *row < end && c->count < MOST_STRIPS && outputs < CHUNK_OUTPUTS; c->count++) {
    int64_t room = c->others + COLUMN_ROOM - others;
    if (c->count > 0 && ((c->count + 1) * d->groups > OCTET_MAX_TAPS || d->groups * d->columns > room)) {
      return;
    }
    place at = place_of(d->w, *row);
    strip *s = &c->strips[c->count];
    *s = (strip){*row, at.image, at.oy, at.ox, smaller(smaller(d->outputs, d->w->out_width - at.ox), end - *row)};
    for (int64_t group = 0; group < d->groups; group++) {
      others = find_columns(d, s, group, others, &c->groups[c->count * d->groups + group]);
    }
    outputs += s->outputs;
    *row += s->outputs;
  }
}
