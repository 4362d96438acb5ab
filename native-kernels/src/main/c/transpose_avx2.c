/* The transpose of three planes of bytes, such as colours, with byte shuffles; other matrices as in plain C. */
#include <immintrin.h>

#include "arguments.h"

/* 16 bytes of 48 that hold three planes' bytes in turn: shuffle plane p's bytes to their places, 0 elsewhere. */
static inline __m128i third(__m128i a, __m128i b, __m128i c, const __m128i places[3]) {
  return _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(a, places[0]), _mm_shuffle_epi8(b, places[1])),
                      _mm_shuffle_epi8(c, places[2]));
}

static int64_t three_planes(const uint8_t *x, uint8_t *y, int64_t columns, int64_t first, int64_t end) {
  __m128i places[3][3];
  for (int part = 0; part < 3; part++) {
    for (int plane = 0; plane < 3; plane++) {
      int8_t order[16];
      for (int i = 0; i < 16; i++) {
        int at = part * 16 + i;
        order[i] = (int8_t)(at % 3 == plane ? at / 3 : -1);
      }
      places[part][plane] = _mm_loadu_si128((const __m128i *)order);
    }
  }
  int64_t c = first;
  for (; c + 16 <= end; c += 16) {
    __m128i p0 = _mm_loadu_si128((const __m128i *)(x + c));
    __m128i p1 = _mm_loadu_si128((const __m128i *)(x + columns + c));
    __m128i p2 = _mm_loadu_si128((const __m128i *)(x + 2 * columns + c));
    for (int part = 0; part < 3; part++) {
      _mm_storeu_si128((__m128i *)(y + 3 * c + 16 * part), third(p0, p1, p2, places[part]));
    }
  }
  return c;
}

int32_t octet_transpose_avx2(const void *x, void *y, int64_t size, int64_t rows, int64_t columns, int64_t first,
                             int64_t count) {
  REQUIRE(size_of(size_of(rows, columns), 4) >= 0 && is_range(first, count, columns));
  REQUIRE(rows == 0 || count == 0 || (x != NULL && y != NULL));
  int64_t end = first + count;
  int64_t done = size == 1 && rows == 3 ? three_planes(x, y, columns, first, end) : first;
  return octet_transpose_generic(x, y, size, rows, columns, done, end - done);
}
