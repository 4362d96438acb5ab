// Where and constant-filled pads: copies that choose their source, by the size of an element in bits.

#include "octet_axes.cuh"

namespace octet::choose_file {

// What a Pad of each mode puts around the source; the values are PadCuda's codes.
enum Mode { CONSTANT, REFLECT, EDGE, WRAP };

// A padded axis holds the source's `kept` places from `begin` on.
struct Pads {
  int64_t begins[MAX_AXES];
  int64_t kept[MAX_AXES];
};

template <typename T>
__device__ void where(const uint8_t* __restrict__ condition, const T* __restrict__ a, const T* __restrict__ b,
                      T* __restrict__ y, const Axes<3>& axes, int64_t count) {
#pragma unroll 1
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t at[3] = {0, 0, 0};
    locate(axes, i, at);
    y[i] = condition[at[0]] != 0 ? a[at[1]] : b[at[2]];
  }
}

// The source's place of a place `at` outside of [0, kept).
__device__ __forceinline__ int64_t outside(int32_t mode, int64_t at, int64_t kept) {
  if (mode == EDGE) {
    return at < 0 ? 0 : kept - 1;
  }
  int64_t period = mode == WRAP ? kept : 2 * (kept - 1);
  period = period < 1 ? 1 : period;
  int64_t within = at % period;
  within = within < 0 ? within + period : within;
  if (mode == REFLECT && within >= kept) {
    within = period - within;
  }
  return within;
}

// The fill is one element; strides[0] of the axes are the source's.
template <typename T>
__device__ void pad(const T* __restrict__ x, T* __restrict__ y, const T* __restrict__ fill, const Axes<1>& axes,
                    const Pads& pads, int64_t count, int32_t mode) {
#pragma unroll 1
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t rest = i;
    int64_t from = 0;
    bool inside = true;
#pragma unroll 1
    for (int axis = static_cast<int>(axes.rank) - 1; axis >= 0; axis--) {
      int64_t quotient;
      if (axes.narrow) {
        quotient = static_cast<uint32_t>(rest) / static_cast<uint32_t>(axes.extents[axis]);
      } else {
        quotient = rest / axes.extents[axis];
      }
      int64_t at = rest - quotient * axes.extents[axis] - pads.begins[axis];
      rest = quotient;
      if (at < 0 || at >= pads.kept[axis]) {
        inside = inside && mode != CONSTANT;
        at = mode == CONSTANT ? 0 : outside(mode, at, pads.kept[axis]);
      }
      from += at * axes.strides[0][axis];
    }
    y[i] = inside ? x[from] : fill[0];
  }
}

}  // namespace octet::choose_file

#define OCTET_WHERE(name, type)                                                                               \
  extern "C" __global__ void name(const uint8_t* condition, const type* a, const type* b, type* y,            \
                                  octet::Axes<3> axes, int64_t count) {                                       \
    octet::choose_file::where<type>(condition, a, b, y, axes, count);                                          \
  }

OCTET_WHERE(octet_simt_where_b8, uint8_t)
OCTET_WHERE(octet_simt_where_b16, uint16_t)
OCTET_WHERE(octet_simt_where_b32, uint32_t)
OCTET_WHERE(octet_simt_where_b64, uint64_t)

#define OCTET_PAD(name, type)                                                                                     \
  extern "C" __global__ void name(const type* x, type* y, const type* fill, octet::Axes<1> axes,                  \
                                  const __grid_constant__ octet::choose_file::Pads pads, int64_t count, int32_t mode) {                    \
    octet::choose_file::pad<type>(x, y, fill, axes, pads, count, mode);                                            \
  }

OCTET_PAD(octet_simt_pad_b8, uint8_t)
OCTET_PAD(octet_simt_pad_b16, uint16_t)
OCTET_PAD(octet_simt_pad_b32, uint32_t)
OCTET_PAD(octet_simt_pad_b64, uint64_t)
OCTET_PAD(octet_simt_pad_b128, octet::Bytes16)
