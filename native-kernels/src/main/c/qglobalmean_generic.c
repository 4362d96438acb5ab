/* Means of 8-bit integers over all positions in plain C. */
#include "qglobalmean.h"

int32_t octet_qglobalmean_generic(const octet_qglobalmean *m, const void *x, void *y, int64_t first, int64_t count) {
  REQUIRE(is_qglobalmean(m, first, count) && (count == 0 || (x != NULL && y != NULL)));
  for (int64_t c = first; c < first + count; c++) {
    int32_t sum = 0;
    for (int64_t i = 0; i < m->pixels; i++) {
      int64_t at = i * m->channels + c;
      sum += m->x_kind == OCTET_S8 ? ((const int8_t *)x)[at] : ((const uint8_t *)x)[at];
    }
    store_mean(m, sum - (int32_t)(m->pixels * m->x_zero_point), (uint8_t *)y + c);
  }
  return OCTET_OK;
}
