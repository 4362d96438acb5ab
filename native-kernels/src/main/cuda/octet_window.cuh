// The window of a convolution or pooling, as dev.octet.backend.cuda.WindowParams passes it: always three spatial axes
// (depth, height, width), absent ones of extent 1 in front.
#pragma once

#include "octet_pack.cuh"

namespace octet {

struct Window {
  int32_t in[3];
  int32_t kernel[3];
  int32_t strides[3];
  int32_t dilations[3];
  int32_t pads[3];  // in front
  int32_t out[3];

  __device__ __forceinline__ int32_t taps() const { return kernel[0] * kernel[1] * kernel[2]; }
  __device__ __forceinline__ int64_t in_pixels() const { return static_cast<int64_t>(in[0]) * in[1] * in[2]; }
  __device__ __forceinline__ int64_t out_pixels() const { return static_cast<int64_t>(out[0]) * out[1] * out[2]; }
};

// The input position under the first tap of an output pixel; negative in front padding.
struct Place {
  int32_t z;
  int32_t y;
  int32_t x;
};

__device__ __forceinline__ Place place_of(const Window& w, int32_t pixel) {
  int32_t line = pixel / w.out[2];
  int32_t plane = line / w.out[1];
  return {plane * w.strides[0] - w.pads[0], (line - plane * w.out[1]) * w.strides[1] - w.pads[1],
          (pixel - line * w.out[2]) * w.strides[2] - w.pads[2]};
}

// The distance from the first tap to a tap.
__device__ __forceinline__ Place tap_of(const Window& w, int32_t tap) {
  int32_t line = tap / w.kernel[2];
  int32_t plane = line / w.kernel[1];
  return {plane * w.dilations[0], (line - plane * w.kernel[1]) * w.dilations[1],
          (tap - line * w.kernel[2]) * w.dilations[2]};
}

// The index among the input's pixels of a tap of an output pixel, or -1 where padding is.
__device__ __forceinline__ int64_t in_pixel(const Window& w, Place first, Place tap) {
  int32_t z = first.z + tap.z;
  int32_t y = first.y + tap.y;
  int32_t x = first.x + tap.x;
  bool inside = static_cast<uint32_t>(z) < static_cast<uint32_t>(w.in[0]) &&
                static_cast<uint32_t>(y) < static_cast<uint32_t>(w.in[1]) &&
                static_cast<uint32_t>(x) < static_cast<uint32_t>(w.in[2]);
  return inside ? (static_cast<int64_t>(z) * w.in[1] + y) * w.in[2] + x : -1;
}

// How far apart the pixels and the channels of an image lie.
struct PixelLayout {
  int64_t pixel_stride;
  int64_t channel_stride;

  static __device__ __forceinline__ PixelLayout of(bool channels_last, int32_t channels, int64_t pixels) {
    return {channels_last ? channels : 1, channels_last ? 1 : pixels};
  }
};

// One output, or several channels of one.
struct Output {
  int64_t image;
  int32_t channel;
  int32_t pixel;
};

// The output with a number, in the order in which memory holds them; `groups` are channels, or groups of channels taken
// together.
__device__ __forceinline__ Output output_of(int64_t index, bool channels_last, int32_t groups, int64_t pixels) {
  int64_t per_image = groups * pixels;
  int64_t image = index / per_image;
  int64_t rest = index - image * per_image;
  if (channels_last) {
    return {image, static_cast<int32_t>(rest % groups), static_cast<int32_t>(rest / groups)};
  }
  return {image, static_cast<int32_t>(rest / pixels), static_cast<int32_t>(rest % pixels)};
}

}  // namespace octet
