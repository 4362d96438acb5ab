/*
 * Peak rates of the arithmetic units, plain C: sixteen independent sums that stay in registers. The barrier keeps the
 * compiler from computing a round once.
 */
#include "arguments.h"

enum { LANES = 16 };

int32_t octet_peak_int8_generic(int64_t rounds, int64_t *operations) {
  REQUIRE(size_of(rounds, 4096) >= 0 && is_there(operations, 8));
  int8_t x[LANES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  int8_t w[LANES] = {1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1};
  int32_t sums[LANES] = {0};
  __asm__ volatile("" : : "r"(x), "r"(w) : "memory");
  for (int64_t i = 0; i < rounds; i++) {
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] += (int32_t)x[lane] * w[lane];
    }
    __asm__ volatile("" : : "r"(x), "r"(w) : "memory");
  }
  __asm__ volatile("" : : "r"(sums) : "memory");
  *operations = 2 * LANES * rounds;
  return OCTET_OK;
}

int32_t octet_peak_fp32_generic(int64_t rounds, int64_t *operations) {
  REQUIRE(size_of(rounds, 4096) >= 0 && is_there(operations, 8));
  float x[LANES], sums[LANES] = {0};
  for (int lane = 0; lane < LANES; lane++) {
    x[lane] = (float)lane;
  }
  for (int64_t i = 0; i < rounds; i++) {
    __asm__ volatile("" : : "r"(x) : "memory");
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] = sums[lane] * 0.5f + x[lane];
    }
  }
  __asm__ volatile("" : : "r"(sums) : "memory");
  *operations = 2 * LANES * rounds;
  return OCTET_OK;
}
