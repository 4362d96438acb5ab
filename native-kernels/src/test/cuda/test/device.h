// The driver as the simulator's own tests call it, and their checks.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <string>
#include <vector>

#include "../driver/result.h"

extern "C" {
int cuInit(unsigned);
int cuDeviceGetCount(int*);
int cuDeviceGetAttribute(int*, int, int);
int cuDriverGetVersion(int*);
int cuCtxCreate_v2(void**, unsigned, int);
int cuCtxDestroy_v2(void*);
int cuCtxSetCurrent(void*);
int cuCtxSynchronize();
int cuModuleLoadData(void**, const void*);
int cuModuleUnload(void*);
int cuModuleGetFunction(void**, void*, const char*);
int cuFuncSetAttribute(void*, int, int);
int cuLaunchKernel(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**, void**);
int cuMemAlloc_v2(uintptr_t*, size_t);
int cuMemFree_v2(uintptr_t);
int cuMemcpyHtoD_v2(uintptr_t, const void*, size_t);
int cuMemcpyDtoH_v2(void*, uintptr_t, size_t);
int cuMemcpyDtoHAsync_v2(void*, uintptr_t, size_t, void*);
int cuMemsetD32_v2(uintptr_t, unsigned, size_t);
int cuMemAllocHost_v2(void**, size_t);
int cuMemFreeHost(void*);
int cuStreamCreate(void**, unsigned);
int cuStreamDestroy_v2(void*);
int cuStreamQuery(void*);
int cuStreamSynchronize(void*);
int cuStreamWaitEvent(void*, void*, unsigned);
int cuStreamBeginCapture_v2(void*, int);
int cuStreamEndCapture(void*, void**);
int cuEventCreate(void**, unsigned);
int cuEventDestroy_v2(void*);
int cuEventRecord(void*, void*);
int cuEventSynchronize(void*);
int cuEventElapsedTime(float*, void*, void*);
int cuGraphInstantiateWithFlags(void**, void*, unsigned long long);
int cuGraphGetNodes(void*, void**, size_t*);
int cuGraphLaunch(void*, void*);
int cuGraphExecDestroy(void*);
int cuGraphDestroy(void*);
int cuGetErrorName(int, const char**);
int octet_simulator_set(const char*, const char*);
}

namespace octet_test {

// Counts a check and prints it when it fails.
void check(bool holds, const std::string& what);
void check_equal(long long expected, long long found, const std::string& what);
void check_contains(const std::string& text, const std::string& part, const std::string& what);

// The violations and leaks reported since the last call.
std::string take_log();
std::string take_leaks();

// A context with a module of the linked kernels, current in this thread until the end of its scope.
class Device {
 public:
  explicit Device(int ordinal = 0);
  ~Device();
  void* function(const char* name);

  // Runs a kernel and waits; the result of the wait, or of the launch.
  template <typename... Arguments>
  int run(const char* name, unsigned blocks, unsigned threads, unsigned shared, Arguments... arguments) {
    const int result = launch(nullptr, name, blocks, threads, shared, arguments...);
    return result != 0 ? result : cuCtxSynchronize();
  }
  template <typename... Arguments>
  int launch(void* stream, const char* name, unsigned blocks, unsigned threads, unsigned shared,
             Arguments... arguments) {
    void* parameters[] = {&arguments...};
    return cuLaunchKernel(function(name), blocks, 1, 1, threads, 1, 1, shared, stream, parameters, nullptr);
  }

 private:
  void* context_ = nullptr;
  void* module_ = nullptr;
};

template <typename T>
class Buffer {
 public:
  explicit Buffer(size_t count) : count_(count) { cuMemAlloc_v2(&address_, count * sizeof(T)); }
  explicit Buffer(const std::vector<T>& values) : Buffer(values.size()) {
    cuMemcpyHtoD_v2(address_, values.data(), values.size() * sizeof(T));
  }
  Buffer(const Buffer&) = delete;
  ~Buffer() { cuMemFree_v2(address_); }
  uintptr_t address() const { return address_; }
  std::vector<T> read() const {
    std::vector<T> values(count_);
    check_equal(0, cuMemcpyDtoH_v2(values.data(), address_, count_ * sizeof(T)), "copy from device");
    return values;
  }

 private:
  size_t count_;
  uintptr_t address_ = 0;
};

void test_threads();
void test_matrices();
void test_warpgroups();
void test_checks();
void test_streams();
void test_graphs();
void test_faults();

}  // namespace octet_test
