#include "block.h"

#include <sys/mman.h>

namespace octet_sim {

// Saves the callee-saved registers on the stack whose pointer goes to *from, and goes on where the stack to was left.
extern "C" void octet_sim_switch(void** from, void* to);

asm(R"(
.text
.p2align 4
.type octet_sim_switch, @function
octet_sim_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size octet_sim_switch, .-octet_sim_switch
)");

namespace {

constexpr uintptr_t GUARD_BYTES = 4096;
constexpr int SAVED_REGISTERS = 6;

std::string triple(unsigned x, unsigned y, unsigned z) {
  return "(" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z) + ")";
}

std::string triple(const uint3& place) { return triple(place.x, place.y, place.z); }

}  // namespace

Worker::Worker() : ready(MAX_THREADS) {
  // One stack more than used, to align the first.
  const size_t bytes = (MAX_THREADS + 1) * STACK_BYTES;
  stacks = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

Worker::~Worker() {
  forget_fibers();
  munmap(stacks, (MAX_THREADS + 1) * STACK_BYTES);
}

void Worker::prepare(const Launch& next_launch) {
  launch = &next_launch;
  thread_count = next_launch.thread_count();
  warps.resize((thread_count + LANES - 1) / LANES);
  multiplications.resize((warps.size() + 3) / 4);
  parameters.clear();
  for (const auto& parameter : next_launch.parameters) {
    parameters.push_back(const_cast<unsigned char*>(parameter.data()));
  }
  shared.prepare(next_launch.shared_bytes);
}

bool Worker::run_block(uint64_t index) {
  const dim3 grid = launch->blocks;
  block = dim3(static_cast<unsigned>(index % grid.x), static_cast<unsigned>(index / grid.x % grid.y),
               static_cast<unsigned>(index / grid.x / grid.y));
  started = 0;
  finished = 0;
  arrived = 0;
  votes = 0;
  ready_count = 0;
  for (Warp& warp : warps) {
    warp = {};
  }
  for (std::vector<Multiplication>& of_warpgroup : multiplications) {
    of_warpgroup.clear();
  }
  shared.start_block();
  Fiber* first = start();
  octet_sim_switch(&main_stack_pointer, first->stack_pointer);
  if (outcome.violation == Violation::NONE) {
    const std::string problem = finished < thread_count ? who_waits() : unfinished_warpgroups(*this);
    if (!problem.empty()) {
      outcome = {Violation::LAUNCH, std::string(launch->kernel->name) + " block " +
                                        triple(block.x, block.y, block.z) + ": " + problem};
    }
  }
  if (outcome.violation != Violation::NONE) {
    forget_fibers();
    return false;
  }
  return true;
}

void Worker::create_fiber() {
  const uintptr_t aligned = (reinterpret_cast<uintptr_t>(stacks) + STACK_BYTES - 1) & ~(STACK_BYTES - 1);
  const uintptr_t stack = aligned + fibers.size() * STACK_BYTES;
  mprotect(reinterpret_cast<void*>(stack), GUARD_BYTES, PROT_NONE);
  Fiber* fiber = new Fiber;
  fiber->thread = reinterpret_cast<Thread*>(stack + STACK_BYTES - PLACE_BYTES);
  *fiber->thread = {};
  fiber->thread->worker = this;
  fiber->thread->fiber = fiber;
  // As if fiber_main had been called: a multiple of 16 plus 8 when it is entered.
  void** top = reinterpret_cast<void**>(fiber->thread) - 1;
  *--top = reinterpret_cast<void*>(&Worker::fiber_main);
  for (int i = 0; i < SAVED_REGISTERS; i++) {
    *--top = nullptr;
  }
  fiber->stack_pointer = top;
  fibers.push_back(fiber);
  idle.push_back(fiber);
}

void Worker::forget_fibers() {
  for (Fiber* fiber : fibers) {
    delete fiber;
  }
  fibers.clear();
  idle.clear();
}

// A fiber that has the next thread to start.
Fiber* Worker::start() {
  if (idle.empty()) {
    create_fiber();
  }
  Fiber* fiber = idle.back();
  idle.pop_back();
  const unsigned linear = started++;
  const dim3 size = launch->threads;
  fiber->linear = linear;
  fiber->at_barrier = false;
  fiber->copies.clear();
  fiber->committed.clear();
  Thread& thread = *fiber->thread;
  thread.thread = {linear % size.x, linear / size.x % size.y, linear / size.x / size.y};
  thread.block = {block.x, block.y, block.z};
  thread.threads = size;
  thread.blocks = launch->blocks;
  thread.shared = shared.dynamic();
  thread.lane = linear % LANES;
  warps[linear / LANES].lanes[thread.lane] = fiber;
  return fiber;
}

Fiber* Worker::next() {
  if (ready_count > 0) {
    Fiber* fiber = ready[ready_head];
    ready_head = (ready_head + 1) % ready.size();
    ready_count--;
    return fiber;
  }
  return started < thread_count ? start() : nullptr;
}

void Worker::make_ready(Fiber* fiber) {
  ready[(ready_head + ready_count) % ready.size()] = fiber;
  ready_count++;
}

void Worker::fiber_main() {
  Thread& thread = self();
  Worker& worker = *thread.worker;
  Fiber& fiber = *thread.fiber;
  for (;;) {
    worker.launch->kernel->invoke(worker.parameters.data());
    worker.warps[fiber.linear / LANES].exited |= 1u << thread.lane;
    worker.finished++;
    worker.idle.push_back(&fiber);
    Fiber* following = worker.next();
    if (following != &fiber) {
      octet_sim_switch(&fiber.stack_pointer, following == nullptr ? worker.main_stack_pointer
                                                                  : following->stack_pointer);
    }
  }
}

// Lets others run until someone makes the calling fiber ready.
void Worker::wait() {
  Fiber& fiber = *self().fiber;
  Fiber* following = next();
  if (following != &fiber) {
    octet_sim_switch(&fiber.stack_pointer, following == nullptr ? main_stack_pointer : following->stack_pointer);
  }
}

Votes Worker::barrier(int predicate) {
  Fiber& fiber = *self().fiber;
  votes += predicate != 0;
  fiber.at_barrier = true;
  if (++arrived < thread_count) {
    wait();
    return result;
  }
  result = {votes, static_cast<int>(thread_count)};
  votes = 0;
  arrived = 0;
  shared.pass_barrier();
  for (Warp& warp : warps) {
    for (Fiber* lane : warp.lanes) {
      if (lane != nullptr) {
        lane->at_barrier = false;
        if (lane != &fiber) {
          make_ready(lane);
        }
      }
    }
  }
  return result;
}

void Worker::meet(unsigned mask, Meeting what, Visit& visit) {
  Thread& thread = self();
  Warp& warp = warps[thread.fiber->linear / LANES];
  const unsigned bit = 1u << thread.lane;
  if ((mask & bit) == 0) {
    fail(thread, Violation::LAUNCH, "calls a warp operation whose mask leaves it out");
  }
  Gathering& gathering = warp.gatherings[__builtin_ctz(mask)];
  if (gathering.what != Meeting::NONE && (gathering.mask != mask || gathering.what != what)) {
    fail(thread, Violation::LAUNCH, "calls another warp operation, or another mask, than the lanes that wait for it");
  }
  gathering.what = what;
  gathering.mask = mask;
  gathering.arrived |= bit;
  warp.visits[thread.lane] = &visit;
  if (gathering.arrived != mask) {
    wait();
    return;
  }
  const Gathering complete_gathering = gathering;
  gathering = {};
  complete(*this, warp, complete_gathering);
  for (int lane = 0; lane < LANES; lane++) {
    if ((mask >> lane & 1) != 0 && lane != static_cast<int>(thread.lane)) {
      make_ready(warp.lanes[lane]);
    }
  }
}

void Worker::fail(const Thread& thread, Violation violation, const std::string& what) {
  outcome = {violation, std::string(launch->kernel->name) + " block " + triple(thread.block) + " thread " +
                            triple(thread.thread) + ": " + what};
  void* abandoned;
  octet_sim_switch(&abandoned, main_stack_pointer);
  __builtin_unreachable();
}

std::string Worker::who_waits() const {
  int at_meetings = 0;
  const Fiber* first = nullptr;
  for (const Warp& warp : warps) {
    for (const Fiber* lane : warp.lanes) {
      first = first == nullptr && lane != nullptr && lane->at_barrier ? lane : first;
    }
    for (const Gathering& gathering : warp.gatherings) {
      at_meetings += __builtin_popcount(gathering.arrived);
    }
  }
  std::string text = "deadlock: " + std::to_string(finished) + " of " + std::to_string(thread_count) +
                     " threads have exited";
  if (arrived > 0) {
    text += ", " + std::to_string(arrived) + " wait at a barrier of the block, the first of them thread " +
            triple(first->thread->thread);
  }
  if (at_meetings > 0) {
    text += ", " + std::to_string(at_meetings) + " wait for other lanes of their warp";
  }
  return text;
}

void fail(Violation violation, const std::string& what) { self().worker->fail(self(), violation, what); }

int compute_capability() { return self().worker->launch->capability; }

void require_capability(int capability, const char* what) {
  if (compute_capability() < capability) {
    fail(Violation::LAUNCH, std::string(what) + " needs compute capability " + std::to_string(capability / 10) + "." +
                                std::to_string(capability % 10));
  }
}

Votes block_barrier(int predicate) { return self().worker->barrier(predicate); }

void trap(const char* why) { fail(Violation::LAUNCH, why); }

}  // namespace octet_sim
