// Softmax and log-softmax of rows along any axis, on CUDA cores.
//
// Element i of row r stands at r / stride * stride * length + r % stride + i * stride. A team of threads takes a row: a warp
// where it is short and contiguous, a block where it is long, a thread where neighbouring rows lie side by side. Three
// passes read the row: largest element (NaN passed over), sum of exponentials in fp64, quotients in fp32. The exponential
// is that of the CPU's AVX2 kernel, step for step; the sum's order (octet_reduce.cuh) changes fp64's last bits only.

#include "octet_functions.cuh"
#include "octet_reduce.cuh"

namespace octet::softmax_file {

template <typename T, typename Team>
__device__ void softmax(const T* __restrict__ x, T* __restrict__ y, int64_t rows, int64_t length, int64_t stride,
                        int32_t logarithm) {
  for (int64_t row = Team::first_row(); row < rows; row += Team::row_step()) {
    int64_t start = row / stride * stride * length + row % stride;
    float max = negative_infinity();
    for (int64_t i = Team::rank(); i < length; i += Team::size()) {
      max = LargerNumber()(max, real(x[start + i * stride]));
    }
    max = Team::reduce(max, LargerNumber());
    double sum = 0;
    for (int64_t i = Team::rank(); i < length; i += Team::size()) {
      sum += exp_negative(__fsub_rn(real(x[start + i * stride]), max));
    }
    sum = Team::reduce(sum, Sum());
    float log_sum = logarithm ? static_cast<float>(log(sum)) : 0.0f;
    for (int64_t i = Team::rank(); i < length; i += Team::size()) {
      float distance = __fsub_rn(real(x[start + i * stride]), max);
      float result = logarithm ? __fsub_rn(distance, log_sum)
                               : __fdiv_rn(exp_negative(distance), static_cast<float>(sum));
      y[start + i * stride] = from_real<T>(result);
    }
  }
}

}  // namespace octet::softmax_file

#define OCTET_SOFTMAX(name, type, team)                                                                            \
  extern "C" __global__ void name(const type* x, type* y, int64_t rows, int64_t length, int64_t stride,            \
                                  int32_t logarithm) {                                                             \
    octet::softmax_file::softmax<type, octet::team>(x, y, rows, length, stride, logarithm);                        \
  }

OCTET_SOFTMAX(octet_simt_softmax_f32_thread, float, ThreadTeam)
OCTET_SOFTMAX(octet_simt_softmax_f32_warp, float, WarpTeam)
OCTET_SOFTMAX(octet_simt_softmax_f32_block, float, BlockTeam)
OCTET_SOFTMAX(octet_simt_softmax_f16_thread, __half, ThreadTeam)
OCTET_SOFTMAX(octet_simt_softmax_f16_warp, __half, WarpTeam)
OCTET_SOFTMAX(octet_simt_softmax_f16_block, __half, BlockTeam)

#undef OCTET_SOFTMAX
