/* The walk over the pixels of a pooling, common to all instruction sets. */
#include <math.h>

#define X_T uint8_t
#include "arguments.h"
#include "taps.h"

#define LARGER(type, a, b) ((a) > (b) ? (a) : (b))
#define LOWEST_uint8_t 0
#define LOWEST_int8_t INT8_MIN
#define LOWEST_float (-INFINITY)

/* How a set finds the largest value of each channel. */
typedef struct {
  int64_t size; /* of a value */
  /* Over `count` taps, at least one. */
  void (*any)(const uint8_t *const *taps, int64_t count, int64_t channels, uint8_t *y);
  /*
   * Over `count` windows of a line that lie inside the input; the window counts bytes and the first one begins at `from`.
   * Returns 0 if it leaves the work to `any`; may be NULL.
   */
  int (*whole)(const octet_window *bytes, const uint8_t *from, int64_t count, uint8_t *y);
} largest;

/* How many windows from a place on to the end of its line lie inside the input. */
static inline int64_t whole_windows(const octet_window *w, const place *at) {
  int64_t iy = at->oy * w->stride_y - w->pad_y, ix = at->ox * w->stride_x - w->pad_x;
  int64_t last_y = iy + (w->kernel_height - 1) * w->dilation_y, last_x = ix + (w->kernel_width - 1) * w->dilation_x;
  int inside = iy >= 0 && ix >= 0 && last_y < w->in_height && last_x < w->in_width;
  return inside ? smaller(w->out_width - at->ox, (w->in_width - 1 - last_x) / w->stride_x + 1) : 0;
}

static inline const uint8_t *first_position(const octet_window *w, const uint8_t *x, const place *at) {
  int64_t iy = at->oy * w->stride_y - w->pad_y, ix = at->ox * w->stride_x - w->pad_x;
  return x + ((at->image * w->in_height + iy) * w->in_width + ix) * w->pixel_stride;
}

/* Writes one position of y; 0 if its window is wholly in padding. */
static int maxpool_at(const octet_window *w, largest reduce, const uint8_t *x, const place *at, uint8_t *y) {
  const uint8_t *taps[OCTET_MAX_TAPS];
  find_taps(w, x, at, NULL, taps);
  int64_t inside = 0;
  for (int64_t tap = 0; tap < w->kernel_height * w->kernel_width; tap++) {
    if (taps[tap] != NULL) {
      taps[inside++] = taps[tap];
    }
  }
  if (inside > 0) {
    reduce.any(taps, inside, w->depth, y);
  }
  return inside > 0;
}

static inline int32_t maxpool(const octet_window *elements, largest reduce, const void *x, void *y, int64_t first_row,
                              int64_t rows) {
  int64_t size = reduce.size;
  REQUIRE(is_there(elements, 8) && is_window(elements, elements->depth, first_row, rows) &&
          is_depthwise(elements, elements->depth));
  REQUIRE(size_of(size_of(first_row + rows, elements->depth), size) >= 0);
  REQUIRE(rows == 0 || elements->depth == 0 || (is_there(x, (uintptr_t)size) && is_there(y, (uintptr_t)size)));
  if (rows == 0) {
    return OCTET_OK;
  }
  octet_window w = *elements;
  w.pixel_stride *= size; /* the walk counts bytes */
  for (int64_t row = first_row, end = first_row + rows; row < end;) {
    place at = place_of(&w, row);
    uint8_t *to = (uint8_t *)y + row * w.depth * size;
    int64_t count = reduce.whole == NULL ? 0 : smaller(end - row, whole_windows(&w, &at));
    if (count > 0 && reduce.whole(&w, first_position(&w, x, &at), count, to)) {
      row += count;
      continue;
    }
    if (!maxpool_at(&w, reduce, x, &at, to)) {
      return OCTET_BAD_ARGUMENT;
    }
    row++;
  }
  return OCTET_OK;
}
