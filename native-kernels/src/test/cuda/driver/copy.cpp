// Copies and fills.
#include <string.h>

#include "../runtime/device_memory.h"
#include "state.h"

using namespace octet_sim;

namespace {

struct Transfer {
  Context* context;
  uintptr_t to;
  uintptr_t from;
  size_t bytes;
  bool to_device;
  bool from_device;
  std::shared_ptr<std::vector<char>> staged;  // the source, when it was pageable
};

Result violated(const char* what, int device, uintptr_t address, size_t bytes) {
  const std::string where = describe_address(device, address, bytes);
  log_violation(std::string(what) + " of " + std::to_string(bytes) + " bytes: " +
                (where.empty() ? "reads device memory that was never written" : where));
  return ILLEGAL_ADDRESS;
}

Result copy(const Transfer& transfer) {
  const int device = transfer.context->device;
  bool fails;
  bool checks;
  {
    Guard guard(state().lock);
    fails = settings().copy.next();
    checks = settings().checks;
  }
  if (fails) {
    return ECC_UNCORRECTABLE;
  }
  if (transfer.to_device && !accessible(device, transfer.to, transfer.bytes)) {
    return violated("copy to device", device, transfer.to, transfer.bytes);
  }
  if (transfer.from_device && !accessible(device, transfer.from, transfer.bytes)) {
    return violated("copy from device", device, transfer.from, transfer.bytes);
  }
  // A copy within the device takes the bytes' states along.
  if (transfer.from_device && !transfer.to_device && checks && !written(device, transfer.from, transfer.bytes)) {
    return violated("copy from device", device, transfer.from, transfer.bytes);
  }
  const void* from = transfer.staged ? transfer.staged->data() : reinterpret_cast<const void*>(transfer.from);
  memmove(reinterpret_cast<void*>(transfer.to), from, transfer.bytes);
  if (transfer.from_device && transfer.to_device) {
    memmove(states_of(device, transfer.to), states_of(device, transfer.from), transfer.bytes);
  } else if (transfer.to_device) {
    mark_written(device, transfer.to, transfer.bytes);
  }
  return SUCCESS;
}

bool pinned(uintptr_t address, size_t bytes) {
  auto after = state().pinned.upper_bound(address);
  if (after == state().pinned.begin()) {
    return false;
  }
  --after;
  return address + bytes <= after->first + after->second;
}

// A copy from pageable memory returns when the source has been read, one to pageable memory when it is done.
Result transfer(Guard& guard, void* stream_handle, Transfer what, bool asynchronous) {
  Context* context = nullptr;
  Stream* stream = nullptr;
  Result result = enter_context(&context);
  if (result == SUCCESS) {
    result = stream_of(context, stream_handle, &stream);
  }
  if (result != SUCCESS) {
    return result;
  }
  what.context = stream->context;
  const uintptr_t device_address = what.to_device ? what.to : what.from;
  if (!on_device(what.context->device, device_address)) {
    violated(what.to_device ? "copy to device" : "copy from device", what.context->device, device_address, what.bytes);
    return INVALID_VALUE;
  }
  const bool host_source = !what.from_device;
  const bool host_target = !what.to_device;
  if (stream->capture == nullptr && host_source && !pinned(what.from, what.bytes)) {
    const char* source = reinterpret_cast<const char*>(what.from);
    what.staged = std::make_shared<std::vector<char>>(source, source + what.bytes);
  }
  const bool wait = stream->capture == nullptr &&
                    (!asynchronous || (host_target && !pinned(what.to, what.bytes)));
  result = submit(stream, {Kind::COPY, [what] { return copy(what); }});
  return result == SUCCESS && wait ? drain(guard, stream) : result;
}

int copy_host_to_device(void* stream, uintptr_t to, const void* from, size_t bytes, bool asynchronous) {
  Guard guard(state().lock);
  return transfer(guard, stream, {nullptr, to, reinterpret_cast<uintptr_t>(from), bytes, true, false, nullptr},
                  asynchronous);
}

int copy_device_to_host(void* stream, void* to, uintptr_t from, size_t bytes, bool asynchronous) {
  Guard guard(state().lock);
  return transfer(guard, stream, {nullptr, reinterpret_cast<uintptr_t>(to), from, bytes, false, true, nullptr},
                  asynchronous);
}

int copy_on_device(void* stream, uintptr_t to, uintptr_t from, size_t bytes) {
  Guard guard(state().lock);
  return transfer(guard, stream, {nullptr, to, from, bytes, true, true, nullptr}, true);
}

template <typename T>
int fill(void* stream_handle, uintptr_t to, T value, size_t count) {
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
  const int device = stream->context->device;
  if (!on_device(device, to) || to % sizeof(T) != 0) {
    return INVALID_VALUE;
  }
  return submit(stream, {Kind::SET, [=] {
                           if (!accessible(device, to, count * sizeof(T))) {
                             return violated("fill", device, to, count * sizeof(T));
                           }
                           T* values = reinterpret_cast<T*>(to);
                           for (size_t i = 0; i < count; i++) {
                             values[i] = value;
                           }
                           mark_written(device, to, count * sizeof(T));
                           return SUCCESS;
                         }});
}

}  // namespace

OCTET_DRIVER cuMemcpyHtoD_v2(uintptr_t to, const void* from, size_t bytes) {
  return copy_host_to_device(nullptr, to, from, bytes, false);
}
OCTET_DRIVER cuMemcpyHtoDAsync_v2(uintptr_t to, const void* from, size_t bytes, void* stream) {
  return copy_host_to_device(stream, to, from, bytes, true);
}
OCTET_DRIVER cuMemcpyDtoH_v2(void* to, uintptr_t from, size_t bytes) {
  return copy_device_to_host(nullptr, to, from, bytes, false);
}
OCTET_DRIVER cuMemcpyDtoHAsync_v2(void* to, uintptr_t from, size_t bytes, void* stream) {
  return copy_device_to_host(stream, to, from, bytes, true);
}
OCTET_DRIVER cuMemcpyDtoD_v2(uintptr_t to, uintptr_t from, size_t bytes) {
  return copy_on_device(nullptr, to, from, bytes);
}
OCTET_DRIVER cuMemcpyDtoDAsync_v2(uintptr_t to, uintptr_t from, size_t bytes, void* stream) {
  return copy_on_device(stream, to, from, bytes);
}
OCTET_DRIVER cuMemsetD8_v2(uintptr_t to, unsigned char value, size_t count) { return fill(nullptr, to, value, count); }
OCTET_DRIVER cuMemsetD16_v2(uintptr_t to, unsigned short value, size_t count) { return fill(nullptr, to, value, count); }
OCTET_DRIVER cuMemsetD32_v2(uintptr_t to, unsigned value, size_t count) { return fill(nullptr, to, value, count); }
OCTET_DRIVER cuMemsetD8Async(uintptr_t to, unsigned char value, size_t count, void* stream) {
  return fill(stream, to, value, count);
}
OCTET_DRIVER cuMemsetD16Async(uintptr_t to, unsigned short value, size_t count, void* stream) {
  return fill(stream, to, value, count);
}
OCTET_DRIVER cuMemsetD32Async(uintptr_t to, unsigned value, size_t count, void* stream) {
  return fill(stream, to, value, count);
}
