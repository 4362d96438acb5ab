// Quantize and dequantize, per tensor and per channel, on CUDA cores.
//
// Layout: dense, aligned to 16 bytes; a channel's index is (i / inner) % channels, so any axis of a row-major tensor works.
// With one scale a thread takes four elements at a time. Grid-stride loops, 64-bit offsets. Formulas: dev.octet.quant.Quantizer (division, round half to even, saturate); compile without fast math.

#include "octet.cuh"

namespace octet::quantize_file {

template <typename Quantized>
struct alignas(4) Four {
  Quantized values[4];
};

struct alignas(16) FourFloats {
  float values[4];
};

template <typename Quantized>
__device__ void quantize_all(const float* __restrict__ x, const float* __restrict__ scales,
                             const int32_t* __restrict__ zero_points, Quantized* __restrict__ q, int64_t count,
                             int64_t inner, int64_t channels, int32_t qmin, int32_t qmax) {
  int64_t done = 0;
  if (channels == 1) {
    float scale = scales[0];
    int32_t zero_point = zero_points[0];
    int64_t fours = count / 4;
    for (int64_t i = first_index(); i < fours; i += grid_stride()) {
      FourFloats in = reinterpret_cast<const FourFloats*>(x)[i];
      Four<Quantized> out;
      for (int k = 0; k < 4; ++k) {
        out.values[k] = static_cast<Quantized>(octet::quantize(in.values[k], scale, zero_point, qmin, qmax));
      }
      reinterpret_cast<Four<Quantized>*>(q)[i] = out;
    }
    done = 4 * fours;
  }
  for (int64_t i = done + first_index(); i < count; i += grid_stride()) {
    int64_t channel = (i / inner) % channels;
    q[i] = static_cast<Quantized>(octet::quantize(x[i], scales[channel], zero_points[channel], qmin, qmax));
  }
}

template <typename Quantized>
__device__ void dequantize_all(const Quantized* __restrict__ q, const float* __restrict__ scales,
                               const int32_t* __restrict__ zero_points, float* __restrict__ x, int64_t count,
                               int64_t inner, int64_t channels) {
  int64_t done = 0;
  if (channels == 1) {
    float scale = scales[0];
    int32_t zero_point = zero_points[0];
    int64_t fours = count / 4;
    for (int64_t i = first_index(); i < fours; i += grid_stride()) {
      Four<Quantized> in = reinterpret_cast<const Four<Quantized>*>(q)[i];
      FourFloats out;
      for (int k = 0; k < 4; ++k) {
        out.values[k] = octet::dequantize(static_cast<int32_t>(in.values[k]), scale, zero_point);
      }
      reinterpret_cast<FourFloats*>(x)[i] = out;
    }
    done = 4 * fours;
  }
  for (int64_t i = done + first_index(); i < count; i += grid_stride()) {
    int64_t channel = (i / inner) % channels;
    x[i] = octet::dequantize(static_cast<int32_t>(q[i]), scales[channel], zero_points[channel]);
  }
}

}  // namespace octet::quantize_file

extern "C" __global__ void octet_simt_quantize_f32s8(const float* x, const float* scales, const int32_t* zero_points,
                                                     int8_t* q, int64_t count, int64_t inner, int64_t channels,
                                                     int32_t qmin, int32_t qmax) {
  octet::quantize_file::quantize_all(x, scales, zero_points, q, count, inner, channels, qmin, qmax);
}

extern "C" __global__ void octet_simt_quantize_f32u8(const float* x, const float* scales, const int32_t* zero_points,
                                                     uint8_t* q, int64_t count, int64_t inner, int64_t channels,
                                                     int32_t qmin, int32_t qmax) {
  octet::quantize_file::quantize_all(x, scales, zero_points, q, count, inner, channels, qmin, qmax);
}

extern "C" __global__ void octet_simt_dequantize_s8f32(const int8_t* q, const float* scales,
                                                       const int32_t* zero_points, float* x, int64_t count,
                                                       int64_t inner, int64_t channels) {
  octet::quantize_file::dequantize_all(q, scales, zero_points, x, count, inner, channels);
}

extern "C" __global__ void octet_simt_dequantize_u8f32(const uint8_t* q, const float* scales,
                                                       const int32_t* zero_points, float* x, int64_t count,
                                                       int64_t inner, int64_t channels) {
  octet::quantize_file::dequantize_all(q, scales, zero_points, x, count, inner, channels);
}
