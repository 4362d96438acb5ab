/* Packs the right operand of a float product: [columns / 16][k][16 columns], zeros in the columns that round up. */
#include "arguments.h"

static int64_t fgemm_packed_bytes(int64_t columns, int64_t taps, int64_t depth) {
  return is_weight_shape(columns, taps, depth)
             ? round_up(columns, OCTET_PANEL) * taps * depth * (int64_t)sizeof(float)
             : -1;
}

static int32_t fgemm_pack(const octet_weights *w, void *packed) {
  REQUIRE(is_weights(w, w == NULL ? NULL : w->data, 4));
  if (size_of(w->columns, size_of(w->taps, w->depth)) == 0) {
    return OCTET_OK;
  }
  REQUIRE(is_there(packed, 4));
  float *to = packed;
  memset(packed, 0, (size_t)fgemm_packed_bytes(w->columns, w->taps, w->depth));
  for (int64_t first = 0; first < w->columns; first += OCTET_PANEL) {
    int64_t valid = smaller(OCTET_PANEL, w->columns - first);
    const float *source = (const float *)w->data + first * w->col_stride;
    for (int64_t tap = 0; tap < w->taps; tap++) {
      for (int64_t channel = 0; channel < w->depth; channel++, to += OCTET_PANEL) {
        const float *from = source + tap * w->tap_stride + channel * w->channel_stride;
        for (int64_t col = 0; col < valid; col++) {
          to[col] = from[col * w->col_stride];
        }
      }
    }
  }
  return OCTET_OK;
}

/* Defines octet_fgemm_unpacked_<isa> from the other functions of that set. */
#define FGEMM_UNPACKED(isa)                                                                                            \
  int32_t octet_fgemm_unpacked_##isa(const octet_fproduct *p, const octet_weights *w, const void *weights,             \
                                     const void *x, const void *residual, void *y, int64_t rows) {                     \
    REQUIRE(is_fproduct_form(p, p == NULL ? 0 : p->window.depth, x, residual, y, 0, rows) &&                           \
            is_weights(w, weights, 4) && is_same_shape(w, &p->window, p->columns));                                    \
    float *packed = aligned_alloc(                                                                                     \
        64, (size_t)(fgemm_packed_bytes(w->columns, w->taps, w->depth) + 64) / 64 * 64);                               \
    if (packed == NULL) {                                                                                              \
      return OCTET_NO_MEMORY;                                                                                          \
    }                                                                                                                  \
    octet_weights there = *w;                                                                                          \
    there.data = weights;                                                                                              \
    octet_fproduct product = *p;                                                                                       \
    product.packed = packed;                                                                                           \
    int32_t status = octet_fgemm_pack_##isa(&there, packed);                                                           \
    if (status == OCTET_OK) {                                                                                          \
      int64_t panels = round_up(w->columns, OCTET_PANEL) / OCTET_PANEL;                                                \
      status = octet_fgemm_##isa(&product, x, residual, y, 0, rows, 0, panels);                                        \
    }                                                                                                                  \
    free(packed);                                                                                                      \
    return status;                                                                                                     \
  }
