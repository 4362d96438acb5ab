// Float convolutions as their kernels are launched.
//
// Channels last: rows are output pixels of all images, columns the output channels of a group (blockIdx.z). Channels first:
// rows are output channels, columns the pixels of one image (blockIdx.z counts images and groups). Sums run over taps in
// row-major order, then channels. blockIdx.x counts tiles.
#pragma once

#include "fproduct.cuh"

namespace octet::fproduct {

// A convolution, as the host passes it by value. Weights are [groups, taps * group_channels, group_columns], or with the
// last two axes exchanged for tensor cores.
struct ConvSizes {
  int32_t batch;
  int32_t channels;
  int32_t groups;
  int32_t group_channels;
  int32_t group_columns;
  int32_t aligned_x;
  int32_t aligned_weights;
  float min;
  float max;
};

template <typename T>
__device__ __forceinline__ WindowLast<T> window_last(const ConvSizes& s, const Window& w, const T* x, int32_t group) {
  return {x + static_cast<int64_t>(group) * s.group_channels,
          w,
          static_cast<int32_t>(s.batch * w.out_pixels()),
          s.channels,
          s.group_channels,
          w.taps() * s.group_channels,
          s.aligned_x != 0};
}

template <typename T>
__device__ __forceinline__ WindowFirst<T> window_first(const ConvSizes& s, const Window& w, const T* x, int32_t image,
                                                       int32_t group) {
  int64_t plane = static_cast<int64_t>(image) * s.channels + static_cast<int64_t>(group) * s.group_channels;
  return {x + plane * w.in_pixels(), w, static_cast<int32_t>(w.out_pixels()), s.group_channels,
          w.taps() * s.group_channels};
}

// The weights of a group: depth_major as [depth, columns], else [columns, depth].
template <typename T>
__device__ __forceinline__ Dense<T> weights_of(const ConvSizes& s, const Window& w, const T* weights, int32_t group,
                                               bool depth_major) {
  int32_t depth = w.taps() * s.group_channels;
  return {weights + static_cast<int64_t>(group) * depth * s.group_columns,
          depth_major ? s.group_columns : depth,
          s.group_columns,
          depth,
          !depth_major,
          s.aligned_weights != 0};
}

// Rows are pixels, columns channels.
template <typename T>
__device__ __forceinline__ Finish<T> finish_last(const ConvSizes& s, const T* bias, const T* residual, T* y,
                                                 int32_t group) {
  int64_t first = static_cast<int64_t>(group) * s.group_columns;
  return {bias == nullptr ? nullptr : bias + first,
          residual == nullptr ? nullptr : residual + first,
          y + first,
          static_cast<int64_t>(s.groups) * s.group_columns,
          0,
          1,
          1,
          1,
          s.min,
          s.max};
}

// Rows are channels, columns pixels.
template <typename T>
__device__ __forceinline__ Finish<T> finish_first(const ConvSizes& s, const Window& w, const T* bias,
                                                  const T* residual, T* y, int32_t image, int32_t group) {
  int64_t channel = static_cast<int64_t>(group) * s.group_columns;
  int64_t first = (static_cast<int64_t>(image) * s.groups * s.group_columns + channel) * w.out_pixels();
  return {bias == nullptr ? nullptr : bias + channel,
          residual == nullptr ? nullptr : residual + first,
          y + first,
          w.out_pixels(),
          1,
          0,
          1,
          1,
          s.min,
          s.max};
}

// Calls multiply(left, right, finish) for a block's groups; weights as in weights_of.
template <typename T, class Multiply>
__device__ __forceinline__ void each_last(const T* x, const T* weights, const T* bias, const T* residual, T* y,
                                          const Window& w, const ConvSizes& s, bool depth_major, Multiply multiply) {
  for (int32_t group = blockIdx.z; group < s.groups; group += gridDim.z) {
    multiply(window_last(s, w, x, group), weights_of(s, w, weights, group, depth_major),
             finish_last(s, bias, residual, y, group));
  }
}

// The same for a block's images and groups.
template <typename T, class Multiply>
__device__ __forceinline__ void each_first(const T* x, const T* weights, const T* bias, const T* residual, T* y,
                                           const Window& w, const ConvSizes& s, bool depth_major, Multiply multiply) {
  for (int32_t i = blockIdx.z; i < s.batch * s.groups; i += gridDim.z) {
    int32_t image = i / s.groups;
    int32_t group = i - image * s.groups;
    multiply(weights_of(s, w, weights, group, depth_major), window_first(s, w, x, image, group),
             finish_first(s, w, bias, residual, y, image, group));
  }
}

}  // namespace octet::fproduct
