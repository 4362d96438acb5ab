// Half precision: conversions by bits, to the nearest, ties to even.
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "../simulator.h"

namespace octet_sim {

namespace {

constexpr unsigned short INFINITE = 0x7c00;
constexpr unsigned short QUIET_NAN = 0x7fff;
constexpr int FRACTION_BITS = 10;
constexpr int LEAST_EXPONENT = -14;

}  // namespace

unsigned short half_bits_of(double value) {
  if (value != value) {
    return QUIET_NAN;
  }
  const unsigned short sign = signbit(value) ? 0x8000 : 0;
  const double magnitude = fabs(value);
  if (magnitude == 0) {
    return sign;
  }
  if (magnitude > 65536) {
    return sign | INFINITE;
  }
  int exponent = 0;
  frexp(magnitude, &exponent);
  exponent--;  // magnitude = 1.f * 2^exponent
  const int shift = (exponent < LEAST_EXPONENT ? LEAST_EXPONENT : exponent) - FRACTION_BITS;
  // At most 2^11 (or 2^10 of the binade above the greatest): a carry into the exponent gives the next binade, or infinity, by itself.
  const unsigned steps = static_cast<unsigned>(rint(ldexp(magnitude, -shift)));
  const unsigned binade = static_cast<unsigned>(shift + FRACTION_BITS - LEAST_EXPONENT);
  return static_cast<unsigned short>(sign | ((binade << FRACTION_BITS) + steps));
}

float half_value(unsigned short bits) {
  const uint32_t sign = (bits & 0x8000u) << 16;
  const uint32_t rest = bits & 0x7fffu;
  uint32_t word;
  if (rest >= INFINITE) {
    word = sign | 0x7f800000u | (rest & 0x3ffu) << 13;
  } else if (rest >= 0x400) {
    word = sign | ((rest << 13) + ((127u - 15u) << 23));
  } else {
    const float small = static_cast<float>(rest) * 0x1p-24f;
    return sign != 0 ? -small : small;
  }
  float value;
  memcpy(&value, &word, sizeof value);
  return value;
}

// The product is exact in double; the sum is rounded to odd there, so that rounding it again to half rounds the exact sum.
unsigned short half_fma(unsigned short a, unsigned short b, unsigned short c) {
  const double product = static_cast<double>(half_value(a)) * static_cast<double>(half_value(b));
  const double addend = static_cast<double>(half_value(c));
  double sum = product + addend;
  if (sum - sum == 0) {
    const double part = sum - product;
    const double error = (product - (sum - part)) + (addend - part);
    uint64_t word;
    memcpy(&word, &sum, sizeof word);
    if (error != 0 && (word & 1) == 0) {
      word += (error > 0) == (sum > 0) ? 1 : static_cast<uint64_t>(-1);
      memcpy(&sum, &word, sizeof sum);
    }
  }
  return half_bits_of(sum);
}

}  // namespace octet_sim
