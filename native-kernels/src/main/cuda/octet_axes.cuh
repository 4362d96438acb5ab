// Where elements lie in tensors that are walked together.
#pragma once

#include "octet_pack.cuh"

namespace octet {

constexpr int MAX_AXES = 8;

// Axes walked together, outermost first, and how far neighbours along each lie apart in each tensor: 0 where a tensor is
// repeated, negative where it is walked backwards. The host merges axes that continue each other; there is at least one.
template <int Tensors>
struct Axes {
  int64_t rank;
  int64_t narrow;  // whether the product of all extents is below 2^31, so that 32-bit divisions do
  int64_t extents[MAX_AXES];
  int64_t strides[Tensors][MAX_AXES];
};

// Adds to `at` where the index-th place of the walk lies in each tensor.
template <int Tensors>
__device__ __forceinline__ void locate(const Axes<Tensors>& axes, int64_t index, int64_t (&at)[Tensors]) {
  int64_t rest = index;
#pragma unroll 1
  for (int axis = static_cast<int>(axes.rank) - 1; axis > 0; axis--) {
    int64_t quotient;
    if (axes.narrow) {
      quotient = static_cast<uint32_t>(rest) / static_cast<uint32_t>(axes.extents[axis]);
    } else {
      quotient = rest / axes.extents[axis];
    }
    int64_t position = rest - quotient * axes.extents[axis];
    rest = quotient;
#pragma unroll
    for (int tensor = 0; tensor < Tensors; tensor++) {
      at[tensor] += position * axes.strides[tensor][axis];
    }
  }
#pragma unroll
  for (int tensor = 0; tensor < Tensors; tensor++) {
    at[tensor] += rest * axes.strides[tensor][0];
  }
}

}  // namespace octet
