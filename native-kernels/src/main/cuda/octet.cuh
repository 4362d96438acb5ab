// What every kernel file includes: element indices, and the requantization formulas of dev.octet.quant.Quantizer.
//
// The same sources run on the simulated device of the tests, where simulator.h stands in for CUDA's own headers.
// Names are in one namespace a file, because all files are compiled as one unit into one fatbin.
#pragma once

#include <stdint.h>

#ifdef OCTET_SIMULATOR
#include "simulator.h"
#else
#include <cuda_fp16.h>
// Shared memory whose size the launch decides, as bytes aligned to 16.
#define OCTET_DYNAMIC_SHARED(name) extern __shared__ __align__(16) unsigned char name[]
// The same, aligned to more; under another symbol, whose alignment is its own.
#define OCTET_DYNAMIC_SHARED_AT(name, bytes)                          \
  extern __shared__ __align__(bytes) unsigned char aligned_##name[]; \
  unsigned char* name = aligned_##name
#endif

namespace octet {

__device__ __forceinline__ int64_t first_index() {
  return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}

__device__ __forceinline__ int64_t grid_stride() { return static_cast<int64_t>(gridDim.x) * blockDim.x; }

// Quantizer.saturate after rounding half to even: the conversion does both, saturates at the limits of int32 and maps NaN
// to 0. Limits and zero point are of at most 16 bits, so that their differences do not wrap.
__device__ __forceinline__ int32_t saturate(float real_steps, int32_t zero_point, int32_t qmin, int32_t qmax) {
  int32_t steps = __float2int_rn(real_steps);
  int32_t low = qmin - zero_point;
  int32_t high = qmax - zero_point;
  steps = steps < low ? low : steps;
  return (steps > high ? high : steps) + zero_point;
}

// Quantizer.quantize.
__device__ __forceinline__ int32_t quantize(float x, float scale, int32_t zero_point, int32_t qmin, int32_t qmax) {
  return saturate(__fdiv_rn(x, scale), zero_point, qmin, qmax);
}

// Quantizer.dequantize.
__device__ __forceinline__ float dequantize(int32_t q, float scale, int32_t zero_point) {
  return __fmul_rn(static_cast<float>(q - zero_point), scale);
}

// Quantizer.requantize.
__device__ __forceinline__ int32_t requantize(int32_t acc, float multiplier, int32_t zero_point, int32_t qmin,
                                              int32_t qmax) {
  return saturate(__fmul_rn(static_cast<float>(acc), multiplier), zero_point, qmin, qmax);
}

// Quantizer.requantizeAdd; the residual has its zero point taken off.
__device__ __forceinline__ int32_t requantize_add(int32_t acc, float multiplier, int32_t residual,
                                                  float residual_multiplier, int32_t zero_point, int32_t qmin,
                                                  int32_t qmax) {
  float sum = __fadd_rn(__fmul_rn(static_cast<float>(acc), multiplier),
                        __fmul_rn(static_cast<float>(residual), residual_multiplier));
  return saturate(sum, zero_point, qmin, qmax);
}

}  // namespace octet
