// The left operand of an integer product on its way to shared memory: rows of a matrix, or windows over an NHWC image. A
// thread fetches the same piece of every step's rows. Rows past the last are read again from the last and never stored.
#pragma once

#include "qproduct.cuh"

namespace octet::qproduct {

// A piece gathered byte by byte: reader(i) is byte i.
template <class Reader>
__device__ __forceinline__ void gather_piece(unsigned char* to, Reader&& reader) {
  uint32_t words[kPiece / 4] = {};
#pragma unroll
  for (int i = 0; i < kPiece; i++) {
    words[i / 4] |= static_cast<uint32_t>(reader(i)) << (i % 4 * 8);
  }
  *reinterpret_cast<uint4*>(to) = make_uint4(words[0], words[1], words[2], words[3]);
}

// Rows of a matrix. Wide: x_access is 16.
template <class T, bool Wide>
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
      int left = depth - (k + at);
      int count = left < 0 ? 0 : (left < Access ? left : Access);
      cp_async<Access>(to + at, count > 0 ? row + k + at : row, count);
    }
  }

  __device__ __forceinline__ void fetch(unsigned char* stage, int step) const {
    int piece = static_cast<int>(threadIdx.x) % kPieces;
    int k = step * kDepth + piece * kPiece;
#pragma unroll
    for (int i = 0; i < T::kXPieces; i++) {
      unsigned char* to =
          stage + place(static_cast<int>(threadIdx.x) / kPieces + i * (T::kThreads / kPieces), piece);
      const uint8_t* row = rows[i];
      if (Wide || access == 16) {
        copy<16>(to, row, k);
      } else if (access == 8) {
        copy<8>(to, row, k);
      } else if (access == 4) {
        copy<4>(to, row, k);
      } else {
        int left = depth - k;
        gather_piece(to, [=](int b) { return b < left ? row[k + b] : uint8_t{0}; });
      }
    }
  }
};

// A place under the window: a tap and a channel.
struct Tap {
  int h;
  int w;
  int channel;

  __device__ __forceinline__ Tap(const Window& window, int k) {
    int tap = k / window.channels;
    channel = k - tap * window.channels;
    h = tap / window.kernel_w;
    w = tap - h * window.kernel_w;
  }

  // To the channel `count` further; count divides the number of channels.
  __device__ __forceinline__ void advance(const Window& window, int count) {
    channel += count;
    if (channel == window.channels) {
      channel = 0;
      if (++w == window.kernel_w) {
        w = 0;
        ++h;
      }
    }
  }
};

// Windows over images. Wide: x_access is 16.
template <class T, bool Wide>
struct WindowSource {
  const Operands& o;
  const Window& window;
  const uint8_t* images[T::kXPieces];
  int top[T::kXPieces];
  int left[T::kXPieces];

  __device__ __forceinline__ WindowSource(const Operands& operands, const Window& slides, int first_row)
      : o(operands), window(slides) {
    int row = first_row + static_cast<int>(threadIdx.x) / kPieces;
    int pixels = window.out_h * window.out_w;
    const uint8_t* group = o.x + static_cast<int64_t>(blockIdx.y) * o.x_group;
#pragma unroll
    for (int i = 0; i < T::kXPieces; i++) {
      int at = row + i * (T::kThreads / kPieces);
      at = at < o.rows ? at : o.rows - 1;
      int image = at / pixels;
      int pixel = at - image * pixels;
      int h = pixel / window.out_w;
      images[i] = group + static_cast<int64_t>(image) * window.in_h * window.in_w * o.x_stride;
      top[i] = h * window.stride_h - window.pad_h;
      left[i] = (pixel - h * window.out_w) * window.stride_w - window.pad_w;
    }
  }

  // The address of a tap and channel for row i, or the padding's.
  __device__ __forceinline__ const uint8_t* source(int i, const Tap& tap) const {
    int h = top[i] + tap.h * window.dilation_h;
    int w = left[i] + tap.w * window.dilation_w;
    bool inside = static_cast<unsigned>(h) < static_cast<unsigned>(window.in_h) &&
                  static_cast<unsigned>(w) < static_cast<unsigned>(window.in_w) && tap.h < window.kernel_h;
    return inside ? images[i] + (static_cast<int64_t>(h) * window.in_w + w) * o.x_stride + tap.channel : o.padding;
  }

  template <int Access>
  __device__ __forceinline__ void copy(unsigned char* to, int i, Tap tap) const {
#pragma unroll
    for (int at = 0; at < kPiece; at += Access) {
      cp_async<Access>(to + at, source(i, tap), Access);
      tap.advance(window, Access);
    }
  }

  __device__ __forceinline__ void fetch(unsigned char* stage, int step) const {
    int piece = static_cast<int>(threadIdx.x) % kPieces;
    Tap tap(window, step * kDepth + piece * kPiece);
#pragma unroll
    for (int i = 0; i < T::kXPieces; i++) {
      unsigned char* to =
          stage + place(static_cast<int>(threadIdx.x) / kPieces + i * (T::kThreads / kPieces), piece);
      if (Wide || o.x_access == 16) {
        cp_async<16>(to, source(i, tap), 16);
      } else if (o.x_access == 8) {
        copy<8>(to, i, tap);
      } else if (o.x_access == 4) {
        copy<4>(to, i, tap);
      } else {
        Tap at = tap;
        gather_piece(to, [&](int) {
          uint8_t byte = *source(i, at);
          at.advance(window, 1);
          return byte;
        });
      }
    }
  }
};

}  // namespace octet::qproduct
