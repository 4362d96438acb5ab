// FP16 matrix products on tensor cores, summed in fp32: MatMul with broadcast batches and Gemm. Tiles: fproduct_half.cuh.

#include "fproduct_gemm.cuh"
#include "fproduct_half.cuh"

namespace octet::gemm_f16_file {

using namespace octet::fproduct;

template <typename Generation>
__device__ void gemm(const __half* a, const __half* b, const __half* addend, __half* y, const int32_t* a_matrices,
                     const int32_t* b_matrices, const GemmSizes& s) {
  each_product(a, b, addend, y, a_matrices, b_matrices, s, [](const auto& left, const auto& right, const auto& finish) {
    half_product<Generation>(left, right, finish, blockIdx.x);
  });
}

}  // namespace octet::gemm_f16_file

#define OCTET_GEMM_F16(name, on, generation)                                                                       \
  extern "C" __global__ void __launch_bounds__(128)                                                                \
      name(const __half* a, const __half* b, const __half* addend, __half* y, const int32_t* a_matrices,           \
           const int32_t* b_matrices, octet::fproduct::GemmSizes sizes) {                                          \
    on(octet::gemm_f16_file::gemm<octet::fproduct::generation>(a, b, addend, y, a_matrices, b_matrices, sizes));   \
  }

OCTET_GEMM_F16(octet_h16816_gemm_f16_64x64, OCTET_ON_AMPERE, Ampere)
OCTET_GEMM_F16(octet_h1688_gemm_f16_64x64, OCTET_ON_TURING, Turing)

#undef OCTET_GEMM_F16
