/* The largest value under each window in plain C, channels innermost. */
#include "maxpool.h"

/* A NaN is never greater, so it is passed over. */
#define LARGEST(name, type)                                                                                            \
  static void name(const uint8_t *const *taps, int64_t count, int64_t channels, uint8_t *y) {                          \
    const type *first = (const type *)taps[0];                                                                         \
    type *out = (type *)y;                                                                                             \
    for (int64_t c = 0; c < channels; c++) {                                                                           \
      out[c] = LARGER(type, first[c], LOWEST_##type);                                                                  \
    }                                                                                                                  \
    for (int64_t tap = 1; tap < count; tap++) {                                                                        \
      const type *in = (const type *)taps[tap];                                                                        \
      for (int64_t c = 0; c < channels; c++) {                                                                         \
        out[c] = LARGER(type, in[c], out[c]);                                                                          \
      }                                                                                                                \
    }                                                                                                                  \
  }

LARGEST(largest_u8, uint8_t)
LARGEST(largest_s8, int8_t)
LARGEST(largest_f32, float)

int32_t octet_maxpool_generic(const octet_window *w, int64_t kind, const void *x, void *y, int64_t first_row,
                              int64_t rows) {
  switch (kind) {
  case OCTET_U8: return maxpool(w, (largest){1, largest_u8, NULL}, x, y, first_row, rows);
  case OCTET_S8: return maxpool(w, (largest){1, largest_s8, NULL}, x, y, first_row, rows);
  case OCTET_F32: return maxpool(w, (largest){sizeof(float), largest_f32, NULL}, x, y, first_row, rows);
  default: return OCTET_BAD_ARGUMENT;
  }
}
