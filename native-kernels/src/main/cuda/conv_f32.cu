// FP32 convolution on CUDA cores as an implicit GEMM. Tiles and order of sums: fproduct_simt.cuh,
// rows and columns: fproduct_conv.cuh. Weights are packed as [groups, taps * group_channels, group_columns] for both
// layouts.

#include "fproduct_conv.cuh"
#include "fproduct_simt.cuh"

namespace octet::conv_f32_file {

using namespace octet::fproduct;

__device__ void conv_last(const float* x, const float* weights, const float* bias, const float* residual, float* y,
                          const Window& w, const ConvSizes& s) {
  each_last(x, weights, bias, residual, y, w, s, true,
            [](const auto& left, const auto& right, const auto& finish) {
              simt_product<1>(left, right, finish, blockIdx.x);
            });
}

__device__ void conv_first(const float* x, const float* weights, const float* bias, const float* residual, float* y,
                           const Window& w, const ConvSizes& s) {
  each_first(x, weights, bias, residual, y, w, s, true,
             [](const auto& left, const auto& right, const auto& finish) {
               simt_product<1>(left, right, finish, blockIdx.x);
             });
}

}  // namespace octet::conv_f32_file

#define OCTET_CONV(name, function)                                                                                 \
  extern "C" __global__ void __launch_bounds__(256, 2)                                                                \
      name(const float* x, const float* weights, const float* bias, const float* residual, float* y,               \
           octet::Window window, octet::fproduct::ConvSizes sizes) {                                               \
    octet::conv_f32_file::function(x, weights, bias, residual, y, window, sizes);                                  \
  }

OCTET_CONV(octet_simt_conv_f32_64x64_nhwc, conv_last)
OCTET_CONV(octet_simt_conv_f32_64x64_nchw, conv_first)

#undef OCTET_CONV
