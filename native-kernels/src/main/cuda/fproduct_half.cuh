// A tile of an FP16 product on tensor cores, shared by gemm_f16.cu and conv_f16.cu.
//
// A block of 4 warps computes 64 by 64 sums in fp32, a warp 32 by 32 of them. A step takes 32 of depth; the next step's
// tiles are fetched into registers while this one's are multiplied out of shared memory (two buffers, one barrier a step).
// Rows of a tile are 80 bytes apart, so that the 8 rows that ldmatrix reads together lie in different banks. Each sum takes
// 16 products an instruction, in ascending k; how an instruction adds them is the device's, the same in every run. Before
// sm_80 an instruction takes 8.
#pragma once

#include "fproduct.cuh"
#include "octet_mma.cuh"

namespace octet::fproduct {

constexpr int kHalfThreads = 128;
constexpr int kHalfRows = 64;
constexpr int kHalfDepth = 32;
constexpr int kHalfStride = kHalfDepth + 8;
constexpr int kHalfChunks = kHalfRows * kHalfDepth / kChunk<__half> / kHalfThreads;
constexpr int kSumStride = kHalfRows + 4;

// The tensor-core instructions of a generation: d += a * b over 16 of depth.
struct Ampere {
  static __device__ __forceinline__ void multiply(float (&d)[4], const Fragment4& a, uint32_t b0, uint32_t b1) {
    Fragment2 b = {b0, b1};
    mma_h16816(d, a, b);
  }
};
struct Turing {
  static __device__ __forceinline__ void multiply(float (&d)[4], const Fragment4& a, uint32_t b0, uint32_t b1) {
    Fragment2 low = {a[0], a[1]};
    Fragment2 high = {a[2], a[3]};
    mma_h1688(d, low, b0);
    mma_h1688(d, high, b1);
  }
};

struct HalfTile {
  __half of[kHalfRows][kHalfStride];

  using At = Position<__half, kHalfRows, kHalfDepth>;

  __device__ __forceinline__ void put(const At& at, const Chunk<__half>& chunk, bool along_depth) {
    if (along_depth) {
      *reinterpret_cast<Chunk<__half>*>(&of[at.row][at.k]) = chunk;
    } else {
      for (int j = 0; j < kChunk<__half>; j++) {
        of[at.row + j][at.k] = chunk.of[j];
      }
    }
  }
};

// The chunks of an operand's tile that a thread moves.
template <typename Operand>
struct HalfMover {
  const Operand& operand;
  typename Operand::Cursor cursors[kHalfChunks];
  Chunk<__half> chunks[kHalfChunks];

  __device__ __forceinline__ HalfTile::At at(int i) const {
    return HalfTile::At::of(threadIdx.x + i * kHalfThreads, operand.along_depth);
  }
  __device__ __forceinline__ HalfMover(const Operand& from, int32_t first_row) : operand(from) {
#pragma unroll
    for (int i = 0; i < kHalfChunks; i++) {
      cursors[i] = operand.cursor(first_row + at(i).row);
    }
  }
  __device__ __forceinline__ void load(int32_t k) {
#pragma unroll
    for (int i = 0; i < kHalfChunks; i++) {
      chunks[i] = operand.load(cursors[i], k + at(i).k);
    }
  }
  __device__ __forceinline__ void put(HalfTile& tile) const {
#pragma unroll
    for (int i = 0; i < kHalfChunks; i++) {
      tile.put(at(i), chunks[i], operand.along_depth);
    }
  }
};

// One step of a warp: rows [row, row + 32) of left by columns [column, column + 32) of right.
template <typename Generation>
__device__ __forceinline__ void multiply(const HalfTile& left, const HalfTile& right, int row, int column,
                                         float (&sums)[2][4][4]) {
  int lane = threadIdx.x % 32;
#pragma unroll
  for (int k = 0; k < kHalfDepth; k += 16) {
    Fragment4 a[2];
    Fragment4 b[2];
#pragma unroll
    for (int i = 0; i < 2; i++) {
      ldmatrix_x4(a[i], &left.of[row + 16 * i + lane % 16][k + lane / 16 * 8]);
      ldmatrix_x4(b[i], &right.of[column + 16 * i + lane % 8 + lane / 16 * 8][k + lane / 8 % 2 * 8]);
    }
#pragma unroll
    for (int i = 0; i < 2; i++) {
#pragma unroll
      for (int j = 0; j < 4; j++) {
        Generation::multiply(sums[i][j], a[i], b[j / 2][j % 2 * 2], b[j / 2][j % 2 * 2 + 1]);
      }
    }
  }
}

// The sums of tile `tile` of the product of a and b, columns of tiles innermost.
template <typename Generation, typename A, typename B>
__device__ __forceinline__ void half_product(const A& a, const B& b, const Finish<__half>& finish, int32_t tile) {
  struct alignas(16) Shared {
    HalfTile left[2];
    HalfTile right[2];
  };
  __shared__ Shared shared;
  static_assert(sizeof(Shared) >= kHalfRows * kSumStride * sizeof(float));
  int32_t columns_of_tiles = (b.rows + kHalfRows - 1) / kHalfRows;
  int32_t first_row = tile / columns_of_tiles * kHalfRows;
  int32_t first_column = tile % columns_of_tiles * kHalfRows;
  int row = threadIdx.x / 64 * 32;
  int column = threadIdx.x / 32 % 2 * 32;
  HalfMover<A> from_a(a, first_row);
  HalfMover<B> from_b(b, first_column);
  from_a.load(0);
  from_b.load(0);
  from_a.put(shared.left[0]);
  from_b.put(shared.right[0]);
  __syncthreads();
  float sums[2][4][4] = {};
  for (int32_t k = 0, step = 0; k < a.depth; k += kHalfDepth, step ^= 1) {
    bool more = k + kHalfDepth < a.depth;
    if (more) {
      from_a.load(k + kHalfDepth);
      from_b.load(k + kHalfDepth);
    }
    multiply<Generation>(shared.left[step], shared.right[step], row, column, sums);
    if (more) {
      from_a.put(shared.left[step ^ 1]);
      from_b.put(shared.right[step ^ 1]);
    }
    __syncthreads();
  }
  float* staging = reinterpret_cast<float*>(&shared);
  int lane = threadIdx.x % 32;
#pragma unroll
  for (int i = 0; i < 2; i++) {
#pragma unroll
    for (int j = 0; j < 4; j++) {
#pragma unroll
      for (int v = 0; v < 4; v++) {
        int sum_row = row + 16 * i + lane / 4 + v / 2 * 8;
        staging[sum_row * kSumStride + column + 8 * j + lane % 4 * 2 + v % 2] = sums[i][j][v];
      }
    }
  }
  __syncthreads();
#pragma unroll 1
  for (int at = threadIdx.x; at < kHalfRows * kHalfRows; at += kHalfThreads) {
    int32_t y_row = first_row + at / kHalfRows;
    int32_t y_column = first_column + at % kHalfRows;
    if (y_row < a.rows && y_column < b.rows) {
      finish.store(y_row, y_column, staging[at / kHalfRows * kSumStride + at % kHalfRows]);
    }
  }
  __syncthreads();
}

}  // namespace octet::fproduct

// Kernels of one generation are empty in the machine code of the other, so that they cost nothing there.
#ifdef OCTET_BEFORE_AMPERE
#define OCTET_ON_AMPERE(call)
#define OCTET_ON_TURING(call) call
#elif defined(OCTET_SIMULATOR)
#define OCTET_ON_AMPERE(call) call
#define OCTET_ON_TURING(call) call
#else
#define OCTET_ON_AMPERE(call) call
#define OCTET_ON_TURING(call)
#endif
