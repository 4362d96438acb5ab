/*
 * Packs the weights of depthwise kernels that take LANES channels at a time: [blocks of LANES channels][entries][column]. An
 * entry is a column of a group of rows, see qdepthwise_strips.h, and has the weights of its taps as interleave_bytes has
 * the input. The last block ends with the last channel and so overlaps its neighbour, which makes whole vectors of any
 * channel count from LANES on; with fewer, the lanes behind are 0.
 */
#include "qdepthwise_bias.h"

static inline int64_t first_channel(int64_t block, int64_t channels) {
  int64_t first = block * LANES;
  return channels >= LANES ? smaller(first, channels - LANES) : 0;
}

/* Rows of a group of a kernel with `lines` lines. */
static inline int64_t rows_of_group(int64_t lines, int64_t group) { return smaller(GROUP, lines - group * GROUP); }

/* For any number of lines: an entry has a tap at least. */
static int64_t strips_packed_bytes(int64_t columns, int64_t taps, int64_t depth) {
  int64_t bytes = round_up(columns, LANES) / LANES * (int64_t)sizeof(column);
  return is_weight_shape(columns, taps, depth) ? size_of(bytes, taps * depth) : -1;
}

/* The weights of a column's rows from some channel on, those of row i moved by i / rows taps; 0 where there are none. */
static column pack_entry(const octet_weights *w, int64_t group, int64_t kx, int64_t first) {
  int64_t rows = rows_of_group(w->lines, group), width = w->taps / w->lines;
  int8_t weights[GROUP][LANES] = {{0}};
  const uint8_t *from[GROUP];
  for (int64_t i = 0; i < GROUP; i++) {
    int64_t at = kx + i / rows, tap = (group * GROUP + i % rows) * width + at;
    int64_t valid = i < GROUP / rows * rows && at < width ? smaller(LANES, w->columns - first) : 0;
    for (int64_t lane = 0; lane < valid; lane++) {
      weights[i][lane] = ((const int8_t *)w->data)[(first + lane) * w->col_stride + tap * w->tap_stride];
    }
    from[i] = (const uint8_t *)weights[i];
  }
  return interleave_weight_bytes(from);
}

/* x_shift: what the kernel adds to x. */
static int32_t strips_pack(const octet_weights *w, const int32_t *given_bias, int64_t x_kind, int64_t x_zero_point,
                           int64_t x_shift, void *packed, int32_t *bias) {
  REQUIRE(is_weights(w, w == NULL ? NULL : w->data, 1) && w->depth == 1 && w->taps <= OCTET_MAX_TAPS);
  REQUIRE(kind_bytes(x_kind) == 1 && is_of_kind(x_kind, x_zero_point));
  REQUIRE(w->columns == 0 || (packed != NULL && is_there(bias, 4) && (uintptr_t)given_bias % 4 == 0));
  uint8_t *to = packed;
  for (int64_t block = 0; block * LANES < w->columns; block++) {
    for (int64_t group = 0; group * GROUP < w->lines; group++) {
      int64_t repeats = GROUP / rows_of_group(w->lines, group);
      for (int64_t kx = 0; kx < w->taps / w->lines; kx += repeats, to += sizeof(column)) {
        column entry = pack_entry(w, group, kx, first_channel(block, w->columns));
        memcpy(to, &entry, sizeof(entry));
      }
    }
  }
  qdepthwise_bias(w, given_bias, x_zero_point + x_shift, bias);
  return OCTET_OK;
}
