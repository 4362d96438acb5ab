// Float matrix products as their kernels are launched: MatMul with broadcast batches, and Gemm.
#pragma once

#include "fproduct.cuh"

namespace octet::fproduct {

// A matrix product or a batch of them, as the host passes it by value.
struct GemmSizes {
  int32_t m;
  int32_t n;
  int32_t k;
  int32_t trans_a;    // a is stored as [K, M]
  int32_t trans_b;    // b is stored as [N, K]
  int32_t aligned_a;  // see Dense
  int32_t aligned_b;
  int32_t products;
  int32_t addend_row;
  int32_t addend_column;
  float alpha;
  float beta;
};

template <typename T>
__device__ __forceinline__ Dense<T> left_of(const GemmSizes& s, const T* a, int32_t matrix) {
  const T* data = a + static_cast<int64_t>(matrix) * s.m * s.k;
  return {data, s.trans_a ? s.m : s.k, s.m, s.k, s.trans_a == 0, s.aligned_a != 0};
}

template <typename T>
__device__ __forceinline__ Dense<T> right_of(const GemmSizes& s, const T* b, int32_t matrix) {
  const T* data = b + static_cast<int64_t>(matrix) * s.k * s.n;
  return {data, s.trans_b ? s.k : s.n, s.n, s.k, s.trans_b != 0, s.aligned_b != 0};
}

template <typename T>
__device__ __forceinline__ Finish<T> finish_of(const GemmSizes& s, const T* addend, T* y, int32_t product) {
  return {addend,       nullptr, y + static_cast<int64_t>(product) * s.m * s.n,
          s.n,          s.addend_row, s.addend_column,
          s.alpha,      s.beta,       negative_infinity(),
          -negative_infinity()};
}

// Calls multiply(left, right, finish) for a block's products, which blockIdx.z counts, of the tile that blockIdx.x counts. The
// matrix numbers are absent for a single product.
template <typename T, class Multiply>
__device__ __forceinline__ void each_product(const T* a, const T* b, const T* addend, T* y, const int32_t* a_matrices,
                                             const int32_t* b_matrices, const GemmSizes& s, Multiply multiply) {
  for (int32_t product = blockIdx.z; product < s.products; product += gridDim.z) {
    int32_t a_matrix = a_matrices == nullptr ? 0 : a_matrices[product];
    int32_t b_matrix = b_matrices == nullptr ? 0 : b_matrices[product];
    multiply(left_of(s, a, a_matrix), right_of(s, b, b_matrix), finish_of(s, addend, y, product));
  }
}

}  // namespace octet::fproduct
