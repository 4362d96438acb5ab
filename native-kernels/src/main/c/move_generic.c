/*
 * Strided moves in plain C: short runs are copied with a few loads and stores of fixed size, which overlap where the run is
 * no multiple of one; long runs by memcpy; a repeated element is stored in a loop that the compiler vectorizes.
 */
#include <string.h>

#include "arguments.h"

/* From here on a call of memcpy costs less than the loop it saves. */
#define LONG_RUN 128

static int is_move(const octet_move *m, int64_t first, int64_t count) {
  if (!is_there(m, 8) || m->run < 1 || m->run >= SIZE_LIMIT || m->axes < 0 || m->axes > OCTET_MAX_AXES) {
    return 0;
  }
  int64_t total = 1;
  for (int64_t i = 0; i < m->axes; i++) {
    int64_t back = m->from_stride[i] < 0 ? -1 : 1;
    if (m->from_stride[i] <= -SIZE_LIMIT || size_of(m->extent[i], back * m->from_stride[i]) < 0 ||
        size_of(m->extent[i], m->to_stride[i]) < 0) {
      return 0;
    }
    total = size_of(total, m->extent[i]);
  }
  return total >= 0 && is_range(first, count, total) && m->from >= 0 && m->from < SIZE_LIMIT && m->to >= 0 &&
         m->to < SIZE_LIMIT;
}

static inline void copy_short(const uint8_t *x, uint8_t *y, int64_t run) {
  if (run >= 16) {
    for (int64_t i = 0; i + 16 <= run; i += 16) {
      memcpy(y + i, x + i, 16);
    }
    memcpy(y + run - 16, x + run - 16, 16);
  } else if (run >= 8) {
    memcpy(y, x, 8);
    memcpy(y + run - 8, x + run - 8, 8);
  } else if (run >= 4) {
    memcpy(y, x, 4);
    memcpy(y + run - 4, x + run - 4, 4);
  } else {
    for (int64_t i = 0; i < run; i++) {
      y[i] = x[i];
    }
  }
}

#define COPY_EACH(size)                                                                                                \
  case size:                                                                                                           \
    for (int64_t i = 0; i < count; i++) {                                                                              \
      memcpy(y + i * to_stride, x + i * from_stride, size);                                                            \
    }                                                                                                                  \
    return

static void copy_runs(const uint8_t *x, int64_t from_stride, uint8_t *y, int64_t to_stride, int64_t run,
                      int64_t count) {
  switch (run) {
    COPY_EACH(1);
    COPY_EACH(2);
    COPY_EACH(4);
    COPY_EACH(8);
    COPY_EACH(16);
    COPY_EACH(32);
    COPY_EACH(64);
  default:
    for (int64_t i = 0; i < count; i++) {
      if (run < LONG_RUN) {
        copy_short(x + i * from_stride, y + i * to_stride, run);
      } else {
        memcpy(y + i * to_stride, x + i * from_stride, (size_t)run);
      }
    }
  }
}

/* One element stored again and again, next to each other. */
static void repeat(const uint8_t *x, uint8_t *y, int64_t size, int64_t count) {
  uint32_t word;
  switch (size) {
  case 1: memset(y, *x, (size_t)count); return;
  case 4:
    memcpy(&word, x, 4);
    for (int64_t i = 0; i < count; i++) {
      memcpy(y + 4 * i, &word, 4);
    }
    return;
  default: copy_runs(x, 0, y, size, size, count);
  }
}

int32_t octet_move_generic(const octet_move *m, const void *x, void *y, int64_t first, int64_t count) {
  REQUIRE(is_move(m, first, count) && (count == 0 || (x != NULL && y != NULL)));
  int64_t at[OCTET_MAX_AXES] = {0};
  int64_t from = m->from, to = m->to, rest = first;
  for (int64_t i = m->axes - 1; i >= 0; i--) {
    at[i] = rest % m->extent[i];
    rest /= m->extent[i];
    from += at[i] * m->from_stride[i];
    to += at[i] * m->to_stride[i];
  }
  int64_t last = m->axes - 1;
  int64_t extent = m->axes > 0 ? m->extent[last] : 1;
  int64_t from_stride = m->axes > 0 ? m->from_stride[last] : 0, to_stride = m->axes > 0 ? m->to_stride[last] : 0;
  int64_t index = m->axes > 0 ? at[last] : 0;
  for (int64_t left = count; left > 0;) {
    int64_t runs = extent - index < left ? extent - index : left;
    const uint8_t *source = (const uint8_t *)x + from;
    uint8_t *target = (uint8_t *)y + to;
    if (from_stride == 0 && to_stride == m->run) {
      repeat(source, target, m->run, runs);
    } else {
      copy_runs(source, from_stride, target, to_stride, m->run, runs);
    }
    left -= runs;
    from -= index * from_stride;
    to -= index * to_stride;
    index = 0;
    for (int64_t i = last - 1; i >= 0; i--) {
      from += m->from_stride[i];
      to += m->to_stride[i];
      if (++at[i] < m->extent[i]) {
        break;
      }
      from -= m->extent[i] * m->from_stride[i];
      to -= m->extent[i] * m->to_stride[i];
      at[i] = 0;
    }
  }
  return OCTET_OK;
}
