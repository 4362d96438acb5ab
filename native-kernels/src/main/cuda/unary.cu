// Elementwise functions of one tensor, on CUDA cores; dense.
//
// What is one or two exact operations is in `unary`, 16 bytes a thread at a time; what needs a library function is in
// `unary_math`: its registers do not burden the other, and it has arithmetic enough to hide narrow accesses. The function is one switch a unit, the same in all threads. f16 computes in f32.

#include "octet_pack.cuh"
#include "octet_functions.cuh"

namespace octet::unary_file {

enum Function {
  ABS,
  CEIL,
  CLIP,  // to [first, second]
  FLOOR,
  HARD_SIGMOID,  // clamp(first * x + second, 0, 1)
  HARD_SWISH,
  LEAKY_RELU,  // slope first
  NEG,
  RECIPROCAL,
  ROUND,
  SHRINK,  // bias first, lambda second
  SIGN,
  SOFTSIGN,
  SQRT,
  THRESHOLDED_RELU  // threshold first
};

enum MathFunction {
  CELU,  // alpha first
  ELU,   // alpha first
  ERF,
  EXP,
  GELU,
  GELU_TANH,
  LOG,
  MISH,
  SELU,  // alpha first, gamma second
  SIGMOID,
  SOFTPLUS,
  SWISH,  // alpha first
  TANH
};

__device__ __forceinline__ float apply(int32_t function, float x, float first, float second) {
  switch (function) {
    case ABS:
      return fabsf(x);
    case CEIL:
      return ceilf(x);
    case CLIP:
      return clamp(x, first, second);
    case FLOOR:
      return floorf(x);
    case HARD_SIGMOID:
      return clamp(__fadd_rn(__fmul_rn(first, x), second), 0.0f, 1.0f);
    case HARD_SWISH:
      return __fmul_rn(x, clamp(__fadd_rn(__fdiv_rn(x, 6.0f), 0.5f), 0.0f, 1.0f));
    case LEAKY_RELU:
      return x < 0.0f ? __fmul_rn(first, x) : x;
    case NEG:
      return -x;
    case RECIPROCAL:
      return __fdiv_rn(1.0f, x);
    case ROUND:
      return rintf(x);
    case SHRINK:
      return x < -second ? __fadd_rn(x, first) : x > second ? __fsub_rn(x, first) : __fmul_rn(0.0f, x);
    case SIGN:
      return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x;
    case SOFTSIGN:
      return __fdiv_rn(x, __fadd_rn(1.0f, fabsf(x)));
    case SQRT:
      return __fsqrt_rn(x);
    default:
      return x <= first ? 0.0f : x;
  }
}

__device__ __forceinline__ float apply_math(int32_t function, float x, float first, float second) {
  switch (function) {
    case CELU:
      return __fadd_rn(maximum(x, 0.0f), minimum(0.0f, __fmul_rn(first, expm1f(__fdiv_rn(x, first)))));
    case ELU:
      return x < 0.0f ? __fmul_rn(first, expm1f(x)) : x;
    case ERF:
      return error_function(x);
    case EXP:
      return expf(x);
    case GELU:
      return __fmul_rn(__fmul_rn(0.5f, x), __fadd_rn(1.0f, error_function(__fmul_rn(x, 0.70710678f))));
    case GELU_TANH: {
      float cube = __fmul_rn(__fmul_rn(__fmul_rn(0.044715f, x), x), x);
      float inner = __fmul_rn(0.79788456f, __fadd_rn(x, cube));
      return __fmul_rn(__fmul_rn(0.5f, x), __fadd_rn(1.0f, tanhf(inner)));
    }
    case LOG:
      return logf(x);
    case MISH:
      return __fmul_rn(x, tanhf(softplus(x)));
    case SELU:
      return __fmul_rn(second, x > 0.0f ? x : __fmul_rn(first, expm1f(x)));
    case SIGMOID:
      return sigmoid(x);
    case SOFTPLUS:
      return softplus(x);
    case SWISH:
      return __fmul_rn(x, sigmoid(__fmul_rn(first, x)));
    default:
      return tanhf(x);
  }
}

template <typename T, int Width, typename Body>
__device__ __forceinline__ void map(const T* __restrict__ x, T* __restrict__ y, int64_t count, Body body) {
  int64_t units = (count + Width - 1) / Width;
#pragma unroll 1
  for (int64_t unit = first_index(); unit < units; unit += grid_stride()) {
    int64_t at = unit * Width;
    if (at + Width <= count) {
      Pack<T, Width> values = load_pack<T, Width>(x + at);
#pragma unroll
      for (int i = 0; i < Width; i++) {
        values.at[i] = from_real<T>(body(real(values.at[i])));
      }
      store_pack<T, Width>(y + at, values);
    } else {
      for (; at < count; at++) {
        y[at] = from_real<T>(body(real(x[at])));
      }
    }
  }
}

}  // namespace octet::unary_file

#define OCTET_UNARY(name, type, width, formula)                                                              \
  extern "C" __global__ void name(const type* x, type* y, int64_t count, int32_t function, float first,      \
                                  float second) {                                                            \
    octet::unary_file::map<type, width>(                                                                     \
        x, y, count, [&](float value) { return octet::unary_file::formula(function, value, first, second); }); \
  }

OCTET_UNARY(octet_simt_unary_f32, float, 4, apply)
OCTET_UNARY(octet_simt_unary_f16, __half, 8, apply)
OCTET_UNARY(octet_simt_unary_math_f32, float, 1, apply_math)
OCTET_UNARY(octet_simt_unary_math_f16, __half, 1, apply_math)
