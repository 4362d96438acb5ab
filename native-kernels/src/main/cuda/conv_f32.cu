// FP32 convolution on CUDA cores as an implicit GEMM. Tiles and order of sums: fproduct_simt.cuh.
//
// Channels last: rows are output pixels of all images, columns the output channels of a group (blockIdx.z). Channels first:
// rows are output channels, columns the pixels of one image (blockIdx.z counts images and groups). Sums run over taps in
// row-major order, then channels. Weights are packed as [groups, taps * group_channels, group_columns] for both.

#include "fproduct_simt.cuh"

namespace octet::conv_f32_file {

using namespace octet::fproduct;

__device__ void conv_last(const float* x, const float* weights, const float* bias, const float* residual, float* y,
                          const Window& w, const ConvSizes& s) {
  for (int32_t group = blockIdx.z; group < s.groups; group += gridDim.z) {
    simt_product<1>(window_last(s, w, x, group), weights_of(s, w, weights, group, true),
                    finish_last(s, bias, residual, y, group), blockIdx.x);
  }
}

__device__ void conv_first(const float* x, const float* weights, const float* bias, const float* residual, float* y,
                           const Window& w, const ConvSizes& s) {
  for (int32_t i = blockIdx.z; i < s.batch * s.groups; i += gridDim.z) {
    int32_t image = i / s.groups;
    int32_t group = i - image * s.groups;
    simt_product<1>(weights_of(s, w, weights, group, true), window_first(s, w, x, image, group),
                    finish_first(s, w, bias, residual, y, image, group), blockIdx.x);
  }
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
