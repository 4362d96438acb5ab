// Contexts: created ones and a device's primary one.
#include "state.h"

using namespace octet_sim;

namespace {

void pop_if_current(Context* context) {
  std::vector<Context*>& stack = context_stack();
  if (!stack.empty() && stack.back() == context) {
    stack.pop_back();
  }
}

}  // namespace

OCTET_DRIVER cuDevicePrimaryCtxRetain(void** context, int device) {
  Guard guard(state().lock);
  const Result result = check_device(device);
  if (result != SUCCESS) {
    return result;
  }
  Context*& primary = state().primary[device];
  if (primary == nullptr) {
    primary = make_context(device, 0);
    primary->primary = true;
  }
  state().primary_uses[device]++;
  *context = primary;
  return SUCCESS;
}

OCTET_DRIVER cuDevicePrimaryCtxRelease_v2(int device) {
  Guard guard(state().lock);
  const Result result = check_device(device);
  if (result != SUCCESS && result != UNKNOWN) {
    return result;
  }
  if (state().primary_uses[device] == 0) {
    return INVALID_CONTEXT;
  }
  // Also when the device is lost.
  if (--state().primary_uses[device] == 0) {
    Context* context = state().primary[device];
    state().primary[device] = nullptr;
    end_context(guard, context);
  }
  return result;
}

OCTET_DRIVER cuDevicePrimaryCtxReset_v2(int device) {
  Guard guard(state().lock);
  const Result result = check_device(device);
  if (result == SUCCESS && state().primary[device] != nullptr) {
    Context* context = state().primary[device];
    state().primary[device] = nullptr;
    state().primary_uses[device] = 0;
    end_context(guard, context);
  }
  return result;
}

OCTET_DRIVER cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active) {
  Guard guard(state().lock);
  const Result result = check_device(device);
  if (result == SUCCESS) {
    *flags = 0;
    *active = state().primary[device] != nullptr;
  }
  return result;
}

OCTET_DRIVER cuDevicePrimaryCtxSetFlags_v2(int device, unsigned) {
  Guard guard(state().lock);
  return check_device(device);
}

OCTET_DRIVER cuCtxCreate_v2(void** context, unsigned flags, int device) {
  Guard guard(state().lock);
  const Result result = check_device(device);
  if (result == SUCCESS) {
    *context = make_context(device, flags);
    context_stack().push_back(static_cast<Context*>(*context));
  }
  return result;
}

OCTET_DRIVER cuCtxDestroy_v2(void* context) {
  Guard guard(state().lock);
  Context* ended = static_cast<Context*>(context);
  if (state().contexts.count(ended) == 0 || ended->primary) {
    return INVALID_CONTEXT;
  }
  pop_if_current(ended);
  end_context(guard, ended);
  return SUCCESS;
}

// Which context is current is the thread's own affair: also with a lost device.
OCTET_DRIVER cuCtxSetCurrent(void* context) {
  Guard guard(state().lock);
  Context* current = static_cast<Context*>(context);
  if (!state().initialized || (current != nullptr && state().contexts.count(current) == 0)) {
    return state().initialized ? INVALID_CONTEXT : NOT_INITIALIZED;
  }
  std::vector<Context*>& stack = context_stack();
  if (!stack.empty()) {
    stack.pop_back();
  }
  if (current != nullptr) {
    stack.push_back(current);
  }
  return SUCCESS;
}

OCTET_DRIVER cuCtxGetCurrent(void** context) {
  Guard guard(state().lock);
  *context = context_stack().empty() ? nullptr : context_stack().back();
  return enter();
}

OCTET_DRIVER cuCtxPushCurrent_v2(void* context) {
  Guard guard(state().lock);
  const Result result = enter();
  if (result != SUCCESS || state().contexts.count(static_cast<Context*>(context)) == 0) {
    return result != SUCCESS ? result : INVALID_CONTEXT;
  }
  context_stack().push_back(static_cast<Context*>(context));
  return SUCCESS;
}

OCTET_DRIVER cuCtxPopCurrent_v2(void** context) {
  Guard guard(state().lock);
  const Result result = enter();
  if (result != SUCCESS || context_stack().empty()) {
    return result != SUCCESS ? result : INVALID_CONTEXT;
  }
  if (context != nullptr) {
    *context = context_stack().back();
  }
  context_stack().pop_back();
  return SUCCESS;
}

OCTET_DRIVER cuCtxGetDevice(int* device) {
  Guard guard(state().lock);
  Context* context = nullptr;
  const Result result = enter_context(&context);
  if (result == SUCCESS) {
    *device = context->device;
  }
  return result;
}

OCTET_DRIVER cuCtxGetFlags(unsigned* flags) {
  Guard guard(state().lock);
  Context* context = nullptr;
  const Result result = enter_context(&context);
  if (result == SUCCESS) {
    *flags = context->flags;
  }
  return result;
}

OCTET_DRIVER cuCtxGetApiVersion(void*, unsigned* version) {
  *version = 3020;
  return SUCCESS;
}

OCTET_DRIVER cuCtxSynchronize() {
  Guard guard(state().lock);
  Context* context = nullptr;
  Result result = enter_context(&context);
  if (result == SUCCESS) {
    result = refuse_while_capturing(context);
  }
  return result != SUCCESS ? result : drain(guard, context);
}

OCTET_DRIVER cuCtxGetStreamPriorityRange(int* least, int* greatest) {
  *least = 0;
  *greatest = 0;
  return SUCCESS;
}
