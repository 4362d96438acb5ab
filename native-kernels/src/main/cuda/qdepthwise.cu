// Integer depthwise convolution over NHWC images with its epilogue fused, on CUDA cores.
//
// A thread computes 4 channels of 4 output pixels side by side: a tap's 4 weights are read once for all of them. Weights are
// packed [taps, channels padded to 4]; x's zero point is in the bias, and padding counts as the zero point. Channels vary
// fastest over threads, so a warp reads and writes runs of channels. Where channels are no multiple of 4, or addresses are
// not aligned to it, bytes move alone.

#include "qproduct.cuh"

namespace octet::qdepthwise_file {

using namespace octet::qproduct;

constexpr int kChannels = 4;
constexpr int kPixels = 4;

struct Product {
  const uint8_t* x;
  const int8_t* weights;
  Epilogue epilogue;
  Window window;                      // channels: all
  alignas(8) int32_t images;
  alignas(8) int32_t x_access;      // 4 if pixels of x are aligned to it, else 1
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

// What a thread computes.
struct Place {
  int image;
  int h;
  int w;
  int channel;
};

template <bool Signed>
__device__ __forceinline__ void sum_taps(const Product& p, const Place& at, int32_t (&sums)[kPixels][kChannels]) {
  const Window& window = p.window;
  int64_t row_bytes = static_cast<int64_t>(window.in_w) * window.channels;
  const uint8_t* image = p.x + at.image * window.in_h * row_bytes;
  int packed_channels = (window.channels + kChannels - 1) / kChannels * kChannels;
  const int8_t* weights = p.weights + at.channel;
  uint32_t padding = static_cast<uint8_t>(p.x_zero_point) * 0x01010101u;
  for (int kh = 0; kh < window.kernel_h; kh++) {
    int h = at.h * window.stride_h - window.pad_h + kh * window.dilation_h;
    bool in_image = static_cast<unsigned>(h) < static_cast<unsigned>(window.in_h);
    const uint8_t* row = image + h * row_bytes;
    for (int kw = 0; kw < window.kernel_w; kw++) {
      uint32_t taps = *reinterpret_cast<const uint32_t*>(weights);
      weights += packed_channels;
      int w = at.w * window.stride_w - window.pad_w + kw * window.dilation_w;
#pragma unroll
      for (int pixel = 0; pixel < kPixels; pixel++) {
        bool inside = in_image && static_cast<unsigned>(w) < static_cast<unsigned>(window.in_w);
        uint32_t x = padding;
        if (inside) {
          x = read_word(row + static_cast<int64_t>(w) * window.channels, at.channel, window.channels, p.x_access);
        }
#pragma unroll
        for (int c = 0; c < kChannels; c++) {
          sums[pixel][c] += byte_of<Signed>(x, c) * byte_of<true>(taps, c);
        }
        w += window.stride_w;
      }
    }
  }
}

__device__ __forceinline__ void store_pixel(const Product& p, int64_t pixel, int channel,
                                            const int32_t (&sums)[kChannels]) {
  const Epilogue& e = p.epilogue;
  int channels = p.window.channels;
  int64_t base = pixel * e.row_stride;
  uint32_t residual = 0;
  if (e.residual_kind != kNone) {
    residual = read_word(static_cast<const uint8_t*>(e.residual) + base, channel, channels, e.y_access);
  }
  uint32_t word = 0;
#pragma unroll
  for (int c = 0; c < kChannels; c++) {
    if (channel + c < channels) {
      int32_t sum = wrapping_add(sums[c], e.bias[channel + c]);
      float multiplier = e.multipliers[channel + c];
      if (e.y_kind == kBytes) {
        uint8_t byte = to_byte(e, sum, multiplier, static_cast<uint8_t>(residual >> (8 * c)));
        word |= static_cast<uint32_t>(byte) << (8 * c);
      } else if (e.y_kind == kFloats) {
        static_cast<float*>(e.y)[base + channel + c] = to_float(e, sum, multiplier);
      } else {
        static_cast<int32_t*>(e.y)[base + channel + c] = sum;
      }
    }
  }
  if (e.y_kind == kBytes) {
    write_word(static_cast<uint8_t*>(e.y) + base, channel, channels, e.y_access, word);
  }
}

template <bool Signed>
__device__ __forceinline__ void run(const Product& p) {
  const Window& window = p.window;
  int fours = (window.channels + kChannels - 1) / kChannels;
  int runs = (window.out_w + kPixels - 1) / kPixels;
  int64_t count = static_cast<int64_t>(p.images) * window.out_h * runs * fours;
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t run = i / fours;
    int64_t line = run / runs;
    Place at{static_cast<int>(line / window.out_h), static_cast<int>(line % window.out_h),
             static_cast<int>(run % runs) * kPixels, static_cast<int>(i % fours) * kChannels};
    int32_t sums[kPixels][kChannels] = {};
    sum_taps<Signed>(p, at, sums);
#pragma unroll
    for (int pixel = 0; pixel < kPixels; pixel++) {
      if (at.w + pixel < window.out_w) {
        store_pixel(p, line * window.out_w + at.w + pixel, at.channel, sums[pixel]);
      }
    }
  }
}

}  // namespace octet::qdepthwise_file

extern "C" __global__ void __launch_bounds__(256, 4)
    octet_simt_qdepthwise_u8s8_nhwc(octet::qdepthwise_file::Product p) {
  octet::qdepthwise_file::run<false>(p);
}

extern "C" __global__ void __launch_bounds__(256, 4)
    octet_simt_qdepthwise_s8s8_nhwc(octet::qdepthwise_file::Product p) {
  octet::qdepthwise_file::run<true>(p);
}
