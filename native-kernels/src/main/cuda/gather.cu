// Gather and GatherElements, by the size of an element in bits.
//
// An index counts from the end where it is negative. One outside of the axis reads nothing: it writes 0 and leaves
// the extent of the axis in `fault`, which the host looks at after the run.

#include "octet_axes.cuh"

namespace octet::gather_file {

template <typename Index>
__device__ __forceinline__ int64_t resolve(Index index, int64_t extent) {
  int64_t at = static_cast<int64_t>(index);
  at = at < 0 ? at + extent : at;
  return at >= 0 && at < extent ? at : -1;
}

// y[outer, k, inner] = x[outer, indices[k], inner]; `inner` counts elements of the moved size.
template <typename T, typename Index>
__device__ void gather(const T* __restrict__ x, const Index* __restrict__ indices, T* __restrict__ y,
                       int32_t* __restrict__ fault, int64_t count, int64_t indices_count, int64_t extent,
                       int64_t inner) {
#pragma unroll 1
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t row = i / inner;
    int64_t column = i - row * inner;
    int64_t outer = row / indices_count;
    int64_t from = resolve(indices[row - outer * indices_count], extent);
    if (from < 0) {
      *fault = 1;
      y[i] = T{};
    } else {
      y[i] = x[(outer * extent + from) * inner + column];
    }
  }
}

// y[i] = x[where i lies, but indices[i] along the axis]. The axes are y's, their strides x's, 0 along the axis.
template <typename T, typename Index>
__device__ void gather_elements(const T* __restrict__ x, const Index* __restrict__ indices, T* __restrict__ y,
                                int32_t* __restrict__ fault, const Axes<1>& axes, int64_t count, int64_t extent,
                                int64_t stride) {
#pragma unroll 1
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t at[1] = {0};
    locate(axes, i, at);
    int64_t from = resolve(indices[i], extent);
    if (from < 0) {
      *fault = 1;
      y[i] = T{};
    } else {
      y[i] = x[at[0] + from * stride];
    }
  }
}

}  // namespace octet::gather_file

#define OCTET_GATHER(name, type, index)                                                                           \
  extern "C" __global__ void octet_simt_gather_##name(const type* x, const index* indices, type* y, int32_t* fault, \
                                                      int64_t count, int64_t indices_count, int64_t extent,       \
                                                      int64_t inner) {                                            \
    octet::gather_file::gather<type, index>(x, indices, y, fault, count, indices_count, extent, inner);           \
  }

#define OCTET_GATHERS(name, type)          \
  OCTET_GATHER(name##_s32, type, int32_t)  \
  OCTET_GATHER(name##_s64, type, int64_t)

OCTET_GATHERS(b8, uint8_t)
OCTET_GATHERS(b16, uint16_t)
OCTET_GATHERS(b32, uint32_t)
OCTET_GATHERS(b64, uint64_t)
OCTET_GATHERS(b128, octet::Bytes16)

#define OCTET_GATHER_ELEMENTS(name, type, index)                                                                   \
  extern "C" __global__ void octet_simt_gather_elements_##name(const type* x, const index* indices, type* y,       \
                                                               int32_t* fault, octet::Axes<1> axes, int64_t count, \
                                                               int64_t extent, int64_t stride) {                   \
    octet::gather_file::gather_elements<type, index>(x, indices, y, fault, axes, count, extent, stride);           \
  }

OCTET_GATHER_ELEMENTS(b32_s64, uint32_t, int64_t)
