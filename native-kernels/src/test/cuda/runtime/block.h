// One block of a grid: its threads are fibers of one worker, each of which runs until it must wait for others.
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

#include "../simulator.h"
#include "launch.h"
#include "shared_memory.h"
#include "warpgroup.h"

namespace octet_sim {

constexpr unsigned MAX_THREADS = 1024;
constexpr int LANES = 32;

struct Worker;
struct Fiber;

// What lies at the end of a fiber's stack.
struct Thread : Place {
  Worker* worker;
  Fiber* fiber;
};
static_assert(sizeof(Thread) <= PLACE_BYTES);

inline Thread& self() { return const_cast<Thread&>(static_cast<const Thread&>(place())); }

enum class Meeting : unsigned char { NONE, SYNC, SHUFFLE, VOTE, MATRIX, LOAD_MATRIX, WARPGROUP };

// A lane's part in what its warp does together; lives on the lane's stack while it waits.
struct Visit {
  unsigned long long value;
  int operand;
  int width;
  int how;
  void* registers[3];
};

struct Copy {
  unsigned char* to;
  const unsigned char* from;
  int bytes;
  int source_bytes;
};

struct Fiber {
  void* stack_pointer = nullptr;
  Thread* thread = nullptr;
  unsigned linear = 0;  // in the block
  bool at_barrier = false;
  std::vector<Copy> copies;       // asynchronous, in order, not landed
  std::vector<size_t> committed;  // the number of copies at each commit of a group not waited for
};

struct Gathering {
  Meeting what = Meeting::NONE;
  unsigned mask = 0;
  unsigned arrived = 0;
};

struct Warp {
  Fiber* lanes[LANES];
  Visit* visits[LANES];
  Gathering gatherings[LANES];  // by the lowest lane of the mask
  unsigned exited;
  WarpgroupWork group;
};

// Runs blocks one after another on one OS thread.
struct Worker {
  SharedMemory shared;
  std::vector<Fiber*> fibers;  // created so far
  std::vector<Fiber*> idle;    // at rest between two threads
  std::vector<Fiber*> ready;   // a ring
  size_t ready_head = 0;
  size_t ready_count = 0;
  std::vector<Warp> warps;
  std::vector<std::vector<Multiplication>> multiplications;  // of the block, by warpgroup
  std::vector<void*> parameters;
  void* main_stack_pointer = nullptr;

  const Launch* launch = nullptr;
  dim3 block;
  unsigned thread_count = 0;
  unsigned started = 0;
  unsigned finished = 0;
  unsigned arrived = 0;  // at the block's barrier
  int votes = 0;
  Votes result = {0, 0};
  Outcome outcome;

  Worker();
  ~Worker();
  void prepare(const Launch& launch);
  bool run_block(uint64_t index);  // false after a violation, which is in outcome

  // Called on fibers.
  Votes barrier(int predicate);
  void meet(unsigned mask, Meeting what, Visit& visit);
  [[noreturn]] void fail(const Thread& thread, Violation violation, const std::string& what);

  void* stacks = nullptr;

 private:
  Fiber* next();
  Fiber* start();
  void wait();
  void make_ready(Fiber* fiber);
  void create_fiber();
  void forget_fibers();
  static void fiber_main();
  std::string who_waits() const;
};

// Does what the warp met for, with every lane's visit; called on the fiber of the lane that arrived last.
void complete(Worker& worker, Warp& warp, const Gathering& gathering);

[[noreturn]] void fail(Violation violation, const std::string& what);

// Ends the launch when the device is older than what the kernel uses.
void require_capability(int capability, const char* what);

}  // namespace octet_sim
