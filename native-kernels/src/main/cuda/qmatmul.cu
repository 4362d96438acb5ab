// Integer product of two run-time matrices a [rows, depth] and b [depth, columns] with zero points on both sides, batched,
// with its epilogue fused, on tensor cores; see qproduct.cuh. Grid: tiles, products.
//
// sum((a - za) * (b - zb)) = sum(a * b) - za * sum(b) - zb * sum(a) + depth * za * zb, modulo 2^32, with the sums of rows and
// columns taken from the fragments. b is made signed (u8 - 128) and transposed 4 x 4 bytes at a time on its way to shared
// memory, where depth has to run fastest.

#include "qproduct_sources.cuh"
#include "qproduct_tile.cuh"

namespace octet::qmatmul_file {

using namespace octet::qproduct;

struct Right {
  const uint8_t* b;
  const int32_t* a_matrices;         // index of the left matrix, one a product
  const int32_t* b_matrices;
  alignas(8) int32_t a_zero_point;
  alignas(8) int32_t b_zero_point;  // of b made signed
  alignas(8) int32_t b_flip;        // 0x80 if b is unsigned, else 0
  alignas(8) int32_t b_access;      // 4 if the rows of b are aligned to 4, else 1
};

__device__ __forceinline__ uint32_t column_word(const Right& p, int columns, const uint8_t* row, int column) {
  int left = columns - column;
  if (p.b_access == 4) {
    return left > 0 ? *reinterpret_cast<const uint32_t*>(row + column) ^ (0x01010101u * p.b_flip) : 0;
  }
  uint32_t word = 0;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    if (i < left) {
      word |= static_cast<uint32_t>(row[column + i] ^ p.b_flip) << (8 * i);
    }
  }
  return word;
}

// One step of b, as [columns, depth], into shared memory.
template <class T>
__device__ __forceinline__ void fetch_b(const Right& p, const Operands& o, const uint8_t* matrix, int first_column, int step,
                                        unsigned char* shared) {
#pragma unroll
  for (int i = static_cast<int>(threadIdx.x); i < T::kColumns / 4 * (kDepth / 4); i += T::kThreads) {
    // Lanes take 8 words of depth of 4 columns: stores then meet at most two to a bank.
    int within = (i % 8 + i / 32 % 2 * 8) * 4;
    int column = (i / 8 % 4 + i / 64 * 4) * 4;
    uint32_t in[4];
#pragma unroll
    for (int r = 0; r < 4; r++) {
      int64_t k = step * kDepth + within + r;
      in[r] = k < o.depth ? column_word(p, o.columns, matrix + k * o.columns, first_column + column) : 0;
    }
    uint32_t low01 = __byte_perm(in[0], in[1], 0x5140);
    uint32_t low23 = __byte_perm(in[2], in[3], 0x5140);
    uint32_t high01 = __byte_perm(in[0], in[1], 0x7362);
    uint32_t high23 = __byte_perm(in[2], in[3], 0x7362);
    uint32_t out[4] = {__byte_perm(low01, low23, 0x5410), __byte_perm(low01, low23, 0x7632),
                       __byte_perm(high01, high23, 0x5410), __byte_perm(high01, high23, 0x7632)};
#pragma unroll
    for (int c = 0; c < 4; c++) {
      *reinterpret_cast<uint32_t*>(shared + piece_at(column + c, within / kPiece) + within % kPiece) = out[c];
    }
  }
}

// Sums of the rows of a and the columns of b that this lane's fragments hold.
template <class T>
struct Sums {
  bool a_signed;
  uint32_t rows[Part<T>::kDown][2] = {};
  uint32_t columns[Part<T>::kAcross] = {};

  static __device__ __forceinline__ uint32_t add_signed(uint32_t bytes, uint32_t sum) {
    return static_cast<uint32_t>(__dp4a(static_cast<int>(bytes), 0x01010101, static_cast<int>(sum)));
  }
  __device__ __forceinline__ uint32_t add(uint32_t bytes, uint32_t sum) const {
    return a_signed ? add_signed(bytes, sum) : __dp4a(bytes, 0x01010101u, sum);
  }
  __device__ __forceinline__ void left(int i, const Fragment4& a) {
    rows[i][0] = add(a[2], add(a[0], rows[i][0]));
    rows[i][1] = add(a[3], add(a[1], rows[i][1]));
  }
  __device__ __forceinline__ void right(int j, const Fragment2& b) {
    columns[j] = add_signed(b[1], add_signed(b[0], columns[j]));
  }
};

// The sum over the 4 lanes that hold parts of the same row or column.
__device__ __forceinline__ uint32_t of_four(uint32_t value) {
  value += __shfl_xor_sync(0xffffffffu, value, 1);
  return value + __shfl_xor_sync(0xffffffffu, value, 2);
}

template <class T>
__device__ __forceinline__ void subtract_zero_points(const Right& p, int depth, Part<T>& part,
                                                     const Sums<T>& sums) {
  uint32_t a_zero = static_cast<uint32_t>(p.a_zero_point);
  uint32_t b_zero = static_cast<uint32_t>(p.b_zero_point);
  uint32_t both = static_cast<uint32_t>(depth) * a_zero * b_zero;
  int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll
  for (int j = 0; j < Part<T>::kAcross; j++) {
    uint32_t column = of_four(sums.columns[j]);
    uint32_t of_side[2] = {__shfl_sync(0xffffffffu, column, lane % 4 * 8),
                           __shfl_sync(0xffffffffu, column, lane % 4 * 8 + 4)};
#pragma unroll
    for (int i = 0; i < Part<T>::kDown; i++) {
#pragma unroll
      for (int e = 0; e < 4; e++) {
        uint32_t sum = static_cast<uint32_t>(part.sums[i][j][e]) - a_zero * of_side[e % 2] + both;
        part.sums[i][j][e] = static_cast<int32_t>(sum);
      }
    }
  }
#pragma unroll
  for (int i = 0; i < Part<T>::kDown; i++) {
    uint32_t of_half[2] = {b_zero * of_four(sums.rows[i][0]), b_zero * of_four(sums.rows[i][1])};
#pragma unroll
    for (int j = 0; j < Part<T>::kAcross; j++) {
#pragma unroll
      for (int e = 0; e < 4; e++) {
        part.sums[i][j][e] = static_cast<int32_t>(static_cast<uint32_t>(part.sums[i][j][e]) - of_half[e / 2]);
      }
    }
  }
}

template <class Mma, class T>
__device__ __forceinline__ void run(const Operands& o, const Epilogue& e, const Right& p) {
  OCTET_DYNAMIC_SHARED(shared);
  Corner at = corner<T>(o.rows, o.columns);
  int64_t product = blockIdx.y;
  MatrixSource<T, false> a(o, o.x + p.a_matrices[product] * static_cast<int64_t>(o.rows) * o.depth, at.row);
  const uint8_t* b = p.b + p.b_matrices[product] * static_cast<int64_t>(o.depth) * o.columns;
  Part<T> part;
  Sums<T> sums{o.x_signed != 0};
  unsigned char* right = shared + T::kRows * kDepth;
  for (int step = 0; step * kDepth < o.depth; step++) {
    __syncthreads();
    a.fetch(shared, step);
    cp_async_commit();
    fetch_b<T>(p, o, b, at.column, step, right);
    cp_async_wait<0>();
    __syncthreads();
    multiply_step<Mma>(part, o.x_signed != 0, shared, right, 0, kPieces, sums);
  }
  subtract_zero_points<T>(p, o.depth, part, sums);
  Target target{(product * o.rows + at.row) * e.row_stride + at.column, at.column, o.rows - at.row,
                o.columns - at.column};
  store_tile<T>(e, target, part, shared);
}

}  // namespace octet::qmatmul_file

#ifdef OCTET_I16832_KERNELS

extern "C" __global__ void __launch_bounds__(128, 3)
    octet_i16832_qmatmul_i8i8_64x64(octet::qproduct::Operands o, octet::qproduct::Epilogue e,
                                  octet::qmatmul_file::Right right) {
  using namespace octet::qproduct;
  octet::qmatmul_file::run<I16832, Small>(o, e, right);
}

#endif

#ifdef OCTET_I8816_KERNELS

extern "C" __global__ void __launch_bounds__(128, 3)
    octet_i8816_qmatmul_i8i8_64x64(octet::qproduct::Operands o, octet::qproduct::Epilogue e,
                                  octet::qmatmul_file::Right right) {
  using namespace octet::qproduct;
  octet::qmatmul_file::run<I8816, Small>(o, e, right);
}

#endif
