// Hopper's warpgroup products against a plain loop, and what a kernel must not leave out.
#include <random>

#include "device.h"
#include "warpgroup_faults.h"

namespace octet_test {

namespace {

constexpr unsigned SEED = 90210;
constexpr size_t DEPTH = 64;
constexpr size_t ROWS = 64;
constexpr unsigned SHARED_BYTES = (64 + 256) * 128;

struct Product {
  size_t n;
  int swizzle;
  int a_unsigned;
  std::vector<unsigned char> a;
  std::vector<unsigned char> b;
  std::vector<int> d;

  Product(size_t columns, int mode, int is_unsigned) : n(columns), swizzle(mode), a_unsigned(is_unsigned) {
    std::mt19937 random(SEED);
    for (size_t i = 0; i < ROWS * DEPTH; i++) {
      a.push_back(static_cast<unsigned char>(random()));
    }
    for (size_t i = 0; i < n * DEPTH; i++) {
      b.push_back(static_cast<unsigned char>(random()));
    }
    for (size_t i = 0; i < ROWS * n; i++) {
      d.push_back(static_cast<int>(random() % 2001) - 1000);
    }
  }

  std::vector<int> expected() const {
    std::vector<int> sums = d;
    for (size_t i = 0; i < sums.size(); i++) {
      for (size_t k = 0; k < DEPTH; k++) {
        const unsigned char x = a[i / n * DEPTH + k];
        const int left = a_unsigned != 0 ? x : static_cast<signed char>(x);
        sums[i] += left * static_cast<signed char>(b[i % n * DEPTH + k]);
      }
    }
    return sums;
  }

  std::string label() const {
    return "m64n" + std::to_string(n) + "k32, swizzle " + std::to_string(swizzle) + ", seed " + std::to_string(SEED);
  }
};

// The result of the launch, and what the kernel left in d if it ended well.
int run(const Product& product, int fault, std::vector<int>* found) {
  Device device;
  const Buffer<unsigned char> a(product.a);
  const Buffer<unsigned char> b(product.b);
  const Buffer<int> d(product.d);
  const int result = device.run("multiply_warpgroup", 1, 128, SHARED_BYTES, a.address(), b.address(), d.address(),
                                static_cast<int>(product.n), product.swizzle, product.a_unsigned, fault);
  if (result == 0) {
    *found = d.read();
  }
  return result;
}

void test_product(size_t n, int swizzle, int a_unsigned) {
  const Product product(n, swizzle, a_unsigned);
  std::vector<int> found;
  check_equal(0, run(product, NO_FAULT, &found), product.label());
  check(found == product.expected(), product.label());
  check(take_log().empty(), product.label() + " reports nothing");
}

void test_caught(int fault, int result, const std::string& message) {
  const Product product(64, 2, 0);
  std::vector<int> found;
  check_equal(result, run(product, fault, &found), "warpgroup fault " + std::to_string(fault));
  check_contains(take_log(), message, "warpgroup fault " + std::to_string(fault));
}

// A fault that only the numbers show.
void test_wrong(int fault) {
  const Product product(64, 2, 0);
  std::vector<int> found;
  check_equal(0, run(product, fault, &found), "warpgroup fault " + std::to_string(fault));
  check(found != product.expected(), "warpgroup fault " + std::to_string(fault) + " changes the sums");
}

void test_other_device(const char* capability) {
  octet_simulator_set("CAPABILITY", capability);
  test_caught(NO_FAULT, octet_sim::LAUNCH_FAILED, "needs compute capability 9.0");
}

}  // namespace

void test_warpgroups() {
  octet_simulator_set("CAPABILITY", "90");
  for (int swizzle = 0; swizzle < 4; swizzle++) {
    for (size_t n : {8, 24, 64, 256}) {
      test_product(n, swizzle, swizzle % 2);
    }
  }
  test_product(128, 2, 1);
  test_caught(NO_GROUP_FENCE, octet_sim::LAUNCH_FAILED, "without a wgmma.fence");
  test_caught(NO_COMMIT, octet_sim::LAUNCH_FAILED, "ends while a wgmma is under way");
  test_caught(NO_WAIT, octet_sim::LAUNCH_FAILED, "ends while a wgmma is under way");
  test_caught(NO_PROXY_FENCE, octet_sim::ILLEGAL_ADDRESS, "wrote without a proxy fence after it");
  test_caught(NO_BARRIER, octet_sim::ILLEGAL_ADDRESS, "without a barrier between");
  test_caught(EARLY_WRITE, octet_sim::ILLEGAL_ADDRESS, "writes shared memory that a wgmma under way reads");
  test_caught(EARLY_CHANGE, octet_sim::LAUNCH_FAILED, "changed the sums of a wgmma that was under way");
  test_caught(OTHER_DESCRIPTOR, octet_sim::LAUNCH_FAILED, "another wgmma than the other warps");
  test_wrong(EARLY_READ);
  test_wrong(UNSWIZZLED);
  test_caught(OTHER_SWIZZLE, octet_sim::ILLEGAL_ADDRESS, "reads shared memory that its block never wrote");
  test_other_device("80");
  test_other_device("100");
  octet_simulator_set("CAPABILITY", "80");
}

}  // namespace octet_test
