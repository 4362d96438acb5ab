/*
 * Integer depthwise convolution with AVX2: 16 channels at a time in two halves, the 16-bit values of two input rows
 * interleaved for vpmaddwd, four outputs of a line side by side; see qdepthwise_strips.h.
 */
#define X_T uint8_t
#include "arguments.h"
#include "taps.h"

#include "requantize_avx2.h"

enum { GROUP = 2, LANES = 16 };

typedef struct {
  __m256i half[2];
} column;

static inline __m128i load_lanes(const uint8_t *from) { return _mm_loadu_si128((const __m128i *)from); }

static inline column interleave_bytes(const uint8_t *const *from, const int64_t x_kind) {
  __m128i top = load_lanes(from[0]), bottom = load_lanes(from[1]);
  __m128i low = _mm_unpacklo_epi8(top, bottom), high = _mm_unpackhi_epi8(top, bottom);
  column signed_words = {{_mm256_cvtepi8_epi16(low), _mm256_cvtepi8_epi16(high)}};
  column words = {{_mm256_cvtepu8_epi16(low), _mm256_cvtepu8_epi16(high)}};
  return x_kind == OCTET_S8 ? signed_words : words;
}

static inline column interleave_weight_bytes(const uint8_t *const *from) { return interleave_bytes(from, OCTET_S8); }

#include "qdepthwise_pack.h"
#include "qdepthwise_strips.h"

/* A call's constants and the block that is being computed. */
typedef struct {
  depthwise d;
  epilogue e;
  column bias;
  int64_t channel, valid; /* of the block */
  int packable;
  column weights[OCTET_MAX_TAPS];
} context;

typedef struct {
  int64_t x_kind, square; /* of a 3x3 window the stride, else 0 */
} form;

#include "qdepthwise_3x3_avx2.h"

static inline void sum_strip(const context *c, const column *from, int64_t outputs, int64_t half, column *sums) {
  const __m256i bias = c->bias.half[half];
  for (int64_t i = 0; i < outputs; i += SIDE_BY_SIDE) {
    int64_t first = smaller(i, larger(0, outputs - SIDE_BY_SIDE)); /* the last four may repeat some before them */
    __m256i acc[SIDE_BY_SIDE] = {bias, bias, bias, bias};
    for (int64_t entry = 0; entry < c->d.entries; entry++) {
      const column *at = from + first * c->d.step + c->d.column_of[entry];
      for (int64_t j = 0; j < SIDE_BY_SIDE; j++, at += c->d.step) {
        acc[j] = add_product(acc[j], at->half[half], c->weights[entry].half[half]);
      }
    }
    for (int64_t j = 0; j < SIDE_BY_SIDE; j++) {
      sums[first + j].half[half] = acc[j];
    }
  }
}

/* Two outputs, or more, two by two; with_residual is a constant. */
static inline void store_pairs(const context *c, const strip *s, const column *sums, const int with_residual) {
  const epilogue e = c->e;
  const int64_t channel = c->channel, valid = c->valid, last = s->outputs - 2;
  int64_t index = s->row * e.row_stride + channel;
  for (int64_t at = 0; at < s->outputs; at += 2, index += 2 * e.row_stride) {
    if (at > last) { /* an odd one: with the one before it once more */
      at = last;
      index -= e.row_stride;
    }
    const int64_t places[] = {index, index + e.row_stride};
    if (valid == OCTET_PANEL) {
      store_packable(&e, sums[at].half, places, 2, channel, OCTET_PANEL, with_residual);
    } else {
      store_packable(&e, sums[at].half, places, 2, channel, valid, with_residual);
    }
  }
}

static void store_strip(const context *c, const strip *s, const column *sums) {
  if (!c->packable || s->outputs == 1) {
    for (int64_t i = 0; i < s->outputs; i++) {
      store_panel(&c->e, sums[i].half[0], sums[i].half[1], s->row + i, c->channel, c->valid);
    }
  } else if (c->e.residual_kind == OCTET_NONE) {
    store_pairs(c, s, sums, 0);
  } else {
    store_pairs(c, s, sums, 1);
  }
}

/* Sums go to memory first and become bytes in a second loop: both as one are a chain too long to overlap with others. */
static void compute_strip(const context *c, const strip *s, const group_columns *groups, const int64_t x_kind) {
  column columns[COLUMN_ROOM], sums[MOST_OUTPUTS];
  for (int64_t group = 0; group < c->d.groups; group++) {
    interleave_columns(&c->d, &groups[group], c->channel, x_kind, columns + group * c->d.columns);
  }
  for (int64_t half = 0; half < 2; half++) {
    sum_strip(c, columns, s->outputs, half, sums);
  }
  store_strip(c, s, sums);
}

__attribute__((always_inline)) static inline void compute_strip_3x3(const context *c, const strip *s,
                                                                    const group_columns *groups, const form f) {
  column sums[MOST_OUTPUTS + 2];
  sum_strip_3x3(c, s, groups, f, sums);
  store_strip(c, s, sums + 3 - f.square);
}

typedef void (*strip_form)(const context *c, const strip *s, const group_columns *groups);

static void strip_u8(const context *c, const strip *s, const group_columns *groups) {
  compute_strip(c, s, groups, OCTET_U8);
}

static void strip_s8(const context *c, const strip *s, const group_columns *groups) {
  compute_strip(c, s, groups, OCTET_S8);
}

#define STRIP_3X3(name, x_kind, square)                                                                                \
  static void name(const context *c, const strip *s, const group_columns *groups) {                                    \
    const form f = {x_kind, square};                                                                                   \
    compute_strip_3x3(c, s, groups, f);                                                                                \
  }

STRIP_3X3(strip_3x3_u8, OCTET_U8, 1)
STRIP_3X3(strip_3x3_s8, OCTET_S8, 1)
STRIP_3X3(strip_3x3_by_2_u8, OCTET_U8, 2)
STRIP_3X3(strip_3x3_by_2_s8, OCTET_S8, 2)

static strip_form form_of(const octet_qproduct *p, const depthwise *d) {
  int is_signed = p->x_kind == OCTET_S8;
  switch (p->columns < LANES ? 0 : square_of(d)) {
  case 1: return is_signed ? strip_3x3_s8 : strip_3x3_u8;
  case 2: return is_signed ? strip_3x3_by_2_s8 : strip_3x3_by_2_u8;
  default: return is_signed ? strip_s8 : strip_u8;
  }
}

int64_t octet_qdepthwise_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  return strips_packed_bytes(columns, taps, depth);
}

int32_t octet_qdepthwise_pack_avx2(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,
                                   int64_t x_zero_point, void *packed, int32_t *bias) {
  return strips_pack(w, given_bias, x_kind, x_zero_point, 0, packed, bias);
}

int32_t octet_qdepthwise_avx2(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                              int64_t rows) {
  REQUIRE(is_qproduct(p, p == NULL ? 0 : p->columns, x, residual, y, first_row, rows) &&
          is_depthwise(&p->window, p->columns));
  if (rows == 0 || p->columns == 0) {
    return OCTET_OK;
  }
  context c; /* too large to be cleared first */
  c.e = epilogue_of(p, residual, y);
  c.valid = smaller(LANES, p->columns);
  depthwise_of(p, x, &c.d);
  strip_form compute = form_of(p, &c.d);
  chunk strips;
  for (int64_t row = first_row; row < first_row + rows;) {
    next_chunk(&c.d, &row, first_row + rows, &strips);
    for (int64_t block = 0; block < c.d.blocks; block++) {
      c.channel = first_channel(block, p->columns);
      memcpy(&c.bias, p->bias + c.channel, sizeof(c.bias));
      c.packable = is_packable(&c.e, c.channel);
      read_weights(&c.d, p->packed, block, c.weights);
      for (int64_t i = 0; i < strips.count; i++) {
        compute(&c, &strips.strips[i], &strips.groups[i * c.d.groups]);
      }
    }
  }
  return OCTET_OK;
}
