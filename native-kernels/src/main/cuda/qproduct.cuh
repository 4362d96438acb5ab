// Integer products with their epilogue on tensor cores: what qgemm.cu, qconv.cu and qmatmul.cu share.
//
// y[r, n] = epilogue(bias[n] + sum_k x[r, k] * w[n, k]), x bytes [rows, depth], w signed bytes packed as [columns, depth]
// with depth padded to 64 by zeros. x's zero point is in the bias: bias[n] - zero_point * sum_k w[n, k], modulo 2^32.
//
// Kernels take x of either sign: the instruction, which differs, is chosen once a step.
// Tile: a block computes BM x BN outputs, each of its warps WM x WN; 64 of depth a step, Stages steps in shared memory.
// Data movement: cp.async in pieces of 16 bytes straight to shared memory, Stages - 1 steps ahead; ldmatrix to registers;
// 32 of depth an instruction (four m8n8k16 before sm_80). A row of a step has 4 pieces of 16 bytes, piece p of row r stored at
// place p ^ (r / 2 % 4): the 8 rows that ldmatrix or a quarter of a warp touches together then lie in 8 different 16-byte
// groups of banks. Bytes leave through shared memory in pieces of 16, rows 16 bytes longer than the tile so that the 8 rows
// of a fragment lie in different banks; residuals come the same way. 32-bit outputs leave from registers, 32 bytes a row.
// The smallest tile, for grids that leave multiprocessors idle, is sliced by depth: two steps are taken at once, and each of
// the 4 warps computes the whole tile over its 32 of their 128; the sums are added up through shared memory at the end.
// Blocks walk 8 tiles of rows before the next tile of columns, so that a wave reads few of both.
#pragma once

#include "octet_mma.cuh"

namespace octet::qproduct {

constexpr int kDepth = 64;
constexpr int kPiece = 16;
constexpr int kPieces = kDepth / kPiece;
constexpr int kSwath = 8;

// Kinds of y and of the residual.
constexpr int32_t kBytes = 0;
constexpr int32_t kFloats = 1;
constexpr int32_t kSums = 2;
constexpr int32_t kNone = -1;
constexpr int32_t kUnsigned = 0;

// What happens to a sum: graph.op.Epilogue. Every field has 8 bytes, as the host writes them.
struct Epilogue {
  const int32_t* bias;       // one a column
  const float* multipliers;  // one a column
  const void* residual;
  void* y;
  int64_t row_stride;                // elements of y and residual
  alignas(8) int32_t y_kind;         // kBytes, kFloats or kSums
  alignas(8) int32_t zero_point;
  alignas(8) int32_t qmin;
  alignas(8) int32_t qmax;
  alignas(8) float min;
  alignas(8) float max;
  alignas(8) int32_t residual_kind;  // kNone, kUnsigned or signed
  alignas(8) int32_t residual_zero_point;  // 0 if there is no residual, as the multiplier
  alignas(8) float residual_multiplier;
  alignas(8) int32_t y_access;  // bytes, 16, 8, 4 or 1, that divide addresses of y and residual, stride and columns
};

// Where x lies, as the rows of a matrix or under a window, and the packed weights.
struct Operands {
  const uint8_t* x;
  const int8_t* weights;
  const uint8_t* padding;        // under a window: 16 bytes of x's zero point
  int64_t x_stride;              // bytes from row to row of a matrix, from pixel to pixel under a window
  int64_t x_group;               // bytes from group to group
  alignas(8) int32_t x_access;   // bytes, 16, 8, 4 or 1, that divide addresses, strides, and depth or channels
  alignas(8) int32_t x_signed;   // 0 or 1
  alignas(8) int32_t rows;
  alignas(8) int32_t columns;         // of a group
  alignas(8) int32_t packed_columns;  // of a group, a multiple of 16
  alignas(8) int32_t depth;           // of a group
  alignas(8) int32_t channels;        // under a window: of a tap of a group; depth is taps * channels
  alignas(8) int32_t packed_depth;    // a multiple of 64
};

// A residual's byte with its zero point taken off, or 0 if there is none.
__device__ __forceinline__ int32_t residual_at(const Epilogue& e, uint8_t byte) {
  return (e.residual_kind == kUnsigned ? byte : static_cast<int8_t>(byte)) - e.residual_zero_point;
}

// A sum with its bias to a byte. Without a residual 0 * 0 is added, which changes no bit of the result.
__device__ __forceinline__ uint8_t to_byte(const Epilogue& e, int32_t sum, float multiplier, int32_t residual) {
  return static_cast<uint8_t>(requantize_add(sum, multiplier, residual, e.residual_multiplier, e.zero_point, e.qmin,
                                             e.qmax));
}

// A sum with its bias to fp32.
__device__ __forceinline__ float to_float(const Epilogue& e, int32_t sum, float multiplier) {
  float value = __fmul_rn(static_cast<float>(sum), multiplier);
  value = value < e.min ? e.min : value;
  return value > e.max ? e.max : value;
}

// The 32 bits that y gets of a sum with its bias: fp32 or the sum.
__device__ __forceinline__ int32_t to_word(const Epilogue& e, int32_t sum, float multiplier) {
  return e.y_kind == kFloats ? __float_as_int(to_float(e, sum, multiplier)) : sum;
}

__device__ __forceinline__ int32_t wrapping_add(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}

// d += a * b of 16 x 8 x 32, from sm_80 on; b is signed.
struct I16832 {
  template <bool Signed>
  static __device__ __forceinline__ void multiply(int32_t (&d)[4], const Fragment4& a, const Fragment2& b) {
    if constexpr (Signed) {
      mma_i16832_s8s8(d, a, b);
    } else {
      mma_i16832_u8s8(d, a, b);
    }
  }
};

// The same of four 8 x 8 x 16: their fragments are parts of the larger one's.
struct I8816 {
  template <bool Signed>
  static __device__ __forceinline__ void one(int32_t (&d)[2], uint32_t a, uint32_t b) {
    if constexpr (Signed) {
      mma_i8816_s8s8(d, a, b);
    } else {
      mma_i8816_u8s8(d, a, b);
    }
  }
  template <bool Signed>
  static __device__ __forceinline__ void multiply(int32_t (&d)[4], const Fragment4& a, const Fragment2& b) {
    int32_t upper[2] = {d[0], d[1]};
    int32_t lower[2] = {d[2], d[3]};
    one<Signed>(upper, a[0], b[0]);
    one<Signed>(upper, a[2], b[1]);
    one<Signed>(lower, a[1], b[0]);
    one<Signed>(lower, a[3], b[1]);
    d[0] = upper[0], d[1] = upper[1], d[2] = lower[0], d[3] = lower[1];
  }
};

template <int BM, int BN, int WM, int WN, int Stages_, int Slices = 1>
struct Tile {
  static constexpr int kRows = BM;
  static constexpr int kColumns = BN;
  static constexpr int kWarpRows = WM;
  static constexpr int kWarpColumns = WN;
  static constexpr int kStages = Stages_;
  static constexpr int kSlices = Slices;
  static constexpr int kWarps = BM / WM * (BN / WN);  // of a slice
  static constexpr int kThreads = kWarps * Slices * 32;
  static constexpr int kStageBytes = (BM + BN) * kDepth;
  static constexpr int kXPieces = BM * kPieces / kThreads;
  static constexpr int kWeightPieces = BN * kPieces / kThreads;
  static constexpr int kStoredRow = BN + kPiece;
  static_assert(BM * kStoredRow <= kStages * kStageBytes, "stored bytes reuse the stages");
};

using Wide = Tile<128, 256, 64, 64, 3>;
using Large = Tile<128, 128, 64, 32, 3>;
using Small = Tile<64, 64, 32, 32, 4>;
// Sliced.
using Slim = Tile<32, 32, 32, 32, 8, 4>;

__device__ __forceinline__ int piece_at(int row, int piece) {
  return row * kDepth + ((piece ^ ((row >> 1) & (kPieces - 1))) * kPiece);
}

template <int Access>
struct Word;
template <>
struct Word<16> {
  using Type = uint4;
};
template <>
struct Word<8> {
  using Type = uint2;
};
template <>
struct Word<4> {
  using Type = uint32_t;
};
template <>
struct Word<1> {
  using Type = uint8_t;
};

template <int Access>
__device__ __forceinline__ void move(void* to, const void* from, int count) {
  using Type = typename Word<Access>::Type;
#pragma unroll
  for (int i = 0; i < kPiece / Access; i++) {
    if (i * Access < count) {
      static_cast<Type*>(to)[i] = static_cast<const Type*>(from)[i];
    }
  }
}

// Moves the first `count` of 16 bytes; both addresses and the count are multiples of `access`.
__device__ __forceinline__ void move_piece(void* to, const void* from, int count, int access) {
  if (access == 16) {
    move<16>(to, from, count);
  } else if (access == 8) {
    move<8>(to, from, count);
  } else if (access == 4) {
    move<4>(to, from, count);
  } else {
    move<1>(to, from, count);
  }
}

// The tile of a block: its first row and column.
struct Corner {
  int row;
  int column;
};

template <class T>
__device__ __forceinline__ Corner corner(int rows, int columns) {
  int down = (rows + T::kRows - 1) / T::kRows;
  int across = (columns + T::kColumns - 1) / T::kColumns;
  int swath = static_cast<int>(blockIdx.x) / (kSwath * across);
  int first = swath * kSwath;
  int height = down - first < kSwath ? down - first : kSwath;
  int within = static_cast<int>(blockIdx.x) - first * across;
  return {(first + within % height) * T::kRows, within / height * T::kColumns};
}

}  // namespace octet::qproduct
