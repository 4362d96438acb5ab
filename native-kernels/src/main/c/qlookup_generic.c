/* Bytes through a table in plain C. */
#include "arguments.h"

int32_t octet_qlookup_generic(const void *table, const void *x, void *y, int64_t count) {
  REQUIRE(count >= 0 && count < SIZE_LIMIT && table != NULL && (count == 0 || (x != NULL && y != NULL)));
  const uint8_t *entries = table, *from = x;
  uint8_t *to = y;
  for (int64_t i = 0; i < count; i++) {
    to[i] = entries[from[i]];
  }
  return OCTET_OK;
}
