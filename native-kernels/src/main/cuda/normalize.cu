// Layer, RMS, instance, group and batch normalization on CUDA cores.
//
// y = (x - mean) * inverse_deviation * scale + bias in fp64, rounded once, as on the CPU: the sums' order
// (octet_reduce.cuh) changes fp64's last bits only. A warp takes a short row of contiguous elements, a block a long one; a
// row is read three times, from the cache after the first. Element i of row r has the scale numbered
// r % groups * (length / scale_run) + i / scale_run, and likewise the bias.

#include "octet_real.cuh"
#include "octet_reduce.cuh"

namespace octet::normalize_file {

template <typename T, typename Team>
__device__ void normalize(const T* __restrict__ x, const T* __restrict__ scale, const T* __restrict__ bias,
                          T* __restrict__ y, float* __restrict__ means, float* __restrict__ inverse_deviations,
                          int64_t rows, int32_t length, int32_t groups, int32_t scale_run, int32_t bias_run,
                          float epsilon, int32_t centered) {
  for (int64_t row = Team::first_row(); row < rows; row += Team::row_step()) {
    const T* from = x + row * length;
    double mean = 0;
    if (centered) {
      for (int32_t i = Team::rank(); i < length; i += Team::size()) {
        mean += real(from[i]);
      }
      mean = Team::reduce(mean, Sum()) / length;
    }
    double squares = 0;
    for (int32_t i = Team::rank(); i < length; i += Team::size()) {
      double distance = real(from[i]) - mean;
      squares += distance * distance;
    }
    squares = Team::reduce(squares, Sum()) / length;
    double inverse_deviation = 1 / sqrt(squares + epsilon);
    int32_t group = static_cast<int32_t>(row % groups);
    for (int32_t i = Team::rank(); i < length; i += Team::size()) {
      double s = real(scale[static_cast<int64_t>(group) * (length / scale_run) + i / scale_run]);
      double b = bias == nullptr ? 0 : real(bias[static_cast<int64_t>(group) * (length / bias_run) + i / bias_run]);
      y[row * length + i] = from_real<T>(static_cast<float>((real(from[i]) - mean) * inverse_deviation * s + b));
    }
    if (Team::rank() == 0 && means != nullptr) {
      means[row] = static_cast<float>(mean);
    }
    if (Team::rank() == 0 && inverse_deviations != nullptr) {
      inverse_deviations[row] = static_cast<float>(inverse_deviation);
    }
  }
}

// A block takes a plane of one channel.
template <typename T>
__device__ void normalize_batch(const T* __restrict__ x, const T* __restrict__ scales, const T* __restrict__ biases,
                                const T* __restrict__ means, const T* __restrict__ variances, T* __restrict__ y,
                                int64_t planes, int32_t channels, int64_t pixels, float epsilon) {
  for (int64_t plane = blockIdx.x; plane < planes; plane += gridDim.x) {
    int32_t channel = static_cast<int32_t>(plane % channels);
    double mean = real(means[channel]);
    double scale = real(scales[channel]) / sqrt(static_cast<double>(real(variances[channel])) + epsilon);
    double bias = real(biases[channel]);
    for (int64_t i = threadIdx.x; i < pixels; i += blockDim.x) {
      double distance = real(x[plane * pixels + i]) - mean;
      y[plane * pixels + i] = from_real<T>(static_cast<float>(distance * scale + bias));
    }
  }
}

}  // namespace octet::normalize_file

#define OCTET_NORMALIZE(name, type, team)                                                                          \
  extern "C" __global__ void name(const type* x, const type* scale, const type* bias, type* y, float* means,       \
                                  float* inverse_deviations, int64_t rows, int32_t length, int32_t groups,         \
                                  int32_t scale_run, int32_t bias_run, float epsilon, int32_t centered) {          \
    octet::normalize_file::normalize<type, octet::team>(x, scale, bias, y, means, inverse_deviations, rows,        \
                                                        length, groups, scale_run, bias_run, epsilon, centered);   \
  }

#define OCTET_NORMALIZE_BATCH(name, type)                                                                          \
  extern "C" __global__ void name(const type* x, const type* scales, const type* biases, const type* means,        \
                                  const type* variances, type* y, int64_t planes, int32_t channels,                \
                                  int64_t pixels, float epsilon) {                                                 \
    octet::normalize_file::normalize_batch(x, scales, biases, means, variances, y, planes, channels, pixels,       \
                                           epsilon);                                                               \
  }

OCTET_NORMALIZE(octet_simt_normalize_f32_warp, float, WarpTeam)
OCTET_NORMALIZE(octet_simt_normalize_f32_block, float, BlockTeam)
OCTET_NORMALIZE(octet_simt_normalize_f16_warp, __half, WarpTeam)
OCTET_NORMALIZE(octet_simt_normalize_f16_block, __half, BlockTeam)
OCTET_NORMALIZE_BATCH(octet_simt_batchnorm_f32, float)
OCTET_NORMALIZE_BATCH(octet_simt_batchnorm_f16, __half)

#undef OCTET_NORMALIZE
#undef OCTET_NORMALIZE_BATCH
