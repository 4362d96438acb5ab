/*
 * Means under windows, written so that a compiler makes vectors of it: every form is this text, compiled for its set, and
 * gives the same bits.
 */
#define X_T float
#include "arguments.h"
#include "taps.h"

static inline void mean_of(const float *const *taps, int64_t count, int64_t channels, float divisor, float *y) {
  for (int64_t c = 0; c < channels; c++) {
    y[c] = 0;
  }
  for (int64_t tap = 0; tap < count; tap++) {
    const float *from = taps[tap];
    if (from != NULL) {
      for (int64_t c = 0; c < channels; c++) {
        y[c] += from[c];
      }
    }
  }
  for (int64_t c = 0; c < channels; c++) {
    y[c] /= divisor;
  }
}

static inline int32_t averagepool(const octet_window *w, const float *divisors, const float *x, float *y,
                                  int64_t first_row, int64_t rows) {
  REQUIRE(is_there(w, 8) && is_window(w, w->depth, first_row, rows) && is_depthwise(w, w->depth));
  REQUIRE(size_of(size_of(first_row + rows, w->depth), sizeof(float)) >= 0);
  REQUIRE(rows == 0 || w->depth == 0 || (is_there(divisors, 4) && is_there(x, 4) && is_there(y, 4)));
  if (rows == 0) {
    return OCTET_OK;
  }
  const float *taps[OCTET_MAX_TAPS];
  place at = place_of(w, first_row);
  for (int64_t row = first_row; row < first_row + rows; row++) {
    find_taps(w, x, &at, NULL, taps);
    mean_of(taps, w->kernel_height * w->kernel_width, w->depth, divisors[at.oy * w->out_width + at.ox],
            y + row * w->depth);
    advance(w, &at);
  }
  return OCTET_OK;
}
