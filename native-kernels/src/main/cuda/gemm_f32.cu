// FP32 matrix products on CUDA cores: MatMul with broadcast batches and Gemm. Tiles and order of sums: fproduct_simt.cuh.

#include "fproduct_gemm.cuh"
#include "fproduct_simt.cuh"

namespace octet::gemm_f32_file {

using namespace octet::fproduct;

template <int Size>
__device__ void gemm(const float* a, const float* b, const float* addend, float* y, const int32_t* a_matrices,
                     const int32_t* b_matrices, const GemmSizes& s) {
  each_product(a, b, addend, y, a_matrices, b_matrices, s, [](const auto& left, const auto& right, const auto& finish) {
    simt_product<Size>(left, right, finish, blockIdx.x);
  });
}

}  // namespace octet::gemm_f32_file

#define OCTET_GEMM(name, size, blocks)                                                                             \
  extern "C" __global__ void __launch_bounds__(256, blocks)                                                                \
      name(const float* a, const float* b, const float* addend, float* y, const int32_t* a_matrices,               \
           const int32_t* b_matrices, octet::fproduct::GemmSizes sizes) {                                          \
    octet::gemm_f32_file::gemm<size>(a, b, addend, y, a_matrices, b_matrices, sizes);                              \
  }

OCTET_GEMM(octet_simt_gemm_f32_64x64, 1, 2)
OCTET_GEMM(octet_simt_gemm_f32_128x128, 2, 1)

#undef OCTET_GEMM
