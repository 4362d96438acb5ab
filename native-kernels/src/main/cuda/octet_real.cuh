// Float elements of any type as fp32, and back, rounding to nearest even.
#pragma once

#include "octet.cuh"

namespace octet {

__device__ __forceinline__ float real(float x) { return x; }
__device__ __forceinline__ float real(__half x) { return __half2float(x); }

template <typename T>
__device__ __forceinline__ T from_real(float x);
template <>
__device__ __forceinline__ float from_real<float>(float x) {
  return x;
}
template <>
__device__ __forceinline__ __half from_real<__half>(float x) {
  return __float2half_rn(x);
}

__device__ __forceinline__ float negative_infinity() { return __int_as_float(0xff800000); }

}  // namespace octet
