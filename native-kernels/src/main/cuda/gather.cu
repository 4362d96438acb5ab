// Gather along an axis, by the size of an element in bits.
//
// An index counts from the end where it is negative. For one outside of the axis nothing is read: 0 is written, and the
// number of the complaint is left in `fault` unless there is one, for the host to look at after the run.

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
                       int32_t* fault, int32_t complaint, int64_t count, int64_t indices_count, int64_t extent,
                       int64_t inner) {
#pragma unroll 1
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t row = i / inner;
    int64_t column = i - row * inner;
    int64_t outer = row / indices_count;
    int64_t from = resolve(indices[row - outer * indices_count], extent);
    if (from < 0) {
      atomicCAS(fault, 0, complaint);
      y[i] = T{};
    } else {
      y[i] = x[(outer * extent + from) * inner + column];
    }
  }
}

}  // namespace octet::gather_file

#define OCTET_GATHER(name, type, index)                                                                           \
  extern "C" __global__ void octet_simt_gather_##name(const type* x, const index* indices, type* y,               \
                                                      int32_t* fault, int32_t complaint, int64_t count,           \
                                                      int64_t indices_count, int64_t extent, int64_t inner) {     \
    octet::gather_file::gather<type, index>(x, indices, y, fault, complaint, count, indices_count, extent, inner); \
  }

#define OCTET_GATHERS(name, type)          \
  OCTET_GATHER(name##_s32, type, int32_t)  \
  OCTET_GATHER(name##_s64, type, int64_t)

OCTET_GATHERS(b8, uint8_t)
OCTET_GATHERS(b16, uint16_t)
OCTET_GATHERS(b32, uint32_t)
OCTET_GATHERS(b64, uint64_t)
OCTET_GATHERS(b128, octet::Bytes16)
