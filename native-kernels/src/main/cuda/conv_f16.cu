// FP16 convolution on tensor cores as an implicit GEMM, summed in fp32. Tiles: fproduct_half.cuh; rows, columns and the
// order of k as in conv_f32.cu. Weights are packed as [groups, group_columns, taps * group_channels].

#include "fproduct_half.cuh"

namespace octet::conv_f16_file {

using namespace octet::fproduct;

template <typename Generation>
__device__ void conv_last(const __half* x, const __half* weights, const __half* bias, const __half* residual,
                          __half* y, const Window& w, const ConvSizes& s) {
  for (int32_t group = blockIdx.z; group < s.groups; group += gridDim.z) {
    half_product<Generation>(window_last(s, w, x, group), weights_of(s, w, weights, group, false),
                             finish_last(s, bias, residual, y, group), blockIdx.x);
  }
}

template <typename Generation>
__device__ void conv_first(const __half* x, const __half* weights, const __half* bias, const __half* residual,
                           __half* y, const Window& w, const ConvSizes& s) {
  for (int32_t i = blockIdx.z; i < s.batch * s.groups; i += gridDim.z) {
    int32_t image = i / s.groups;
    int32_t group = i - image * s.groups;
    half_product<Generation>(weights_of(s, w, weights, group, false), window_first(s, w, x, image, group),
                             finish_first(s, w, bias, residual, y, image, group), blockIdx.x);
  }
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
