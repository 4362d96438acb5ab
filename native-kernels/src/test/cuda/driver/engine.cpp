// The thread that runs what is in the streams' queues.
#include <chrono>

#include "state.h"

namespace octet_sim {

namespace {

bool earlier_item(const Stream& stream, uint64_t sequence) {
  return !stream.queue.empty() && stream.queue.front().sequence < sequence;
}

// The rules of the legacy default stream: it waits for all blocking streams, and they for it.
bool may_run(const Stream& stream) {
  if (stream.queue.empty()) {
    return false;
  }
  const Item& item = stream.queue.front();
  if (item.awaited != nullptr && item.awaited->completed < item.awaited_record &&
      state().events.count(item.awaited) != 0) {
    return false;
  }
  if (!stream.legacy) {
    return !stream.blocking || !earlier_item(stream.context->legacy, item.sequence);
  }
  for (const Stream* other : state().streams) {
    if (other->context == stream.context && other->blocking && earlier_item(*other, item.sequence)) {
      return false;
    }
  }
  return true;
}

Stream* runnable() {
  State& all = state();
  for (Stream* stream : all.streams) {
    if (may_run(*stream)) {
      return stream;
    }
  }
  for (Context* context : all.contexts) {
    if (may_run(context->legacy)) {
      return &context->legacy;
    }
  }
  return nullptr;
}

void run_engine() {
  State& all = state();
  Guard guard(all.lock);
  for (;;) {
    Stream* stream = runnable();
    if (stream == nullptr) {
      all.changed.wait(guard);
      continue;
    }
    Context* context = stream->context;
    Work& work = stream->queue.front().work;  // stays where it is while others are added
    // Events complete also when the work before them failed, so that nobody waits forever.
    if (context->error == SUCCESS || work.kind == Kind::EVENT || work.kind == Kind::HOST) {
      guard.unlock();
      const Result result = work.act();
      guard.lock();
      if (result != SUCCESS && context->error == SUCCESS) {
        context->error = result;
      }
    }
    stream->queue.pop_front();
    all.changed.notify_all();
  }
}

bool capturing_stream_of(const Context* context, const Stream& stream) {
  return stream.context == context && stream.capture != nullptr;
}

}  // namespace

void enqueue(Stream* stream, Item item) {
  State& all = state();
  item.sequence = ++all.sequence;
  stream->queue.push_back(std::move(item));
  if (!all.engine_runs) {
    all.engine_runs = true;
    std::thread(run_engine).detach();
  }
  all.changed.notify_all();
}

Result submit(Stream* stream, Work work) {
  if (stream->capture == nullptr) {
    const Result implicit = refuse_implicit(stream->context, stream);
    if (implicit != SUCCESS) {
      return implicit;
    }
    enqueue(stream, {0, std::move(work)});
    return SUCCESS;
  }
  if (stream->capture->invalidated) {
    return STREAM_CAPTURE_INVALIDATED;
  }
  auto node = std::make_unique<Node>();
  node->work = std::move(work);
  node->after = stream->tail;
  stream->tail = {node.get()};
  stream->capture->graph->nodes.push_back(std::move(node));
  return SUCCESS;
}

Result drain(Guard& guard, Stream* stream) {
  Context* context = stream->context;
  state().changed.wait(guard, [&] { return state().streams.count(stream) == 0 && !stream->legacy ? true : stream->queue.empty(); });
  return context->error;
}

Result drain(Guard& guard, Context* context) {
  state().changed.wait(guard, [&] {
    for (const Stream* stream : state().streams) {
      if (stream->context == context && !stream->queue.empty()) {
        return false;
      }
    }
    return context->legacy.queue.empty();
  });
  return context->error;
}

// Work in the legacy stream would wait for a blocking stream that is not to be waited for.
Result refuse_implicit(Context* context, Stream* stream) {
  if (!stream->legacy) {
    return SUCCESS;
  }
  for (Stream* other : state().streams) {
    if (capturing_stream_of(context, *other) && other->blocking) {
      other->capture->invalidated = true;
      return STREAM_CAPTURE_IMPLICIT;
    }
  }
  return SUCCESS;
}

Result refuse_while_capturing(Context* context) {
  for (Stream* stream : state().streams) {
    if (!capturing_stream_of(context, *stream)) {
      continue;
    }
    Capture& capture = *stream->capture;
    const bool here = capture.thread == std::this_thread::get_id();
    if (capture.mode == CaptureMode::GLOBAL || (capture.mode == CaptureMode::THREAD_LOCAL && here)) {
      capture.invalidated = true;
      return STREAM_CAPTURE_UNSUPPORTED;
    }
  }
  return SUCCESS;
}

}  // namespace octet_sim
