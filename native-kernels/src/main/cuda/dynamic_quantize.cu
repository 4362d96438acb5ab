// Quantization whose scale is found on the device: DynamicQuantizeLinear (u8, one scale for the tensor), and symmetric s8
// with one scale a row (a token). Formulas: dev.octet.quant.Quantizer.

#include "octet_reduce.cuh"

namespace octet::dynamic_quantize_file {

struct Range {
  float low;
  float high;
};

struct Lower {
  __device__ __forceinline__ float operator()(float a, float b) const { return b < a ? b : a; }
};

struct Higher {
  __device__ __forceinline__ float operator()(float a, float b) const { return b > a ? b : a; }
};

// The range of all values that the block's threads bring, in all of them. NaN never enters a range.
__device__ __forceinline__ Range block_range(Range own) {
  return {BlockTeam::reduce(own.low, Lower()), BlockTeam::reduce(own.high, Higher())};
}

__device__ __forceinline__ Range widened(Range range, float value) {
  return {value < range.low ? value : range.low, value > range.high ? value : range.high};
}

}  // namespace octet::dynamic_quantize_file

// Each block writes the least and the largest of its share and 0 to `ranges`: 2 floats a block.
extern "C" __global__ void octet_simt_range_f32(const float* x, float* ranges, int64_t count) {
  using namespace octet::dynamic_quantize_file;
  Range range = {0.0f, 0.0f};
  for (int64_t i = octet::first_index(); i < count; i += octet::grid_stride()) {
    range = widened(range, x[i]);
  }
  range = block_range(range);
  if (threadIdx.x == 0) {
    ranges[2 * static_cast<int64_t>(blockIdx.x)] = range.low;
    ranges[2 * static_cast<int64_t>(blockIdx.x) + 1] = range.high;
  }
}

// One block: the scale and zero point of the range of `values`, which may be the tensor itself or ranges of its parts.
extern "C" __global__ void octet_simt_dynamic_scale_f32u8(const float* values, float* scale, uint8_t* zero_point,
                                                          int64_t count) {
  using namespace octet::dynamic_quantize_file;
  Range range = {0.0f, 0.0f};
  for (int64_t i = threadIdx.x; i < count; i += blockDim.x) {
    range = widened(range, values[i]);
  }
  range = block_range(range);
  if (threadIdx.x == 0) {
    float step = range.high == range.low ? 1.0f : __fdiv_rn(__fsub_rn(range.high, range.low), 255.0f);
    scale[0] = step;
    zero_point[0] = static_cast<uint8_t>(octet::quantize(-range.low, step, 0, 0, 255));
  }
}

// A block takes a row of `length` elements at a time: scale = max |x| / 127, 1 for a row of zeros.
extern "C" __global__ void octet_simt_quantize_f32s8_row(const float* x, float* scales, int8_t* q, int64_t rows,
                                                         int64_t length) {
  using namespace octet::dynamic_quantize_file;
  for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
    const float* from = x + row * length;
    Range range = {0.0f, 0.0f};
    for (int64_t i = threadIdx.x; i < length; i += blockDim.x) {
      range = widened(range, from[i]);
    }
    range = block_range(range);
    float amax = -range.low > range.high ? -range.low : range.high;
    float scale = amax == 0.0f ? 1.0f : __fdiv_rn(amax, 127.0f);
    if (threadIdx.x == 0) {
      scales[row] = scale;
    }
    for (int64_t i = threadIdx.x; i < length; i += blockDim.x) {
      q[row * length + i] = static_cast<int8_t>(octet::quantize(from[i], scale, 0, -127, 127));
    }
  }
}
