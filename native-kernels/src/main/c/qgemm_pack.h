/*
 * Packs the right operand of an integer product; K_GROUP is the number of k that one lane of the multiply takes.
 * x_shift: what the kernel adds to a signed x to make it unsigned.
 */
#include "arguments.h"

/* Elements of k of a panel, each kernel line rounded up to whole groups: at least this many, for any number of lines. */
static inline int64_t packed_depth(int64_t lines, int64_t line) { return lines * round_up(line, K_GROUP); }

/* For the largest number of lines that the taps can have. */
static int64_t qgemm_packed_bytes(int64_t columns, int64_t taps, int64_t depth) {
  return is_weight_shape(columns, taps, depth) ? round_up(columns, OCTET_PANEL) * packed_depth(taps, depth) : -1;
}

/* A whole panel of a matrix whose rows are contiguous: each group interleaves K_GROUP rows. */
static void qgemm_pack_rows(const octet_weights *w, const int8_t *source, int8_t *packed, int32_t *sums) {
  int64_t k = 0;
  for (; k + K_GROUP <= w->depth; k += K_GROUP, packed += OCTET_PANEL * K_GROUP) {
    const int8_t *from = source + k * w->channel_stride;
    for (int col = 0; col < OCTET_PANEL; col++) {
      for (int row = 0; row < K_GROUP; row++) {
        packed[col * K_GROUP + row] = from[row * w->channel_stride + col];
      }
    }
  }
  for (int64_t row = 0; k + row < w->depth; row++) {
    for (int col = 0; col < OCTET_PANEL; col++) {
      packed[col * K_GROUP + row] = source[(k + row) * w->channel_stride + col];
    }
  }
  for (int64_t row = 0; row < w->depth; row++) {
    for (int col = 0; col < OCTET_PANEL; col++) {
      sums[col] += source[row * w->channel_stride + col];
    }
  }
}

/* A whole panel of a matrix whose columns are contiguous: each group is K_GROUP bytes of each column. */
static void qgemm_pack_columns(const octet_weights *w, const int8_t *source, int8_t *packed, int32_t *sums) {
  for (int64_t col = 0; col < OCTET_PANEL; col++) {
    const int8_t *from = source + col * w->col_stride;
    int64_t k = 0;
    for (; k + K_GROUP <= w->depth; k += K_GROUP) {
      memcpy(packed + k * OCTET_PANEL + col * K_GROUP, from + k, K_GROUP);
    }
    memcpy(packed + k * OCTET_PANEL + col * K_GROUP, from + k, (size_t)(w->depth - k));
    int32_t sum = 0;
    for (int64_t i = 0; i < w->depth; i++) {
      sum += from[i];
    }
    sums[col] = sum;
  }
}

static void qgemm_pack_panel(const octet_weights *w, int64_t first, int8_t *packed, int32_t *sums) {
  int64_t valid = smaller(OCTET_PANEL, w->columns - first);
  const int8_t *source = (const int8_t *)w->data + first * w->col_stride;
  if (valid == OCTET_PANEL && w->taps == 1 && w->col_stride == 1) {
    qgemm_pack_rows(w, source, packed, sums);
    return;
  }
  if (valid == OCTET_PANEL && w->taps == 1 && w->channel_stride == 1) {
    qgemm_pack_columns(w, source, packed, sums);
    return;
  }
  int64_t across = w->taps / w->lines;
  int64_t k = 0;
  for (int64_t tap = 0; tap < w->taps; tap++) {
    k = tap % across == 0 ? round_up(k, K_GROUP) : k;
    for (int64_t channel = 0; channel < w->depth; channel++, k++) {
      const int8_t *from = source + tap * w->tap_stride + channel * w->channel_stride;
      int8_t *to = packed + k / K_GROUP * OCTET_PANEL * K_GROUP + k % K_GROUP;
      for (int64_t col = 0; col < valid; col++) {
        int8_t value = from[col * w->col_stride];
        to[col * K_GROUP] = value;
        sums[col] += value;
      }
    }
  }
}

static int32_t qgemm_pack(const octet_weights *w, const int32_t *given_bias, int32_t x_zero_point, void *packed,
                          int32_t *bias) {
  REQUIRE(is_weights(w, w == NULL ? NULL : w->data, 1));
  REQUIRE(w->columns == 0 || (packed != NULL && is_there(bias, 4) && (uintptr_t)given_bias % 4 == 0));
  int64_t panel_bytes = OCTET_PANEL * packed_depth(w->lines, w->taps / w->lines * w->depth);
  memset(packed, 0, (size_t)qgemm_packed_bytes(w->columns, w->taps, w->depth));
  for (int64_t first = 0; first < w->columns; first += OCTET_PANEL) {
    int32_t sums[OCTET_PANEL] = {0};
    qgemm_pack_panel(w, first, (int8_t *)packed + first / OCTET_PANEL * panel_bytes, sums);
    for (int64_t i = 0; i < OCTET_PANEL; i++) {
      int32_t given = given_bias != NULL && first + i < w->columns ? given_bias[first + i] : 0;
      bias[first + i] = given - x_zero_point * sums[i];
    }
  }
  return OCTET_OK;
}

/* Defines octet_qgemm_unpacked_<isa> from the other functions of that set. */
#define QGEMM_UNPACKED(isa)                                                                                            \
  QGEMM_UNPACKED_BY(isa, octet_qgemm_packed_bytes_##isa, octet_qgemm_pack_##isa, octet_qgemm_##isa)

/* The same from three functions of these forms. */
#define QGEMM_UNPACKED_BY(isa, packed_bytes_of, pack, multiply)                                                        \
  int32_t octet_qgemm_unpacked_##isa(const octet_qproduct *p, const octet_weights *w, const void *weights,             \
                                     const int32_t *given_bias, const void *x, const void *residual, void *y,          \
                                     int64_t rows) {                                                                   \
    REQUIRE(is_qproduct_form(p, p == NULL ? 0 : p->window.depth, x, residual, y, 0, rows) &&                           \
            is_weights(w, weights, 1) && is_same_shape(w, &p->window, p->columns) &&                                   \
            (uintptr_t)given_bias % 4 == 0);                                                                           \
    int64_t columns = round_up(w->columns, OCTET_PANEL);                                                               \
    int64_t packed_bytes = round_up(packed_bytes_of(w->columns, w->taps, w->depth), 64);                               \
    int8_t *packed = aligned_alloc(64, (size_t)(packed_bytes + columns * (int64_t)sizeof(int32_t) + 64) / 64 * 64);    \
    if (packed == NULL) {                                                                                              \
      return OCTET_NO_MEMORY;                                                                                          \
    }                                                                                                                  \
    int32_t *bias = (int32_t *)(void *)(packed + packed_bytes);                                                        \
    octet_weights there = *w;                                                                                          \
    there.data = weights;                                                                                              \
    octet_qproduct product = *p;                                                                                       \
    product.packed = packed;                                                                                           \
    product.bias = bias;                                                                                               \
    int32_t status = pack(&there, given_bias, p->x_kind, p->padding, packed, bias);                                    \
    if (status == OCTET_OK) {                                                                                          \
      status = multiply(&product, x, residual, y, 0, rows, 0, columns / OCTET_PANEL);                                  \
    }                                                                                                                  \
    free(packed);                                                                                                      \
    return status;                                                                                                     \
  }
