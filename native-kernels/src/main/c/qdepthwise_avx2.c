/*
 * Integer depthwise convolution with AVX2: 16 channels at a time, two taps to one vpmaddwd. The 16-bit values of two taps
 * are interleaved within 128-bit lanes, so one vector of products holds channels 0-3 and 8-11 and the other 4-7 and
 * 12-15; packed weights are interleaved alike and the sums put in order at the end.
 *
 * Packed: [blocks of 16 channels][pairs of taps][2 vectors][16 x s16]. The last block ends with the last channel and so
 * overlaps its neighbour, which makes whole vectors of any channel count from 16 on; fewer go through a buffer.
 */
#define X_T uint8_t
#include "arguments.h"
#include "taps.h"

#include "qdepthwise_bias.h"
#include "requantize_avx2.h"

static inline int64_t first_channel(int64_t block, int64_t channels) {
  int64_t first = block * OCTET_PANEL;
  return channels >= OCTET_PANEL ? smaller(first, channels - OCTET_PANEL) : 0;
}

int64_t octet_qdepthwise_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  if (!is_weight_shape(columns, taps, depth)) {
    return -1;
  }
  return round_up(columns, OCTET_PANEL) * round_up(taps * depth, 2) * (int64_t)sizeof(int16_t);
}

static int16_t weight_at(const octet_weights *w, int64_t channel, int64_t tap) {
  int inside = channel < w->columns && tap < w->taps;
  return inside ? ((const int8_t *)w->data)[channel * w->col_stride + tap * w->tap_stride] : 0;
}

int32_t octet_qdepthwise_pack_avx2(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,
                                   int64_t x_zero_point, void *packed, int32_t *bias) {
  REQUIRE(is_weights(w, w == NULL ? NULL : w->data, 1) && w->depth == 1 && w->taps <= OCTET_MAX_TAPS);
  REQUIRE(kind_bytes(x_kind) == 1 && is_of_kind(x_kind, x_zero_point));
  REQUIRE(w->columns == 0 || (is_there(packed, 2) && is_there(bias, 4) && (uintptr_t)given_bias % 4 == 0));
  static const int8_t order[2][8] = {{0, 1, 2, 3, 8, 9, 10, 11}, {4, 5, 6, 7, 12, 13, 14, 15}};
  int16_t *to = packed;
  for (int64_t block = 0; block * OCTET_PANEL < w->columns; block++) {
    int64_t first = first_channel(block, w->columns);
    for (int64_t tap = 0; tap < w->taps; tap += 2) {
      for (int64_t half = 0; half < 2; half++) {
        for (int64_t i = 0; i < 8; i++) {
          *to++ = weight_at(w, first + order[half][i], tap);
          *to++ = weight_at(w, first + order[half][i], tap + 1);
        }
      }
    }
  }
  qdepthwise_bias(w, given_bias, x_zero_point, bias);
  return OCTET_OK;
}

static inline __m256i load_wide(const uint8_t *from, const int64_t x_kind, int64_t valid) {
  __m128i bytes = load_bytes(from, valid);
  return x_kind == OCTET_S8 ? _mm256_cvtepi8_epi16(bytes) : _mm256_cvtepu8_epi16(bytes);
}

/* count and x_kind are constants where it pays. */
__attribute__((always_inline)) static inline void block_of_channels(const octet_qproduct *p, const epilogue *e,
                                                                    const uint8_t **taps, const int64_t count,
                                                                    const int64_t x_kind, int64_t block, int64_t row) {
  int64_t channel = first_channel(block, p->columns);
  int64_t valid = smaller(OCTET_PANEL, p->columns);
  const __m256i *weights = (const __m256i *)p->packed + block * round_up(count, 2);
  __m256i sum0 = _mm256_setzero_si256();
  __m256i sum1 = _mm256_setzero_si256();
#pragma GCC unroll 5
  for (int64_t tap = 0; tap < count; tap += 2) {
    __m256i x0 = load_wide(taps[tap] + channel, x_kind, valid);
    __m256i x1 = tap + 1 < count ? load_wide(taps[tap + 1] + channel, x_kind, valid) : _mm256_setzero_si256();
    __m256i low = _mm256_unpacklo_epi16(x0, x1);
    __m256i high = _mm256_unpackhi_epi16(x0, x1);
    sum0 = _mm256_add_epi32(sum0, _mm256_madd_epi16(low, _mm256_loadu_si256(weights + tap)));
    sum1 = _mm256_add_epi32(sum1, _mm256_madd_epi16(high, _mm256_loadu_si256(weights + tap + 1)));
  }
  __m256i acc0 = _mm256_permute2x128_si256(sum0, sum1, 0x20);
  __m256i acc1 = _mm256_permute2x128_si256(sum0, sum1, 0x31);
  acc0 = _mm256_add_epi32(acc0, _mm256_loadu_si256((const __m256i *)(p->bias + channel)));
  acc1 = _mm256_add_epi32(acc1, _mm256_loadu_si256((const __m256i *)(p->bias + channel + 8)));
  store_panel(e, acc0, acc1, row, channel, valid);
}

#define ALL_BLOCKS(name, count, x_kind)                                                                                \
  static void name(const octet_qproduct *p, const epilogue *e, const uint8_t **taps, int64_t row) {                    \
    for (int64_t block = 0; block * OCTET_PANEL < p->columns; block++) {                                               \
      block_of_channels(p, e, taps, count, x_kind, block, row);                                                        \
    }                                                                                                                  \
  }

ALL_BLOCKS(blocks_3x3_u8, 9, OCTET_U8)
ALL_BLOCKS(blocks_3x3_s8, 9, OCTET_S8)
ALL_BLOCKS(blocks_any, p->window.kernel_height * p->window.kernel_width, p->x_kind)

int32_t octet_qdepthwise_avx2(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                              int64_t rows) {
  REQUIRE(is_qproduct(p, p == NULL ? 0 : p->columns, x, residual, y, first_row, rows) &&
          is_depthwise(&p->window, p->columns));
  if (rows == 0 || p->columns == 0) {
    return OCTET_OK;
  }
  const octet_window *w = &p->window;
  uint8_t *padding = allocate_padding(p->columns, (uint8_t)p->padding);
  if (padding == NULL) {
    return OCTET_NO_MEMORY;
  }
  epilogue e = epilogue_of(p, residual, y);
  int64_t offsets[OCTET_MAX_TAPS];
  tap_offsets(w, offsets);
  int nine = w->kernel_height * w->kernel_width == 9;
  const uint8_t *taps[OCTET_MAX_TAPS];
  place at = place_of(w, first_row);
  for (int64_t row = first_row; row < first_row + rows; row++, advance(w, &at)) {
    find_taps_at(w, x, &at, padding, offsets, taps);
    if (!nine) {
      blocks_any(p, &e, taps, row);
    } else if (p->x_kind == OCTET_U8) {
      blocks_3x3_u8(p, &e, taps, row);
    } else {
      blocks_3x3_s8(p, &e, taps, row);
    }
  }
  free(padding);
  return OCTET_OK;
}
