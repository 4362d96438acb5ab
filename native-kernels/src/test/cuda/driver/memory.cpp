// Device and pinned memory.
#include <stdlib.h>

#include "../runtime/device_memory.h"
#include "state.h"

using namespace octet_sim;

namespace {

int allocate(uintptr_t* address, size_t bytes) {
  Guard guard(state().lock);
  Context* context = nullptr;
  Result result = enter_context(&context);
  if (result == SUCCESS) {
    result = refuse_while_capturing(context);
  }
  if (result != SUCCESS) {
    return result;
  }
  if (bytes == 0) {
    return INVALID_VALUE;
  }
  if (settings().allocation.next() ||
      bytes + device_allocated_bytes(context->device) > settings().memory_bytes) {
    return OUT_OF_MEMORY;
  }
  *address = device_allocate(context->device, bytes);
  if (*address == 0) {
    return OUT_OF_MEMORY;
  }
  context->allocations[*address] = bytes;
  return SUCCESS;
}

Result release(Context* context, uintptr_t address) {
  if (context->allocations.erase(address) == 0) {
    log_violation("free of an address that is not the start of a live allocation");
    return INVALID_VALUE;
  }
  device_free(context->device, address);
  return SUCCESS;
}

// A free that an earlier error keeps from succeeding: the host did its part, so the memory is no leak.
void settle(uintptr_t address) {
  for (Context* context : state().contexts) {
    if (context->allocations.erase(address) != 0) {
      device_free(context->device, address);
    }
  }
}

int allocate_pinned(void** address, size_t bytes) {
  Guard guard(state().lock);
  Context* context = nullptr;
  const Result result = enter_context(&context);
  if (result != SUCCESS) {
    return result;
  }
  constexpr size_t page = 4096;
  *address = aligned_alloc(page, (bytes + page - 1) / page * page);
  if (*address == nullptr) {
    return OUT_OF_MEMORY;
  }
  state().pinned[reinterpret_cast<uintptr_t>(*address)] = bytes;
  return SUCCESS;
}

}  // namespace

OCTET_DRIVER cuMemAlloc_v2(uintptr_t* address, size_t bytes) { return allocate(address, bytes); }
OCTET_DRIVER cuMemAllocAsync(uintptr_t* address, size_t bytes, void*) { return allocate(address, bytes); }

OCTET_DRIVER cuMemFree_v2(uintptr_t address) {
  Guard guard(state().lock);
  Context* context = nullptr;
  Result result = enter_context(&context);
  if (result == SUCCESS) {
    result = refuse_while_capturing(context);
  }
  if (result == STREAM_CAPTURE_UNSUPPORTED || address == 0) {
    return result;
  }
  // As the real one, it waits for what may still use the memory.
  result = result == SUCCESS ? drain(guard, context) : result;
  if (result != SUCCESS) {
    settle(address);
    return result;
  }
  return release(context, address);
}

OCTET_DRIVER cuMemFreeAsync(uintptr_t address, void* stream_handle) {
  Guard guard(state().lock);
  Context* context = nullptr;
  Stream* stream = nullptr;
  Result result = enter_context(&context);
  if (result == SUCCESS) {
    result = stream_of(context, stream_handle, &stream);
  }
  return result != SUCCESS ? result : submit(stream, {Kind::HOST, [=] {
                                                        Guard inner(state().lock);
                                                        return release(context, address);
                                                      }});
}

OCTET_DRIVER cuMemGetInfo_v2(size_t* unused, size_t* total) {
  Guard guard(state().lock);
  Context* context = nullptr;
  const Result result = enter_context(&context);
  if (result == SUCCESS) {
    *total = settings().memory_bytes;
    *unused = settings().memory_bytes - device_allocated_bytes(context->device);
  }
  return result;
}

OCTET_DRIVER cuMemGetAddressRange_v2(uintptr_t* start, size_t* bytes, uintptr_t address) {
  Guard guard(state().lock);
  Context* context = nullptr;
  const Result result = enter_context(&context);
  uintptr_t first = 0;
  size_t size = 0;
  if (result != SUCCESS || !device_allocation(context->device, address, &first, &size)) {
    return result != SUCCESS ? result : NOT_FOUND;
  }
  if (start != nullptr) {
    *start = first;
  }
  if (bytes != nullptr) {
    *bytes = size;
  }
  return SUCCESS;
}

OCTET_DRIVER cuMemAllocHost_v2(void** address, size_t bytes) { return allocate_pinned(address, bytes); }
OCTET_DRIVER cuMemHostAlloc(void** address, size_t bytes, unsigned) { return allocate_pinned(address, bytes); }

OCTET_DRIVER cuMemFreeHost(void* address) {
  Guard guard(state().lock);
  if (state().pinned.erase(reinterpret_cast<uintptr_t>(address)) == 0) {
    return INVALID_VALUE;
  }
  free(address);
  return enter();
}

OCTET_DRIVER cuMemHostRegister_v2(void* address, size_t bytes, unsigned) {
  Guard guard(state().lock);
  state().pinned[reinterpret_cast<uintptr_t>(address)] = bytes;
  return enter();
}

OCTET_DRIVER cuMemHostUnregister(void* address) {
  Guard guard(state().lock);
  return state().pinned.erase(reinterpret_cast<uintptr_t>(address)) == 0 ? INVALID_VALUE : enter();
}
