// Elementwise float functions that several files share. All is fp32, one rounding an operation, no fast math.
#pragma once

#include "octet_real.cuh"

namespace octet {

__device__ __forceinline__ float not_a_number() { return __int_as_float(0x7fc00000); }

// Java's Math.max: NaN wins, and 0 is larger than -0.
__device__ __forceinline__ float maximum(float a, float b) {
  if (a != a || b != b) {
    return not_a_number();
  }
  if (a == b) {
    return __int_as_float(__float_as_int(a) & __float_as_int(b));
  }
  return a > b ? a : b;
}

// Java's Math.min: NaN wins, and -0 is smaller than 0.
__device__ __forceinline__ float minimum(float a, float b) {
  if (a != a || b != b) {
    return not_a_number();
  }
  if (a == b) {
    return __int_as_float(__float_as_int(a) | __float_as_int(b));
  }
  return a < b ? a : b;
}

__device__ __forceinline__ float clamp(float x, float low, float high) { return minimum(maximum(x, low), high); }

// exp(x) for x of at most 0, by the operations of the CPU's octet_ferf and octet_fsoftmax: NaN stays NaN and anything
// below -87, where exp is about 2^-125.5, becomes 0. x = n ln 2 + r with |r| <= 0.3466, then the Taylor polynomial of
// degree 7: below 2 units in the last place in all.
__device__ __forceinline__ float exp_negative(float x) {
  if (x < -87.0f) {
    return 0.0f;
  }
  float n = rintf(__fmul_rn(x, 1.44269504f));
  float r = __fmaf_rn(-n, 0.693359375f, x);
  r = __fmaf_rn(-n, -2.12194440e-4f, r);
  float y = 1.0f / 5040;
  y = __fmaf_rn(y, r, 1.0f / 720);
  y = __fmaf_rn(y, r, 1.0f / 120);
  y = __fmaf_rn(y, r, 1.0f / 24);
  y = __fmaf_rn(y, r, 1.0f / 6);
  y = __fmaf_rn(y, r, 0.5f);
  y = __fmaf_rn(y, r, 1.0f);
  y = __fmaf_rn(y, r, 1.0f);
  return __fmul_rn(y, __int_as_float((__float2int_rn(n) + 127) << 23));
}

// The error function, by the operations of the CPU's octet_ferf_avx2 (coefficients and error bound are derived there):
// within 4 units of 2^-24 of the result.
__device__ __forceinline__ float error_function(float x) {
  float size = fabsf(x);
  if (size < 1.0f) {
    float square = __fmul_rn(x, x);
    float y = -0x1.445f46p-17f;
    y = __fmaf_rn(y, square, 0x1.d88750p-14f);
    y = __fmaf_rn(y, square, -0x1.bccf66p-11f);
    y = __fmaf_rn(y, square, 0x1.562a60p-8f);
    y = __fmaf_rn(y, square, -0x1.b829c8p-6f);
    y = __fmaf_rn(y, square, 0x1.ce2f08p-4f);
    y = __fmaf_rn(y, square, -0x1.812746p-2f);
    y = __fmaf_rn(y, square, 0x1.20dd76p+0f);
    return __fmul_rn(x, y);
  }
  float bounded = size > 4.0f ? 4.0f : size;
  float y = 0x1.b77830p-20f;
  y = __fmaf_rn(y, bounded, -0x1.825ce6p-15f);
  y = __fmaf_rn(y, bounded, 0x1.38e5e6p-11f);
  y = __fmaf_rn(y, bounded, -0x1.37ecc6p-8f);
  y = __fmaf_rn(y, bounded, 0x1.b0e246p-6f);
  y = __fmaf_rn(y, bounded, -0x1.c2e356p-4f);
  y = __fmaf_rn(y, bounded, -0x1.437eb4p-1f);
  y = __fmaf_rn(y, bounded, -0x1.2156fap+0f);
  y = __fmaf_rn(y, bounded, 0x1.4fb068p-12f);
  return copysignf(__fsub_rn(1.0f, exp_negative(y)), x);
}

__device__ __forceinline__ float sigmoid(float x) { return __fdiv_rn(1.0f, __fadd_rn(1.0f, expf(-x))); }

// log(exp(x) + 1) without overflow; NaN stays NaN.
__device__ __forceinline__ float softplus(float x) { return __fadd_rn(maximum(x, 0.0f), log1pf(expf(-fabsf(x)))); }

}  // namespace octet
