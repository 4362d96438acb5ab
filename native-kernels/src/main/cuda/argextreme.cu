// The index of the largest or smallest element of rows along any axis, on CUDA cores.
//
// Rows as in softmax.cu: a thread takes a row where neighbouring rows lie side by side, else a warp. A NaN is taken for
// the extreme; among equal elements the first or the last is taken whatever the order of the threads.

#include "octet_real.cuh"
#include "octet_reduce.cuh"

namespace octet::argextreme_file {

struct Candidate {
  float value;
  int32_t index;  // -1: none yet
};

struct Better {
  bool smallest;
  bool last;

  __device__ __forceinline__ bool operator()(Candidate a, Candidate b) const {
    if (b.index < 0 || a.index < 0) {
      return b.index < 0;
    }
    bool a_nan = a.value != a.value;
    bool b_nan = b.value != b.value;
    if (a_nan != b_nan) {
      return a_nan;
    }
    if (a_nan || a.value == b.value) {
      return last ? a.index >= b.index : a.index <= b.index;
    }
    return smallest ? a.value < b.value : a.value > b.value;
  }
};

template <typename T, typename Team>
__device__ void arg_extreme(const T* __restrict__ x, int64_t* __restrict__ y, int64_t rows, int32_t length,
                            int64_t stride, int32_t smallest, int32_t last) {
  Better better = {smallest != 0, last != 0};
  for (int64_t row = Team::first_row(); row < rows; row += Team::row_step()) {
    int64_t start = row / stride * stride * length + row % stride;
    Candidate best = {0, -1};
    for (int32_t i = Team::rank(); i < length; i += Team::size()) {
      Candidate next = {real(x[start + i * stride]), i};
      best = better(best, next) ? best : next;
    }
    for (int distance = Team::size() / 2; distance > 0; distance /= 2) {
      Candidate other = {__shfl_xor_sync(kAllLanes, best.value, distance),
                         __shfl_xor_sync(kAllLanes, best.index, distance)};
      best = better(best, other) ? best : other;
    }
    if (Team::rank() == 0) {
      y[row] = best.index;
    }
  }
}

}  // namespace octet::argextreme_file

#define OCTET_ARG_EXTREME(name, type, team)                                                                        \
  extern "C" __global__ void name(const type* x, int64_t* y, int64_t rows, int32_t length, int64_t stride,         \
                                  int32_t smallest, int32_t last) {                                                \
    octet::argextreme_file::arg_extreme<type, octet::team>(x, y, rows, length, stride, smallest, last);            \
  }

OCTET_ARG_EXTREME(octet_simt_argextreme_f32_thread, float, ThreadTeam)
OCTET_ARG_EXTREME(octet_simt_argextreme_f32_warp, float, WarpTeam)
OCTET_ARG_EXTREME(octet_simt_argextreme_f16_thread, __half, ThreadTeam)
OCTET_ARG_EXTREME(octet_simt_argextreme_f16_warp, __half, WarpTeam)

#undef OCTET_ARG_EXTREME
