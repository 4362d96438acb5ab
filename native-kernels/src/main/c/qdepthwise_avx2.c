/*
 * Integer depthwise convolution with AVX2: 16 channels at a time, two taps to one vpmaddwd. The 16-bit values of two taps
 * are interleaved within 128-bit lanes, so one vector of products holds channels 0-3 and 8-11 and the other 4-7 and
 * 12-15; packed weights are interleaved alike and the sums put in order at the end.
 *
 * Packed: [blocks of 16 channels][pairs of taps][2 vectors][16 x s16]. The last block ends with the last channel and so
 * overlaps its neighbour, which makes whole vectors of any channel count from 16 on; fewer go through a buffer.
 */
#define X_T uint8_t
#include "taps.h"

#include "qdepthwise_bias.h"
#include "requantize_avx2.h"

static inline int64_t first_channel(int64_t block, int64_t channels) {
  int64_t first = block * OCTET_PANEL;
  return channels >= OCTET_PANEL ? smaller(first, channels - OCTET_PANEL) : 0;
}

int64_t octet_qdepthwise_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  return round_up(columns, OCTET_PANEL) * round_up(taps * depth, 2) * (int64_t)sizeof(int16_t);
}

static int16_t weight_at(const octet_weights *w, int64_t channel, int64_t tap) {
  int inside = channel < w->columns && tap < w->taps;
  return inside ? ((const int8_t *)w->data)[channel * w->col_stride + tap * w->tap_stride] : 0;
}

int32_t octet_qdepthwise_pack_avx2(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,
                                   int64_t x_zero_point, void *packed, int32_t *bias) {
  (void)x_kind;
  if (w->depth != 1 || w->taps > OCTET_MAX_TAPS) {
    return OCTET_BAD_ARGUMENT;
  }
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

static inline __m256i load_wide(const octet_qproduct *p, const uint8_t *from, int64_t valid) {
  __m128i bytes = load_bytes(from, valid);
  return p->x_kind == OCTET_S8 ? _mm256_cvtepi8_epi16(bytes) : _mm256_cvtepu8_epi16(bytes);
}

__attribute__((always_inline)) static inline void block_of_channels(const octet_qproduct *p, const uint8_t **taps,
                                                                    int64_t block, int64_t row, int64_t valid,
                                                                    const void *residual, void *y) {
  int64_t count = p->window.kernel_height * p->window.kernel_width;
  int64_t channel = first_channel(block, p->columns);
  const __m256i *weights = (const __m256i *)p->packed + block * round_up(count, 2);
  __m256i sum0 = _mm256_setzero_si256();
  __m256i sum1 = _mm256_setzero_si256();
  for (int64_t tap = 0; tap < count; tap += 2, weights += 2) {
    __m256i x0 = load_wide(p, taps[tap] + channel, valid);
    __m256i x1 = load_wide(p, taps[smaller(tap + 1, count - 1)] + channel, valid);
    __m256i low = _mm256_unpacklo_epi16(x0, x1);
    __m256i high = _mm256_unpackhi_epi16(x0, x1);
    sum0 = _mm256_add_epi32(sum0, _mm256_madd_epi16(low, _mm256_loadu_si256(weights)));
    sum1 = _mm256_add_epi32(sum1, _mm256_madd_epi16(high, _mm256_loadu_si256(weights + 1)));
  }
  __m256i acc0 = _mm256_permute2x128_si256(sum0, sum1, 0x20);
  __m256i acc1 = _mm256_permute2x128_si256(sum0, sum1, 0x31);
  acc0 = _mm256_add_epi32(acc0, _mm256_loadu_si256((const __m256i *)(p->bias + channel)));
  acc1 = _mm256_add_epi32(acc1, _mm256_loadu_si256((const __m256i *)(p->bias + channel + 8)));
  store_panel(p, acc0, acc1, channel, row * p->row_stride + channel, valid, residual, y);
}

int32_t octet_qdepthwise_avx2(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                              int64_t rows) {
  const octet_window *w = &p->window;
  uint8_t *padding = allocate_padding(p->columns, (uint8_t)p->padding);
  if (padding == NULL) {
    return OCTET_NO_MEMORY;
  }
  const uint8_t *taps[OCTET_MAX_TAPS];
  place at = place_of(w, first_row);
  for (int64_t row = first_row; row < first_row + rows; row++, advance(w, &at)) {
    find_taps(w, x, &at, padding, taps);
    if (p->columns < OCTET_PANEL) {
      block_of_channels(p, taps, 0, row, p->columns, residual, y);
      continue;
    }
    for (int64_t block = 0; block * OCTET_PANEL < p->columns; block++) {
      block_of_channels(p, taps, block, row, OCTET_PANEL, residual, y);
    }
  }
  free(padding);
  return OCTET_OK;
}
