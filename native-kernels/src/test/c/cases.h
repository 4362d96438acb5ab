/* What the tests of kernels share: seeded choices, memory that ends where its content ends, the loop over seeds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "octet_kernels.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

enum { CASES = 300, GUARD = 96 };

static uint64_t state;

static inline uint32_t next(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 33);
}

static inline int64_t between(int64_t low, int64_t high) { return low + (int64_t)(next() % (uint64_t)(high - low + 1)); }

/* Memory that ends `bytes` bytes after an address off any alignment; freed with the process. */
static inline uint8_t *exact(int64_t bytes) {
  int64_t shift = between(0, 3);
  uint8_t *memory = malloc((size_t)(bytes + shift));
  if (memory == NULL) {
    abort();
  }
  return memory + shift;
}

static inline void *aligned(int64_t bytes) {
  void *memory = aligned_alloc(64, (size_t)(bytes + 64) / 64 * 64);
  if (memory == NULL) {
    abort();
  }
  return memory;
}

/* What fills bytes: noise with extremes among it, or nothing but one extreme or alternating ones. */
static inline void fill(uint8_t *bytes, int64_t count, int64_t kind, int signed_bytes) {
  uint8_t low = signed_bytes ? 0x80 : 0, high = signed_bytes ? 0x7F : 0xFF;
  for (int64_t i = 0; i < count; i++) {
    switch (kind) {
    case 0: bytes[i] = high; break;
    case 1: bytes[i] = low; break;
    case 2: bytes[i] = next() % 2 ? low : high; break;
    case 3: bytes[i] = (uint8_t)((int)(next() % 31) - 15); break;
    default: bytes[i] = (uint8_t)next(); break;
    }
  }
}

/* Floats of all sizes, some of them special. */
static inline void fill_floats(float *x, int64_t count, float largest, int special) {
  for (int64_t i = 0; i < count; i++) {
    float value = ((float)next() / 2147483648.0f - 0.5f) * 2 * largest;
    uint32_t kind = next() % 64;
    x[i] = !special || kind > 5 ? value
           : kind == 0          ? __builtin_nanf("")
           : kind == 1          ? __builtin_inff()
           : kind == 2          ? -__builtin_inff()
           : kind == 3          ? -0.0f
           : kind == 4          ? 1e-42f
                                : value * 1e-6f;
  }
}

/* A window of any kernel, stride, dilation and padding over a small input. */
static inline octet_window random_window(int64_t *batch) {
  int plain = next() % 3 == 0;
  int64_t kh = plain ? 1 : between(1, 4), kw = plain ? 1 : between(1, 4);
  octet_window w = {.kernel_height = kh, .kernel_width = kw, .depth = next() % 4 ? between(1, 40) : between(1, 4)};
  if (next() % 3 == 0) { /* rows that some kernels read where they lie */
    w.depth = 4 * between(1, 12);
  }
  w.pixel_stride = w.depth + (next() % 4 ? 0 : between(1, 9));
  w.stride_y = plain && next() % 2 ? 1 : between(1, 2);
  w.stride_x = plain && next() % 2 ? 1 : between(1, 2);
  w.dilation_y = between(1, 2);
  w.dilation_x = between(1, 2);
  w.pad_y = plain ? 0 : between(0, kh);
  w.pad_x = plain ? 0 : between(0, kw);
  w.in_height = (kh - 1) * w.dilation_y + between(1, 9);
  w.in_width = (kw - 1) * w.dilation_x + between(1, 9);
  w.out_height = (w.in_height + 2 * w.pad_y - (kh - 1) * w.dilation_y - 1) / w.stride_y + 1;
  w.out_width = (w.in_width + 2 * w.pad_x - (kw - 1) * w.dilation_x - 1) / w.stride_x + 1;
  *batch = between(1, 2);
  return w;
}

static inline int run(const char *what, int (*one)(uint64_t)) {
  for (uint64_t seed = 1; seed <= CASES; seed++) {
    state = seed;
    if (one(seed)) {
      printf("%s: failed at seed %llu\n", what, (unsigned long long)seed);
      return 1;
    }
  }
  printf("%s: %d cases equal the generic twin\n", what, CASES);
  return 0;
}
