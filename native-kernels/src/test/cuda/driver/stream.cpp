// Streams, events and host functions.
#include <chrono>

#include "state.h"

using namespace octet_sim;

namespace {

double now_milliseconds() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

Result enter_stream(void* handle, Stream** stream) {
  Context* context = nullptr;
  const Result result = enter_context(&context);
  return result != SUCCESS ? result : stream_of(context, handle, stream);
}

// What work(stream, guard) returns for the stream of a handle, under the lock.
template <typename Work>
int on_stream(void* handle, Work work) {
  Guard guard(state().lock);
  Stream* stream = nullptr;
  const Result result = enter_stream(handle, &stream);
  return result != SUCCESS ? result : work(stream, guard);
}

// A call that waits for a stream or looks at it ends the stream's capture.
Result refuse_capture(Stream* stream) {
  if (stream->capture == nullptr) {
    return SUCCESS;
  }
  stream->capture->invalidated = true;
  return STREAM_CAPTURE_UNSUPPORTED;
}

Result enter_event(void* handle, Event** event) {
  const Result result = enter();
  *event = static_cast<Event*>(handle);
  if (result != SUCCESS || state().events.count(*event) == 0) {
    return result != SUCCESS ? result : INVALID_HANDLE;
  }
  return (*event)->context->error;
}

Result complete_event(Event* event, uint64_t record) {
  Guard guard(state().lock);
  if (state().events.count(event) != 0) {
    event->completed = record;
    event->milliseconds = now_milliseconds();
  }
  return SUCCESS;
}

int make_stream(void** stream, unsigned flags) {
  Guard guard(state().lock);
  Context* context = nullptr;
  const Result result = enter_context(&context);
  if (result == SUCCESS) {
    Stream* made = new Stream;
    made->context = context;
    made->flags = flags;
    made->blocking = (flags & 1) == 0;
    state().streams.insert(made);
    *stream = made;
  }
  return result;
}

int record(void* event_handle, void* stream_handle) {
  Guard guard(state().lock);
  Stream* stream = nullptr;
  Event* event = nullptr;
  Result result = enter_stream(stream_handle, &stream);
  if (result == SUCCESS) {
    result = enter_event(event_handle, &event);
  }
  if (result != SUCCESS) {
    return result;
  }
  event->capture = stream->capture;
  event->nodes = stream->tail;
  if (stream->capture != nullptr) {
    return stream->capture->invalidated ? STREAM_CAPTURE_INVALIDATED : SUCCESS;
  }
  const uint64_t number = ++event->recorded;
  return submit(stream, {Kind::EVENT, [event, number] { return complete_event(event, number); }});
}

// The stream's next work runs behind the event's, in the capture that the event was recorded in.
Result join(Stream* stream, Event* event) {
  if (stream->capture == nullptr) {
    stream->capture = event->capture;
    stream->tail = event->nodes;
    return SUCCESS;
  }
  if (stream->capture != event->capture) {
    stream->capture->invalidated = true;
    return STREAM_CAPTURE_ISOLATION;
  }
  stream->tail.insert(stream->tail.end(), event->nodes.begin(), event->nodes.end());
  return SUCCESS;
}

}  // namespace

OCTET_DRIVER cuStreamCreate(void** stream, unsigned flags) { return make_stream(stream, flags); }
OCTET_DRIVER cuStreamCreateWithPriority(void** stream, unsigned flags, int) { return make_stream(stream, flags); }

OCTET_DRIVER cuStreamDestroy_v2(void* handle) {
  Guard guard(state().lock);
  Stream* stream = static_cast<Stream*>(handle);
  if (state().streams.count(stream) == 0) {
    return INVALID_HANDLE;
  }
  drain(guard, stream);
  free_stream(stream);
  return enter();
}

OCTET_DRIVER cuStreamSynchronize(void* handle) {
  return on_stream(handle, [](Stream* stream, Guard& guard) {
    Result refused = refuse_capture(stream);
    if (refused == SUCCESS) {
      refused = refuse_implicit(stream->context, stream);
    }
    return refused != SUCCESS ? refused : drain(guard, stream);
  });
}

OCTET_DRIVER cuStreamQuery(void* handle) {
  return on_stream(handle, [](Stream* stream, Guard&) {
    const Result refused = refuse_capture(stream);
    return refused != SUCCESS ? refused : stream->queue.empty() ? SUCCESS : NOT_READY;
  });
}

OCTET_DRIVER cuStreamGetFlags(void* handle, unsigned* flags) {
  return on_stream(handle, [=](Stream* stream, Guard&) {
    *flags = stream->flags;
    return SUCCESS;
  });
}

OCTET_DRIVER cuStreamGetPriority(void* handle, int* priority) {
  *priority = 0;
  return on_stream(handle, [](Stream*, Guard&) { return SUCCESS; });
}

OCTET_DRIVER cuStreamGetCtx(void* handle, void** context) {
  return on_stream(handle, [=](Stream* stream, Guard&) {
    *context = stream->context;
    return SUCCESS;
  });
}

OCTET_DRIVER cuStreamWaitEvent(void* stream_handle, void* event_handle, unsigned) {
  Guard guard(state().lock);
  Stream* stream = nullptr;
  Event* event = nullptr;
  Result result = enter_stream(stream_handle, &stream);
  if (result == SUCCESS) {
    result = enter_event(event_handle, &event);
  }
  if (result != SUCCESS) {
    return result;
  }
  if (event->capture != nullptr) {
    return join(stream, event);
  }
  if (stream->capture != nullptr) {
    stream->capture->invalidated = true;
    return STREAM_CAPTURE_ISOLATION;
  }
  enqueue(stream, {0, {Kind::EVENT, [] { return SUCCESS; }}, event, event->recorded});
  return SUCCESS;
}

OCTET_DRIVER cuLaunchHostFunc(void* handle, void (*function)(void*), void* data) {
  return on_stream(handle, [=](Stream* stream, Guard&) {
    return submit(stream, {Kind::HOST, [=] {
                             function(data);
                             return SUCCESS;
                           }});
  });
}

OCTET_DRIVER cuStreamAddCallback(void* handle, void (*callback)(void*, int, void*), void* data, unsigned) {
  return on_stream(handle, [=](Stream* stream, Guard&) -> Result {
    if (stream->capture != nullptr) {
      return STREAM_CAPTURE_UNSUPPORTED;
    }
    return submit(stream, {Kind::HOST, [=] {
                             callback(handle, stream->context->error, data);
                             return SUCCESS;
                           }});
  });
}

OCTET_DRIVER cuEventCreate(void** event, unsigned flags) {
  Guard guard(state().lock);
  Context* context = nullptr;
  const Result result = enter_context(&context);
  if (result == SUCCESS) {
    Event* made = new Event;
    made->context = context;
    made->timing = (flags & 2) == 0;
    state().events.insert(made);
    *event = made;
  }
  return result;
}

OCTET_DRIVER cuEventDestroy_v2(void* handle) {
  Guard guard(state().lock);
  Event* event = static_cast<Event*>(handle);
  if (state().events.erase(event) == 0) {
    return INVALID_HANDLE;
  }
  state().changed.notify_all();
  delete event;
  return enter();
}

OCTET_DRIVER cuEventRecord(void* event, void* stream) { return record(event, stream); }
OCTET_DRIVER cuEventRecordWithFlags(void* event, void* stream, unsigned) { return record(event, stream); }

OCTET_DRIVER cuEventQuery(void* handle) {
  Guard guard(state().lock);
  Event* event = nullptr;
  const Result result = enter_event(handle, &event);
  if (result != SUCCESS || event->capture != nullptr) {
    return result != SUCCESS ? result : CAPTURED_EVENT;
  }
  return event->completed >= event->recorded ? SUCCESS : NOT_READY;
}

OCTET_DRIVER cuEventSynchronize(void* handle) {
  Guard guard(state().lock);
  Event* event = nullptr;
  const Result result = enter_event(handle, &event);
  if (result != SUCCESS || event->capture != nullptr) {
    return result != SUCCESS ? result : CAPTURED_EVENT;
  }
  const uint64_t record = event->recorded;
  state().changed.wait(guard, [=] { return state().events.count(event) == 0 || event->completed >= record; });
  return state().events.count(event) == 0 ? INVALID_HANDLE : event->context->error;
}

OCTET_DRIVER cuEventElapsedTime(float* milliseconds, void* start_handle, void* end_handle) {
  Guard guard(state().lock);
  Event* start = nullptr;
  Event* end = nullptr;
  Result result = enter_event(start_handle, &start);
  if (result == SUCCESS) {
    result = enter_event(end_handle, &end);
  }
  if (result != SUCCESS) {
    return result;
  }
  if (!start->timing || !end->timing || start->recorded == 0 || end->recorded == 0) {
    return INVALID_HANDLE;
  }
  if (start->completed < start->recorded || end->completed < end->recorded) {
    return NOT_READY;
  }
  *milliseconds = static_cast<float>(end->milliseconds - start->milliseconds);
  return SUCCESS;
}
OCTET_DRIVER cuEventElapsedTime_v2(float* milliseconds, void* start, void* end) {
  return cuEventElapsedTime(milliseconds, start, end);
}
