// Threads, warps, atomics and conversions compute what CUDA says they do.
#include <math.h>
#include <string.h>

#include <random>

#include "device.h"

namespace octet_test {

namespace {

constexpr int LANES = 32;

void test_places() {
  Device device;
  const Buffer<int> places(2 * 3 * 4 * 5 * 6 * 2);
  uintptr_t address = places.address();
  void* parameters[] = {&address};
  check_equal(0, cuLaunchKernel(device.function("note_places"), 2, 3, 4, 5, 6, 2, 0, nullptr, parameters, nullptr),
              "launch");
  const std::vector<int> found = places.read();
  for (int i = 0; i < static_cast<int>(found.size()); i++) {
    check_equal(i / 60 * 1000 + i % 60, found[static_cast<size_t>(i)], "place");
  }
}

void test_warps() {
  Device device;
  const Buffer<int> results(8 * LANES);
  check_equal(0, device.run("warp_operations", 1, LANES, 0, results.address()), "warp operations");
  const std::vector<int> found = results.read();
  for (int lane = 0; lane < LANES; lane++) {
    const int* mine = &found[static_cast<size_t>(8 * lane)];
    check_equal(25, mine[0], "shuffle from a lane");
    check_equal(lane < 3 ? lane : lane - 3, mine[1], "shuffle up");
    check_equal(lane % 8 < 4 ? lane + 4 : lane, mine[2], "shuffle down in eights");
    check_equal(lane ^ 16, mine[3], "shuffle xor");
    check_equal(0x49249249, mine[4], "ballot");
    check_equal(1, mine[5], "all and any");
    check_equal(lane < 16 ? 120 : 31, mine[6], "reductions of half warps");
    check_equal(lane / 4 * 4 + (lane + 1) % 4, mine[7], "shuffle in fours");
  }
}

void test_blocks() {
  Device device;
  const Buffer<int> results(96);
  check_equal(0, device.run("block_votes", 1, 96, 0, results.address()), "block votes");
  for (int found : results.read()) {
    check_equal(4810, found, "count, or, and");
  }
}

void test_atomics() {
  Device device;
  const Buffer<int> counters(std::vector<int>{0, 0, 0});
  const Buffer<float> sum(std::vector<float>{0.0f});
  const Buffer<unsigned long long> most(std::vector<unsigned long long>{0});
  check_equal(0, device.run("count_atomically", 64, 128, 0, counters.address(), sum.address(), most.address()),
              "atomics");
  const std::vector<int> found = counters.read();
  check_equal(64 * 128, found[0], "atomic sums");
  check_equal(-127, found[1], "atomic minimum");
  check(found[2] > 0, "compare and swap");
  check(sum.read()[0] == 64 * 128 * 0.5f, "atomic float sum");
  check_equal(63, static_cast<long long>(most.read()[0]), "atomic maximum of 64 bits");
}

// To whole numbers: round half to even, saturate, NaN to 0. To half: as the compiler's own type.
void test_conversions() {
  const unsigned seed = 20240;
  std::mt19937 random(seed);
  std::vector<float> values = {0.0f,   -0.0f,   0.5f,     1.5f,     2.5f,    3e9f,    -3e9f,       NAN,
                               65504.f, 65519.f, 65520.0f, 5.96e-8f, 2.98e-8f, 2.99e-8f, 6.0975e-5f, INFINITY};
  for (int i = 0; i < 20000; i++) {
    values.push_back(ldexpf(static_cast<float>(static_cast<int>(random() % 20001) - 10000), static_cast<int>(random() % 50) - 40));
  }
  Device device;
  const int count = static_cast<int>(values.size());
  const Buffer<float> x(values);
  const Buffer<int> whole(values.size());
  const Buffer<unsigned short> halves(values.size());
  check_equal(0, device.run("convert", 1, 64, 0, x.address(), whole.address(), halves.address(), count), "convert");
  const std::vector<int> whole_found = whole.read();
  const std::vector<unsigned short> halves_found = halves.read();
  for (size_t i = 0; i < values.size(); i++) {
    const double rounded = nearbyint(static_cast<double>(values[i]));
    const double saturated = fmin(fmax(rounded, -2147483648.0), 2147483647.0);
    check_equal(values[i] != values[i] ? 0 : static_cast<long long>(saturated), whole_found[i], "to int");
    const _Float16 expected = static_cast<_Float16>(values[i]);
    unsigned short bits;
    memcpy(&bits, &expected, sizeof bits);
    if (values[i] == values[i]) {
      check_equal(bits, halves_found[i], "to half, seed " + std::to_string(seed) + ", value " + std::to_string(values[i]));
    } else {
      check_equal(0x7fff, halves_found[i], "NaN to half");
    }
  }
}

void test_integers() {
  Device device;
  const Buffer<int> results(5);
  check_equal(0, device.run("integer_tricks", 1, 1, 0, results.address()), "integers");
  const std::vector<int> found = results.read();
  check_equal(-128 * 2 - 1 * 3 + 1 * 4 + 127 * 5 + 7, found[0], "signed dot product");
  check_equal(128 * 2 + 255 * 3 + 1 * 4 + 127 * 5 + 7, found[1], "unsigned dot product");
  check_equal(0x77112200, found[2], "byte permutation");
  check_equal(3104, found[3], "leading zeros and population");
  check_equal(16, found[4], "ties to even");
}

}  // namespace

void test_threads() {
  test_places();
  test_warps();
  test_blocks();
  test_atomics();
  test_conversions();
  test_integers();
  check(take_log().empty(), "threads: no violations");
}

}  // namespace octet_test
