// A worker's shared memory, and who touched each byte of it since the last barrier.
//
// Two threads race when both touch a byte, one of them writes, and no barrier lies between: the block's (counted by an
// epoch) or, for two lanes of a warp, the warp's. Epochs only grow, so that nothing is cleared between blocks; bytes whose
// last write is older than the block are not initialized.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <string>
#include <vector>

namespace octet_sim {

enum class Use { READ, WRITE, ATOMIC, COPY_STARTS, COPY_LANDS };

class SharedMemory {
 public:
  static constexpr size_t MAX_DYNAMIC = 256 * 1024;

  SharedMemory();
  ~SharedMemory();
  void prepare(size_t dynamic_bytes);
  void start_block();
  void pass_barrier() { epoch_++; }
  void pass_warp_barrier(unsigned warp) { warp_epochs_[warp]++; }

  unsigned char* dynamic() const { return arena_; }
  // Whether address lies in shared memory, also beyond what the launch asked for.
  bool holds(uintptr_t address) const;
  // Notes the access of a thread; returns what is wrong with it, or null.
  const char* access(unsigned thread, uintptr_t address, size_t bytes, Use use);
  // 16 bytes that a thread's warp starts to read by the asynchronous proxy, and that it has read: likewise. Between, nobody may
  // write them.
  const char* start_group_read(unsigned thread, uintptr_t address);
  const char* end_group_read(unsigned thread, uintptr_t address);
  // Lets the asynchronous proxy see what the thread wrote.
  void fence_proxy(unsigned thread) { fence_times_[thread] = ++time_; }
  // More about the address and the other thread of the last problem.
  std::string describe(uintptr_t address) const;

 private:
  struct State {
    uint32_t write_epoch;
    uint32_t read_epoch;
    uint16_t writer;
    uint16_t reader;
    uint16_t write_warp_epoch;
    uint16_t read_warp_epoch;
    uint32_t write_time;
  };

  const char* read(State& state, unsigned thread);
  const char* write(State& state, unsigned thread, Use use);
  bool is_fenced(const State& state) const;
  bool is_read_by_groups(uintptr_t offset, size_t bytes) const;
  const char* race(const char* problem, unsigned other);

  unsigned char* arena_;
  size_t dynamic_bytes_ = 0;
  uintptr_t static_start_ = 0;
  size_t static_bytes_ = 0;
  std::vector<State> dynamic_states_;
  std::vector<State> static_states_;
  uint32_t epoch_ = 1;
  uint32_t block_epoch_ = 1;
  uint16_t warp_epochs_[32] = {};
  int other_thread_ = -1;
  uint32_t time_ = 1;  // in proxy fences
  uint32_t fence_times_[1024] = {};
  std::vector<uint16_t> group_reads_;  // under way, by 16 bytes
  size_t all_group_reads_ = 0;
};

}  // namespace octet_sim
