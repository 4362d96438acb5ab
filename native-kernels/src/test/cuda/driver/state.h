// What the simulated driver keeps: contexts, streams with their queues, events, modules and graphs.
//
// One lock guards all of it. A queue's items run on the engine's thread, one at a time, in an order that streams and events
// allow; a kernel's blocks use further threads.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "../runtime/launch.h"
#include "result.h"
#include "settings.h"

namespace octet_sim {

struct Context;
struct Stream;
struct Capture;
struct Node;

enum class Kind { KERNEL, COPY, SET, HOST, EVENT, GRAPH };

// Something a stream does. May run more than once when it is in a graph.
struct Work {
  Kind kind;
  std::function<Result()> act;  // called without the lock
};

struct Event {
  Context* context;
  bool timing;
  uint64_t recorded = 0;   // calls of cuEventRecord
  uint64_t completed = 0;  // of these
  double milliseconds = 0;
  std::shared_ptr<Capture> capture;  // when last recorded in a capture
  std::vector<Node*> nodes;
};

struct Item {
  uint64_t sequence;
  Work work;
  Event* awaited = nullptr;  // runs when this event has completed so many records
  uint64_t awaited_record = 0;
};

struct Node {
  Work work;
  std::vector<Node*> after;
};

struct Graph {
  std::vector<std::unique_ptr<Node>> nodes;  // each behind those that it runs after
};

struct GraphExec {
  std::vector<Work> works;
};

enum class CaptureMode { GLOBAL = 0, THREAD_LOCAL = 1, RELAXED = 2 };

struct Capture {
  Graph* graph;
  Stream* origin;
  CaptureMode mode;
  std::thread::id thread;
  bool invalidated = false;
};

struct Stream {
  Context* context;
  bool legacy = false;
  bool blocking = true;  // ordered with the legacy stream
  unsigned flags = 0;
  std::deque<Item> queue;  // the first may be running
  std::shared_ptr<Capture> capture;
  std::vector<Node*> tail;  // of the capture
};

struct Function {
  const Kernel* kernel;
  int max_dynamic_shared = 48 * 1024;
};

struct Module {
  Context* context;
  std::map<std::string, std::unique_ptr<Function>> functions;
};

struct Context {
  int device;
  unsigned flags = 0;
  bool primary = false;
  Result error = SUCCESS;  // once set, all that follows fails with it
  Stream legacy;
  std::map<uintptr_t, size_t> allocations;
};

struct State {
  std::mutex lock;
  std::condition_variable changed;
  bool initialized = false;
  uint64_t sequence = 0;
  Context* primary[2] = {};
  int primary_uses[2] = {};
  std::set<Context*> contexts;
  std::set<Stream*> streams;
  std::set<Event*> events;
  std::set<Module*> modules;
  std::set<Graph*> graphs;
  std::set<GraphExec*> execs;
  std::map<uintptr_t, size_t> pinned;
  bool engine_runs = false;
};

State& state();

// The calling thread's stack of contexts; the last is current.
std::vector<Context*>& context_stack();

using Guard = std::unique_lock<std::mutex>;

// Counts a driver call; what it must answer without doing anything, or SUCCESS.
Result enter();
// Also asks for a device of this number.
Result check_device(int device);
// Also asks for a current context without an error.
Result enter_context(Context** context);
// The stream of a handle: the legacy stream for 0 and 1.
Result stream_of(Context* context, void* handle, Stream** stream);

// Adds to the stream's queue, or to the graph that it captures. The lock is held.
Result submit(Stream* stream, Work work);
void enqueue(Stream* stream, Item item);
// Until the stream, or all streams of the context, are empty; the context's error.
Result drain(Guard& guard, Stream* stream);
Result drain(Guard& guard, Context* context);
// Refuses what may not happen while a stream captures.
Result refuse_while_capturing(Context* context);
Result refuse_implicit(Context* context, Stream* stream);

Context* make_context(int device, unsigned flags);
// Waits for its work, reports and frees what it still holds.
void end_context(Guard& guard, Context* context);
void free_stream(Stream* stream);

Result result_of(Violation violation);

}  // namespace octet_sim

#define OCTET_DRIVER extern "C" __attribute__((visibility("default"))) int
