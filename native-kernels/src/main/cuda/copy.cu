// Copies between two strided views: Transpose, Slice, Expand, Tile, Concat, Split, SpaceToDepth and DepthToSpace.
//
// Elements are moved by their size in bits; where runs lie side by side in both views, the host makes elements of up to
// 16 bytes of them. `transpose` is for views whose innermost axes differ: a tile goes through shared memory, so that
// both the loads and the stores of a warp are neighbours; a row of the tile is one longer than it need be, which spreads
// a column over the banks.

#include "octet_axes.cuh"

namespace octet::copy_file {

constexpr int TILE = 32;
constexpr int ROWS = 8;  // a block has TILE x ROWS threads

template <typename T>
__device__ void copy(const T* __restrict__ x, T* __restrict__ y, const Axes<2>& axes, int64_t count) {
#pragma unroll 1
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    int64_t at[2] = {0, 0};
    locate(axes, i, at);
    y[at[1]] = x[at[0]];
  }
}

// Rows are neighbours in y and x_stride apart in x; columns are neighbours in x and y_stride apart in y.
template <typename T>
__device__ void transpose(const T* __restrict__ x, T* __restrict__ y, const Axes<2>& batches, int64_t batch_count,
                          int64_t rows, int64_t columns, int64_t x_stride, int64_t y_stride) {
  __shared__ T tile[TILE][TILE + 1];
  int64_t row_tiles = (rows + TILE - 1) / TILE;
  int64_t column_tiles = (columns + TILE - 1) / TILE;
  int lane = static_cast<int>(threadIdx.x) % TILE;
  int warp = static_cast<int>(threadIdx.x) / TILE;
  for (int64_t block = blockIdx.x; block < batch_count * row_tiles * column_tiles; block += gridDim.x) {
    int64_t rest = block / column_tiles;
    int64_t first_column = (block - rest * column_tiles) * TILE;
    int64_t batch = rest / row_tiles;
    int64_t first_row = (rest - batch * row_tiles) * TILE;
    int64_t at[2] = {0, 0};
    locate(batches, batch, at);
    for (int i = warp; i < TILE; i += ROWS) {
      if (first_row + i < rows && first_column + lane < columns) {
        tile[i][lane] = x[at[0] + (first_row + i) * x_stride + first_column + lane];
      }
    }
    __syncthreads();
    for (int i = warp; i < TILE; i += ROWS) {
      if (first_column + i < columns && first_row + lane < rows) {
        y[at[1] + (first_column + i) * y_stride + first_row + lane] = tile[lane][i];
      }
    }
    __syncthreads();
  }
}

}  // namespace octet::copy_file

#define OCTET_COPY(name, type)                                                                      \
  extern "C" __global__ void name(const type* x, type* y, octet::Axes<2> axes, int64_t count) {     \
    octet::copy_file::copy<type>(x, y, axes, count);                                                \
  }

OCTET_COPY(octet_simt_copy_b8, uint8_t)
OCTET_COPY(octet_simt_copy_b16, uint16_t)
OCTET_COPY(octet_simt_copy_b32, uint32_t)
OCTET_COPY(octet_simt_copy_b64, uint64_t)
OCTET_COPY(octet_simt_copy_b128, octet::Bytes16)

#define OCTET_TRANSPOSE(name, type)                                                                                \
  extern "C" __global__ void name(const type* x, type* y, octet::Axes<2> batches, int64_t batch_count, int64_t rows, \
                                  int64_t columns, int64_t x_stride, int64_t y_stride) {                           \
    octet::copy_file::transpose<type>(x, y, batches, batch_count, rows, columns, x_stride, y_stride);              \
  }

OCTET_TRANSPOSE(octet_simt_transpose_b8, uint8_t)
OCTET_TRANSPOSE(octet_simt_transpose_b16, uint16_t)
OCTET_TRANSPOSE(octet_simt_transpose_b32, uint32_t)
OCTET_TRANSPOSE(octet_simt_transpose_b64, uint64_t)
