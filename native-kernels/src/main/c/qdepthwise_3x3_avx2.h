/*
 * Sums of a 3x3 depthwise window with AVX2 for 16 channels of a strip, its columns taken one after the other (by stride 2,
 * two by two) as they stand in the input: each is widened once, and added at once to all outputs that see it, which are
 * never more than three. A column's first two rows are a pair for vpmaddwd; of the third, neighbours are.
 */

/* A strip's three lines of input for 16 channels, at position 0; padding has stride 0. */
typedef struct {
  const uint8_t *line[3];
  int64_t stride[3];
} lines_3x3;

static inline lines_3x3 lines_of(const depthwise *d, const group_columns *groups, int64_t channel) {
  const uint8_t *line[] = {groups[0].rows.line[0], groups[0].rows.line[1], groups[1].rows.line[0]};
  lines_3x3 l;
  for (int64_t i = 0; i < 3; i++) {
    l.line[i] = line[i] == NULL ? d->padding : line[i] + channel;
    l.stride[i] = line[i] == NULL ? 0 : d->w->pixel_stride;
  }
  return l;
}

/* What the columns so far have added up to, by halves of the block. */
typedef struct {
  __m256i older[2], newer[2]; /* outputs that the next column completes, and that it does not */
  __m256i third;              /* the third row's next 16 bytes, in both lanes */
} window_3x3;

/* 16 bytes in both lanes. */
static inline __m256i both_lanes(const context *c, const lines_3x3 *l, int64_t row, int64_t ix, const int inside) {
  const uint8_t *from = inside ? l->line[row] + ix * l->stride[row] : c->d.padding;
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)from));
}

/* 8 channels of two rows, as 16-bit values next to each other. */
static inline __m256i widen_pairs(__m256i first, __m256i second, const int half, const int64_t x_kind) {
  __m256i bytes = half ? _mm256_unpackhi_epi8(first, second) : _mm256_unpacklo_epi8(first, second);
  if (x_kind == OCTET_S8) {
    return _mm256_cvtepi8_epi16(_mm256_castsi256_si128(bytes));
  }
  return _mm256_shuffle_epi8(bytes, _mm256_setr_epi8(0, -1, 1, -1, 2, -1, 3, -1, 4, -1, 5, -1, 6, -1, 7, -1, 8, -1, 9, -1,
                                                     10, -1, 11, -1, 12, -1, 13, -1, 14, -1, 15, -1));
}

static inline __m256i add_product(__m256i acc, __m256i x, __m256i w) {
  return _mm256_add_epi32(acc, _mm256_madd_epi16(x, w));
}

/*
 * Takes column ix, and by stride 2 the next one; `inside` and `next` say whether these are in the input. Gives the sums
 * that it completes. f, inside and next are constants.
 */
__attribute__((always_inline)) static inline void take_column(const context *c, window_3x3 *s, const lines_3x3 *l,
                                                              int64_t ix, const form f, const int inside,
                                                              const int next, column *sums) {
  __m256i row0 = both_lanes(c, l, 0, ix, inside), row1 = both_lanes(c, l, 1, ix, inside);
  __m256i row2 = f.square == 1 ? s->third : both_lanes(c, l, 2, ix, inside);
  __m256i next2 = both_lanes(c, l, 2, ix + 1, next);
  s->third = next2;
#pragma GCC unroll 2
  for (int half = 0; half < 2; half++) {
    __m256i pair = widen_pairs(row0, row1, half, f.x_kind), third = widen_pairs(row2, next2, half, f.x_kind);
    __m256i sum = add_product(s->older[half], pair, c->weights[2].half[half]);
    sums->half[half] = add_product(sum, third, c->weights[4].half[half]);
    __m256i begun = add_product(c->bias.half[half], pair, c->weights[0].half[half]);
    begun = add_product(begun, third, c->weights[3].half[half]);
    if (f.square == 1) {
      s->older[half] = add_product(s->newer[half], pair, c->weights[1].half[half]);
      s->newer[half] = begun;
    } else {
      pair = widen_pairs(both_lanes(c, l, 0, ix + 1, next), both_lanes(c, l, 1, ix + 1, next), half, f.x_kind);
      s->older[half] = add_product(begun, pair, c->weights[1].half[half]);
    }
  }
}

/* sums begins with 3 - stride places that are not outputs. */
__attribute__((always_inline)) static inline void sum_strip_3x3(const context *c, const strip *s,
                                                                const group_columns *groups, const form f,
                                                                column *sums) {
  const lines_3x3 l = lines_of(&c->d, groups, c->channel);
  int64_t width = c->d.w->in_width, ix = groups[0].rows.first[0];
  int64_t end = ix + s->outputs * f.square + (f.square == 1 ? 2 : 1);
  window_3x3 window = {.third = ix >= 0 && ix < width ? both_lanes(c, &l, 2, ix, 1) : both_lanes(c, &l, 2, ix, 0)};
  for (int half = 0; half < 2; half++) {
    window.older[half] = window.newer[half] = c->bias.half[half];
  }
#define TAKE_COLUMNS(until, inside, next)                                                                              \
  for (; ix < smaller(end, until); ix += f.square, sums++) {                                                           \
    take_column(c, &window, &l, ix, f, inside, next, sums);                                                            \
  }
  TAKE_COLUMNS(-1, 0, 0)
  TAKE_COLUMNS(0, 0, 1)
  TAKE_COLUMNS(width - 1, 1, 1)
  TAKE_COLUMNS(width, 1, 0)
  TAKE_COLUMNS(end, 0, 0)
#undef TAKE_COLUMNS
}
