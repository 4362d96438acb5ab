// Quantize and dequantize, per tensor and per channel, on CUDA cores.
//
// Layout: dense; a channel's index is (i / inner) % channels, so any axis of a row-major tensor works. Grid-stride loops,
// 64-bit offsets. Formulas: dev.octet.quant.Quantizer (division, round half to even, saturate); compile without fast math.

#include <stdint.h>

namespace {

// The float is already whole; the conversion saturates at the limits of int32 and maps NaN to 0.
__device__ __forceinline__ int32_t saturate(float rounded, int32_t zero_point, int32_t qmin, int32_t qmax) {
  long long steps = static_cast<long long>(__float2int_rn(rounded)) + zero_point;
  if (steps < qmin) {
    return qmin;
  }
  return steps > qmax ? qmax : static_cast<int32_t>(steps);
}

__device__ __forceinline__ int64_t first_index() {
  return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}

__device__ __forceinline__ int64_t grid_stride() { return static_cast<int64_t>(gridDim.x) * blockDim.x; }

template <typename Quantized>
__device__ void quantize(const float* __restrict__ x, const float* __restrict__ scales,
                         const int32_t* __restrict__ zero_points, Quantized* __restrict__ q, int64_t count,
                         int64_t inner, int64_t channels, int32_t qmin, int32_t qmax) {
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t channel = (i / inner) % channels;
    float rounded = rintf(__fdiv_rn(x[i], scales[channel]));
    q[i] = static_cast<Quantized>(saturate(rounded, zero_points[channel], qmin, qmax));
  }
}

template <typename Quantized>
__device__ void dequantize(const Quantized* __restrict__ q, const float* __restrict__ scales,
                           const int32_t* __restrict__ zero_points, float* __restrict__ x, int64_t count, int64_t inner,
                           int64_t channels) {
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t channel = (i / inner) % channels;
    x[i] = __fmul_rn(static_cast<float>(static_cast<int32_t>(q[i]) - zero_points[channel]), scales[channel]);
  }
}

}  // namespace

extern "C" __global__ void octet_simt_quantize_f32s8(const float* x, const float* scales, const int32_t* zero_points,
                                                     int8_t* q, int64_t count, int64_t inner, int64_t channels,
                                                     int32_t qmin, int32_t qmax) {
  quantize(x, scales, zero_points, q, count, inner, channels, qmin, qmax);
}

extern "C" __global__ void octet_simt_quantize_f32u8(const float* x, const float* scales, const int32_t* zero_points,
                                                     uint8_t* q, int64_t count, int64_t inner, int64_t channels,
                                                     int32_t qmin, int32_t qmax) {
  quantize(x, scales, zero_points, q, count, inner, channels, qmin, qmax);
}

extern "C" __global__ void octet_simt_dequantize_s8f32(const int8_t* q, const float* scales,
                                                       const int32_t* zero_points, float* x, int64_t count,
                                                       int64_t inner, int64_t channels) {
  dequantize(q, scales, zero_points, x, count, inner, channels);
}

extern "C" __global__ void octet_simt_dequantize_u8f32(const uint8_t* q, const float* scales,
                                                       const int32_t* zero_points, float* x, int64_t count,
                                                       int64_t inner, int64_t channels) {
  dequantize(q, scales, zero_points, x, count, inner, channels);
}
