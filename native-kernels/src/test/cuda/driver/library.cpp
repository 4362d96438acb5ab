#include "library.h"

#include <memory>

#include "../runtime/device_memory.h"
#include "state.h"

using namespace octet_sim;

OCTET_DRIVER octet_simulator_enqueue(void* handle, int (*act)(void*), void* data, void (*release)(void*)) {
  Guard guard(state().lock);
  std::shared_ptr<void> kept(data, release);
  Context* context = nullptr;
  Stream* stream = nullptr;
  Result result = enter_context(&context);
  if (result == SUCCESS) {
    result = stream_of(context, handle, &stream);
  }
  return result != SUCCESS ? result : submit(stream, {Kind::KERNEL, [kept, act] {
                                                        return static_cast<Result>(act(kept.get()));
                                                      }});
}

OCTET_DRIVER octet_simulator_touch(const char* name, const void* pointer, size_t bytes, int write) {
  const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
  const int device = on_device(0, address) ? 0 : 1;
  if (!accessible(device, address, bytes)) {
    log_violation(std::string(name) + (write != 0 ? " writes " : " reads ") + std::to_string(bytes) +
                  " bytes: " + describe_address(device, address, bytes));
    return ILLEGAL_ADDRESS;
  }
  if (write != 0) {
    mark_written(device, address, bytes);
  } else if (settings().checks && !written(device, address, bytes)) {
    log_violation(std::string(name) + " reads " + std::to_string(bytes) + " bytes that were never written");
    return ILLEGAL_ADDRESS;
  }
  return SUCCESS;
}
