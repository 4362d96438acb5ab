// Cast between the common types. Floats truncate toward zero to integers; what is out of range is as Java's conversion
// through 64 bits has it: saturated at the limits of 64 bits, then the low bits kept; NaN becomes 0, and true.

#include "octet.cuh"

namespace octet::cast_file {

struct Bool {
  uint8_t value;
};

__device__ __forceinline__ int64_t whole(float x) { return static_cast<int64_t>(__float2ll_rz(x)); }

template <typename From, typename To>
struct Convert {
  static __device__ __forceinline__ To of(From x) { return static_cast<To>(x); }
};
template <typename To>
struct Convert<float, To> {
  static __device__ __forceinline__ To of(float x) { return x != x ? To(0) : static_cast<To>(whole(x)); }
};
template <>
struct Convert<float, __half> {
  static __device__ __forceinline__ __half of(float x) { return __float2half_rn(x); }
};
template <>
struct Convert<__half, float> {
  static __device__ __forceinline__ float of(__half x) { return __half2float(x); }
};
template <typename From>
struct Convert<From, Bool> {
  static __device__ __forceinline__ Bool of(From x) { return {static_cast<uint8_t>(x != From(0) ? 1 : 0)}; }
};
template <>
struct Convert<float, Bool> {
  static __device__ __forceinline__ Bool of(float x) { return {static_cast<uint8_t>(x != 0.0f ? 1 : 0)}; }
};
template <>
struct Convert<int64_t, float> {
  static __device__ __forceinline__ float of(int64_t x) { return __ll2float_rn(static_cast<long long>(x)); }
};

template <typename From, typename To>
__device__ void cast(const From* __restrict__ x, To* __restrict__ y, int64_t count) {
#pragma unroll 1
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    y[i] = Convert<From, To>::of(x[i]);
  }
}

}  // namespace octet::cast_file

#define OCTET_CAST(name, from, to)                                            \
  extern "C" __global__ void name(const from* x, to* y, int64_t count) {      \
    using octet::cast_file::Bool;                                             \
    octet::cast_file::cast<from, to>(x, y, count);                            \
  }

OCTET_CAST(octet_simt_cast_f32f16, float, __half)
OCTET_CAST(octet_simt_cast_f16f32, __half, float)
OCTET_CAST(octet_simt_cast_f32s64, float, int64_t)
OCTET_CAST(octet_simt_cast_f32s32, float, int32_t)
OCTET_CAST(octet_simt_cast_f32bool, float, octet::cast_file::Bool)
OCTET_CAST(octet_simt_cast_s64f32, int64_t, float)
OCTET_CAST(octet_simt_cast_s64s32, int64_t, int32_t)
OCTET_CAST(octet_simt_cast_s64bool, int64_t, octet::cast_file::Bool)
OCTET_CAST(octet_simt_cast_s32f32, int32_t, float)
OCTET_CAST(octet_simt_cast_s32s64, int32_t, int64_t)
OCTET_CAST(octet_simt_cast_u8f32, uint8_t, float)
OCTET_CAST(octet_simt_cast_s8f32, int8_t, float)
OCTET_CAST(octet_simt_cast_boolf32, uint8_t, float)
OCTET_CAST(octet_simt_cast_bools64, uint8_t, int64_t)
