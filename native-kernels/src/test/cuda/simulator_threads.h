// A kernel thread's place in its grid, barriers, and what the lanes of a warp do together.
#pragma once

namespace octet_sim {

// What a kernel thread can ask about itself. It lies at the end of the thread's stack, whose size and alignment are
// STACK_BYTES, so that any address on the stack leads to it.
struct Place {
  uint3 thread;
  uint3 block;
  dim3 threads;
  dim3 blocks;
  unsigned char* shared;  // dynamic shared memory
  unsigned lane;          // in the warp
};

constexpr uintptr_t STACK_BYTES = 1 << 16;
constexpr uintptr_t PLACE_BYTES = 128;
static_assert(sizeof(Place) <= PLACE_BYTES);

inline const Place& place() {
  uintptr_t address;
  asm("movq %%rsp, %0" : "=r"(address));
  return *reinterpret_cast<const Place*>((address | (STACK_BYTES - 1)) + 1 - PLACE_BYTES);
}

inline unsigned char* dynamic_shared() { return place().shared; }

enum class Shuffle { INDEX, UP, DOWN, XOR };
enum class Vote { BALLOT, ADD, MIN, MAX, UMIN, UMAX, AND, OR, XOR };

// Each blocks the calling thread until all threads of the block, or all lanes in mask, have called it.
struct Votes {
  int count;  // of threads whose predicate was not 0
  int threads;
};
Votes block_barrier(int predicate);
void warp_barrier(unsigned mask);
unsigned long long warp_shuffle(unsigned mask, Shuffle how, unsigned long long value, int operand, int width);
unsigned warp_vote(unsigned mask, Vote how, unsigned value);

[[noreturn]] void trap(const char* why);
// The running kernel's device: 10 * major + minor.
int compute_capability();

template <typename T>
T warp_shuffle_of(unsigned mask, Shuffle how, T value, int operand, int width) {
  static_assert(sizeof(T) <= 8, "a shuffle moves at most 8 bytes");
  unsigned long long bits = 0;
  memcpy(&bits, &value, sizeof value);
  bits = warp_shuffle(mask, how, bits, operand, width);
  memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace octet_sim

#define threadIdx (octet_sim::place().thread)
#define blockIdx (octet_sim::place().block)
#define blockDim (octet_sim::place().threads)
#define gridDim (octet_sim::place().blocks)
constexpr int warpSize = 32;

inline void __syncthreads() { octet_sim::block_barrier(0); }
inline int __syncthreads_count(int predicate) { return octet_sim::block_barrier(predicate).count; }
inline int __syncthreads_or(int predicate) { return octet_sim::block_barrier(predicate).count != 0; }
inline int __syncthreads_and(int predicate) {
  octet_sim::Votes votes = octet_sim::block_barrier(predicate);
  return votes.count == votes.threads;
}
inline void __syncwarp(unsigned mask = 0xffffffffu) { octet_sim::warp_barrier(mask); }

// Blocks of one grid run on real threads, so that a fence is one.
inline void __threadfence() { __sync_synchronize(); }
inline void __threadfence_block() { __sync_synchronize(); }

template <typename T>
T __shfl_sync(unsigned mask, T value, int lane, int width = 32) {
  return octet_sim::warp_shuffle_of(mask, octet_sim::Shuffle::INDEX, value, lane, width);
}
template <typename T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  return octet_sim::warp_shuffle_of(mask, octet_sim::Shuffle::UP, value, static_cast<int>(delta), width);
}
template <typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  return octet_sim::warp_shuffle_of(mask, octet_sim::Shuffle::DOWN, value, static_cast<int>(delta), width);
}
template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32) {
  return octet_sim::warp_shuffle_of(mask, octet_sim::Shuffle::XOR, value, lanes, width);
}

inline unsigned __ballot_sync(unsigned mask, int predicate) {
  return octet_sim::warp_vote(mask, octet_sim::Vote::BALLOT, predicate != 0);
}
inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) == mask; }
inline unsigned __reduce_add_sync(unsigned mask, unsigned value) {
  return octet_sim::warp_vote(mask, octet_sim::Vote::ADD, value);
}
inline int __reduce_add_sync(unsigned mask, int value) {
  return static_cast<int>(octet_sim::warp_vote(mask, octet_sim::Vote::ADD, static_cast<unsigned>(value)));
}
inline int __reduce_min_sync(unsigned mask, int value) {
  return static_cast<int>(octet_sim::warp_vote(mask, octet_sim::Vote::MIN, static_cast<unsigned>(value)));
}
inline int __reduce_max_sync(unsigned mask, int value) {
  return static_cast<int>(octet_sim::warp_vote(mask, octet_sim::Vote::MAX, static_cast<unsigned>(value)));
}
inline unsigned __reduce_min_sync(unsigned mask, unsigned value) {
  return octet_sim::warp_vote(mask, octet_sim::Vote::UMIN, value);
}
inline unsigned __reduce_max_sync(unsigned mask, unsigned value) {
  return octet_sim::warp_vote(mask, octet_sim::Vote::UMAX, value);
}
inline unsigned __reduce_or_sync(unsigned mask, unsigned value) {
  return octet_sim::warp_vote(mask, octet_sim::Vote::OR, value);
}
inline unsigned __reduce_and_sync(unsigned mask, unsigned value) {
  return octet_sim::warp_vote(mask, octet_sim::Vote::AND, value);
}
inline unsigned __reduce_xor_sync(unsigned mask, unsigned value) {
  return octet_sim::warp_vote(mask, octet_sim::Vote::XOR, value);
}

inline void __trap() { octet_sim::trap("__trap()"); }
