// Elementwise functions of 8-bit tensors: sum and product with broadcasting, and any function of one as a table.
//
// An 8-bit value of either sign is `(bits ^ flip) - offset`: u8 has flip 0 and offset zero_point, s8 has flip 0x80 and
// offset 0x80 + zero_point. Formulas: dev.octet.quant.Quantizer.

#include "octet_axes.cuh"

namespace octet::qelementwise_file {

constexpr int WIDTH = 16;

struct Operand {
  const uint8_t* data;
  int32_t flip;
  int32_t offset;
  float multiplier;
};

struct Output {
  int32_t zero_point;
  int32_t qmin;
  int32_t qmax;
};

__device__ __forceinline__ int32_t steps(uint8_t bits, const Operand& operand) {
  return (bits ^ operand.flip) - operand.offset;
}

__device__ __forceinline__ uint8_t apply(uint8_t p, uint8_t q, const Operand& a, const Operand& b, const Output& y,
                                         bool sum) {
  int32_t result = sum ? octet::requantize_add(steps(p, a), a.multiplier, steps(q, b), b.multiplier, y.zero_point,
                                               y.qmin, y.qmax)
                       : octet::requantize(steps(p, a) * steps(q, b), a.multiplier, y.zero_point, y.qmin, y.qmax);
  return static_cast<uint8_t>(result);
}

template <int Width>
__device__ __forceinline__ Pack<uint8_t, Width> load_operand(const uint8_t* from, int64_t stride) {
  if (stride != 0) {
    return load_pack<uint8_t, Width>(from);
  }
  Pack<uint8_t, Width> values;
#pragma unroll
  for (int i = 0; i < Width; i++) {
    values.at[i] = from[0];
  }
  return values;
}

template <int Width>
__device__ void binary(const Operand& a, const Operand& b, uint8_t* __restrict__ y, const Axes<2>& axes,
                       int64_t units, const Output& output, bool sum) {
  int inner = static_cast<int>(axes.rank) - 1;
#pragma unroll 1
  for (int64_t unit = first_index(); unit < units; unit += grid_stride()) {
    int64_t at[2] = {0, 0};
    locate(axes, unit, at);
    Pack<uint8_t, Width> p = load_operand<Width>(a.data + at[0], axes.strides[0][inner]);
    Pack<uint8_t, Width> q = load_operand<Width>(b.data + at[1], axes.strides[1][inner]);
    Pack<uint8_t, Width> result;
#pragma unroll
    for (int i = 0; i < Width; i++) {
      result.at[i] = apply(p.at[i], q.at[i], a, b, output, sum);
    }
    store_pack<uint8_t, Width>(y + unit * Width, result);
  }
}

}  // namespace octet::qelementwise_file

// A thread takes `width` neighbours of the innermost axis, whose extent the host divided by it.
#define OCTET_QBINARY(name, width)                                                                               \
  extern "C" __global__ void name(const uint8_t* a, const uint8_t* b, uint8_t* y, octet::Axes<2> axes,           \
                                  int64_t units, int32_t a_flip, int32_t a_offset, float a_multiplier,           \
                                  int32_t b_flip, int32_t b_offset, float b_multiplier, int32_t zero_point,      \
                                  int32_t qmin, int32_t qmax, int32_t sum) {                                     \
    octet::qelementwise_file::binary<width>({a, a_flip, a_offset, a_multiplier},                                 \
                                            {b, b_flip, b_offset, b_multiplier}, y, axes, units,                 \
                                            {zero_point, qmin, qmax}, sum != 0);                                 \
  }

OCTET_QBINARY(octet_simt_qbinary_b8, 1)
OCTET_QBINARY(octet_simt_qbinary_b8_x16, 16)

// The table has 256 entries, indexed by the input's bits.
extern "C" __global__ void octet_simt_qlookup_b8(const uint8_t* x, const uint8_t* table, uint8_t* y, int64_t count) {
  using namespace octet::qelementwise_file;
  __shared__ uint8_t entries[256];
  for (int i = static_cast<int>(threadIdx.x); i < 256; i += static_cast<int>(blockDim.x)) {
    entries[i] = table[i];
  }
  __syncthreads();
  int64_t whole = count / WIDTH;
  for (int64_t unit = octet::first_index(); unit < whole; unit += octet::grid_stride()) {
    octet::Pack<uint8_t, WIDTH> values = octet::load_pack<uint8_t, WIDTH>(x + unit * WIDTH);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      values.at[i] = entries[values.at[i]];
    }
    octet::store_pack<uint8_t, WIDTH>(y + unit * WIDTH, values);
  }
  int64_t last = whole * WIDTH + octet::first_index();
  if (last < count) {
    y[last] = entries[x[last]];
  }
}
