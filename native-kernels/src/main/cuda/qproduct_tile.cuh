// The tile of an integer product: main loop and stores. See qproduct.cuh.
#pragma once

#include "qproduct.cuh"

namespace octet::qproduct {

// The sums of a warp's part of a tile, and where the part lies.
template <class T>
struct Part {
  static constexpr int kDown = T::kWarpRows / 16;
  static constexpr int kAcross = T::kWarpColumns / 8;
  int32_t sums[kDown][kAcross][4] = {};
  int row;
  int column;

  __device__ __forceinline__ Part() {
    int warp = static_cast<int>(threadIdx.x) / 32 % T::kWarps;
    constexpr int kWarpsAcross = T::kColumns / T::kWarpColumns;
    row = warp / kWarpsAcross * T::kWarpRows;
    column = warp % kWarpsAcross * T::kWarpColumns;
  }

  // The row and column in the tile of element e of fragment (i, j).
  __device__ __forceinline__ int row_of(int i, int e) const {
    return row + i * 16 + e / 2 * 8 + static_cast<int>(threadIdx.x) % 32 / 4;
  }
  __device__ __forceinline__ int column_of(int j, int e) const {
    return column + j * 8 + static_cast<int>(threadIdx.x) % 4 * 2 + e % 2;
  }
};

// Looks at no fragments.
struct NoTally {
  __device__ __forceinline__ void left(int, const Fragment4&) {}
  __device__ __forceinline__ void right(int, const Fragment2&) {}
};

// Adds the products of two pieces of one step in shared memory: 32 of depth. The tally sees each fragment: left(i, a) and
// right(j, b).
template <class Mma, bool Signed, class T, class Tally>
__device__ __forceinline__ void multiply_pieces(Part<T>& part, const unsigned char* x, const unsigned char* weights,
                                                int piece, Tally& tally) {
  int lane = static_cast<int>(threadIdx.x) % 32;
  int matrix = lane / 8;
  Fragment2 b[Part<T>::kAcross];
#pragma unroll
  for (int j = 0; j < Part<T>::kAcross; j += 2) {
    Fragment4 pair;
    int row = part.column + j * 8 + matrix / 2 * 8 + lane % 8;
    ldmatrix_x4(pair, weights + piece_at(row, piece + matrix % 2));
    b[j][0] = pair[0], b[j][1] = pair[1], b[j + 1][0] = pair[2], b[j + 1][1] = pair[3];
    tally.right(j, b[j]);
    tally.right(j + 1, b[j + 1]);
  }
#pragma unroll
  for (int i = 0; i < Part<T>::kDown; i++) {
    Fragment4 a;
    int row = part.row + i * 16 + matrix % 2 * 8 + lane % 8;
    ldmatrix_x4(a, x + piece_at(row, piece + matrix / 2));
    tally.left(i, a);
#pragma unroll
    for (int j = 0; j < Part<T>::kAcross; j++) {
      Mma::template multiply<Signed>(part.sums[i][j], a, b[j]);
    }
  }
}

// Adds the products of pieces `first` to `last` - 1 of a step.
template <class Mma, class T, class Tally>
__device__ __forceinline__ void multiply_step(Part<T>& part, bool x_signed, const unsigned char* x,
                                              const unsigned char* weights, int first, int last, Tally& tally) {
  if (x_signed) {
#pragma unroll
    for (int piece = first; piece < last; piece += 2) {
      multiply_pieces<Mma, true>(part, x, weights, piece, tally);
    }
  } else {
#pragma unroll
    for (int piece = first; piece < last; piece += 2) {
      multiply_pieces<Mma, false>(part, x, weights, piece, tally);
    }
  }
}

// Asynchronous copies of the packed weights' steps.
template <class T>
struct WeightSource {
  const int8_t* rows[T::kWeightPieces];

  __device__ __forceinline__ WeightSource(const Operands& o, int first_column, int group) {
    int column = first_column + static_cast<int>(threadIdx.x) / kPieces;
#pragma unroll
    for (int i = 0; i < T::kWeightPieces; i++) {
      int at = column + i * (T::kThreads / kPieces);
      at = at < o.packed_columns ? at : o.packed_columns - 1;
      int64_t row = static_cast<int64_t>(group) * o.packed_columns + at;
      rows[i] = o.weights + row * o.packed_depth + threadIdx.x % kPieces * kPiece;
    }
  }

  __device__ __forceinline__ void fetch(unsigned char* stage, int step) const {
    int row = static_cast<int>(threadIdx.x) / kPieces;
#pragma unroll
    for (int i = 0; i < T::kWeightPieces; i++) {
      cp_async<16>(stage + piece_at(row + i * (T::kThreads / kPieces), threadIdx.x % kPieces), rows[i] + step * kDepth, 16);
    }
  }
};

// The sums of a tile. Source::fetch(stage, step) starts the copies of x.
template <class Mma, class T, class Source>
__device__ __forceinline__ void sum_tile(Part<T>& part, const Operands& o, Source& x, const WeightSource<T>& weights,
                                         unsigned char* shared) {
  int steps = o.packed_depth / kDepth;
#pragma unroll
  for (int step = 0; step < T::kStages - 1; step++) {
    if (step < steps) {
      x.fetch(shared + step * T::kStageBytes, step);
      weights.fetch(shared + step * T::kStageBytes + T::kRows * kDepth, step);
    }
    cp_async_commit();
  }
  NoTally tally;
  int slot = 0;
  int filled = T::kStages - 1;
  for (int step = 0; step < steps; step++) {
    cp_async_wait<T::kStages - 2>();
    __syncthreads();
    if (step + T::kStages - 1 < steps) {
      unsigned char* next = shared + filled * T::kStageBytes;
      x.fetch(next, step + T::kStages - 1);
      weights.fetch(next + T::kRows * kDepth, step + T::kStages - 1);
    }
    cp_async_commit();
    const unsigned char* stage = shared + slot * T::kStageBytes;
    multiply_step<Mma>(part, o.x_signed != 0, stage, stage + T::kRows * kDepth, 0, kPieces, tally);
    slot = slot + 1 == T::kStages ? 0 : slot + 1;
    filled = filled + 1 == T::kStages ? 0 : filled + 1;
  }
}

// Where a tile's outputs lie: element (r, c) of the tile at index base + r * row_stride + c.
struct Target {
  int64_t base;
  int channel;  // of the epilogue's arrays, for the first column
  int rows;     // that are in the output
  int columns;
};

// The target of a group's tile.
__device__ __forceinline__ Target target_of(const Operands& o, const Epilogue& e, Corner at, int group) {
  int channel = group * o.columns + at.column;
  return {at.row * e.row_stride + channel, channel, o.rows - at.row, o.columns - at.column};
}

template <class T>
__device__ __forceinline__ void move_tile(const Epilogue& e, const Target& target, unsigned char* shared, bool store) {
  constexpr int kRowPieces = T::kColumns / kPiece;
  for (int i = static_cast<int>(threadIdx.x); i < T::kRows * kRowPieces; i += T::kThreads) {
    int row = i / kRowPieces;
    int column = i % kRowPieces * kPiece;
    int count = target.columns - column;
    if (row < target.rows && count > 0) {
      int64_t index = target.base + row * e.row_stride + column;
      unsigned char* inside = shared + row * T::kStoredRow + column;
      if (store) {
        move_piece(static_cast<uint8_t*>(e.y) + index, inside, count, e.y_access);
      } else {
        move_piece(inside, static_cast<const uint8_t*>(e.residual) + index, count, e.y_access);
      }
    }
  }
}

// What the epilogue knows of a column of a tile; zeros past the last.
struct Column {
  int32_t bias;
  float multiplier;
};

__device__ __forceinline__ Column column_at(const Epilogue& e, const Target& target, int column) {
  if (column >= target.columns) {
    return {0, 0.0f};
  }
  return {e.bias[target.channel + column], e.multipliers[target.channel + column]};
}

template <class T>
__device__ __forceinline__ void store_bytes(const Epilogue& e, const Target& target, const Part<T>& part,
                                            unsigned char* shared) {
  bool adds = e.residual_kind != kNone;
  if (adds) {
    move_tile<T>(e, target, shared, false);
    __syncthreads();
  }
#pragma unroll
  for (int j = 0; j < Part<T>::kAcross; j++) {
    int column = part.column_of(j, 0);
    Column columns[2] = {column_at(e, target, column), column_at(e, target, column + 1)};
#pragma unroll
    for (int i = 0; i < Part<T>::kDown; i++) {
#pragma unroll
      for (int half = 0; half < 4; half += 2) {
        unsigned char* pair = shared + part.row_of(i, half) * T::kStoredRow + column;
        bool known = adds && part.row_of(i, half) < target.rows;
        uint32_t bytes = 0;
#pragma unroll
        for (int side = 0; side < 2; side++) {
          int32_t sum = wrapping_add(part.sums[i][j][half + side], columns[side].bias);
          bool added = known && column + side < target.columns;
          int32_t residual = added ? residual_at(e, pair[side]) : 0;
          bytes |= static_cast<uint32_t>(to_byte(e, sum, columns[side].multiplier, residual)) << (8 * side);
        }
        *reinterpret_cast<uint16_t*>(pair) = static_cast<uint16_t>(bytes);
      }
    }
  }
  __syncthreads();
  move_tile<T>(e, target, shared, true);
}

template <class T>
__device__ __forceinline__ void store_words(const Epilogue& e, const Target& target, const Part<T>& part) {
#pragma unroll
  for (int j = 0; j < Part<T>::kAcross; j++) {
#pragma unroll
    for (int side = 0; side < 2; side++) {
      int column = part.column_of(j, side);
      Column of = column_at(e, target, column);
#pragma unroll
      for (int i = 0; i < Part<T>::kDown; i++) {
#pragma unroll
        for (int half = 0; half < 4; half += 2) {
          int row = part.row_of(i, half);
          if (column < target.columns && row < target.rows) {
            int64_t index = target.base + row * e.row_stride + column;
            static_cast<int32_t*>(e.y)[index] =
                to_word(e, wrapping_add(part.sums[i][j][half + side], of.bias), of.multiplier);
          }
        }
      }
    }
  }
}

// Stores a tile's sums. All copies into shared memory must have ended.
template <class T>
__device__ __forceinline__ void store_tile(const Epilogue& e, const Target& target, const Part<T>& part,
                                           unsigned char* shared) {
  if (e.y_kind == kBytes) {
    __syncthreads();
    store_bytes<T>(e, target, part, shared);
  } else {
    store_words<T>(e, target, part);
  }
}

// A whole tile of packed weights: sums and stores.
template <class Mma, class T, class Source>
__device__ __forceinline__ void product_tile(const Operands& o, const Epilogue& e, Source& x, Corner at,
                                             unsigned char* shared) {
  int group = static_cast<int>(blockIdx.y);
  Part<T> part;
  WeightSource<T> weights(o, at.column, group);
  sum_tile<Mma, T>(part, o, x, weights, shared);
  cp_async_wait<0>();
  store_tile<T>(e, target_of(o, e, at, group), part, shared);
}

}  // namespace octet::qproduct
