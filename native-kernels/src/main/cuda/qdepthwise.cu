// Integer depthwise convolution over NHWC images with its epilogue fused, on CUDA cores.
//
// A thread computes 4 channels of 4 output pixels side by side: a tap's 4 weights are read once for all of them. Weights are
// packed [taps, channels padded to 4]; x's zero point is in the bias, and padding counts as the zero point. Channels vary
// fastest over threads, so a warp reads and writes runs of channels. Where channels are no multiple of 4, or addresses are
// not aligned to it, bytes move alone.

#include "octet_window.cuh"
#include "qproduct.cuh"

namespace octet::qdepthwise_file {

using namespace octet::qproduct;

constexpr int kChannels = 4;
constexpr int kPixels = 4;

struct Input {
  const uint8_t* x;
  const int8_t* weights;
  alignas(8) int32_t images;
  alignas(8) int32_t channels;
  alignas(8) int32_t x_access;  // 4 or more if pixels of x are aligned to 4, else 1
  alignas(8) int32_t x_zero_point;
};

// Bytes `first` to `first + 3` of a row with `count` bytes; the lowest byte is the first.
__device__ __forceinline__ uint32_t read_word(const uint8_t* row, int first, int count, int access) {
  if (access >= kChannels) {
    return *reinterpret_cast<const uint32_t*>(row + first);
  }
  uint32_t word = 0;
#pragma unroll
  for (int i = 0; i < kChannels; i++) {
    if (first + i < count) {
      word |= static_cast<uint32_t>(row[first + i]) << (8 * i);
    }
  }
  return word;
}

__device__ __forceinline__ void write_word(uint8_t* row, int first, int count, int access, uint32_t word) {
  if (access >= kChannels) {
    *reinterpret_cast<uint32_t*>(row + first) = word;
    return;
  }
#pragma unroll
  for (int i = 0; i < kChannels; i++) {
    if (first + i < count) {
      row[first + i] = static_cast<uint8_t>(word >> (8 * i));
    }
  }
}

template <bool Signed>
__device__ __forceinline__ int32_t byte_of(uint32_t word, int i) {
  uint8_t byte = static_cast<uint8_t>(word >> (8 * i));
  return Signed ? static_cast<int8_t>(byte) : byte;
}

// What a thread computes: the place of the first pixel's first tap, and the first channel.
struct Start {
  const uint8_t* image;
  Place first;
  int channel;
};

template <bool Signed>
__device__ __forceinline__ void sum_taps(const Input& in, const Window& window, const Start& at,
                                         int32_t (&sums)[kPixels][kChannels]) {
  int packed_channels = (in.channels + kChannels - 1) / kChannels * kChannels;
  const int8_t* weights = in.weights + at.channel;
  uint32_t padding = static_cast<uint8_t>(in.x_zero_point) * 0x01010101u;
  for (int line = 0; line < window.kernel[0] * window.kernel[1]; line++) {
    Place tap = tap_of(window, line * window.kernel[2]);
    for (int k = 0; k < window.kernel[2]; k++) {
      uint32_t taps = *reinterpret_cast<const uint32_t*>(weights);
      weights += packed_channels;
#pragma unroll
      for (int pixel = 0; pixel < kPixels; pixel++) {
        Place first = at.first;
        first.x += pixel * window.strides[2];
        int64_t source = in_pixel(window, first, tap);
        uint32_t x = padding;
        if (source >= 0) {
          x = read_word(at.image + source * in.channels, at.channel, in.channels, in.x_access);
        }
#pragma unroll
        for (int c = 0; c < kChannels; c++) {
          sums[pixel][c] += byte_of<Signed>(x, c) * byte_of<true>(taps, c);
        }
      }
      tap.x += window.dilations[2];
    }
  }
}

__device__ __forceinline__ void store_pixel(const Epilogue& e, int channels, int64_t pixel, int channel,
                                            const int32_t (&sums)[kChannels]) {
  int64_t base = pixel * e.row_stride;
  bool adds = e.residual_kind != kNone;
  uint32_t residuals = adds ? read_word(static_cast<const uint8_t*>(e.residual) + base, channel, channels, e.y_access) : 0;
  uint32_t word = 0;
#pragma unroll
  for (int c = 0; c < kChannels; c++) {
    if (channel + c < channels) {
      int32_t sum = wrapping_add(sums[c], e.bias[channel + c]);
      float multiplier = e.multipliers[channel + c];
      if (e.y_kind == kBytes) {
        int32_t residual = adds ? residual_at(e, static_cast<uint8_t>(residuals >> (8 * c))) : 0;
        word |= static_cast<uint32_t>(to_byte(e, sum, multiplier, residual)) << (8 * c);
      } else {
        static_cast<int32_t*>(e.y)[base + channel + c] = to_word(e, sum, multiplier);
      }
    }
  }
  if (e.y_kind == kBytes) {
    write_word(static_cast<uint8_t*>(e.y) + base, channel, channels, e.y_access, word);
  }
}

template <bool Signed>
__device__ __forceinline__ void run(const Input& in, const Epilogue& e, const Window& window) {
  int fours = (in.channels + kChannels - 1) / kChannels;
  int runs = (window.out[2] + kPixels - 1) / kPixels;
  int lines = window.out[0] * window.out[1];
  int64_t count = static_cast<int64_t>(in.images) * lines * runs * fours;
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t run = i / fours;
    int64_t line = run / runs;
    int64_t image = line / lines;
    int channel = static_cast<int>(i % fours) * kChannels;
    int x = static_cast<int>(run % runs) * kPixels;
    int pixel = static_cast<int>(line % lines) * window.out[2] + x;
    Start at{in.x + image * window.in_pixels() * in.channels, place_of(window, pixel), channel};
    int32_t sums[kPixels][kChannels] = {};
    sum_taps<Signed>(in, window, at, sums);
#pragma unroll
    for (int p = 0; p < kPixels; p++) {
      if (x + p < window.out[2]) {
        store_pixel(e, in.channels, image * window.out_pixels() + pixel + p, channel, sums[p]);
      }
    }
  }
}

}  // namespace octet::qdepthwise_file

extern "C" __global__ void __launch_bounds__(256, 4)
    octet_simt_qdepthwise_u8s8_nhwc(octet::qdepthwise_file::Input in, octet::qproduct::Epilogue e, octet::Window w) {
  octet::qdepthwise_file::run<false>(in, e, w);
}

extern "C" __global__ void __launch_bounds__(256, 4)
    octet_simt_qdepthwise_s8s8_nhwc(octet::qdepthwise_file::Input in, octet::qproduct::Epilogue e, octet::Window w) {
  octet::qdepthwise_file::run<true>(in, e, w);
}
