// The left operand of an integer product on its way to shared memory: rows of a matrix, or windows over an NHWC image. A
// thread fetches the same piece of every step's rows. Rows past the last are read again from the last and never stored.
#pragma once

#include "octet_window.cuh"
#include "qproduct.cuh"

namespace octet::qproduct {

// A piece gathered byte by byte: reader() is the next byte.
template <class Reader>
__device__ __forceinline__ void gather_piece(unsigned char* to, Reader&& reader) {
#pragma unroll 1
  for (int at = 0; at < kPiece; at += 4) {
    uint32_t word = 0;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      word |= static_cast<uint32_t>(reader()) << (8 * i);
    }
    *reinterpret_cast<uint32_t*>(to + at) = word;
  }
}

// Rows of a matrix. Aligned: x_access is 16.
template <class T, bool Aligned>
struct MatrixSource {
  const uint8_t* rows[T::kXPieces];
  int depth;
  int access;

  __device__ __forceinline__ MatrixSource(const Operands& o, const uint8_t* matrix, int first_row)
      : depth(o.depth), access(o.x_access) {
    int row = first_row + static_cast<int>(threadIdx.x) / kPieces;
#pragma unroll
    for (int i = 0; i < T::kXPieces; i++) {
      int at = row + i * (T::kThreads / kPieces);
      at = at < o.rows ? at : o.rows - 1;
      rows[i] = matrix + at * o.x_stride;
    }
  }

  template <int Access>
  __device__ __forceinline__ void copy(unsigned char* to, const uint8_t* row, int k) const {
#pragma unroll
    for (int at = 0; at < kPiece; at += Access) {
      bool inside = k + at < depth;
      cp_async<Access>(to + at, inside ? row + k + at : row, inside ? Access : 0);
    }
  }

  __device__ __forceinline__ void fetch(unsigned char* stage, int step) const {
    int piece = static_cast<int>(threadIdx.x) % kPieces;
    int k = step * kDepth + piece * kPiece;
#pragma unroll
    for (int i = 0; i < T::kXPieces; i++) {
      unsigned char* to =
          stage + piece_at(static_cast<int>(threadIdx.x) / kPieces + i * (T::kThreads / kPieces), piece);
      const uint8_t* row = rows[i];
      if (Aligned || access == 16) {
        copy<16>(to, row, k);
      } else if (access == 8) {
        copy<8>(to, row, k);
      } else if (access == 4) {
        copy<4>(to, row, k);
      } else {
        int at = k;
        gather_piece(to, [&]() {
          uint8_t byte = at < depth ? row[at] : 0;
          at++;
          return byte;
        });
      }
    }
  }
};

// A channel of a tap of a window.
struct Tap {
  int index;
  int channel;
  Place distance;

  __device__ __forceinline__ Tap(const Window& window, int channels, int k) {
    index = k / channels;
    channel = k - index * channels;
    distance = tap_of(window, index);
  }

  // To the channel `count` further; count divides the number of channels.
  __device__ __forceinline__ void advance(const Window& window, int channels, int count) {
    channel += count;
    if (channel == channels) {
      channel = 0;
      index++;
      distance = tap_of(window, index);
    }
  }
};

// Windows over images. Aligned: x_access is 16.
template <class T, bool Aligned>
struct WindowSource {
  const Operands& o;
  const Window& window;
  const uint8_t* images[T::kXPieces];
  Place first[T::kXPieces];

  __device__ __forceinline__ WindowSource(const Operands& operands, const Window& slides, int first_row)
      : o(operands), window(slides) {
    int row = first_row + static_cast<int>(threadIdx.x) / kPieces;
    int pixels = static_cast<int>(window.out_pixels());
    const uint8_t* group = o.x + static_cast<int64_t>(blockIdx.y) * o.x_group;
#pragma unroll
    for (int i = 0; i < T::kXPieces; i++) {
      int at = row + i * (T::kThreads / kPieces);
      at = at < o.rows ? at : o.rows - 1;
      int image = at / pixels;
      images[i] = group + image * window.in_pixels() * o.x_stride;
      first[i] = place_of(window, at - image * pixels);
    }
  }

  // The address of a tap's channel for row i, or the padding's. Past the last tap weights are zeros: any byte will do.
  __device__ __forceinline__ const uint8_t* source(int i, const Tap& tap) const {
    int64_t pixel = in_pixel(window, first[i], tap.distance);
    return pixel >= 0 ? images[i] + pixel * o.x_stride + tap.channel : o.padding;
  }

  template <int Access>
  __device__ __forceinline__ void copy(unsigned char* to, int i, Tap tap) const {
#pragma unroll 1
    for (int at = 0; at < kPiece; at += Access) {
      cp_async<Access>(to + at, source(i, tap), Access);
      tap.advance(window, o.channels, Access);
    }
  }

  __device__ __forceinline__ void fetch(unsigned char* stage, int step) const {
    int piece = static_cast<int>(threadIdx.x) % kPieces;
    Tap tap(window, o.channels, step * kDepth + piece * kPiece);
#pragma unroll
    for (int i = 0; i < T::kXPieces; i++) {
      unsigned char* to =
          stage + piece_at(static_cast<int>(threadIdx.x) / kPieces + i * (T::kThreads / kPieces), piece);
      if (Aligned || o.x_access == 16) {
        cp_async<16>(to, source(i, tap), 16);
      } else if (o.x_access == 8) {
        copy<8>(to, i, tap);
      } else if (o.x_access == 4) {
        copy<4>(to, i, tap);
      } else {
        Tap at = tap;
        gather_piece(to, [&]() {
          uint8_t byte = *source(i, at);
          at.advance(window, o.channels, 1);
          return byte;
        });
      }
    }
  }
};

}  // namespace octet::qproduct
