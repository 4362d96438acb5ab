// Injected faults appear where they were asked for, and what is left behind is reported.
#include "device.h"

namespace octet_test {

namespace {

constexpr int MAJOR = 75;  // driver attribute
constexpr int MAX_DYNAMIC_SHARED = 8;  // function attribute

void test_allocations() {
  Device device;
  uintptr_t addresses[3] = {};
  octet_simulator_set("FAIL_ALLOCATION", "2");
  check_equal(0, cuMemAlloc_v2(&addresses[0], 64), "first allocation");
  check_equal(octet_sim::OUT_OF_MEMORY, cuMemAlloc_v2(&addresses[1], 64), "second allocation");
  check_equal(0, cuMemAlloc_v2(&addresses[2], 64), "third allocation");
  octet_simulator_set("FAIL_ALLOCATION", "0");
  octet_simulator_set("MEMORY", "1000");
  check_equal(octet_sim::OUT_OF_MEMORY, cuMemAlloc_v2(&addresses[1], 900), "more than there is");
  octet_simulator_set("MEMORY", "4294967296");
  check_equal(0, cuMemFree_v2(addresses[0]), "free");
  check_equal(octet_sim::INVALID_VALUE, cuMemFree_v2(addresses[0]), "free twice");
  check_contains(take_log(), "not the start of a live allocation", "free twice");
}

void test_leaks() {
  take_leaks();
  {
    Device device;
    uintptr_t address = 0;
    void* stream = nullptr;
    cuMemAlloc_v2(&address, 100);
    cuStreamCreate(&stream, 0);
  }
  const std::string leaks = take_leaks();
  check_contains(leaks, "1 device allocations of 100 bytes", "leaked memory");
  check_contains(leaks, "1 streams", "leaked stream");
  { Device device; }
  check(take_leaks().empty(), "no leak");
}

void test_launches() {
  Device device;
  const Buffer<float> x(std::vector<float>(32, 1.0f));
  const Buffer<float> y(32);
  octet_simulator_set("FAIL_LAUNCH", "2");
  check_equal(0, device.run("copy_global", 1, 32, 0, x.address(), y.address(), 0), "first launch");
  check_equal(octet_sim::LAUNCH_FAILED, device.run("copy_global", 1, 32, 0, x.address(), y.address(), 0), "second");
  octet_simulator_set("FAIL_LAUNCH", "0");
  check_equal(octet_sim::LAUNCH_FAILED, cuCtxSynchronize(), "the context keeps its error");
}

void test_copies() {
  Device device;
  const Buffer<float> x(std::vector<float>(32, 1.0f));
  float value = 0;
  octet_simulator_set("FAIL_COPY", "1");
  check_equal(octet_sim::ECC_UNCORRECTABLE, cuMemcpyDtoH_v2(&value, x.address(), 4), "failing copy");
  octet_simulator_set("FAIL_COPY", "0");
}

void test_refused_launches() {
  Device device;
  const Buffer<float> x(std::vector<float>(256, 1.0f));
  const Buffer<float> y(256);
  const auto run = [&](unsigned threads, unsigned shared) {
    return device.run("copy_global", 1, threads, shared, x.address(), y.address(), 0);
  };
  check_equal(octet_sim::INVALID_VALUE, run(2048, 0), "too many threads");
  check_equal(octet_sim::INVALID_VALUE, run(64, 49 * 1024), "more shared memory than allowed");
  check_equal(0, cuFuncSetAttribute(device.function("copy_global"), MAX_DYNAMIC_SHARED, 64 * 1024), "allow more");
  check_equal(0, run(64, 49 * 1024), "as much shared memory as allowed");
  check_equal(octet_sim::INVALID_VALUE,
              cuFuncSetAttribute(device.function("copy_global"), MAX_DYNAMIC_SHARED, 164 * 1024), "more than there is");
  const Buffer<int> value(std::vector<int>{0});
  check_equal(octet_sim::INVALID_VALUE, device.run("add_slowly", 1, 65, 0, value.address(), 0, 0),
              "more threads than __launch_bounds__");
  void* function = nullptr;
  void* module = nullptr;
  cuModuleLoadData(&module, "//");
  check_equal(octet_sim::NOT_FOUND, cuModuleGetFunction(&function, module, "no_such_kernel"), "unknown kernel");
  check_equal(octet_sim::INVALID_IMAGE, cuModuleLoadData(&module, "what"), "not code");
  cuModuleUnload(module);
}

void test_two_devices() {
  octet_simulator_set("DEVICES", "2");
  int count = 0;
  check_equal(0, cuDeviceGetCount(&count), "count");
  check_equal(2, count, "two devices");
  {
    Device first(0);
    const Buffer<float> x(std::vector<float>(32, 1.0f));
    {
      Device second(1);
      const Buffer<float> y(32);
      check_equal(octet_sim::ILLEGAL_ADDRESS, second.run("copy_global", 1, 32, 0, x.address(), y.address(), 0),
                  "the other device's memory");
      take_log();
    }
  }
  octet_simulator_set("DEVICES", "1");
  void* context = nullptr;
  check_equal(octet_sim::INVALID_DEVICE, cuCtxCreate_v2(&context, 0, 1), "no second device");
}

void test_machines() {
  int value = 0;
  octet_simulator_set("CAPABILITY", "90");
  cuDeviceGetAttribute(&value, MAJOR, 0);
  check_equal(9, value, "compute capability");
  octet_simulator_set("CAPABILITY", "80");
  octet_simulator_set("DRIVER", "11040");
  cuDriverGetVersion(&value);
  check_equal(11040, value, "driver version");
  octet_simulator_set("DRIVER", "13000");
  octet_simulator_set("INIT", "803");
  check_equal(octet_sim::SYSTEM_DRIVER_MISMATCH, cuInit(0), "driver mismatch");
  octet_simulator_set("INIT", "0");
  octet_simulator_set("DEVICES", "0");
  check_equal(octet_sim::NO_DEVICE, cuInit(0), "no device");
  octet_simulator_set("DEVICES", "1");
  const char* name = nullptr;
  check_equal(0, cuGetErrorName(700, &name), "error name");
  check(std::string(name) == "CUDA_ERROR_ILLEGAL_ADDRESS", "error name");
}

// What the host frees in vain after a fault is no leak.
void test_lost() {
  take_leaks();
  {
    Device device;
    const Buffer<float> x(std::vector<float>(32, 1.0f));
    void* stream = nullptr;
    void* graph = nullptr;
    cuStreamCreate(&stream, 1);
    cuStreamBeginCapture_v2(stream, 2);
    octet_simulator_set("LOST_AT", "2");
    check_equal(0, cuCtxSynchronize(), "before the loss");
    check_equal(octet_sim::UNKNOWN, cuCtxSynchronize(), "the loss");
    uintptr_t address = 0;
    check_equal(octet_sim::UNKNOWN, cuMemAlloc_v2(&address, 4), "after the loss");
    check_equal(octet_sim::UNKNOWN, cuStreamEndCapture(stream, &graph), "ending a capture after the loss");
    check_equal(octet_sim::UNKNOWN, cuStreamDestroy_v2(stream), "destroying a stream after the loss");
    check_equal(octet_sim::UNKNOWN, cuMemFree_v2(x.address()), "freeing after the loss");
  }
  octet_simulator_set("LOST_AT", "0");
  check(take_leaks().empty(), "nothing leaks when the device is lost");
  Device device;
  check_equal(0, cuCtxSynchronize(), "the device is back");
}

}  // namespace

void test_faults() {
  test_allocations();
  test_leaks();
  test_launches();
  test_copies();
  test_refused_launches();
  test_two_devices();
  test_machines();
  test_lost();
}

}  // namespace octet_test
