// Reductions over any axes on CUDA cores.
//
// The axes are merged (graph.op.ReducedAxes): an output's elements come in runs of run_length elements, run_stride apart;
// `axes` holds an extent and a stride for each kept axis, then for each axis over which the runs lie, outermost first. A
// thread takes an output where neighbouring outputs lie side by side and then adds in ascending order, as the CPU does; a
// warp or block takes an output of contiguous elements, dealt to its threads in turn (octet_reduce.cuh). fp64, rounded once.

#include "octet_real.cuh"
#include "octet_reduce.cuh"

namespace octet::reduce_file {

// In the order of graph.op.ReduceFunction; the last passes over NaN.
enum Function : int32_t {
  kSum,
  kMean,
  kMax,
  kMin,
  kProd,
  kL1,
  kL2,
  kSumSquare,
  kLogSum,
  kLogSumExp,
  kMaxNumber
};

// The larger one; NaN wins and -0 is below 0.
__device__ __forceinline__ double larger(double a, double b) {
  if (a == 0 && b == 0) {
    return a + b;
  }
  return a > b || a != a ? a : b;
}

__device__ __forceinline__ double identity(int32_t function) {
  const double infinity = __longlong_as_double(0x7ff0000000000000LL);
  switch (function) {
    case kMax:
    case kMaxNumber:
      return -infinity;
    case kMin:
      return infinity;
    case kProd:
      return 1;
    default:
      return 0;
  }
}

// What an element adds to.
struct Combine {
  int32_t function;

  __device__ __forceinline__ double operator()(double a, double b) const {
    switch (function) {
      case kMax:
        return larger(a, b);
      case kMin:
        return -larger(-a, -b);
      case kMaxNumber:
        return LargerNumber()(a, b);
      case kProd:
        return a * b;
      default:
        return a + b;
    }
  }
};

__device__ __forceinline__ double mapped(int32_t function, double x) {
  switch (function) {
    case kL1:
      return fabs(x);
    case kL2:
    case kSumSquare:
      return x * x;
    default:
      return x;
  }
}

struct Axes {
  const int64_t* pairs;
  int32_t kept;
  int32_t over;
  int64_t runs;
  int64_t run_length;
  int64_t run_stride;

  static __device__ __forceinline__ int64_t position(const int64_t* pairs, int32_t count, int64_t flat) {
    int64_t position = 0;
    for (int32_t i = count - 1; i >= 0; i--) {
      position += flat % pairs[2 * i] * pairs[2 * i + 1];
      flat /= pairs[2 * i];
    }
    return position;
  }
  __device__ __forceinline__ int64_t start(int64_t output) const { return position(pairs, kept, output); }
  __device__ __forceinline__ int64_t count() const { return runs * run_length; }
  __device__ __forceinline__ int64_t offset(int64_t element) const {
    if (runs == 1) {
      return element * run_stride;
    }
    int64_t run = element / run_length;
    return position(pairs + 2 * kept, over, run) + (element - run * run_length) * run_stride;
  }
};

template <typename T, typename Team>
__device__ __forceinline__ double fold(const T* from, const Axes& axes, int32_t function) {
  Combine combine = {function};
  double acc = identity(function);
  for (int64_t i = Team::rank(); i < axes.count(); i += Team::size()) {
    acc = combine(acc, mapped(function, real(from[axes.offset(i)])));
  }
  return Team::reduce(acc, combine);
}

template <typename T, typename Team>
__device__ __forceinline__ double log_sum_exp(const T* from, const Axes& axes) {
  double max = fold<T, Team>(from, axes, kMax);
  double shift = isinf(max) ? 0 : max;
  double sum = 0;
  for (int64_t i = Team::rank(); i < axes.count(); i += Team::size()) {
    sum += exp(real(from[axes.offset(i)]) - shift);
  }
  return shift + log(Team::reduce(sum, Sum()));
}

__device__ __forceinline__ double finished(int32_t function, double acc, int64_t count) {
  switch (function) {
    case kMean:
      return acc / static_cast<double>(count);
    case kL2:
      return sqrt(acc);
    case kLogSum:
      return log(acc);
    default:
      return acc;
  }
}

template <typename T, typename Team>
__device__ void reduce(const T* __restrict__ x, T* __restrict__ y, const Axes& axes, int64_t outputs,
                       int32_t function) {
  for (int64_t output = Team::first_row(); output < outputs; output += Team::row_step()) {
    const T* from = x + axes.start(output);
    double result = function == kLogSumExp
                        ? log_sum_exp<T, Team>(from, axes)
                        : finished(function, fold<T, Team>(from, axes, function), axes.count());
    if (Team::rank() == 0) {
      y[output] = from_real<T>(static_cast<float>(result));
    }
  }
}

}  // namespace octet::reduce_file

#define OCTET_REDUCE(name, type, team)                                                                             \
  extern "C" __global__ void name(const type* x, type* y, const int64_t* axes, int32_t kept, int32_t over,         \
                                  int64_t outputs, int64_t runs, int64_t run_length, int64_t run_stride,           \
                                  int32_t function) {                                                              \
    octet::reduce_file::Axes merged = {axes, kept, over, runs, run_length, run_stride};                            \
    octet::reduce_file::reduce<type, octet::team>(x, y, merged, outputs, function);                                \
  }

OCTET_REDUCE(octet_simt_reduce_f32_thread, float, ThreadTeam)
OCTET_REDUCE(octet_simt_reduce_f32_warp, float, WarpTeam)
OCTET_REDUCE(octet_simt_reduce_f32_block, float, BlockTeam)
OCTET_REDUCE(octet_simt_reduce_f16_thread, __half, ThreadTeam)
OCTET_REDUCE(octet_simt_reduce_f16_warp, __half, WarpTeam)

#undef OCTET_REDUCE
