// Each kernel of checked_kernels.cu passes when it is right and is caught when it is broken.
#include "device.h"

namespace octet_test {

namespace {

constexpr unsigned THREADS = 256;
constexpr unsigned SHARED_BYTES = 2 * THREADS * sizeof(float);

struct Case {
  const char* kernel;
  int broken;
  int result;
  const char* message;
  unsigned shared_bytes = SHARED_BYTES;
};

const Case CASES[] = {
    {"sum_static", 1, octet_sim::ILLEGAL_ADDRESS, "without a barrier between"},
    {"sum_dynamic", 1, octet_sim::ILLEGAL_ADDRESS, "without a barrier between"},
    {"share_scalar", 1, octet_sim::ILLEGAL_ADDRESS, "without a barrier between"},
    {"rotate_lanes", 1, octet_sim::ILLEGAL_ADDRESS, "shared memory that its block never wrote"},
    {"copy_global", 1, octet_sim::ILLEGAL_ADDRESS, "4 bytes past the end of an allocation of 1024 bytes"},
    {"fill_global", 1, octet_sim::ILLEGAL_ADDRESS, "4 bytes before an allocation of 1024 bytes"},
    {"copy_vectors", 1, octet_sim::MISALIGNED_ADDRESS, "misaligned, not a multiple of 16"},
    {"read_back", 1, octet_sim::ILLEGAL_ADDRESS, "never written, byte 0 of an allocation of 1024 bytes"},
    {"meet_all", 1, octet_sim::LAUNCH_FAILED, "1 of 256 threads have exited, 255 wait at a barrier of the block, the first of them thread (0,0,0)"},
    {"shuffle_all", 1, octet_sim::LAUNCH_FAILED, "wait for other lanes of their warp"},
    {"index_static", 1, octet_sim::ILLEGAL_ADDRESS, "index 256 is out of the array's bounds"},
    {"index_dynamic", 1, octet_sim::ILLEGAL_ADDRESS, "beyond its block's dynamic shared memory, at byte 1024 of 1024",
     THREADS * sizeof(float)},
    {"copy_async", 1, octet_sim::ILLEGAL_ADDRESS, "asynchronous copy has not been waited for"},
    {"copy_async", 2, octet_sim::ILLEGAL_ADDRESS, "shared memory that its block never wrote"},
    {"divide", 1, octet_sim::LAUNCH_FAILED, "division by zero"},
};

int run_case(const Case& tested, int broken, std::vector<float>* results) {
  Device device;
  std::vector<float> values(THREADS);
  for (unsigned i = 0; i < THREADS; i++) {
    values[i] = static_cast<float>(i % 17);
  }
  const Buffer<float> x(values);
  const Buffer<float> y(THREADS);
  const bool vectors = std::string(tested.kernel) == "copy_vectors";
  const int result = device.run(tested.kernel, 1, vectors ? THREADS / 4 - 1 : THREADS, tested.shared_bytes, x.address(),
                                y.address(), broken);
  if (result == 0) {
    results->resize(1);
    check_equal(0, cuMemcpyDtoH_v2(results->data(), y.address(), sizeof(float)), tested.kernel);
  } else {
    check_equal(result, cuMemcpyDtoH_v2(values.data(), x.address(), 4), "the context keeps its error");
  }
  return result;
}

void test_case(const Case& tested) {
  std::vector<float> results;
  check_equal(0, run_case(tested, 0, &results), std::string(tested.kernel) + " unbroken");
  check(take_log().empty(), std::string(tested.kernel) + " unbroken reports nothing");
  check_equal(tested.result, run_case(tested, tested.broken, &results), std::string(tested.kernel) + " broken");
  const std::string log = take_log();
  check_contains(log, tested.message, tested.kernel);
  check_contains(log, std::string(tested.kernel) + " block (0,0,0)", tested.kernel);
}

void test_values() {
  Device device;
  const Buffer<float> x(std::vector<float>(4 * THREADS, 2.0f));
  const Buffer<float> y(4);
  check_equal(0, device.run("sum_static", 4, THREADS, 0, x.address(), y.address(), 0), "sum");
  for (float sum : y.read()) {
    check(sum == 512.0f, "block sums");
  }
}

void test_freed_memory() {
  Device device;
  const Buffer<float> y(THREADS);
  uintptr_t stale = 0;
  {
    const Buffer<float> x(std::vector<float>(THREADS, 1.0f));
    stale = x.address();
  }
  check_equal(octet_sim::ILLEGAL_ADDRESS, device.run("copy_global", 1, THREADS, 0, stale, y.address(), 0), "freed");
  check_contains(take_log(), "in no allocation, or one that was freed", "freed memory");
}

void test_host_memory() {
  Device device;
  const std::vector<float> host(THREADS, 1.0f);
  const Buffer<float> x(host);
  const Buffer<float> y(THREADS);
  check_equal(0, device.run("touch_host", 1, THREADS, 0, x.address(), y.address(), host.data(), 0), "device memory");
  check_equal(octet_sim::ILLEGAL_ADDRESS,
              device.run("touch_host", 1, THREADS, 0, x.address(), y.address(), host.data(), 1), "host memory");
  check_contains(take_log(), "neither device nor shared memory", "host memory");
}

void test_copies() {
  Device device;
  std::vector<float> host(THREADS + 1);
  const Buffer<float> x(THREADS);
  check_equal(octet_sim::ILLEGAL_ADDRESS, cuMemcpyHtoD_v2(x.address(), host.data(), 4 * host.size()), "copy too long");
  check_contains(take_log(), "4 bytes past the end", "copy too long");
}

void test_unwritten_copy() {
  Device device;
  std::vector<float> host(THREADS);
  const Buffer<float> x(THREADS);
  check_equal(octet_sim::ILLEGAL_ADDRESS, cuMemcpyDtoH_v2(host.data(), x.address(), 4), "copy of what was not written");
  check_contains(take_log(), "never written", "copy of what was not written");
}

}  // namespace

void test_checks() {
  for (const Case& tested : CASES) {
    test_case(tested);
  }
  test_values();
  test_freed_memory();
  test_host_memory();
  test_copies();
  test_unwritten_copy();
}

}  // namespace octet_test
