// The sliced tile of an integer product; see qproduct.cuh. A pair is two steps that are taken at once.
#pragma once

#include "qproduct_tile.cuh"

namespace octet::qproduct {

// Starts the copies of a pair's steps that there are.
template <class T, class Source>
__device__ __forceinline__ void fetch_pair(Source& x, const WeightSource<T>& weights, int pair, int steps,
                                           unsigned char* shared) {
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int step = 2 * pair + half;
    if (step < steps) {
      unsigned char* stage = shared + (2 * (pair % (T::kStages / 2)) + half) * T::kStageBytes;
      x.fetch(stage, step);
      weights.fetch(stage + T::kRows * kDepth, step);
    }
  }
}

// The sums of a warp's slice: 32 of the depth of each pair.
template <class Mma, class T, class Source>
__device__ __forceinline__ void sum_slice(Part<T>& part, const Operands& o, Source& x, const WeightSource<T>& weights,
                                          unsigned char* shared) {
  constexpr int kPairs = T::kStages / 2;
  int steps = o.packed_depth / kDepth;
  int slice = static_cast<int>(threadIdx.x) / 32;
  NoTally tally;
#pragma unroll
  for (int pair = 0; pair < kPairs - 1; pair++) {
    fetch_pair<T>(x, weights, pair, steps, shared);
    cp_async_commit();
  }
  for (int pair = 0; 2 * pair < steps; pair++) {
    cp_async_wait<kPairs - 2>();
    __syncthreads();
    fetch_pair<T>(x, weights, pair + kPairs - 1, steps, shared);
    cp_async_commit();
    if (2 * pair + slice / 2 < steps) {
      const unsigned char* stage = shared + (2 * (pair % kPairs) + slice / 2) * T::kStageBytes;
      int first = slice % 2 * 2;
      multiply_step<Mma>(part, o.x_signed != 0, stage, stage + T::kRows * kDepth, first, first + 2, tally);
    }
  }
}

// The tile as it is stored: each warp has 8 columns.
template <class T>
using Stored = Tile<T::kRows, T::kColumns, T::kRows, T::kColumns / T::kSlices, T::kStages>;

// Adds up the slices' sums, a quarter of the columns in each warp.
template <class T>
__device__ __forceinline__ void add_slices(Part<Stored<T>>& out, const Part<T>& part, unsigned char* shared) {
  static_assert(T::kSlices == Part<T>::kAcross && T::kWarps == 1);
  constexpr int kDown = Part<T>::kDown;
  int32_t* sums = reinterpret_cast<int32_t*>(shared);
  int warp = static_cast<int>(threadIdx.x) / 32;
  int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll
  for (int j = 0; j < Part<T>::kAcross; j++) {
#pragma unroll
    for (int i = 0; i < kDown; i++) {
#pragma unroll
      for (int e = 0; e < 4; e++) {
        sums[(((warp * T::kSlices + j) * kDown + i) * 4 + e) * 32 + lane] = part.sums[i][j][e];
      }
    }
  }
  __syncthreads();
#pragma unroll
  for (int slice = 0; slice < T::kSlices; slice++) {
#pragma unroll
    for (int i = 0; i < kDown; i++) {
#pragma unroll
      for (int e = 0; e < 4; e++) {
        int32_t sum = sums[(((slice * T::kSlices + warp) * kDown + i) * 4 + e) * 32 + lane];
        out.sums[i][0][e] = wrapping_add(out.sums[i][0][e], sum);
      }
    }
  }
}

// A whole tile of packed weights: sums and stores.
template <class Mma, class T, class Source>
__device__ __forceinline__ void sliced_tile(const Operands& o, const Epilogue& e, Source& x, Corner at,
                                            unsigned char* shared) {
  int group = static_cast<int>(blockIdx.y);
  Part<T> part;
  WeightSource<T> weights(o, at.column, group);
  sum_slice<Mma, T>(part, o, x, weights, shared);
  cp_async_wait<0>();
  __syncthreads();
  Part<Stored<T>> out;
  add_slices<T>(out, part, shared);
  store_tile<Stored<T>>(e, target_of(o, e, at, group), out, shared);
}

// A tile, sliced or not.
template <class Mma, class T, class Source>
__device__ __forceinline__ void any_tile(const Operands& o, const Epilogue& e, Source& x, Corner at,
                                         unsigned char* shared) {
  if constexpr (T::kSlices > 1) {
    sliced_tile<Mma, T>(o, e, x, at, shared);
  } else {
    product_tile<Mma, T>(o, e, x, at, shared);
  }
}

}  // namespace octet::qproduct
