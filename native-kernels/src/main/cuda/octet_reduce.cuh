// Reductions over the threads of a warp or block, in an order that does not depend on the device: within a warp lanes meet
// by the distances 16, 8, 4, 2, 1 of a butterfly, then the warps' results are combined in ascending order. Every thread
// gets the same bits.
//
// A team computes one row at a time: its threads take every size()-th element, from their rank on. The rows of a grid are
// dealt to its teams in turn.
#pragma once

#include "octet.cuh"

namespace octet {

constexpr uint32_t kAllLanes = 0xffffffffu;
constexpr int kWarp = 32;

template <typename Value, typename Combine>
__device__ __forceinline__ Value warp_reduce(Value value, Combine combine) {
  for (int distance = kWarp / 2; distance > 0; distance /= 2) {
    value = combine(value, __shfl_xor_sync(kAllLanes, value, distance));
  }
  return value;
}

// One thread a row: for rows that lie side by side, element beside element.
struct ThreadTeam {
  static __device__ __forceinline__ int64_t first_row() { return first_index(); }
  static __device__ __forceinline__ int64_t row_step() { return grid_stride(); }
  static __device__ __forceinline__ int rank() { return 0; }
  static __device__ __forceinline__ int size() { return 1; }

  template <typename Value, typename Combine>
  static __device__ __forceinline__ Value reduce(Value value, Combine) {
    return value;
  }
};

// One warp a row. The block is a multiple of 32 threads.
struct WarpTeam {
  static __device__ __forceinline__ int64_t first_row() { return first_index() / kWarp; }
  static __device__ __forceinline__ int64_t row_step() { return grid_stride() / kWarp; }
  static __device__ __forceinline__ int rank() { return threadIdx.x % kWarp; }
  static __device__ __forceinline__ int size() { return kWarp; }

  template <typename Value, typename Combine>
  static __device__ __forceinline__ Value reduce(Value value, Combine combine) {
    return warp_reduce(value, combine);
  }
};

// One block a row. The block is a multiple of 32 threads.
struct BlockTeam {
  static __device__ __forceinline__ int64_t first_row() { return blockIdx.x; }
  static __device__ __forceinline__ int64_t row_step() { return gridDim.x; }
  static __device__ __forceinline__ int rank() { return threadIdx.x; }
  static __device__ __forceinline__ int size() { return blockDim.x; }

  template <typename Value, typename Combine>
  static __device__ __forceinline__ Value reduce(Value value, Combine combine) {
    __shared__ Value of_warps[kWarp];
    value = warp_reduce(value, combine);
    if (threadIdx.x % kWarp == 0) {
      of_warps[threadIdx.x / kWarp] = value;
    }
    __syncthreads();
    value = of_warps[0];
    for (unsigned warp = 1; warp < blockDim.x / kWarp; warp++) {
      value = combine(value, of_warps[warp]);
    }
    __syncthreads();
    return value;
  }
};

struct Sum {
  template <typename Value>
  __device__ __forceinline__ Value operator()(Value a, Value b) const {
    return a + b;
  }
};

// The larger number; a NaN is passed over unless both are one.
struct LargerNumber {
  template <typename Value>
  __device__ __forceinline__ Value operator()(Value a, Value b) const {
    return b > a || a != a ? b : a;
  }
};

}  // namespace octet
