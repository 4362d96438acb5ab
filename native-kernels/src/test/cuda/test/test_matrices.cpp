// Matrix instructions against plain loops.
#include <string.h>

#include <random>

#include "device.h"

namespace octet_test {

namespace {

constexpr unsigned SEED = 4711;

std::vector<signed char> random_bytes(std::mt19937& random, size_t count) {
  std::vector<signed char> bytes(count);
  for (signed char& byte : bytes) {
    byte = static_cast<signed char>(random());
  }
  return bytes;
}

int value_of(signed char byte, bool is_unsigned) { return is_unsigned ? static_cast<unsigned char>(byte) : byte; }

// a is [m][k], b is [n][k], d is [m][n].
std::vector<int> product(const std::vector<signed char>& a, const std::vector<signed char>& b, std::vector<int> d,
                         size_t k_count, bool a_unsigned, bool b_unsigned) {
  for (size_t i = 0; i < d.size(); i++) {
    for (size_t k = 0; k < k_count; k++) {
      d[i] += value_of(a[i / 8 * k_count + k], a_unsigned) * value_of(b[i % 8 * k_count + k], b_unsigned);
    }
  }
  return d;
}

std::vector<int> some_sums(size_t count) {
  std::vector<int> sums(count);
  for (size_t i = 0; i < count; i++) {
    sums[i] = static_cast<int>(i) * 1000 - 30000;
  }
  return sums;
}

void test_16832(int signs) {
  std::mt19937 random(SEED);
  const std::vector<signed char> a = random_bytes(random, 16 * 32);
  const std::vector<signed char> b = random_bytes(random, 8 * 32);
  const std::vector<int> d = some_sums(16 * 8);
  Device device;
  const Buffer<signed char> device_a(a);
  const Buffer<signed char> device_b(b);
  const Buffer<int> device_d(d);
  check_equal(0, device.run("multiply_16832", 1, 32, 0, device_a.address(), device_b.address(), device_d.address(),
                            signs & 1, signs & 2),
              "multiply");
  check(device_d.read() == product(a, b, d, 32, (signs & 1) != 0, (signs & 2) != 0),
        "m16n8k32, signs " + std::to_string(signs) + ", seed " + std::to_string(SEED));
}

void test_8816() {
  std::mt19937 random(SEED);
  const std::vector<signed char> a = random_bytes(random, 8 * 16);
  const std::vector<signed char> b = random_bytes(random, 8 * 16);
  const std::vector<int> d = some_sums(8 * 8);
  Device device;
  const Buffer<signed char> device_a(a);
  const Buffer<signed char> device_b(b);
  const Buffer<int> device_d(d);
  check_equal(0, device.run("multiply_8816", 1, 32, 0, device_a.address(), device_b.address(), device_d.address()),
              "multiply");
  check(device_d.read() == product(a, b, d, 16, false, false), "m8n8k16, seed " + std::to_string(SEED));
}

// Small whole halves: every sum is exact in float, in any order.
void test_f16() {
  std::mt19937 random(SEED);
  std::vector<_Float16> a(16 * 16);
  std::vector<_Float16> b(8 * 16);
  for (_Float16& value : a) {
    value = static_cast<_Float16>(static_cast<int>(random() % 129) - 64);
  }
  for (_Float16& value : b) {
    value = static_cast<_Float16>(static_cast<int>(random() % 129) - 64);
  }
  Device device;
  const Buffer<_Float16> device_a(a);
  const Buffer<_Float16> device_b(b);
  const Buffer<float> device_d(std::vector<float>(16 * 8, 3.0f));
  check_equal(0, device.run("multiply_16816_f16", 1, 32, 0, device_a.address(), device_b.address(), device_d.address()),
              "multiply");
  const std::vector<float> found = device_d.read();
  for (size_t i = 0; i < found.size(); i++) {
    float sum = 3.0f;
    for (size_t k = 0; k < 16; k++) {
      sum += static_cast<float>(a[i / 8 * 16 + k]) * static_cast<float>(b[i % 8 * 16 + k]);
    }
    check(sum == found[i], "m16n8k16 of halves, element " + std::to_string(i) + ", seed " + std::to_string(SEED));
  }
}

void test_loads(bool transposed) {
  std::vector<uint16_t> x(4 * 8 * 8);
  for (size_t i = 0; i < x.size(); i++) {
    x[i] = static_cast<uint16_t>(i);
  }
  Device device;
  const Buffer<uint16_t> device_x(x);
  const Buffer<unsigned> registers(4 * 32);
  check_equal(0, device.run("load_matrices", 1, 32, 0, device_x.address(), registers.address(), transposed ? 1 : 0),
              "load");
  const std::vector<unsigned> found = registers.read();
  for (unsigned lane = 0; lane < 32; lane++) {
    for (unsigned m = 0; m < 4; m++) {
      for (unsigned i = 0; i < 2; i++) {
        const unsigned row = lane / 4;
        const unsigned column = lane % 4 * 2 + i;
        const unsigned expected = m * 64 + (transposed ? column * 8 + row : row * 8 + column);
        check_equal(expected, found[4 * lane + m] >> (16 * i) & 0xffff, transposed ? "ldmatrix.trans" : "ldmatrix");
      }
    }
  }
}

void test_capability() {
  octet_simulator_set("CAPABILITY", "75");
  {
    Device device;
    const Buffer<signed char> bytes(std::vector<signed char>(512, 1));
    const Buffer<int> d(std::vector<int>(128, 0));
    check_equal(octet_sim::LAUNCH_FAILED,
                device.run("multiply_16832", 1, 32, 0, bytes.address(), bytes.address(), d.address(), 0, 0),
                "m16n8k32 on a Turing device");
    check_contains(take_log(), "compute capability", "m16n8k32 on a Turing device");
  }
  octet_simulator_set("CAPABILITY", "80");
}

}  // namespace

void test_matrices() {
  for (int signs = 0; signs < 4; signs++) {
    test_16832(signs);
  }
  test_8816();
  test_f16();
  test_loads(false);
  test_loads(true);
  check(take_log().empty(), "matrices: no violations");
  test_capability();
}

}  // namespace octet_test
