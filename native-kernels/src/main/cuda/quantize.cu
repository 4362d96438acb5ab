// QuantizeLinear and DequantizeLinear on CUDA cores: f32 or f16 to and from 8 bits, s32 to f32.
//
// `tensor`: one scale; a thread moves 16 bytes of the real side at a time. `axis`: an element's scale is
// (i / inner) % channels, so any axis of a dense row-major tensor works. Scales are of the real side's type, zero points of
// the integer side's type or absent. Tensors start at multiples of 16 bytes. Formulas: dev.octet.quant.Quantizer (division,
// round half to even, saturate); an f16 quotient is rounded to f16 first, as ONNX has it.

#include "octet_pack.cuh"

namespace octet::quantize_file {

// Elements a thread takes at a time: 16 bytes of the real side.
template <typename Real>
constexpr int WIDTH = 16 / sizeof(Real);

template <typename Q>
struct Limits;
template <>
struct Limits<int8_t> {
  static constexpr int32_t LOW = -128, HIGH = 127;
};
template <>
struct Limits<uint8_t> {
  static constexpr int32_t LOW = 0, HIGH = 255;
};

template <typename Q>
__device__ __forceinline__ Q to_steps(float x, float scale, int32_t zero) {
  return static_cast<Q>(octet::quantize(x, scale, zero, Limits<Q>::LOW, Limits<Q>::HIGH));
}

template <typename Q>
__device__ __forceinline__ Q to_steps(__half x, __half scale, int32_t zero) {
  float quotient = __half2float(__float2half_rn(__fdiv_rn(__half2float(x), __half2float(scale))));
  return static_cast<Q>(octet::saturate(quotient, zero, Limits<Q>::LOW, Limits<Q>::HIGH));
}

template <typename Q>
__device__ __forceinline__ void to_real(Q q, float scale, int32_t zero, float& x) {
  x = octet::dequantize(static_cast<int32_t>(q), scale, zero);
}

template <typename Q>
__device__ __forceinline__ void to_real(Q q, __half scale, int32_t zero, __half& x) {
  x = __float2half_rn(octet::dequantize(static_cast<int32_t>(q), __half2float(scale), zero));
}

template <int Width, typename From, typename To, typename Body>
__device__ __forceinline__ void map_tensor(const From* __restrict__ from, To* __restrict__ to, int64_t count,
                                           Body body) {
  int64_t whole = count / Width;
  for (int64_t unit = first_index(); unit < whole; unit += grid_stride()) {
    Pack<From, Width> in = load_pack<From, Width>(from + unit * Width);
    Pack<To, Width> out;
#pragma unroll
    for (int i = 0; i < Width; i++) {
      body(in.at[i], out.at[i]);
    }
    store_pack<To, Width>(to + unit * Width, out);
  }
  int64_t last = whole * Width + first_index();
  if (last < count) {
    body(from[last], to[last]);
  }
}

template <typename From, typename To, typename Body>
__device__ __forceinline__ void map_axis(const From* __restrict__ from, To* __restrict__ to, int64_t count,
                                         int64_t inner, int64_t channels, Body body) {
  bool narrow = count <= INT32_MAX;
#pragma unroll 1
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t channel;
    if (narrow) {
      channel = static_cast<uint32_t>(i) / static_cast<uint32_t>(inner) % static_cast<uint32_t>(channels);
    } else {
      channel = i / inner % channels;
    }
    body(from[i], to[i], channel);
  }
}

template <typename Q>
__device__ __forceinline__ int32_t zero_point(const Q* zero_points, int64_t channel) {
  return zero_points == nullptr ? 0 : static_cast<int32_t>(zero_points[channel]);
}

}  // namespace octet::quantize_file

// The last, partial unit has fewer elements than a block has threads.
#define OCTET_QUANTIZE(name, real, quantized)                                                                      \
  extern "C" __global__ void name##_tensor(const real* x, const real* scales, const quantized* zero_points,        \
                                           quantized* q, int64_t count) {                                          \
    using namespace octet::quantize_file;                                                                          \
    real scale = scales[0];                                                                                        \
    int32_t zero = zero_point(zero_points, 0);                                                                     \
    map_tensor<WIDTH<real>>(x, q, count, [&](real value, quantized& to) { to = to_steps<quantized>(value, scale, zero); });     \
  }                                                                                                                \
  extern "C" __global__ void name##_axis(const real* x, const real* scales, const quantized* zero_points,          \
                                         quantized* q, int64_t count, int64_t inner, int64_t channels) {           \
    using namespace octet::quantize_file;                                                                          \
    map_axis(x, q, count, inner, channels, [&](real value, quantized& to, int64_t channel) {                       \
      to = to_steps<quantized>(value, scales[channel], zero_point(zero_points, channel));                          \
    });                                                                                                            \
  }

#define OCTET_DEQUANTIZE(name, quantized, real)                                                                    \
  extern "C" __global__ void name##_tensor(const quantized* q, const real* scales, const quantized* zero_points,   \
                                           real* x, int64_t count) {                                               \
    using namespace octet::quantize_file;                                                                          \
    real scale = scales[0];                                                                                        \
    int32_t zero = zero_point(zero_points, 0);                                                                     \
    map_tensor<WIDTH<real>>(q, x, count, [&](quantized value, real& to) { to_real(value, scale, zero, to); });                  \
  }                                                                                                                \
  extern "C" __global__ void name##_axis(const quantized* q, const real* scales, const quantized* zero_points,     \
                                         real* x, int64_t count, int64_t inner, int64_t channels) {                \
    using namespace octet::quantize_file;                                                                          \
    map_axis(q, x, count, inner, channels, [&](quantized value, real& to, int64_t channel) {                       \
      to_real(value, scales[channel], zero_point(zero_points, channel), to);                                       \
    });                                                                                                            \
  }

OCTET_QUANTIZE(octet_simt_quantize_f32s8, float, int8_t)
OCTET_QUANTIZE(octet_simt_quantize_f32u8, float, uint8_t)
OCTET_QUANTIZE(octet_simt_quantize_f16s8, __half, int8_t)
OCTET_QUANTIZE(octet_simt_quantize_f16u8, __half, uint8_t)
OCTET_DEQUANTIZE(octet_simt_dequantize_s8f32, int8_t, float)
OCTET_DEQUANTIZE(octet_simt_dequantize_u8f32, uint8_t, float)
OCTET_DEQUANTIZE(octet_simt_dequantize_s8f16, int8_t, __half)
OCTET_DEQUANTIZE(octet_simt_dequantize_u8f16, uint8_t, __half)
OCTET_DEQUANTIZE(octet_simt_dequantize_s32f32, int32_t, float)
