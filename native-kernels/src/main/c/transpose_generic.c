/* The transpose of a matrix in plain C. */
#include "arguments.h"

enum { TILE = 16 };

#define COLUMNS_TO_ROWS(name, type)                                                                                    \
  static void name(const type *x, type *y, int64_t rows, int64_t columns, int64_t first, int64_t end) {                \
    for (int64_t r = 0; r < rows; r += TILE) {                                                                         \
      int64_t height = rows - r < TILE ? rows - r : TILE;                                                              \
      for (int64_t c = first; c < end; c++) {                                                                          \
        for (int64_t i = 0; i < height; i++) {                                                                         \
          y[c * rows + r + i] = x[(r + i) * columns + c];                                                              \
        }                                                                                                              \
      }                                                                                                                \
    }                                                                                                                  \
  }

COLUMNS_TO_ROWS(bytes, uint8_t)
COLUMNS_TO_ROWS(words, uint32_t)

int32_t octet_transpose_generic(const void *x, void *y, int64_t size, int64_t rows, int64_t columns, int64_t first,
                                int64_t count) {
  REQUIRE((size == 1 || size == 4) && size_of(size_of(rows, columns), size) >= 0 && is_range(first, count, columns));
  REQUIRE(rows == 0 || count == 0 || (is_there(x, (uintptr_t)size) && is_there(y, (uintptr_t)size)));
  switch (size) {
  case 1: bytes(x, y, rows, columns, first, first + count); return OCTET_OK;
  case 4: words(x, y, rows, columns, first, first + count); return OCTET_OK;
  default: return OCTET_BAD_ARGUMENT;
  }
}
