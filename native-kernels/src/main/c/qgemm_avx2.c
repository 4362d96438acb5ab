/*
 * Integer product with AVX2, exact: rows are copied as 16-bit and a panel holds pairs of k, so that vpmaddwd multiplies
 * and adds two products of at most 255 * 128 each without overflow. Where a row is one run of k, as in 1x1 convolutions
 * and matrices, qgemm_bytes_avx2.h does better.
 */
#define X_T uint8_t
#define A_T int16_t
#define K_GROUP 2
#include <immintrin.h>

#include "arguments.h"
#include "blocks.h"
#include "madd_avx2.h"
#include "qgemm_pack.h"
#include "requantize_avx2.h"

static inline __m256i widen(__m128i bytes, int64_t x_kind) {
  return x_kind == OCTET_S8 ? _mm256_cvtepi8_epi16(bytes) : _mm256_cvtepu8_epi16(bytes);
}

/* Whole vectors, the last one overlapping its neighbour; short spans element by element. */
static void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind) {
  if (count < 8) {
    for (int64_t i = 0; i < count; i++) {
      to[i] = x_kind == OCTET_S8 ? (int8_t)from[i] : from[i];
    }
    return;
  }
  if (count < 16) {
    __m128i head = _mm_loadl_epi64((const __m128i *)from);
    __m128i tail = _mm_loadl_epi64((const __m128i *)(from + count - 8));
    _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(widen(head, x_kind)));
    _mm_storeu_si128((__m128i *)(to + count - 8), _mm256_castsi256_si128(widen(tail, x_kind)));
    return;
  }
  for (int64_t i = 0; i < count - 16; i += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(from + i));
    _mm256_storeu_si256((__m256i *)(to + i), widen(bytes, x_kind));
  }
  __m128i last = _mm_loadu_si128((const __m128i *)(from + count - 16));
  _mm256_storeu_si256((__m256i *)(to + count - 16), widen(last, x_kind));
}

static inline __m256i load_columns(const int8_t *b) { return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)b)); }

#include "qgemm_256.h"
#include "qgemm_bytes_avx2.h"

static void multiply_block(const block *b, const void *product) {
  const output *out = product;
  if (out->bytes != NULL) {
    multiply_bytes_panels(b, out);
  } else {
    multiply_panels(b, out);
  }
}

int64_t octet_qgemm_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  if (is_weight_shape(columns, taps, depth) && is_for_bytes(taps, depth)) {
    return round_up(columns, OCTET_PANEL) / OCTET_PANEL * bytes_panel_bytes(depth);
  }
  return qgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_qgemm_pack_avx2(const octet_weights *w, const int32_t *given_bias, int64_t x_kind, int64_t x_zero_point,
                              void *packed, int32_t *bias) {
  REQUIRE(is_of_kind(x_kind, x_zero_point));
  if (is_there(w, 8) && is_for_bytes(w->taps, w->depth)) {
    return pack_bytes(w, given_bias, (int32_t)x_zero_point, x_kind == OCTET_S8 ? 128 : 0, packed, bias);
  }
  return qgemm_pack(w, given_bias, (int32_t)x_zero_point, packed, bias);
}

int32_t octet_qgemm_avx2(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                         int64_t rows, int64_t first_panel, int64_t panels) {
  REQUIRE(is_qproduct(p, p == NULL ? 0 : p->window.depth, x, residual, y, first_row, rows) &&
          is_product_weights(&p->window, p->columns) && is_panels(p->columns, first_panel, panels));
  call c = {&p->window, x, p->x_kind, (A_T)p->padding, 0, first_panel, panels, NULL};
  int64_t depth = p->window.depth;
  if (!is_for_bytes(window_taps(&p->window), depth)) {
    return qgemm(p, c, residual, y, first_row, rows, NULL);
  }
  int64_t block_bytes = smaller(block_rows(rows, depth * (int64_t)sizeof(A_T), TILE), MOST_ROWS) * depth;
  uint8_t *bytes = aligned_alloc(64, (size_t)round_up(block_bytes + 64, 64));
  if (bytes == NULL) {
    return OCTET_NO_MEMORY;
  }
  int32_t status = qgemm(p, c, residual, y, first_row, rows, bytes);
  free(bytes);
  return status;
}

/* Bytes take longer to pack than a product that is used once gains by them. */
static int32_t pack_pairs(const octet_weights *w, const int32_t *given_bias, int64_t x_kind, int64_t x_zero_point,
                          void *packed, int32_t *bias) {
  REQUIRE(is_of_kind(x_kind, x_zero_point));
  return qgemm_pack(w, given_bias, (int32_t)x_zero_point, packed, bias);
}

static int32_t multiply_pairs(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                              int64_t rows, int64_t first_panel, int64_t panels) {
  call c = {&p->window, x, p->x_kind, (A_T)p->padding, 0, first_panel, panels, NULL};
  return qgemm(p, c, residual, y, first_row, rows, NULL);
}

QGEMM_UNPACKED_BY(avx2, qgemm_packed_bytes, pack_pairs, multiply_pairs)
