// Capture of a stream's work into a graph, and graphs' execution.
#include <algorithm>

#include "state.h"

using namespace octet_sim;

namespace {

Result enter_stream(void* handle, Stream** stream) {
  Context* context = nullptr;
  const Result result = enter_context(&context);
  return result != SUCCESS ? result : stream_of(context, handle, stream);
}

bool reaches(const Node* from, const Node* to) {
  if (from == to) {
    return true;
  }
  return std::any_of(from->after.begin(), from->after.end(), [to](const Node* node) { return reaches(node, to); });
}

// Every other stream of the capture has ended behind the origin's tail.
bool joined(const Capture& capture) {
  const std::vector<Node*>& ends = capture.origin->tail;
  for (const Stream* stream : state().streams) {
    if (stream->capture.get() != &capture || stream == capture.origin) {
      continue;
    }
    for (const Node* node : stream->tail) {
      if (std::none_of(ends.begin(), ends.end(), [node](const Node* end) { return reaches(end, node); })) {
        return false;
      }
    }
  }
  return true;
}

void stop_capture(const std::shared_ptr<Capture>& capture) {
  for (Stream* stream : state().streams) {
    if (stream->capture == capture) {
      stream->capture = nullptr;
      stream->tail.clear();
    }
  }
}

void free_graph(Graph* graph) {
  state().graphs.erase(graph);
  delete graph;
}

void abandon(Stream* stream) {
  const std::shared_ptr<Capture> capture = stream->capture;
  if (capture != nullptr && capture->origin == stream) {
    stop_capture(capture);
    free_graph(capture->graph);
  }
}

int instantiate(void** exec, void* graph_handle) {
  Guard guard(state().lock);
  const Result result = enter();
  Graph* graph = static_cast<Graph*>(graph_handle);
  if (result != SUCCESS || state().graphs.count(graph) == 0) {
    return result != SUCCESS ? result : INVALID_VALUE;
  }
  GraphExec* made = new GraphExec;
  for (const auto& node : graph->nodes) {
    made->works.push_back(node->work);
  }
  state().execs.insert(made);
  *exec = made;
  return SUCCESS;
}

Result run_all(const std::vector<Work>& works) {
  for (const Work& work : works) {
    const Result result = work.act();
    if (result != SUCCESS) {
      return result;
    }
  }
  return SUCCESS;
}

// The node types of the driver.
int type_of(Kind kind) {
  switch (kind) {
    case Kind::KERNEL:
      return 0;
    case Kind::COPY:
      return 1;
    case Kind::SET:
      return 2;
    case Kind::HOST:
      return 3;
    case Kind::GRAPH:
      return 4;
    case Kind::EVENT:
      return 7;
  }
  __builtin_unreachable();
}

}  // namespace

OCTET_DRIVER cuStreamBeginCapture_v2(void* handle, int mode) {
  Guard guard(state().lock);
  Stream* stream = nullptr;
  const Result result = enter_stream(handle, &stream);
  if (result != SUCCESS) {
    return result;
  }
  if (stream->legacy) {
    return STREAM_CAPTURE_UNSUPPORTED;
  }
  if (stream->capture != nullptr || mode < 0 || mode > 2) {
    return INVALID_VALUE;
  }
  Graph* graph = new Graph;
  state().graphs.insert(graph);
  stream->capture = std::make_shared<Capture>(
      Capture{graph, stream, static_cast<CaptureMode>(mode), std::this_thread::get_id()});
  stream->tail.clear();
  return SUCCESS;
}

OCTET_DRIVER cuStreamEndCapture(void* handle, void** graph) {
  Guard guard(state().lock);
  Stream* stream = nullptr;
  const Result result = enter_stream(handle, &stream);
  *graph = nullptr;
  if (result != SUCCESS && state().streams.count(static_cast<Stream*>(handle)) != 0) {
    abandon(static_cast<Stream*>(handle));
  }
  if (result != SUCCESS || stream->capture == nullptr) {
    return result != SUCCESS ? result : INVALID_VALUE;
  }
  const std::shared_ptr<Capture> capture = stream->capture;
  if (capture->origin != stream) {
    return STREAM_CAPTURE_UNMATCHED;
  }
  if (capture->mode != CaptureMode::RELAXED && capture->thread != std::this_thread::get_id()) {
    return STREAM_CAPTURE_WRONG_THREAD;
  }
  const Result ended = capture->invalidated ? STREAM_CAPTURE_INVALIDATED
                       : joined(*capture)   ? SUCCESS
                                            : STREAM_CAPTURE_UNJOINED;
  stop_capture(capture);
  if (ended != SUCCESS) {
    free_graph(capture->graph);
    return ended;
  }
  *graph = capture->graph;
  return SUCCESS;
}

OCTET_DRIVER cuStreamIsCapturing(void* handle, int* status) {
  Guard guard(state().lock);
  Stream* stream = nullptr;
  const Result result = enter_stream(handle, &stream);
  if (result == SUCCESS) {
    *status = stream->capture == nullptr ? 0 : stream->capture->invalidated ? 2 : 1;
  }
  return result;
}

// The thread's mode stays global: nothing here depends on it.
OCTET_DRIVER cuThreadExchangeStreamCaptureMode(int* mode) {
  *mode = static_cast<int>(CaptureMode::GLOBAL);
  return SUCCESS;
}

OCTET_DRIVER cuGraphCreate(void** graph, unsigned) {
  Guard guard(state().lock);
  const Result result = enter();
  if (result == SUCCESS) {
    Graph* made = new Graph;
    state().graphs.insert(made);
    *graph = made;
  }
  return result;
}

OCTET_DRIVER cuGraphDestroy(void* graph) {
  Guard guard(state().lock);
  if (state().graphs.count(static_cast<Graph*>(graph)) == 0) {
    return INVALID_VALUE;
  }
  free_graph(static_cast<Graph*>(graph));
  return enter();
}

OCTET_DRIVER cuGraphGetNodes(void* handle, void** nodes, size_t* count) {
  Guard guard(state().lock);
  const Result result = enter();
  Graph* graph = static_cast<Graph*>(handle);
  if (result != SUCCESS || state().graphs.count(graph) == 0) {
    return result != SUCCESS ? result : INVALID_VALUE;
  }
  const size_t all = graph->nodes.size();
  for (size_t i = 0; nodes != nullptr && i < *count; i++) {
    nodes[i] = i < all ? graph->nodes[i].get() : nullptr;
  }
  *count = nodes == nullptr ? all : std::min(*count, all);
  return SUCCESS;
}

OCTET_DRIVER cuGraphNodeGetType(void* node, int* type) {
  Guard guard(state().lock);
  for (const Graph* graph : state().graphs) {
    for (const auto& known : graph->nodes) {
      if (known.get() == node) {
        *type = type_of(known->work.kind);
        return enter();
      }
    }
  }
  return INVALID_VALUE;
}

OCTET_DRIVER cuGraphInstantiateWithFlags(void** exec, void* graph, unsigned long long) {
  return instantiate(exec, graph);
}
OCTET_DRIVER cuGraphInstantiate(void** exec, void* graph, unsigned long long) { return instantiate(exec, graph); }
OCTET_DRIVER cuGraphInstantiate_v2(void** exec, void* graph, void**, char*, size_t) { return instantiate(exec, graph); }

OCTET_DRIVER cuGraphExecDestroy(void* handle) {
  Guard guard(state().lock);
  GraphExec* exec = static_cast<GraphExec*>(handle);
  if (state().execs.erase(exec) == 0) {
    return INVALID_VALUE;
  }
  delete exec;
  return enter();
}

OCTET_DRIVER cuGraphLaunch(void* handle, void* stream_handle) {
  Guard guard(state().lock);
  Stream* stream = nullptr;
  const Result result = enter_stream(stream_handle, &stream);
  GraphExec* exec = static_cast<GraphExec*>(handle);
  if (result != SUCCESS || state().execs.count(exec) == 0) {
    return result != SUCCESS ? result : INVALID_VALUE;
  }
  // A copy: the executable graph may be destroyed while it runs.
  return submit(stream, {Kind::GRAPH, [works = exec->works] { return run_all(works); }});
}

OCTET_DRIVER cuGraphUpload(void*, void* stream_handle) {
  Guard guard(state().lock);
  Stream* stream = nullptr;
  return enter_stream(stream_handle, &stream);
}
