/* GELU in plain C. */
#include "arguments.h"
#include "fgrid_generic.h"

int32_t octet_fgelu_generic(const float *x, const octet_grid *to, void *y, int64_t count) {
  REQUIRE(is_grid(to) && count >= 0 && count < SIZE_LIMIT);
  REQUIRE(count == 0 || (is_there(x, 4) && is_there(y, (uintptr_t)kind_bytes(to->kind))));
  for (int64_t i = 0; i < count; i++) {
    float half = x[i] * 0.5f;
    store_kind(to, y, i, half + half * erff(x[i] * 0.70710678f));
  }
  return OCTET_OK;
}
