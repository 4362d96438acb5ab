#include "state.h"

#include <pthread.h>

#include "../runtime/device_memory.h"

namespace octet_sim {

namespace {

void delete_stack(void* stack) { delete static_cast<std::vector<Context*>*>(stack); }

void leak(const Context* context, const std::string& what) {
  log_leak("context of device " + std::to_string(context->device) + " ended with " + what);
}

template <typename T>
void end_all(std::set<T*>& all, const Context* context, const char* what) {
  size_t count = 0;
  for (auto it = all.begin(); it != all.end();) {
    T* item = *it;
    const bool ours = item->context == context;
    it = ours ? all.erase(it) : std::next(it);
    if (ours) {
      count++;
      delete item;
    }
  }
  if (count > 0) {
    leak(context, std::to_string(count) + " " + what);
  }
}

}  // namespace

State& state() {
  static State* all = new State;  // never destroyed: threads may use it until the process ends
  return *all;
}

// Not thread-local storage: that is the kernels' shared memory here.
std::vector<Context*>& context_stack() {
  static const pthread_key_t key = [] {
    pthread_key_t made;
    pthread_key_create(&made, delete_stack);
    return made;
  }();
  void* stack = pthread_getspecific(key);
  if (stack == nullptr) {
    stack = new std::vector<Context*>;
    pthread_setspecific(key, stack);
  }
  return *static_cast<std::vector<Context*>*>(stack);
}

Result enter() {
  if (!state().initialized) {
    return NOT_INITIALIZED;
  }
  return settings().call.next() ? UNKNOWN : SUCCESS;
}

Result check_device(int device) {
  const Result result = enter();
  return result != SUCCESS ? result : device < 0 || device >= settings().devices ? INVALID_DEVICE : SUCCESS;
}

Result enter_context(Context** context) {
  const Result result = enter();
  if (result != SUCCESS) {
    return result;
  }
  std::vector<Context*>& stack = context_stack();
  if (stack.empty() || state().contexts.count(stack.back()) == 0) {
    return INVALID_CONTEXT;
  }
  *context = stack.back();
  return (*context)->error;
}

Result stream_of(Context* context, void* handle, Stream** stream) {
  const uintptr_t number = reinterpret_cast<uintptr_t>(handle);
  if (number <= 1) {
    *stream = &context->legacy;
    return SUCCESS;
  }
  *stream = static_cast<Stream*>(handle);
  if (state().streams.count(*stream) == 0) {
    return INVALID_HANDLE;
  }
  return (*stream)->context->error;
}

Context* make_context(int device, unsigned flags) {
  Context* context = new Context;
  context->device = device;
  context->flags = flags;
  context->legacy.context = context;
  context->legacy.legacy = true;
  state().contexts.insert(context);
  return context;
}

void free_stream(Stream* stream) {
  state().streams.erase(stream);
  delete stream;
}

void end_context(Guard& guard, Context* context) {
  State& all = state();
  drain(guard, context);
  size_t bytes = 0;
  for (auto& [address, size] : context->allocations) {
    bytes += size;
    device_free(context->device, address);
  }
  if (!context->allocations.empty()) {
    leak(context, std::to_string(context->allocations.size()) + " device allocations of " + std::to_string(bytes) +
                      " bytes");
  }
  end_all(all.streams, context, "streams");
  end_all(all.events, context, "events");
  end_all(all.modules, context, "modules");
  all.contexts.erase(context);
  if (all.contexts.empty()) {
    if (!all.graphs.empty() || !all.execs.empty()) {
      leak(context, std::to_string(all.graphs.size()) + " graphs and " + std::to_string(all.execs.size()) +
                        " executable graphs");
    }
    if (!all.pinned.empty()) {
      leak(context, std::to_string(all.pinned.size()) + " pinned host allocations");
    }
  }
  delete context;
}

Result result_of(Violation violation) {
  switch (violation) {
    case Violation::NONE:
      return SUCCESS;
    case Violation::ADDRESS:
      return ILLEGAL_ADDRESS;
    case Violation::MISALIGNED:
      return MISALIGNED_ADDRESS;
    case Violation::LAUNCH:
      return LAUNCH_FAILED;
  }
  __builtin_unreachable();
}

namespace {

// A process that ends with contexts alive leaves what they hold behind.
__attribute__((destructor)) void report_at_exit() {
  State& all = state();
  Guard guard(all.lock, std::try_to_lock);
  if (!guard.owns_lock()) {
    return;
  }
  for (const Context* context : all.contexts) {
    size_t bytes = 0;
    for (const auto& allocation : context->allocations) {
      bytes += allocation.second;
    }
    if (!context->allocations.empty()) {
      log_leak("process ended with " + std::to_string(context->allocations.size()) + " device allocations of " +
               std::to_string(bytes) + " bytes in a context of device " + std::to_string(context->device));
    }
  }
}

}  // namespace

}  // namespace octet_sim
