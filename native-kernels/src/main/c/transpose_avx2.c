/* The transpose of three planes of bytes, such as colours, with byte shuffles; other matrices as in plain C. */
#include "arguments.h"
#include "colours_avx2.h"

static int64_t three_planes(const uint8_t *x, uint8_t *y, int64_t columns, int64_t first, int64_t end) {
  triples t = triples_of();
  int64_t c = first;
  for (; c + 16 <= end; c += 16) {
    __m128i p0 = _mm_loadu_si128((const __m128i *)(x + c));
    __m128i p1 = _mm_loadu_si128((const __m128i *)(x + columns + c));
    __m128i p2 = _mm_loadu_si128((const __m128i *)(x + 2 * columns + c));
    store_triples(&t, p0, p1, p2, y + 3 * c);
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
