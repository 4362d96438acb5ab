// A tile of a float product on CUDA cores, shared by gemm_f32.cu and conv_f32.cu.
//
// A block of 256 threads computes 64 * Size by 64 * Size sums, a thread 4 * Size by 4 * Size of them, in quads 64 apart. A
// step takes 16 / Size of depth; the next step's tiles are fetched into registers while this one's are multiplied out of
// shared memory (two buffers, one barrier a step). Each sum is one chain of fused multiply-adds in ascending k from 0, so
// that it does not depend on the grid or the device.
#pragma once

#include "fproduct.cuh"

namespace octet::fproduct {

constexpr int kThreads = 256;

template <int Size>
struct SimtTile {
  static constexpr int kRows = 64 * Size;
  static constexpr int kDepth = 16 / Size;
  static constexpr int kStride = kRows + 4;  // a multiple of 16 bytes that is not one of all banks
  using At = Position<float, kRows, kDepth>;

  float of[kDepth][kStride];

  __device__ __forceinline__ void put(const At& at, const Chunk<float>& chunk, bool along_depth) {
    if (along_depth) {
      for (int j = 0; j < kChunk<float>; j++) {
        of[at.k + j][at.row] = chunk.of[j];
      }
    } else {
      *reinterpret_cast<Chunk<float>*>(&of[at.k][at.row]) = chunk;
    }
  }

  // The quads of a row of the tile that belong to a thread.
  __device__ __forceinline__ void get(int k, int quad, float (&values)[4 * Size]) const {
    for (int i = 0; i < Size; i++) {
      Chunk<float> chunk = *reinterpret_cast<const Chunk<float>*>(&of[k][64 * i + 4 * quad]);
      for (int j = 0; j < 4; j++) {
        values[4 * i + j] = chunk.of[j];
      }
    }
  }
};

template <int Size>
__device__ __forceinline__ void multiply(const SimtTile<Size>& left, const SimtTile<Size>& right,
                                         float (&sums)[4 * Size][4 * Size]) {
#pragma unroll
  for (int k = 0; k < SimtTile<Size>::kDepth; k++) {
    float a[4 * Size];
    float b[4 * Size];
    left.get(k, threadIdx.x / 16, a);
    right.get(k, threadIdx.x % 16, b);
#pragma unroll
    for (int i = 0; i < 4 * Size; i++) {
#pragma unroll
      for (int j = 0; j < 4 * Size; j++) {
        sums[i][j] = __fmaf_rn(a[i], b[j], sums[i][j]);
      }
    }
  }
}

// The first row and column of a tile, and how many there are in all.
struct Corner {
  int32_t row;
  int32_t column;
  int32_t rows;
  int32_t columns;
};

// Stores the sums through shared memory (16 rows of the tile), one row of each thread at a time, so that a warp writes
// neighbours.
template <int Size>
__device__ __forceinline__ void store_tile(float* rows, const float (&sums)[4 * Size][4 * Size],
                                           const Finish<float>& finish, const Corner& corner) {
  constexpr int kColumns = SimtTile<Size>::kRows;
#pragma unroll
  for (int i = 0; i < 4 * Size; i++) {
#pragma unroll
    for (int j = 0; j < 4 * Size; j++) {
      rows[threadIdx.x / 16 * kColumns + j / 4 * 64 + threadIdx.x % 16 * 4 + j % 4] = sums[i][j];
    }
    __syncthreads();
#pragma unroll 1
    for (int at = threadIdx.x; at < 16 * kColumns; at += kThreads) {
      int32_t row = corner.row + i / 4 * 64 + at / kColumns * 4 + i % 4;
      int32_t column = corner.column + at % kColumns;
      if (row < corner.rows && column < corner.columns) {
        finish.store(row, column, rows[at]);
      }
    }
    __syncthreads();
  }
}

// The sums of tile `tile` of the product of a and b, columns of tiles innermost.
template <int Size, typename A, typename B>
__device__ __forceinline__ void simt_product(const A& a, const B& b, const Finish<float>& finish, int32_t tile) {
  using Tile = SimtTile<Size>;
  __shared__ Tile left[2];
  static_assert(sizeof(left) >= 16 * Tile::kRows * sizeof(float));
  __shared__ Tile right[2];
  int32_t columns_of_tiles = (b.rows + Tile::kRows - 1) / Tile::kRows;
  int32_t first_row = tile / columns_of_tiles * Tile::kRows;
  int32_t first_column = tile % columns_of_tiles * Tile::kRows;
  auto at_a = Tile::At::of(threadIdx.x, a.along_depth);
  auto at_b = Tile::At::of(threadIdx.x, b.along_depth);
  auto cursor_a = a.cursor(first_row + at_a.row);
  auto cursor_b = b.cursor(first_column + at_b.row);
  left[0].put(at_a, a.load(cursor_a, at_a.k), a.along_depth);
  right[0].put(at_b, b.load(cursor_b, at_b.k), b.along_depth);
  __syncthreads();
  float sums[4 * Size][4 * Size] = {};
  int32_t depth = a.depth;
  for (int32_t k = 0, step = 0; k < depth; k += Tile::kDepth, step ^= 1) {
    bool more = k + Tile::kDepth < depth;
    Chunk<float> next_a;
    Chunk<float> next_b;
    if (more) {
      next_a = a.load(cursor_a, k + Tile::kDepth + at_a.k);
      next_b = b.load(cursor_b, k + Tile::kDepth + at_b.k);
    }
    multiply<Size>(left[step], right[step], sums);
    if (more) {
      left[step ^ 1].put(at_a, next_a, a.along_depth);
      right[step ^ 1].put(at_b, next_b, b.along_depth);
    }
    __syncthreads();
  }
  store_tile<Size>(&left[0].of[0][0], sums, finish, {first_row, first_column, a.rows, b.rows});
}

}  // namespace octet::fproduct
