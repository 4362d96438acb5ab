/*
 * Integer product with AVX-VNNI: vpdpbusd on 256-bit registers multiplies unsigned by signed bytes and adds four products
 * without saturating.
 */
#define X_T uint8_t
#define A_T uint8_t
#define K_GROUP 4
#include <immintrin.h>

#include "arguments.h"
#include "blocks.h"
#include "flip.h"
#include "qgemm_pack.h"
#include "requantize_avx2.h"

static inline __m256i load_columns(const int8_t *b) { return _mm256_loadu_si256((const __m256i *)b); }

static inline __m256i broadcast(const uint8_t *group) {
  int32_t four;
  memcpy(&four, group, sizeof(four));
  return _mm256_set1_epi32(four);
}

__attribute__((always_inline)) static inline void multiply_add(__m256i *acc0, __m256i *acc1, const uint8_t *group,
                                                               __m256i b0, __m256i b1) {
  __m256i x = broadcast(group);
  *acc0 = _mm256_dpbusd_avx_epi32(*acc0, x, b0);
  *acc1 = _mm256_dpbusd_avx_epi32(*acc1, x, b1);
}

__attribute__((always_inline)) static inline void multiply_add_half(__m256i *acc, const uint8_t *group, __m256i b) {
  *acc = _mm256_dpbusd_avx_epi32(*acc, broadcast(group), b);
}

#include "qgemm_256.h"

static void multiply_block(const block *b, const void *product) { multiply_panels(b, product); }

int64_t octet_qgemm_packed_bytes_avxvnni(int64_t columns, int64_t taps, int64_t depth) {
  return qgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_qgemm_pack_avxvnni(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,
                                 int64_t x_zero_point, void *packed, int32_t *bias) {
  REQUIRE(is_of_kind(x_kind, x_zero_point));
  return qgemm_pack(w, given_bias, (int32_t)x_zero_point + flip_shift(x_kind), packed, bias);
}

int32_t octet_qgemm_avxvnni(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                            int64_t rows, int64_t first_panel, int64_t panels) {
  REQUIRE(is_qproduct(p, p == NULL ? 0 : p->window.depth, x, residual, y, first_row, rows) &&
          is_product_weights(&p->window, p->columns) && is_panels(p->columns, first_panel, panels));
  call c = {&p->window, x, p->x_kind, flipped_padding(p), is_readable_in_place(p), first_panel, panels, NULL};
  return qgemm(p, c, residual, y, first_row, rows, NULL);
}

QGEMM_UNPACKED(avxvnni)
