// Elementwise functions of two tensors with broadcasting, on CUDA cores.
//
// A thread takes Width neighbours of the innermost axis at a time: the host divides that axis' extent by Width, and an
// operand either advances along it or stays. With a single axis the last unit may be partial. The output is dense.
// The function is one switch a unit, the same in all threads. f16 computes in f32 and rounds once more, which for these
// functions gives what rounding the exact result once would give (24 >= 2 * 11 + 2 bits).

#include "octet_axes.cuh"
#include "octet_functions.cuh"

namespace octet::binary_file {

enum Function { ADD, SUB, MUL, DIV, MAX, MIN, PRELU, POW };
enum Comparison { EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL, AND, OR, XOR };

__device__ __forceinline__ float apply(int32_t function, float a, float b) {
  switch (function) {
    case ADD:
      return __fadd_rn(a, b);
    case SUB:
      return __fsub_rn(a, b);
    case MUL:
      return __fmul_rn(a, b);
    case DIV:
      return __fdiv_rn(a, b);
    case MAX:
      return maximum(a, b);
    case MIN:
      return minimum(a, b);
    default:
      return a < 0.0f ? __fmul_rn(b, a) : a;
  }
}

// Java's Math.pow: unlike C's, 1 to the power of NaN and +-1 to an infinite power are NaN.
__device__ __forceinline__ float power(float a, float b) {
  if (b == 2.0f) {
    return __fmul_rn(a, a);
  }
  if (b != b || (fabsf(a) == 1.0f && isinf(b))) {
    return not_a_number();
  }
  return powf(a, b);
}

template <typename T>
__device__ __forceinline__ bool compare(int32_t comparison, T a, T b) {
  switch (comparison) {
    case EQUAL:
      return a == b;
    case GREATER:
      return a > b;
    case GREATER_OR_EQUAL:
      return a >= b;
    case LESS:
      return a < b;
    case LESS_OR_EQUAL:
      return a <= b;
    case AND:
      return a != T(0) && b != T(0);
    case OR:
      return a != T(0) || b != T(0);
    default:
      return (a != T(0)) != (b != T(0));
  }
}

// Up to Width elements of an operand from `from` on, or one of them Width times.
template <typename T, int Width>
__device__ __forceinline__ Pack<T, Width> load_operand(const T* from, int64_t stride, int count) {
  if (stride != 0 && count == Width) {
    return load_pack<T, Width>(from);
  }
  Pack<T, Width> values;
#pragma unroll
  for (int i = 0; i < Width; i++) {
    values.at[i] = from[stride != 0 && i < count ? i : 0];
  }
  return values;
}

template <typename T, typename Y, int Width, typename Body>
__device__ __forceinline__ void walk(const T* __restrict__ a, const T* __restrict__ b, Y* __restrict__ y,
                                     const Axes<2>& axes, int64_t count, Body body) {
  int inner = static_cast<int>(axes.rank) - 1;
  int64_t units = (count + Width - 1) / Width;
#pragma unroll 1
  for (int64_t unit = first_index(); unit < units; unit += grid_stride()) {
    int64_t at[2] = {0, 0};
    locate(axes, unit, at);
    int64_t left = count - unit * Width;
    int size = left < Width ? static_cast<int>(left) : Width;
    Pack<T, Width> first = load_operand<T, Width>(a + at[0], axes.strides[0][inner], size);
    Pack<T, Width> second = load_operand<T, Width>(b + at[1], axes.strides[1][inner], size);
    Pack<Y, Width> result;
#pragma unroll
    for (int i = 0; i < Width; i++) {
      body(first.at[i], second.at[i], result.at[i]);
    }
    if (size == Width) {
      store_pack<Y, Width>(y + unit * Width, result);
    } else {
#pragma unroll
      for (int i = 0; i < Width - 1; i++) {
        if (i < size) {
          y[unit * Width + i] = result.at[i];
        }
      }
    }
  }
}

template <typename T, int Width>
__device__ void binary(const T* a, const T* b, T* y, const Axes<2>& axes, int64_t count, int32_t function) {
  walk<T, T, Width>(a, b, y, axes, count,
                    [&](T p, T q, T& r) { r = from_real<T>(apply(function, real(p), real(q))); });
}

template <typename T>
__device__ void binary_power(const T* a, const T* b, T* y, const Axes<2>& axes, int64_t count) {
  walk<T, T, 1>(a, b, y, axes, count, [&](T p, T q, T& r) { r = from_real<T>(power(real(p), real(q))); });
}

template <typename T>
__device__ void comparison(const T* a, const T* b, uint8_t* y, const Axes<2>& axes, int64_t count, int32_t function) {
  walk<T, uint8_t, 1>(a, b, y, axes, count,
                      [&](T p, T q, uint8_t& r) { r = static_cast<uint8_t>(compare(function, p, q) ? 1 : 0); });
}

// Integers wrap around as Java's do: unsigned arithmetic has no overflow.
template <typename T, typename Unsigned>
__device__ void integer(const T* a, const T* b, T* y, const Axes<2>& axes, int64_t count, int32_t function) {
  walk<T, T, 1>(a, b, y, axes, count, [&](T p, T q, T& r) {
    Unsigned u = static_cast<Unsigned>(p);
    Unsigned v = static_cast<Unsigned>(q);
    switch (function) {
      case ADD:
        r = static_cast<T>(u + v);
        break;
      case SUB:
        r = static_cast<T>(u - v);
        break;
      case MUL:
        r = static_cast<T>(u * v);
        break;
      case MAX:
        r = p > q ? p : q;
        break;
      case MIN:
        r = p < q ? p : q;
        break;
      default:
        r = p < 0 ? static_cast<T>(u * v) : p;
        break;
    }
  });
}

}  // namespace octet::binary_file

#define OCTET_BINARY(name, type, width)                                                                    \
  extern "C" __global__ void name(const type* a, const type* b, type* y, octet::Axes<2> axes, int64_t count, \
                                  int32_t function) {                                                      \
    octet::binary_file::binary<type, width>(a, b, y, axes, count, function);                               \
  }

OCTET_BINARY(octet_simt_binary_f32, float, 1)
OCTET_BINARY(octet_simt_binary_f32_x4, float, 4)
OCTET_BINARY(octet_simt_binary_f16, __half, 1)
OCTET_BINARY(octet_simt_binary_f16_x8, __half, 8)

#define OCTET_POWER(name, type)                                                                             \
  extern "C" __global__ void name(const type* a, const type* b, type* y, octet::Axes<2> axes, int64_t count) { \
    octet::binary_file::binary_power<type>(a, b, y, axes, count);                                           \
  }

OCTET_POWER(octet_simt_power_f32, float)
OCTET_POWER(octet_simt_power_f16, __half)

#define OCTET_INTEGER(name, type, unsigned_type)                                                           \
  extern "C" __global__ void name(const type* a, const type* b, type* y, octet::Axes<2> axes, int64_t count, \
                                  int32_t function) {                                                      \
    octet::binary_file::integer<type, unsigned_type>(a, b, y, axes, count, function);                      \
  }

OCTET_INTEGER(octet_simt_binary_s32, int32_t, uint32_t)
OCTET_INTEGER(octet_simt_binary_s64, int64_t, uint64_t)

#define OCTET_COMPARE(name, type)                                                                              \
  extern "C" __global__ void name(const type* a, const type* b, uint8_t* y, octet::Axes<2> axes, int64_t count, \
                                  int32_t function) {                                                          \
    octet::binary_file::comparison<type>(a, b, y, axes, count, function);                                      \
  }

OCTET_COMPARE(octet_simt_compare_f32, float)
OCTET_COMPARE(octet_simt_compare_s32, int32_t)
OCTET_COMPARE(octet_simt_compare_s64, int64_t)
OCTET_COMPARE(octet_simt_compare_u8, uint8_t)
