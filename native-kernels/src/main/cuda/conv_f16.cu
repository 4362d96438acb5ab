// FP16 convolution on tensor cores as an implicit GEMM, summed in fp32. Tiles: fproduct_half.cuh; rows, columns and the
// order of k: fproduct_conv.cuh. Weights are packed as [groups, group_columns, taps * group_channels].

#include "fproduct_conv.cuh"
#include "fproduct_half.cuh"

namespace octet::conv_f16_file {

using namespace octet::fproduct;

template <typename Generation>
__device__ void conv_last(const __half* x, const __half* weights, const __half* bias, const __half* residual, __half* y,
                          const Window& w, const ConvSizes& s) {
  each_last(x, weights, bias, residual, y, w, s, false,
            [](const auto& left, const auto& right, const auto& finish) {
              half_product<Generation>(left, right, finish, blockIdx.x);
            });
}

template <typename Generation>
__device__ void conv_first(const __half* x, const __half* weights, const __half* bias, const __half* residual, __half* y,
                           const Window& w, const ConvSizes& s) {
  each_first(x, weights, bias, residual, y, w, s, false,
             [](const auto& left, const auto& right, const auto& finish) {
               half_product<Generation>(left, right, finish, blockIdx.x);
             });
}

}  // namespace octet::conv_f16_file

#define OCTET_CONV_F16(name, on, generation, function)                                                             \
  extern "C" __global__ void __launch_bounds__(128)                                                                \
      name(const __half* x, const __half* weights, const __half* bias, const __half* residual, __half* y,          \
           octet::Window window, octet::fproduct::ConvSizes sizes) {                                               \
    on(octet::conv_f16_file::function<octet::fproduct::generation>(x, weights, bias, residual, y, window, sizes)); \
  }

OCTET_CONV_F16(octet_h16816_conv_f16_64x64_nhwc, OCTET_ON_AMPERE, Ampere, conv_last)
OCTET_CONV_F16(octet_h16816_conv_f16_64x64_nchw, OCTET_ON_AMPERE, Ampere, conv_first)
OCTET_CONV_F16(octet_h1688_conv_f16_64x64_nhwc, OCTET_ON_TURING, Turing, conv_last)
OCTET_CONV_F16(octet_h1688_conv_f16_64x64_nchw, OCTET_ON_TURING, Turing, conv_first)

#undef OCTET_CONV_F16
