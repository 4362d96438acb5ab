// Depthwise convolution of floats on CUDA cores, channels first or last.
//
// A thread takes one output at a time, or four channels of one where Width is 4 (channels last, one output channel an input
// channel). Each sum is one chain of fused multiply-adds in fp32 over the taps in row-major order, from 0; then bias and
// residual are added, in this order, and the result is clamped. Weights are packed as [taps, output channels].

#include "octet_functions.cuh"
#include "octet_real.cuh"
#include "octet_window.cuh"

namespace octet::depthwise_file {

// Passed by the host by value.
struct Sizes {
  int32_t batch;
  int32_t channels;    // of the output
  int32_t multiplier;  // output channels an input channel
  int32_t channels_last;
  float min;
  float max;
};

template <typename T, int Width>
__device__ __forceinline__ void add_tap(const T* x, const T* weights, float (&sums)[Width]) {
  Pack<T, Width> values = *reinterpret_cast<const Pack<T, Width>*>(x);
  Pack<T, Width> factors = *reinterpret_cast<const Pack<T, Width>*>(weights);
  for (int j = 0; j < Width; j++) {
    sums[j] = __fmaf_rn(real(values.at[j]), real(factors.at[j]), sums[j]);
  }
}

template <typename T, int Width>
__device__ __forceinline__ void add_pack(const T* addend, float (&sums)[Width]) {
  Pack<T, Width> values = *reinterpret_cast<const Pack<T, Width>*>(addend);
  for (int j = 0; j < Width; j++) {
    sums[j] = __fadd_rn(sums[j], real(values.at[j]));
  }
}

template <typename T, int Width>
__device__ void depthwise(const T* __restrict__ x, const T* __restrict__ weights, const T* __restrict__ bias,
                          const T* __restrict__ residual, T* __restrict__ y, const Window& w, const Sizes& s) {
  int32_t groups = s.channels / Width;
  int32_t x_channels = s.channels / s.multiplier;
  int64_t count = static_cast<int64_t>(s.batch) * groups * w.out_pixels();
  PixelLayout in = PixelLayout::of(s.channels_last, x_channels, w.in_pixels());
  PixelLayout out = PixelLayout::of(s.channels_last, s.channels, w.out_pixels());
  int32_t taps = w.taps();
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    Output o = output_of(i, s.channels_last, groups, w.out_pixels());
    int32_t channel = o.channel * Width;
    const T* from = x + o.image * x_channels * w.in_pixels() + channel / s.multiplier * in.channel_stride;
    Place place = place_of(w, o.pixel);
    float sums[Width] = {};
    for (int32_t tap = 0; tap < taps; tap++) {
      int64_t pixel = in_pixel(w, place, tap_of(w, tap));
      if (pixel >= 0) {
        add_tap<T, Width>(from + pixel * in.pixel_stride, weights + static_cast<int64_t>(tap) * s.channels + channel,
                          sums);
      }
    }
    int64_t at = o.image * s.channels * w.out_pixels() + channel * out.channel_stride + o.pixel * out.pixel_stride;
    if (bias != nullptr) {
      add_pack<T, Width>(bias + channel, sums);
    }
    if (residual != nullptr) {
      add_pack<T, Width>(residual + at, sums);
    }
    Pack<T, Width> results;
    for (int j = 0; j < Width; j++) {
      results.at[j] = from_real<T>(clamp(sums[j], s.min, s.max));
    }
    *reinterpret_cast<Pack<T, Width>*>(y + at) = results;
  }
}

}  // namespace octet::depthwise_file

#define OCTET_DEPTHWISE(name, type, width)                                                                         \
  extern "C" __global__ void name(const type* x, const type* weights, const type* bias, const type* residual,      \
                                  type* y, octet::Window window, octet::depthwise_file::Sizes sizes) {             \
    octet::depthwise_file::depthwise<type, width>(x, weights, bias, residual, y, window, sizes);                   \
  }

OCTET_DEPTHWISE(octet_simt_depthwise_f32, float, 1)
OCTET_DEPTHWISE(octet_simt_depthwise_f32_4_nhwc, float, 4)
OCTET_DEPTHWISE(octet_simt_depthwise_f16, __half, 1)
OCTET_DEPTHWISE(octet_simt_depthwise_f16_4_nhwc, __half, 4)

#undef OCTET_DEPTHWISE
