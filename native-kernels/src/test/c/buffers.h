/* One call's input and both forms' outputs, for the tests of kernels without weights. */
#ifndef OCTET_BUFFERS_H
#define OCTET_BUFFERS_H

#include "cases.h"

/* Inputs, and outputs of both forms between guards, that end where their content ends. */
typedef struct {
  void *x;
  uint8_t *expected, *actual;
  int64_t bytes;
} buffers;

static inline buffers buffers_of(int64_t x_bytes, int64_t y_bytes) {
  buffers b = {aligned(x_bytes), aligned(y_bytes + GUARD), aligned(y_bytes + GUARD), y_bytes + GUARD};
  memset(b.expected, 0xA5, (size_t)b.bytes);
  memset(b.actual, 0xA5, (size_t)b.bytes);
  return b;
}

static inline int differ(const char *what, uint64_t seed, const buffers *b) {
  for (int64_t i = 0; i < b->bytes; i++) {
    if (b->expected[i] != b->actual[i]) {
      printf("%s seed %llu: byte %lld of y is %d, the generic twin's %d\n", what, (unsigned long long)seed, (long long)i,
             b->actual[i], b->expected[i]);
      return 1;
    }
  }
  return 0;
}

static inline int64_t zero_point_of(int64_t kind) { return kind == OCTET_U8 ? between(0, 255) : between(-128, 127); }

#endif
