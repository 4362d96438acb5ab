/* Integer sums and products in plain C. */
#include "qbinary.h"

int32_t octet_qbinary_generic(const octet_qbinary *q, const void *a, const void *b, void *y, int64_t first_row,
                              int64_t rows, int64_t first, int64_t count) {
  return qbinary_rows(q, a, b, y, first_row, rows, first, count, row_scalar);
}
