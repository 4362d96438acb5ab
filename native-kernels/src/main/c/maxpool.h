/* The walk over the pixels of a pooling, common to all instruction sets. */
#include <math.h>

#define X_T uint8_t
#include "arguments.h"
#include "taps.h"

#define LARGER(type, a, b) ((a) > (b) ? (a) : (b))
#define LOWEST_uint8_t 0
#define LOWEST_int8_t INT8_MIN
#define LOWEST_float (-INFINITY)

/* Writes the largest value of each channel over `count` taps, at least one. */
typedef void (*largest)(const uint8_t *const *taps, int64_t count, int64_t channels, uint8_t *y);

static inline int32_t maxpool(const octet_window *elements, int64_t size, largest reduce, const void *x, void *y,
                              int64_t first_row, int64_t rows) {
  REQUIRE(is_there(elements, 8) && is_window(elements, elements->depth, first_row, rows) &&
          is_depthwise(elements, elements->depth));
  REQUIRE(size_of(size_of(first_row + rows, elements->depth), size) >= 0);
  REQUIRE(rows == 0 || elements->depth == 0 || (is_there(x, (uintptr_t)size) && is_there(y, (uintptr_t)size)));
  if (rows == 0) {
    return OCTET_OK;
  }
  octet_window w = *elements;
  w.pixel_stride *= size; /* the walk counts bytes */
  int64_t count = w.kernel_height * w.kernel_width;
  place at = place_of(&w, first_row);
  for (int64_t row = first_row; row < first_row + rows; row++, advance(&w, &at)) {
    const uint8_t *taps[OCTET_MAX_TAPS];
    find_taps(&w, x, &at, NULL, taps);
    int64_t inside = 0;
    for (int64_t tap = 0; tap < count; tap++) {
      if (taps[tap] != NULL) {
        taps[inside++] = taps[tap];
      }
    }
    if (inside == 0) {
      return OCTET_BAD_ARGUMENT;
    }
    reduce(taps, inside, w.depth, (uint8_t *)y + row * w.depth * size);
  }
  return OCTET_OK;
}
