// The tile of an integer product on Hopper's warpgroup instruction; see qproduct.cuh, whose sources, steps and stores it
// shares: a step's rows of 64 bytes with their swizzled pieces are what the instruction calls the 64-byte swizzle.
//
// A warpgroup computes 64 rows and all columns of the tile, a warp 16 of its rows, with two instructions a step. They run on
// while the next step is waited for: when a warp passes a step's barrier, all warps have ended the step before the last, and
// the stage of that one is filled again, Stages - 2 steps ahead.
#pragma once

#include "octet_wgmma.cuh"
#include "qproduct_tile.cuh"

#ifdef OCTET_IGMMA_KERNELS

namespace octet::qproduct {

template <int BM, int BN, int Stages>
using WarpgroupTile = Tile<BM, BN, 16, BN, Stages>;

using WarpgroupWide = WarpgroupTile<128, 256, 6>;
using WarpgroupLarge = WarpgroupTile<128, 128, 6>;
using WarpgroupSmall = WarpgroupTile<64, 64, 6>;

constexpr int kWarpgroupRows = 64;
constexpr int kInstructionDepth = 32;

// Starts the products of a step in shared memory.
template <bool Signed, class T>
__device__ __forceinline__ void start_step(Part<T>& part, const unsigned char* stage) {
  static_assert(T::kRows * kDepth % kSwizzleBytes == 0 && T::kStageBytes % kSwizzleBytes == 0);
  const unsigned char* x = stage + part.row / kWarpgroupRows * kWarpgroupRows * kDepth;
  const unsigned char* weights = stage + T::kRows * kDepth;
  wgmma_fence();
#pragma unroll
  for (int k = 0; k < kDepth; k += kInstructionDepth) {
    wgmma_m64k32<Signed, T::kColumns>(part.sums[0], matrix_descriptor(x + k), matrix_descriptor(weights + k));
  }
  wgmma_commit();
}

template <class T, class Source>
__device__ __forceinline__ void fetch_step(Source& x, const WeightSource<T>& weights, unsigned char* shared, int slot,
                                           int step, int steps) {
  if (step < steps) {
    x.fetch(shared + slot * T::kStageBytes, step);
    weights.fetch(shared + slot * T::kStageBytes + T::kRows * kDepth, step);
  }
  cp_async_commit();
}

// The sums of a tile.
template <bool Signed, class T, class Source>
__device__ __forceinline__ void sum_warpgroups(Part<T>& part, const Operands& o, Source& x,
                                               const WeightSource<T>& weights, unsigned char* shared) {
  constexpr int kAhead = T::kStages - 2;
  int steps = o.packed_depth / kDepth;
#pragma unroll
  for (int step = 0; step < kAhead; step++) {
    fetch_step<T>(x, weights, shared, step, step, steps);
  }
  int slot = 0;
  int filled = kAhead;
  for (int step = 0; step < steps; step++) {
    cp_async_wait<kAhead - 1>();
    fence_proxy_async();
    __syncthreads();
    start_step<Signed>(part, shared + slot * T::kStageBytes);
    fetch_step<T>(x, weights, shared, filled, step + kAhead, steps);
    wgmma_wait<1>();
    slot = slot + 1 == T::kStages ? 0 : slot + 1;
    filled = filled + 1 == T::kStages ? 0 : filled + 1;
  }
  wgmma_wait_all<T::kColumns>(part.sums[0]);
  keep_after<T::kColumns>(part.sums[0]);
}

// A whole tile of packed weights: sums and stores.
template <class T, class Source>
__device__ __forceinline__ void warpgroup_tile(const Operands& o, const Epilogue& e, Source& x, Corner at,
                                               unsigned char* shared) {
  int group = static_cast<int>(blockIdx.y);
  Part<T> part;
  WeightSource<T> weights(o, at.column, group);
  if (o.x_signed != 0) {
    sum_warpgroups<true, T>(part, o, x, weights, shared);
  } else {
    sum_warpgroups<false, T>(part, o, x, weights, shared);
  }
  cp_async_wait<0>();
  store_tile<T>(e, target_of(o, e, at, group), part, shared);
}

}  // namespace octet::qproduct

#endif
