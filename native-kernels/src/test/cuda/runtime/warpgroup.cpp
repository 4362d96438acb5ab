#include "warpgroup.h"

#include <string.h>

#include "block.h"
#include "matrix_descriptor.h"

namespace octet_sim {

namespace {

constexpr unsigned ALL_LANES = 0xffffffffu;
constexpr int HOPPER = 90;
constexpr size_t WARPS = 4;  // of a warpgroup
constexpr int ROWS = 16;     // of a warp
constexpr int DEPTH = 32;
constexpr int GARBAGE = 0x5a17c0de;

const unsigned char* pointer_to(const Worker& worker, uint64_t address) {
  return worker.shared.dynamic() + (address - WINDOW_START);
}

size_t index_of(const Worker& worker, const Warp& warp) { return static_cast<size_t>(&warp - worker.warps.data()); }

const Thread& first_thread(const Warp& warp) { return *warp.lanes[0]->thread; }

// Calls visit(pointer, row, piece) for what a warp's part of a product reads: its rows of a, then all columns of b, whose rows
// count on.
template <typename Visitor>
void visit_operands(Worker& worker, const Warp& warp, const Multiplication& what, Visitor visit) {
  const Descriptor a = descriptor_of(what.a);
  const Descriptor b = descriptor_of(what.b);
  const int first = static_cast<int>(index_of(worker, warp) % WARPS) * ROWS;
  for (int piece = 0; piece < DEPTH / PIECE; piece++) {
    for (int row = 0; row < ROWS; row++) {
      visit(pointer_to(worker, piece_at(a, first + row, piece)), row, piece);
    }
    for (int column = 0; column < what.n; column++) {
      visit(pointer_to(worker, piece_at(b, column, piece)), ROWS + column, piece);
    }
  }
}

void fail_at(Worker& worker, const Warp& warp, const void* pointer, const std::string& problem) {
  const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
  worker.fail(first_thread(warp), Violation::ADDRESS, "wgmma " + problem + ", " + worker.shared.describe(address));
}

void check_descriptor(Worker& worker, const Warp& warp, const Descriptor& matrix) {
  if (matrix.base != 0) {
    worker.fail(first_thread(warp), Violation::LAUNCH, "wgmma with a base offset, which is not simulated");
  }
  if (matrix.start < WINDOW_START) {
    worker.fail(first_thread(warp), Violation::ADDRESS, "wgmma reads below its block's shared memory");
  }
}

void check_shape(Worker& worker, const Warp& warp, const Multiplication& what) {
  const bool known = what.n % 8 == 0 && what.n >= 8 && what.n <= 256 && (what.n <= 32 || what.n % 16 == 0);
  if (!known) {
    worker.fail(first_thread(warp), Violation::LAUNCH, "there is no wgmma of 8-bit integers with n " +
                                                           std::to_string(what.n));
  }
}

// The warps of a warpgroup start the same products in the same order.
void check_agreement(Worker& worker, Warp& warp, const Multiplication& what) {
  std::vector<Multiplication>& agreed = worker.multiplications[index_of(worker, warp) / WARPS];
  const size_t number = warp.group.count++;
  if (number == agreed.size()) {
    agreed.push_back(what);
  } else if (!(agreed[number] == what)) {
    worker.fail(first_thread(warp), Violation::LAUNCH, "starts another wgmma than the other warps of its warpgroup");
  }
}

// The registers of each lane, whose values are taken away until the products have ended.
size_t take_sums(Warp& warp, int registers_each) {
  std::vector<Sums>& all = warp.group.sums;
  for (size_t i = 0; i < all.size(); i++) {
    if (all[i].registers[0] == warp.visits[0]->registers[0] && all[i].under_way > 0) {
      return i;
    }
  }
  Sums sums = {{}, {}, registers_each, 0};
  for (int lane = 0; lane < LANES; lane++) {
    int* registers = static_cast<int*>(warp.visits[lane]->registers[0]);
    sums.registers[lane] = registers;
    sums.at.insert(sums.at.end(), registers, registers + registers_each);
    for (int i = 0; i < registers_each; i++) {
      registers[i] = GARBAGE;
    }
  }
  all.push_back(sums);
  return all.size() - 1;
}

void start(Worker& worker, Warp& warp, const Multiplication& what) {
  check_shape(worker, warp, what);
  check_descriptor(worker, warp, descriptor_of(what.a));
  check_descriptor(worker, warp, descriptor_of(what.b));
  check_agreement(worker, warp, what);
  if (!warp.group.fenced) {
    worker.fail(first_thread(warp), Violation::LAUNCH, "starts a group of wgmma without a wgmma.fence");
  }
  visit_operands(worker, warp, what, [&](const unsigned char* pointer, int, int) {
    const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
    const char* problem = worker.shared.start_group_read(first_thread(warp).fiber->linear, address);
    if (problem != nullptr) {
      fail_at(worker, warp, pointer, problem);
    }
  });
  const size_t sums = take_sums(warp, what.n / 2);
  warp.group.sums[sums].under_way++;
  warp.group.started.push_back({what, sums});
}

int16_t widen(unsigned char byte, bool is_unsigned) { return is_unsigned ? byte : static_cast<signed char>(byte); }

// Register 4j + e of a lane has row lane / 4 + 8 * (e / 2) of the warp, column 8j + 2 * (lane % 4) + e % 2 (9.7.15.5.1.1.3).
void multiply(const int16_t (*a)[DEPTH], const int16_t (*b)[DEPTH], Sums& sums) {
  for (int lane = 0; lane < LANES; lane++) {
    int* d = sums.at.data() + lane * sums.registers_each;
    for (int i = 0; i < sums.registers_each; i++) {
      const int16_t* row = a[lane / 4 + 8 * (i % 4 / 2)];
      const int16_t* column = b[8 * (i / 4) + 2 * (lane % 4) + i % 2];
      int sum = 0;
      for (int k = 0; k < DEPTH; k++) {
        sum += row[k] * column[k];
      }
      d[i] = static_cast<int>(static_cast<unsigned>(d[i]) + static_cast<unsigned>(sum));
    }
  }
}

void give_sums(Worker& worker, const Warp& warp, const Sums& sums) {
  for (int lane = 0; lane < LANES; lane++) {
    for (int i = 0; i < sums.registers_each; i++) {
      if (sums.registers[lane][i] != GARBAGE) {
        worker.fail(*warp.lanes[lane]->thread, Violation::LAUNCH, "changed the sums of a wgmma that was under way");
      }
    }
    memcpy(sums.registers[lane], sums.at.data() + lane * sums.registers_each,
           static_cast<size_t>(sums.registers_each) * sizeof(int));
  }
}

void end(Worker& worker, Warp& warp, const WarpgroupWork::Started& started) {
  int16_t operands[ROWS + 256][DEPTH];
  visit_operands(worker, warp, started.what, [&](const unsigned char* pointer, int row, int piece) {
    const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
    const char* problem = worker.shared.end_group_read(first_thread(warp).fiber->linear, address);
    if (problem != nullptr) {
      fail_at(worker, warp, pointer, problem);
    }
    for (int i = 0; i < PIECE; i++) {
      operands[row][piece * PIECE + i] = widen(pointer[i], row < ROWS && started.what.a_unsigned);
    }
  });
  Sums& sums = warp.group.sums[started.sums];
  multiply(operands, operands + ROWS, sums);
  if (--sums.under_way == 0) {
    give_sums(worker, warp, sums);
  }
}

void wait(Worker& worker, Warp& warp, size_t groups) {
  WarpgroupWork& work = warp.group;
  size_t ended = 0;
  while (work.committed.size() > groups) {
    for (size_t i = 0; i < work.committed.front(); i++) {
      end(worker, warp, work.started[ended++]);
    }
    work.committed.erase(work.committed.begin());
  }
  work.started.erase(work.started.begin(), work.started.begin() + static_cast<ptrdiff_t>(ended));
  if (work.started.empty()) {
    work.sums.clear();
  }
}

void commit(Warp& warp) {
  size_t before = 0;
  for (size_t group : warp.group.committed) {
    before += group;
  }
  warp.group.committed.push_back(warp.group.started.size() - before);
  warp.group.fenced = false;
}

void meet(GroupStep step, Visit visit) {
  Worker& worker = *self().worker;
  if (compute_capability() != HOPPER) {
    fail(Violation::LAUNCH, "wgmma needs compute capability 9.0 and no other");
  }
  if (worker.thread_count % (WARPS * LANES) != 0) {
    fail(Violation::LAUNCH, "wgmma in a block that is not made of warpgroups");
  }
  visit.how = static_cast<int>(step);
  worker.meet(ALL_LANES, Meeting::WARPGROUP, visit);
}

Multiplication multiplication_of(const Visit& visit) {
  return {*static_cast<const uint64_t*>(visit.registers[1]), *static_cast<const uint64_t*>(visit.registers[2]),
          visit.operand, visit.width != 0};
}

}  // namespace

void warpgroup_step(Worker& worker, Warp& warp) {
  const Visit& first = *warp.visits[0];
  const GroupStep step = static_cast<GroupStep>(first.how);
  for (int lane = 1; lane < LANES; lane++) {
    const Visit& other = *warp.visits[lane];
    const bool same = other.how == first.how && other.operand == first.operand;
    if (!same || (step == GroupStep::MULTIPLY && !(multiplication_of(other) == multiplication_of(first)))) {
      worker.fail(*warp.lanes[lane]->thread, Violation::LAUNCH, "calls another wgmma than the other lanes");
    }
  }
  switch (step) {
    case GroupStep::FENCE:
      warp.group.fenced = true;
      return;
    case GroupStep::MULTIPLY:
      return start(worker, warp, multiplication_of(first));
    case GroupStep::COMMIT:
      return commit(warp);
    case GroupStep::WAIT:
      return wait(worker, warp, static_cast<size_t>(first.operand));
  }
}

std::string unfinished_warpgroups(const Worker& worker) {
  for (const Warp& warp : worker.warps) {
    if (!warp.group.started.empty()) {
      return "ends while a wgmma is under way: not committed, or not waited for";
    }
    if (warp.group.count != worker.multiplications[index_of(worker, warp) / WARPS].size()) {
      return "ends with fewer wgmma in one warp than in another of its warpgroup";
    }
  }
  return "";
}

uint64_t shared_address(const void* shared) {
  const Worker& worker = *self().worker;
  if (!worker.shared.holds(reinterpret_cast<uintptr_t>(shared)) || shared < worker.shared.dynamic()) {
    fail(Violation::ADDRESS, "takes the address of a matrix that is not in dynamic shared memory");
  }
  return WINDOW_START + static_cast<uint64_t>(static_cast<const unsigned char*>(shared) - worker.shared.dynamic());
}

void fence_proxy_async() {
  const Thread& thread = self();
  if (compute_capability() < HOPPER) {
    fail(Violation::LAUNCH, "fence.proxy needs compute capability 9.0");
  }
  thread.worker->shared.fence_proxy(thread.fiber->linear);
}

void wgmma_fence() { meet(GroupStep::FENCE, {}); }

void wgmma_m64k32(int* d, int n, uint64_t a, uint64_t b, bool a_unsigned) {
  meet(GroupStep::MULTIPLY, {0, n, a_unsigned ? 1 : 0, 0, {d, &a, &b}});
}

void wgmma_commit_group() { meet(GroupStep::COMMIT, {}); }

void wgmma_wait_group(int groups) { meet(GroupStep::WAIT, {0, groups, 0, 0, {}}); }

}  // namespace octet_sim
