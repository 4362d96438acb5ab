// 8-bit matrices as products of a library take them: signed, every row padded to `padded_depth`, rows up to `padded_rows`.
//
// x is [rows, depth], dense; y is [padded_rows, padded_depth]. Unsigned bytes are shifted by 128, which flips the upper bit:
// y = x - 128. Padding is 0. Where depth is a multiple of 16, a thread moves 16 bytes; padded_depth always is one.

#include "octet.cuh"

namespace octet::shift_file {

constexpr int kWidth = 16;
constexpr uint32_t kUpperBits = 0x80808080u;

__device__ __forceinline__ uint4 whole(const uint8_t* from, uint32_t flip) {
  uint4 bytes = *reinterpret_cast<const uint4*>(from);
  return make_uint4(bytes.x ^ flip, bytes.y ^ flip, bytes.z ^ flip, bytes.w ^ flip);
}

__device__ __forceinline__ uint4 part(const uint8_t* from, int64_t count, uint32_t flip) {
  uint32_t words[kWidth / 4] = {0, 0, 0, 0};
#pragma unroll
  for (int i = 0; i < kWidth; i++) {
    if (i < count) {
      words[i / 4] |= ((from[i] ^ flip) & 0xffu) << (8 * (i % 4));
    }
  }
  return make_uint4(words[0], words[1], words[2], words[3]);
}

}  // namespace octet::shift_file

extern "C" __global__ void octet_simt_shift_b8s8(const uint8_t* __restrict__ x, uint8_t* __restrict__ y, int64_t rows,
                                                 int64_t depth, int64_t padded_rows, int64_t padded_depth,
                                                 int32_t is_signed) {
  using namespace octet::shift_file;
  const uint32_t flip = is_signed ? 0u : kUpperBits;
  const int64_t row_units = padded_depth / kWidth;
  const int64_t units = padded_rows * row_units;
  for (int64_t unit = octet::first_index(); unit < units; unit += octet::grid_stride()) {
    int64_t row = unit / row_units;
    int64_t column = (unit - row * row_units) * kWidth;
    uint4 bytes = make_uint4(0, 0, 0, 0);
    if (row < rows && column < depth) {
      const uint8_t* from = x + row * depth + column;
      bytes = depth % kWidth == 0 ? whole(from, flip) : part(from, depth - column, flip);
    }
    *reinterpret_cast<uint4*>(y + unit * kWidth) = bytes;
  }
}
