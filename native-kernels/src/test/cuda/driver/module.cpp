// Modules, functions and launches. A module's content is not used: its kernels are linked in.
#include <stdint.h>
#include <string.h>

#include <algorithm>

#include "../runtime/block.h"
#include "library.h"
#include "state.h"

using namespace octet_sim;

namespace {

constexpr unsigned FATBIN_MAGIC = 0xba55ed50;
constexpr unsigned ELF_MAGIC = 0x464c457f;
constexpr unsigned WRAPPER_MAGIC = 0x466243b1;
constexpr int THREADS_PER_MULTIPROCESSOR = 2048;
constexpr int BLOCKS_PER_MULTIPROCESSOR = 32;

bool looks_like_code(const void* image) {
  unsigned magic;
  memcpy(&magic, image, sizeof magic);
  const char* text = static_cast<const char*>(image);
  return magic == FATBIN_MAGIC || magic == ELF_MAGIC || magic == WRAPPER_MAGIC || strncmp(text, "//", 2) == 0 ||
         strncmp(text, ".ver", 4) == 0;
}

int load(void** module, const void* image) {
  Guard guard(state().lock);
  Context* context = nullptr;
  Result result = enter_context(&context);
  if (result == SUCCESS && (image == nullptr || !looks_like_code(image))) {
    result = image == nullptr ? INVALID_VALUE : INVALID_IMAGE;
  }
  if (result == SUCCESS) {
    result = static_cast<Result>(settings().load_result);
  }
  if (result == SUCCESS) {
    Module* made = new Module;
    made->context = context;
    state().modules.insert(made);
    *module = made;
  }
  return result;
}

// Hopper's warpgroup kernels, which their names tell, are compiled for sm_90a alone.
bool is_for_device(const char* name) { return strstr(name, "_igmma") == nullptr || settings().capability == 90; }

Function* function_of(void* handle) {
  for (const Module* module : state().modules) {
    for (const auto& [name, function] : module->functions) {
      if (function.get() == handle) {
        return function.get();
      }
    }
  }
  return nullptr;
}

int device_attribute(int attribute) {
  int value = 0;
  cuDeviceGetAttribute(&value, attribute, 0);
  return value;
}

bool dimensions_ok(const Launch& launch) {
  const dim3 b = launch.blocks;
  const dim3 t = launch.threads;
  return b.x > 0 && b.y > 0 && b.z > 0 && b.x <= 0x7fffffffu && b.y <= 65535 && b.z <= 65535 && t.x > 0 && t.y > 0 &&
         t.z > 0 && t.x <= MAX_THREADS && t.y <= MAX_THREADS && t.z <= 64 && launch.thread_count() <= MAX_THREADS;
}

Result run_kernel(const Launch& launch) {
  {
    Guard guard(state().lock);
    if (settings().launch.next()) {
      return LAUNCH_FAILED;
    }
  }
  const Outcome outcome = run(launch);
  if (outcome.violation != Violation::NONE) {
    log_violation(outcome.message);
  }
  return result_of(outcome.violation);
}

Result refuse(const Function& function, const Launch& launch) {
  if (!dimensions_ok(launch) || launch.shared_bytes > static_cast<unsigned>(function.max_dynamic_shared)) {
    return INVALID_VALUE;
  }
  const bool too_many = function.kernel->bounds > 0 && launch.thread_count() > static_cast<unsigned>(function.kernel->bounds);
  return too_many ? INVALID_VALUE : SUCCESS;
}

int launch_kernel(void* handle, dim3 blocks, dim3 threads, unsigned shared_bytes, void* stream_handle,
                  void** parameters) {
  Guard guard(state().lock);
  Context* context = nullptr;
  Stream* stream = nullptr;
  Result result = enter_context(&context);
  if (result == SUCCESS) {
    result = stream_of(context, stream_handle, &stream);
  }
  if (result != SUCCESS) {
    return result;
  }
  const Function* function = function_of(handle);
  if (function == nullptr) {
    return INVALID_HANDLE;
  }
  const Kernel& kernel = *function->kernel;
  if (parameters == nullptr && kernel.parameter_count > 0) {
    return INVALID_VALUE;
  }
  auto launch = std::make_shared<Launch>();
  launch->kernel = &kernel;
  launch->blocks = blocks;
  launch->threads = threads;
  launch->shared_bytes = shared_bytes;
  launch->device = stream->context->device;
  launch->capability = settings().capability;
  for (int i = 0; i < kernel.parameter_count; i++) {
    const unsigned char* bytes = static_cast<const unsigned char*>(parameters[i]);
    launch->parameters.emplace_back(bytes, bytes + kernel.parameter_bytes[i]);
  }
  result = refuse(*function, *launch);
  return result != SUCCESS ? result : submit(stream, {Kind::KERNEL, [launch] { return run_kernel(*launch); }});
}

int blocks_per_multiprocessor(const Function& function, int threads, size_t shared_bytes) {
  if (threads <= 0 || threads > static_cast<int>(MAX_THREADS) ||
      shared_bytes > static_cast<size_t>(function.max_dynamic_shared)) {
    return 0;
  }
  const int warps = (threads + LANES - 1) / LANES;
  const int by_threads = std::min(BLOCKS_PER_MULTIPROCESSOR, THREADS_PER_MULTIPROCESSOR / (warps * LANES));
  const size_t reserved = 1024;
  const size_t shared = static_cast<size_t>(device_attribute(81));
  return std::min(by_threads, static_cast<int>(shared / (shared_bytes + reserved)));
}

int occupancy(int* blocks, void* handle, int threads, size_t shared_bytes) {
  const Function* function = function_of(handle);
  if (function == nullptr) {
    return INVALID_HANDLE;
  }
  *blocks = blocks_per_multiprocessor(*function, threads, shared_bytes);
  return SUCCESS;
}

}  // namespace

OCTET_DRIVER cuModuleLoadData(void** module, const void* image) { return load(module, image); }
OCTET_DRIVER cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) { return load(module, image); }
OCTET_DRIVER cuModuleLoadFatBinary(void** module, const void* image) { return load(module, image); }

OCTET_DRIVER cuModuleUnload(void* handle) {
  Guard guard(state().lock);
  Module* module = static_cast<Module*>(handle);
  if (state().modules.erase(module) == 0) {
    return INVALID_HANDLE;
  }
  delete module;
  return enter();
}

OCTET_DRIVER cuModuleGetFunction(void** function, void* module_handle, const char* name) {
  Guard guard(state().lock);
  Context* context = nullptr;
  const Result result = enter_context(&context);
  Module* module = static_cast<Module*>(module_handle);
  if (result != SUCCESS || state().modules.count(module) == 0) {
    return result != SUCCESS ? result : INVALID_HANDLE;
  }
  const Kernel* kernel = is_for_device(name) ? find_kernel(name) : nullptr;
  if (kernel == nullptr) {
    return NOT_FOUND;
  }
  std::unique_ptr<Function>& known = module->functions[name];
  if (known == nullptr) {
    known = std::make_unique<Function>();
    known->kernel = kernel;
  }
  *function = known.get();
  return SUCCESS;
}

OCTET_DRIVER cuModuleGetLoadingMode(int* mode) {
  *mode = 2;  // lazy
  return SUCCESS;
}

OCTET_DRIVER cuFuncGetAttribute(int* value, int attribute, void* handle) {
  Guard guard(state().lock);
  const Function* function = function_of(handle);
  if (function == nullptr) {
    return INVALID_HANDLE;
  }
  switch (attribute) {
    case 0:  // MAX_THREADS_PER_BLOCK
      *value = function->kernel->bounds > 0 ? function->kernel->bounds : static_cast<int>(MAX_THREADS);
      return enter();
    case 4:  // NUM_REGS
      *value = LANES;
      return enter();
    case 5:  // PTX_VERSION
    case 6:  // BINARY_VERSION
      *value = settings().capability;
      return enter();
    case 8:  // MAX_DYNAMIC_SHARED_SIZE_BYTES
      *value = function->max_dynamic_shared;
      return enter();
    default:
      *value = 0;
      return enter();
  }
}

OCTET_DRIVER cuFuncSetAttribute(void* handle, int attribute, int value) {
  const int most = device_attribute(97);
  Guard guard(state().lock);
  Function* function = function_of(handle);
  if (function == nullptr) {
    return INVALID_HANDLE;
  }
  if (attribute == 8) {
    if (value < 0 || value > most) {
      return INVALID_VALUE;
    }
    function->max_dynamic_shared = value;
  }
  return enter();
}

OCTET_DRIVER cuFuncSetCacheConfig(void*, int) { return SUCCESS; }

OCTET_DRIVER cuLaunchKernel(void* function, unsigned blocks_x, unsigned blocks_y, unsigned blocks_z, unsigned threads_x,
                            unsigned threads_y, unsigned threads_z, unsigned shared_bytes, void* stream,
                            void** parameters, void** extra) {
  return extra != nullptr ? NOT_SUPPORTED
                          : launch_kernel(function, dim3(blocks_x, blocks_y, blocks_z),
                                          dim3(threads_x, threads_y, threads_z), shared_bytes, stream, parameters);
}

OCTET_DRIVER cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void* function, int threads, size_t shared_bytes) {
  return occupancy(blocks, function, threads, shared_bytes);
}
OCTET_DRIVER cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, void* function, int threads,
                                                                  size_t shared_bytes, unsigned) {
  return occupancy(blocks, function, threads, shared_bytes);
}
