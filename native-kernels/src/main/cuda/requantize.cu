// Int32 accumulators of a product to their final type: bias, per-channel multiplier, residual, clamp. What an own product
// kernel fuses, for products of a library that leave int32 behind. Formulas: dev.octet.quant.Quantizer.
//
// acc is [rows, channels] with acc_stride elements from row to row; out, and the residual, are dense. One multiplier a
// channel, bias one a channel or none. Where channels and acc_stride are multiples of 4, a thread takes 4 neighbours.

#include "octet_pack.cuh"

namespace octet::requantize_file {

struct To8Bits {
  const float* multipliers;
  const int32_t* bias;
  const uint8_t* residual;  // of 8 bits, or none
  int32_t residual_signed;
  int32_t residual_zero;
  float residual_multiplier;
  int32_t zero_point;
  int32_t qmin;
  int32_t qmax;

  __device__ __forceinline__ uint8_t operator()(int32_t acc, int64_t channel, int64_t out) const {
    uint32_t sum = static_cast<uint32_t>(acc) + (bias == nullptr ? 0u : static_cast<uint32_t>(bias[channel]));
    int32_t steps = static_cast<int32_t>(sum);
    if (residual == nullptr) {
      return static_cast<uint8_t>(octet::requantize(steps, multipliers[channel], zero_point, qmin, qmax));
    }
    int32_t bits = residual[out];
    int32_t other = (residual_signed ? static_cast<int8_t>(bits) : bits) - residual_zero;
    return static_cast<uint8_t>(octet::requantize_add(steps, multipliers[channel], other, residual_multiplier,
                                                      zero_point, qmin, qmax));
  }
};

struct ToFloat {
  const float* scales;
  const int32_t* bias;
  float low;
  float high;

  __device__ __forceinline__ float operator()(int32_t acc, int64_t channel, int64_t) const {
    uint32_t sum = static_cast<uint32_t>(acc) + (bias == nullptr ? 0u : static_cast<uint32_t>(bias[channel]));
    float value = __fmul_rn(static_cast<float>(static_cast<int32_t>(sum)), scales[channel]);
    return fminf(fmaxf(value, low), high);
  }
};

template <typename Out, int Width, typename Epilogue>
__device__ __forceinline__ void walk(const int32_t* __restrict__ acc, Out* __restrict__ out, int64_t rows,
                                     int64_t channels, int64_t acc_stride, const Epilogue& epilogue) {
  int64_t units = rows * channels / Width;
  int64_t row_units = channels / Width;
  bool narrow = units <= INT32_MAX;
#pragma unroll 1
  for (int64_t unit = first_index(); unit < units; unit += grid_stride()) {
    int64_t row;
    if (narrow) {
      row = static_cast<uint32_t>(unit) / static_cast<uint32_t>(row_units);
    } else {
      row = unit / row_units;
    }
    int64_t channel = (unit - row * row_units) * Width;
    Pack<int32_t, Width> in = load_pack<int32_t, Width>(acc + row * acc_stride + channel);
    Pack<Out, Width> result;
#pragma unroll
    for (int i = 0; i < Width; i++) {
      result.at[i] = epilogue(in.at[i], channel + i, unit * Width + i);
    }
    store_pack<Out, Width>(out + unit * Width, result);
  }
}

template <typename Out, typename Epilogue>
__device__ void requantize_all(const int32_t* acc, Out* out, int64_t rows, int64_t channels, int64_t acc_stride,
                               const Epilogue& epilogue) {
  if (channels % 4 == 0 && acc_stride % 4 == 0) {
    walk<Out, 4>(acc, out, rows, channels, acc_stride, epilogue);
  } else {
    walk<Out, 1>(acc, out, rows, channels, acc_stride, epilogue);
  }
}

}  // namespace octet::requantize_file

// The output is s8 or u8 as its limits say: qmin and qmax lie within the type.
extern "C" __global__ void octet_simt_requantize_s32b8(const int32_t* acc, const float* multipliers,
                                                       const int32_t* bias, const uint8_t* residual, uint8_t* q,
                                                       int64_t rows, int64_t channels, int64_t acc_stride,
                                                       int32_t residual_signed, int32_t residual_zero,
                                                       float residual_multiplier, int32_t zero_point, int32_t qmin,
                                                       int32_t qmax) {
  octet::requantize_file::To8Bits epilogue = {multipliers,         bias,       residual, residual_signed, residual_zero,
                                              residual_multiplier, zero_point, qmin,     qmax};
  octet::requantize_file::requantize_all(acc, q, rows, channels, acc_stride, epilogue);
}

extern "C" __global__ void octet_simt_requantize_s32f32(const int32_t* acc, const float* scales, const int32_t* bias,
                                                        float* x, int64_t rows, int64_t channels, int64_t acc_stride,
                                                        float low, float high) {
  octet::requantize_file::ToFloat epilogue = {scales, bias, low, high};
  octet::requantize_file::requantize_all(acc, x, rows, channels, acc_stride, epilogue);
}
