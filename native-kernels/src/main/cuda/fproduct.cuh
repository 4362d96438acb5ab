// Operands of float products: tiles of a matrix, or of the input under a convolution's window, read from global memory in
// chunks of 16 bytes (4 floats or 8 halves) a thread.
//
// A tile is Rows x Depth of an operand with element (row, k). Its chunks lie along k or along the rows, whichever is
// contiguous in memory; chunk t of a tile is handled by thread t % threads. What lies outside the operand reads as 0. A
// convolution's k is tap * group_channels + channel.
#pragma once

#include "octet_functions.cuh"
#include "octet_real.cuh"
#include "octet_window.cuh"

namespace octet::fproduct {

template <typename T>
constexpr int kChunk = 16 / static_cast<int>(sizeof(T));

template <typename T>
struct alignas(16) Chunk {
  T of[kChunk<T>];
};

template <typename T>
__device__ __forceinline__ Chunk<T> zeros() {
  Chunk<T> chunk;
  for (int j = 0; j < kChunk<T>; j++) {
    chunk.of[j] = from_real<T>(0.0f);
  }
  return chunk;
}

// Elements [0, count) of a chunk; the whole of it at once where `aligned`.
template <typename T>
__device__ __forceinline__ Chunk<T> load_chunk(const T* from, int32_t count, bool aligned) {
  if (aligned && count >= kChunk<T>) {
    return *reinterpret_cast<const Chunk<T>*>(from);
  }
  Chunk<T> chunk = zeros<T>();
  for (int j = 0; j < kChunk<T>; j++) {
    if (j < count) {
      chunk.of[j] = from[j];
    }
  }
  return chunk;
}

// Where a chunk lies in its tile.
template <typename T, int Rows, int Depth>
struct Position {
  int row;
  int k;

  static __device__ __forceinline__ Position of(int chunk, bool along_depth) {
    constexpr int kAcross = Depth / kChunk<T>;
    constexpr int kDown = Rows / kChunk<T>;
    if (along_depth) {
      return {chunk / kAcross, chunk % kAcross * kChunk<T>};
    }
    return {chunk % kDown * kChunk<T>, chunk / kDown};
  }
};

// A matrix of which one of the two strides is 1. `aligned`: the data and the other stride are multiples of 16 bytes.
template <typename T>
struct Dense {
  const T* data;
  int64_t stride;
  int32_t rows;
  int32_t depth;
  bool along_depth;
  bool aligned;

  struct Cursor {
    int32_t row;
  };

  __device__ __forceinline__ Cursor cursor(int32_t row) const { return {row}; }

  __device__ __forceinline__ Chunk<T> load(const Cursor& at, int32_t k) const {
    if (along_depth) {
      return load_chunk(data + at.row * stride + k, at.row < rows ? depth - k : 0, aligned);
    }
    return load_chunk(data + k * stride + at.row, k < depth ? rows - at.row : 0, aligned);
  }
};

// The channels of one group under a window, channels last: a row is an output pixel of any image. `aligned`: the data and
// both numbers of channels are multiples of 16 bytes, so that a chunk has one tap.
template <typename T>
struct WindowLast {
  const T* data;
  Window window;
  int32_t rows;
  int32_t channels;
  int32_t group_channels;
  int32_t depth;
  bool aligned;
  static constexpr bool along_depth = true;

  struct Cursor {
    const T* image;
    Place place;
    bool inside;
  };

  __device__ __forceinline__ Cursor cursor(int32_t row) const {
    int32_t pixels = static_cast<int32_t>(window.out_pixels());
    int32_t image = row / pixels;
    return {data + image * window.in_pixels() * channels, place_of(window, row - image * pixels), row < rows};
  }

  __device__ __forceinline__ Chunk<T> load(const Cursor& at, int32_t k) const {
    if (!at.inside || k >= depth) {
      return zeros<T>();
    }
    int32_t tap = k / group_channels;
    int32_t channel = k - tap * group_channels;
    int64_t pixel = in_pixel(window, at.place, tap_of(window, tap));
    if (aligned) {
      return pixel < 0 ? zeros<T>() : *reinterpret_cast<const Chunk<T>*>(at.image + pixel * channels + channel);
    }
    Chunk<T> chunk = zeros<T>();
    for (int j = 0; j < kChunk<T> && k + j < depth; j++) {
      if (pixel >= 0) {
        chunk.of[j] = at.image[pixel * channels + channel];
      }
      if (++channel == group_channels) {
        channel = 0;
        pixel = in_pixel(window, at.place, tap_of(window, ++tap));
      }
    }
    return chunk;
  }
};

// The channels of one group of one image under a window, channels first: a row is an output pixel.
template <typename T>
struct WindowFirst {
  const T* data;
  Window window;
  int32_t rows;
  int32_t group_channels;
  int32_t depth;
  static constexpr bool along_depth = false;

  struct Cursor {
    int32_t row;
  };

  __device__ __forceinline__ Cursor cursor(int32_t row) const { return {row}; }

  __device__ __forceinline__ Chunk<T> load(const Cursor& at, int32_t k) const {
    Chunk<T> chunk = zeros<T>();
    if (k >= depth || at.row >= rows) {
      return chunk;
    }
    int32_t tap = k / group_channels;
    const T* plane = data + (k - tap * group_channels) * window.in_pixels();
    Place distance = tap_of(window, tap);
    int32_t column = at.row % window.out[2];
    Place place = place_of(window, at.row);
    for (int j = 0; j < kChunk<T> && at.row + j < rows; j++) {
      int64_t pixel = in_pixel(window, place, distance);
      if (pixel >= 0) {
        chunk.of[j] = plane[pixel];
      }
      place.x += window.strides[2];
      if (++column == window.out[2]) {
        column = 0;
        place = place_of(window, at.row + j + 1);
      }
    }
    return chunk;
  }
};

// Ends a product: clamp(alpha * sum + beta * addend + residual, min, max), in this order; NaN stays NaN. The addend is
// absent or has the given distances from row to row and column to column.
template <typename T>
struct Finish {
  const T* addend;
  const T* residual;
  T* y;
  int64_t row_stride;  // elements of y and of the residual
  int32_t addend_row;
  int32_t addend_column;
  float alpha;
  float beta;
  float min;
  float max;

  __device__ __forceinline__ void store(int32_t row, int32_t column, float sum) const {
    int64_t at = row * row_stride + column;
    float result = __fmul_rn(alpha, sum);
    if (addend != nullptr) {
      float added = real(addend[static_cast<int64_t>(row) * addend_row + static_cast<int64_t>(column) * addend_column]);
      result = __fadd_rn(result, __fmul_rn(beta, added));
    }
    if (residual != nullptr) {
      result = __fadd_rn(result, real(residual[at]));
    }
    y[at] = from_real<T>(clamp(result, min, max));
  }
};

}  // namespace octet::fproduct
