// Warp-wide tensor-core instructions, their operand loads, and asynchronous copies into shared memory: all inline PTX.
//
// Fragments, by lane with g = lane / 4 and t = lane % 4; a 32-bit register holds 4 bytes or 2 halves, lowest index first:
//   m16n8k32 (8 bit)  a0 row g, k 4t..    a1 row g+8, k 4t..   a2 row g, k 16+4t..  a3 row g+8, k 16+4t..
//                     b0 column g, k 4t.. b1 column g, k 16+4t..
//   m8n8k16 (8 bit)   a row g, k 4t..     b column g, k 4t..
//   m16n8k16 (f16)    a0 row g, k 2t..    a1 row g+8, k 2t..   a2 row g, k 8+2t..   a3 row g+8, k 8+2t..
//                     b0 column g, k 2t.. b1 column g, k 8+2t..
//   m16n8k8 (f16)     a0 row g, k 2t..    a1 row g+8, k 2t..   b column g, k 2t..
//   results           d0 row g, column 2t; d1 column 2t+1; of 16 rows also d2 row g+8, column 2t; d3 column 2t+1
// ldmatrix reads 8x8 matrices of 16 bits (or 8 rows of 16 bytes): lanes 8i..8i+7 give the rows of matrix i, each aligned to
// 16 bytes, and lane l gets elements 2t, 2t+1 of row g. So the fragments above of K-major operands need no shuffling.
//
// On the simulated device the same functions call the emulation in simulator.h.
#pragma once

#include "octet.cuh"

// Kernels of m16n8k32 are for sm_80 and later, those of m8n8k16 for sm_75; the simulated device is either.
#if !defined(OCTET_SIMULATOR) && defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
#define OCTET_BEFORE_AMPERE
#define OCTET_I8816_KERNELS
#elif defined(OCTET_SIMULATOR)
#define OCTET_I8816_KERNELS
#define OCTET_I16832_KERNELS
#else
#define OCTET_I16832_KERNELS
#endif

namespace octet {

using Fragment4 = uint32_t[4];
using Fragment2 = uint32_t[2];

// cp_async before sm_80.
template <int Size>
__device__ __forceinline__ void copy_now(void* shared, const void* global, int bytes) {
  static_assert(Size == 4 || Size == 8 || Size == 16);
  if (bytes == Size) {
    if constexpr (Size == 16) {
      *static_cast<uint4*>(shared) = *static_cast<const uint4*>(global);
    } else if constexpr (Size == 8) {
      *static_cast<uint2*>(shared) = *static_cast<const uint2*>(global);
    } else {
      *static_cast<uint32_t*>(shared) = *static_cast<const uint32_t*>(global);
    }
    return;
  }
  for (int i = 0; i < Size / 4; i++) {
    static_cast<uint32_t*>(shared)[i] = 0;
  }
#pragma unroll 1
  for (int i = 0; i < bytes; i++) {
    static_cast<uint8_t*>(shared)[i] = static_cast<const uint8_t*>(global)[i];
  }
}

#ifdef OCTET_SIMULATOR

__device__ inline void mma_i16832_s8s8(int32_t (&d)[4], const Fragment4& a, const Fragment2& b) {
  octet_sim::mma_m16n8k32(d, a, b);
}
__device__ inline void mma_i16832_u8s8(int32_t (&d)[4], const Fragment4& a, const Fragment2& b) {
  octet_sim::mma_m16n8k32(d, a, b, true);
}
__device__ inline void mma_i8816_s8s8(int32_t (&d)[2], uint32_t a, uint32_t b) {
  octet_sim::mma_m8n8k16(d, {a}, {b});
}
__device__ inline void mma_i8816_u8s8(int32_t (&d)[2], uint32_t a, uint32_t b) {
  octet_sim::mma_m8n8k16(d, {a}, {b}, true);
}
__device__ inline void mma_h16816(float (&d)[4], const Fragment4& a, const Fragment2& b) {
  octet_sim::mma_m16n8k16_f16(d, a, b);
}
__device__ inline void mma_h1688(float (&d)[4], const Fragment2& a, uint32_t b) {
  octet_sim::mma_m16n8k8_f16(d, a, {b});
}
__device__ inline void ldmatrix_x4(Fragment4& r, const void* row) { octet_sim::ldmatrix_x4(r, row); }
__device__ inline void ldmatrix_x2(Fragment2& r, const void* row) { octet_sim::ldmatrix_x2(r, row); }
__device__ inline void ldmatrix_x1(uint32_t& r, const void* row) {
  unsigned one[1];
  octet_sim::ldmatrix_x1(one, row);
  r = one[0];
}
__device__ inline void ldmatrix_x4_trans(Fragment4& r, const void* row) { octet_sim::ldmatrix_x4(r, row, true); }
__device__ inline void ldmatrix_x2_trans(Fragment2& r, const void* row) { octet_sim::ldmatrix_x2(r, row, true); }

template <int Size>
__device__ inline void cp_async(void* shared, const void* global, int bytes) {
  if (octet_sim::compute_capability() < 80) {
    copy_now<Size>(shared, global, bytes);
  } else {
    octet_sim::cp_async(shared, global, Size, bytes);
  }
}
__device__ inline void cp_async_commit() { octet_sim::cp_async_commit(); }
template <int Pending>
__device__ inline void cp_async_wait() {
  octet_sim::cp_async_wait(Pending);
}

#else

__device__ __forceinline__ uint32_t shared_address(const void* shared) {
  return static_cast<uint32_t>(__cvta_generic_to_shared(shared));
}

#ifdef OCTET_BEFORE_AMPERE

// Kernels that issue these are not launched before sm_80; templates that name them have to compile.
__device__ __forceinline__ void mma_i16832_s8s8(int32_t (&)[4], const Fragment4&, const Fragment2&) { __trap(); }
__device__ __forceinline__ void mma_i16832_u8s8(int32_t (&)[4], const Fragment4&, const Fragment2&) { __trap(); }
__device__ __forceinline__ void mma_h16816(float (&)[4], const Fragment4&, const Fragment2&) { __trap(); }

#else

// d += a * b over 32 signed bytes.
__device__ __forceinline__ void mma_i16832_s8s8(int32_t (&d)[4], const Fragment4& a, const Fragment2& b) {
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// The same with unsigned bytes in a.
__device__ __forceinline__ void mma_i16832_u8s8(int32_t (&d)[4], const Fragment4& a, const Fragment2& b) {
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// d += a * b over 16 halves, summed in fp32.
__device__ __forceinline__ void mma_h16816(float (&d)[4], const Fragment4& a, const Fragment2& b) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

#endif

// d += a * b over 16 signed bytes: the shape that sm_75 has.
__device__ __forceinline__ void mma_i8816_s8s8(int32_t (&d)[2], uint32_t a, uint32_t b) {
  asm volatile("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
               : "+r"(d[0]), "+r"(d[1])
               : "r"(a), "r"(b));
}

// The same with unsigned bytes in a.
__device__ __forceinline__ void mma_i8816_u8s8(int32_t (&d)[2], uint32_t a, uint32_t b) {
  asm volatile("mma.sync.aligned.m8n8k16.row.col.s32.u8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
               : "+r"(d[0]), "+r"(d[1])
               : "r"(a), "r"(b));
}

// d += a * b over 8 halves, summed in fp32: the shape that sm_75 has.
__device__ __forceinline__ void mma_h1688(float (&d)[4], const Fragment2& a, uint32_t b) {
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(b));
}

__device__ __forceinline__ void ldmatrix_x4(Fragment4& r, const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(shared_address(row))
               : "memory");
}

__device__ __forceinline__ void ldmatrix_x2(Fragment2& r, const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];"
               : "=r"(r[0]), "=r"(r[1])
               : "r"(shared_address(row))
               : "memory");
}

__device__ __forceinline__ void ldmatrix_x1(uint32_t& r, const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%0}, [%1];" : "=r"(r) : "r"(shared_address(row)) : "memory");
}

// Each matrix transposed: lane l gets elements g of rows 2t, 2t+1.
__device__ __forceinline__ void ldmatrix_x4_trans(Fragment4& r, const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(shared_address(row))
               : "memory");
}

__device__ __forceinline__ void ldmatrix_x2_trans(Fragment2& r, const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];"
               : "=r"(r[0]), "=r"(r[1])
               : "r"(shared_address(row))
               : "memory");
}

#ifdef OCTET_BEFORE_AMPERE

template <int Size>
__device__ __forceinline__ void cp_async(void* shared, const void* global, int bytes) {
  copy_now<Size>(shared, global, bytes);
}
__device__ __forceinline__ void cp_async_commit() {}
template <int Pending>
__device__ __forceinline__ void cp_async_wait() {}

#else

// Copies `bytes` (0 to Size) of Size bytes from global to shared memory and fills the rest with zeros; both aligned to
// Size. Visible to the thread after commit and wait, to the block after a barrier too.
template <int Size>
__device__ __forceinline__ void cp_async(void* shared, const void* global, int bytes) {
  static_assert(Size == 4 || Size == 8 || Size == 16);
  if constexpr (Size == 16) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(shared)), "l"(global), "r"(bytes)
                 : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(shared_address(shared)), "l"(global), "n"(Size),
                 "r"(bytes)
                 : "memory");
  }
}

// Ends a group of copies.
__device__ __forceinline__ void cp_async_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }

// Waits until at most Pending of this thread's latest groups are under way.
template <int Pending>
__device__ __forceinline__ void cp_async_wait() {
  asm volatile("cp.async.wait_group %0;" ::"n"(Pending) : "memory");
}

#endif
#endif

}  // namespace octet
