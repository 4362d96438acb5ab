// Max and average pooling on CUDA cores, channels first or last.
//
// A thread takes one output at a time, or four channels of one where Width is 4 (channels last, bytes). Taps are visited in
// row-major order; sums are fp32 in that order, so results have the CPU's bits. NaN is passed over by the maximum.

#include "octet_real.cuh"
#include "octet_window.cuh"

namespace octet::pool_file {

template <typename T>
struct Largest {
  static __device__ __forceinline__ T larger(T a, T b) { return b > a ? b : a; }
};
template <>
struct Largest<__half> {
  static __device__ __forceinline__ __half larger(__half a, __half b) { return real(b) > real(a) ? b : a; }
};

template <typename T>
__device__ __forceinline__ T lowest();
template <>
__device__ __forceinline__ float lowest<float>() {
  return negative_infinity();
}
template <>
__device__ __forceinline__ __half lowest<__half>() {
  return from_real<__half>(negative_infinity());
}
template <>
__device__ __forceinline__ int8_t lowest<int8_t>() {
  return -128;
}
template <>
__device__ __forceinline__ uint8_t lowest<uint8_t>() {
  return 0;
}

template <typename T, int Width>
__device__ void max_pool(const T* __restrict__ x, T* __restrict__ y, const Window& w, int64_t batch, int32_t channels,
                         int32_t channels_last) {
  using Channels = Pack<T, Width>;
  int32_t groups = channels / Width;
  int64_t count = batch * groups * w.out_pixels();
  PixelLayout in = PixelLayout::of(channels_last, channels, w.in_pixels());
  PixelLayout out = PixelLayout::of(channels_last, channels, w.out_pixels());
  int32_t taps = w.taps();
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    Output o = output_of(i, channels_last, groups, w.out_pixels());
    const T* from = x + o.image * channels * w.in_pixels() + o.channel * Width * in.channel_stride;
    Place place = place_of(w, o.pixel);
    Channels best;
    for (int j = 0; j < Width; j++) {
      best.at[j] = lowest<T>();
    }
    for (int32_t tap = 0; tap < taps; tap++) {
      int64_t pixel = in_pixel(w, place, tap_of(w, tap));
      if (pixel >= 0) {
        Channels value = *reinterpret_cast<const Channels*>(from + pixel * in.pixel_stride);
        for (int j = 0; j < Width; j++) {
          best.at[j] = Largest<T>::larger(best.at[j], value.at[j]);
        }
      }
    }
    T* to = y + o.image * channels * w.out_pixels() + o.channel * Width * out.channel_stride;
    *reinterpret_cast<Channels*>(to + o.pixel * out.pixel_stride) = best;
  }
}

// divisors: one an output pixel.
template <typename T>
__device__ void average_pool(const T* __restrict__ x, T* __restrict__ y, const float* __restrict__ divisors,
                             const Window& w, int64_t batch, int32_t channels, int32_t channels_last) {
  int64_t count = batch * channels * w.out_pixels();
  PixelLayout in = PixelLayout::of(channels_last, channels, w.in_pixels());
  int32_t taps = w.taps();
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    Output o = output_of(i, channels_last, channels, w.out_pixels());
    const T* from = x + o.image * channels * w.in_pixels() + o.channel * in.channel_stride;
    Place place = place_of(w, o.pixel);
    float sum = 0;
    for (int32_t tap = 0; tap < taps; tap++) {
      int64_t pixel = in_pixel(w, place, tap_of(w, tap));
      if (pixel >= 0) {
        sum = __fadd_rn(sum, real(from[pixel * in.pixel_stride]));
      }
    }
    y[i] = from_real<T>(__fdiv_rn(sum, divisors[o.pixel]));
  }
}

}  // namespace octet::pool_file

#define OCTET_MAX_POOL(name, type, width)                                                                          \
  extern "C" __global__ void name(const type* x, type* y, octet::Window window, int64_t batch, int32_t channels,   \
                                  int32_t channels_last) {                                                         \
    octet::pool_file::max_pool<type, width>(x, y, window, batch, channels, channels_last);                         \
  }

#define OCTET_AVERAGE_POOL(name, type)                                                                             \
  extern "C" __global__ void name(const type* x, type* y, const float* divisors, octet::Window window,             \
                                  int64_t batch, int32_t channels, int32_t channels_last) {                        \
    octet::pool_file::average_pool<type>(x, y, divisors, window, batch, channels, channels_last);                  \
  }

OCTET_MAX_POOL(octet_simt_maxpool_f32, float, 1)
OCTET_MAX_POOL(octet_simt_maxpool_f16, __half, 1)
OCTET_MAX_POOL(octet_simt_maxpool_s8, int8_t, 1)
OCTET_MAX_POOL(octet_simt_maxpool_s8_4_nhwc, int8_t, 4)
OCTET_MAX_POOL(octet_simt_maxpool_u8, uint8_t, 1)
OCTET_MAX_POOL(octet_simt_maxpool_u8_4_nhwc, uint8_t, 4)
OCTET_AVERAGE_POOL(octet_simt_averagepool_f32, float)
OCTET_AVERAGE_POOL(octet_simt_averagepool_f16, __half)

#undef OCTET_MAX_POOL
#undef OCTET_AVERAGE_POOL
