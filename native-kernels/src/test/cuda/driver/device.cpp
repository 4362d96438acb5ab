// Initialization and devices.
#include <stdio.h>
#include <string.h>

#include "../runtime/device_memory.h"
#include "state.h"

using namespace octet_sim;

namespace {

constexpr int MULTIPROCESSORS = 4;
constexpr int KIB = 1024;

struct SharedLimits {
  int capability;
  int per_block_optin;
  int per_multiprocessor;
};

// CUDA C++ programming guide, technical specifications per compute capability.
constexpr SharedLimits SHARED_LIMITS[] = {{75, 64, 64},   {80, 163, 164},  {86, 99, 100}, {87, 163, 164},
                                          {89, 99, 100},  {90, 227, 228},  {100, 227, 228}, {120, 99, 100}};

SharedLimits shared_limits() {
  for (const SharedLimits& limits : SHARED_LIMITS) {
    if (limits.capability == settings().capability) {
      return limits;
    }
  }
  return SHARED_LIMITS[0];
}

struct Attribute {
  int number;
  int value;
};

constexpr Attribute ATTRIBUTES[] = {
    {1, 1024},         // MAX_THREADS_PER_BLOCK
    {2, 1024},         // MAX_BLOCK_DIM_X
    {3, 1024},         // MAX_BLOCK_DIM_Y
    {4, 64},           // MAX_BLOCK_DIM_Z
    {5, 0x7fffffff},   // MAX_GRID_DIM_X
    {6, 65535},        // MAX_GRID_DIM_Y
    {7, 65535},        // MAX_GRID_DIM_Z
    {8, 48 * KIB},     // MAX_SHARED_MEMORY_PER_BLOCK
    {9, 64 * KIB},     // TOTAL_CONSTANT_MEMORY
    {10, 32},          // WARP_SIZE
    {11, 0x7fffffff},  // MAX_PITCH
    {12, 65536},       // MAX_REGISTERS_PER_BLOCK
    {13, 0},           // CLOCK_RATE: none, as no time on this device means anything
    {14, 512},         // TEXTURE_ALIGNMENT
    {15, 1},           // GPU_OVERLAP
    {16, MULTIPROCESSORS},
    {19, 1},         // CAN_MAP_HOST_MEMORY
    {31, 1},         // CONCURRENT_KERNELS
    {33, 1},         // PCI_BUS_ID
    {36, 1215000},   // MEMORY_CLOCK_RATE, kHz
    {37, 5120},      // GLOBAL_MEMORY_BUS_WIDTH
    {38, 4 << 20},   // L2_CACHE_SIZE
    {39, 2048},      // MAX_THREADS_PER_MULTIPROCESSOR
    {40, 1},         // ASYNC_ENGINE_COUNT
    {41, 1},         // UNIFIED_ADDRESSING
    {78, 1},         // STREAM_PRIORITIES_SUPPORTED
    {82, 65536},     // MAX_REGISTERS_PER_MULTIPROCESSOR
    {106, 32},       // MAX_BLOCKS_PER_MULTIPROCESSOR
    {111, 1024},     // RESERVED_SHARED_MEMORY_PER_BLOCK
};

}  // namespace

OCTET_DRIVER cuInit(unsigned flags) {
  Guard guard(state().lock);
  if (settings().init_result != 0) {
    return settings().init_result;
  }
  if (settings().devices == 0) {
    return NO_DEVICE;
  }
  if (flags != 0) {
    return INVALID_VALUE;
  }
  reserve_device_memory();
  state().initialized = true;
  return SUCCESS;
}

OCTET_DRIVER cuDeviceGetCount(int* count) {
  Guard guard(state().lock);
  *count = settings().devices;
  return enter();
}

OCTET_DRIVER cuDeviceGet(int* device, int ordinal) {
  Guard guard(state().lock);
  *device = ordinal;
  return check_device(ordinal);
}

OCTET_DRIVER cuDeviceGetName(char* name, int length, int device) {
  Guard guard(state().lock);
  const Result result = check_device(device);
  if (result == SUCCESS) {
    snprintf(name, static_cast<size_t>(length), "Octet simulator sm_%d", settings().capability);
  }
  return result;
}

OCTET_DRIVER cuDeviceGetUuid(unsigned char* uuid, int device) {
  Guard guard(state().lock);
  memset(uuid, 0, 16);
  memcpy(uuid, "octet-simulator", 15);
  uuid[15] = static_cast<unsigned char>(device);
  return check_device(device);
}

OCTET_DRIVER cuDeviceTotalMem_v2(size_t* bytes, int device) {
  Guard guard(state().lock);
  *bytes = settings().memory_bytes;
  return check_device(device);
}

OCTET_DRIVER cuDeviceGetAttribute(int* value, int attribute, int device) {
  Guard guard(state().lock);
  const Result result = check_device(device);
  if (result != SUCCESS) {
    return result;
  }
  const SharedLimits limits = shared_limits();
  *value = 0;
  if (attribute == 75) {
    *value = settings().capability / 10;
  } else if (attribute == 76) {
    *value = settings().capability % 10;
  } else if (attribute == 81) {
    *value = limits.per_multiprocessor * KIB;
  } else if (attribute == 97) {
    *value = limits.per_block_optin * KIB;
  }
  for (const Attribute& known : ATTRIBUTES) {
    if (known.number == attribute) {
      *value = known.value;
    }
  }
  return SUCCESS;
}

OCTET_DRIVER cuDeviceComputeCapability(int* major, int* minor, int device) {
  Guard guard(state().lock);
  *major = settings().capability / 10;
  *minor = settings().capability % 10;
  return check_device(device);
}

OCTET_DRIVER cuDeviceGetPCIBusId(char* id, int length, int device) {
  Guard guard(state().lock);
  snprintf(id, static_cast<size_t>(length), "0000:%02x:00.0", device + 1);
  return check_device(device);
}

OCTET_DRIVER cuDeviceCanAccessPeer(int* can, int, int) {
  Guard guard(state().lock);
  *can = 0;
  return enter();
}
