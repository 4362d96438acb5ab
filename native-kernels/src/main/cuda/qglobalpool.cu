// The mean of each channel of an 8-bit tensor on CUDA cores: graph.op.QGlobalAveragePool, bit for bit.
//
// Position i of channel c of image n stands at n * channels * pixels + c * channel_stride + i * pixel_stride. A thread takes
// a channel of channels-last tensors, a warp one of channels-first tensors; int32 sums, so any order gives the same.

#include "octet_reduce.cuh"

namespace octet::qglobalpool_file {

template <typename X, typename Team>
__device__ void mean(const X* __restrict__ x, uint8_t* __restrict__ y, int64_t batch, int32_t channels, int32_t pixels,
                     int64_t channel_stride, int64_t pixel_stride, int32_t x_zero_point, float multiplier,
                     int32_t zero_point, int32_t qmin, int32_t qmax) {
  for (int64_t row = Team::first_row(); row < batch * channels; row += Team::row_step()) {
    int64_t image = row / channels;
    const X* from = x + image * channels * pixels + (row - image * channels) * channel_stride;
    int32_t sum = 0;
    for (int32_t i = Team::rank(); i < pixels; i += Team::size()) {
      sum += static_cast<int32_t>(from[i * pixel_stride]) - x_zero_point;
    }
    sum = Team::reduce(sum, Sum());
    if (Team::rank() == 0) {
      y[row] = static_cast<uint8_t>(octet::requantize(sum, multiplier, zero_point, qmin, qmax));
    }
  }
}

}  // namespace octet::qglobalpool_file

#define OCTET_QGLOBAL_POOL(name, type, team)                                                                       \
  extern "C" __global__ void name(const type* x, uint8_t* y, int64_t batch, int32_t channels, int32_t pixels,      \
                                  int64_t channel_stride, int64_t pixel_stride, int32_t x_zero_point,              \
                                  float multiplier, int32_t zero_point, int32_t qmin, int32_t qmax) {              \
    octet::qglobalpool_file::mean<type, octet::team>(x, y, batch, channels, pixels, channel_stride, pixel_stride,  \
                                                     x_zero_point, multiplier, zero_point, qmin, qmax);            \
  }

OCTET_QGLOBAL_POOL(octet_simt_qglobalpool_s8_nhwc, int8_t, ThreadTeam)
OCTET_QGLOBAL_POOL(octet_simt_qglobalpool_s8_nchw, int8_t, WarpTeam)
OCTET_QGLOBAL_POOL(octet_simt_qglobalpool_u8_nhwc, uint8_t, ThreadTeam)
OCTET_QGLOBAL_POOL(octet_simt_qglobalpool_u8_nchw, uint8_t, WarpTeam)

#undef OCTET_QGLOBAL_POOL
