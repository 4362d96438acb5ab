// Hopper's warpgroup-wide multiplication of bytes, its operands in shared memory, and its fences: PTX ISA 9.7.15, "Asynchronous
// Warpgroup Level Matrix Instructions". A warpgroup is 4 warps, the first of a number that 4 divides.
//
// wgmma_m64k32 starts d += a * b and returns: a is 64 rows, b is N columns, both with 32 bytes of depth side by side; the sums
// of warp w of the warpgroup are rows 16w to 16w + 15, in lanes as the results of m16n8k32 (octet_mma.cuh), one fragment for
// each 8 columns. Until a wait after a commit says that it has ended, nobody may touch d's registers or write a or b.
//
// Operands are read by the asynchronous proxy, which sees what a thread stored or copied there after that thread's fence_proxy_async
// and a barrier. Descriptors are 9.7.15.5.1.2.2's: bits 0-13 address / 16, 16-29 the leading offset / 16, which swizzled
// operands do not use and which is 1 by convention, 32-45 bytes from 8 rows to the next 8 / 16, 62-63 the swizzle, here of 64
// bytes: Swizzle<2,4,3>, where bits 4 and 5 of an address are stored xor bits 7 and 8. Matrices start at multiples of 512 bytes.
//
// On the simulated device the same functions call the emulation in simulator.h.
#pragma once

#include "octet_mma.cuh"

// Kernels of these instructions are for sm_90a, and for no other device.
#if defined(OCTET_SIMULATOR) || !defined(__CUDA_ARCH__) || defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define OCTET_IGMMA_KERNELS
#endif

namespace octet {

// Where swizzled matrices and their parts of 8 rows start: multiples of this many bytes.
constexpr int kSwizzleBytes = 512;

// The sums of a warp: N / 8 fragments of 16 rows x 8 columns.
template <int N>
using WarpgroupSums = int32_t[N / 8][4];

#ifdef OCTET_SIMULATOR

__device__ inline uint64_t matrix_address(const void* shared) { return octet_sim::shared_address(shared); }
__device__ inline void fence_proxy_async() { octet_sim::fence_proxy_async(); }
__device__ inline void wgmma_fence() { octet_sim::wgmma_fence(); }
__device__ inline void wgmma_commit() { octet_sim::wgmma_commit_group(); }
template <int Pending>
__device__ inline void wgmma_wait() {
  octet_sim::wgmma_wait_group(Pending);
}
template <int N>
__device__ inline void keep_after(WarpgroupSums<N>&) {}
template <int N>
__device__ inline void wgmma_wait_all(WarpgroupSums<N>&) {
  octet_sim::wgmma_wait_group(0);
}
template <bool Signed, int N>
__device__ inline void wgmma_m64k32(WarpgroupSums<N>& d, uint64_t a, uint64_t b) {
  octet_sim::wgmma_m64k32(&d[0][0], N, a, b, !Signed);
}

#elif defined(OCTET_IGMMA_KERNELS)

__device__ __forceinline__ uint64_t matrix_address(const void* shared) { return shared_address(shared); }

// Orders what this thread wrote to shared memory before reads of the asynchronous proxy that a barrier puts after it.
__device__ __forceinline__ void fence_proxy_async() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }

// Orders this warp's accesses to the sums before the multiplications that follow.
__device__ __forceinline__ void wgmma_fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }

// Ends a group of multiplications.
__device__ __forceinline__ void wgmma_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }

// Waits until at most Pending of the latest groups are under way.
template <int Pending>
__device__ __forceinline__ void wgmma_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(Pending) : "memory");
}

// Keeps the compiler, which does not know that a wait changes the sums, from using them before the wait above.
template <int N>
__device__ __forceinline__ void keep_after(WarpgroupSums<N>& d) {
#pragma unroll
  for (int j = 0; j < N / 8; j++) {
    asm volatile("" : "+r"(d[j][0]), "+r"(d[j][1]), "+r"(d[j][2]), "+r"(d[j][3])::"memory");
  }
}

// Waits until all have ended. To the compiler the sums change here: it must not read them before.
template <int N>
__device__ __forceinline__ void wgmma_wait_all(WarpgroupSums<N>& d) {
  wgmma_wait<0>();
#pragma unroll
  for (int j = 0; j < N / 8; j++) {
    asm volatile("" : "+r"(d[j][0]), "+r"(d[j][1]), "+r"(d[j][2]), "+r"(d[j][3])::"memory");
  }
}

#define OCTET_D4(j) "+r"(d[j][0]), "+r"(d[j][1]), "+r"(d[j][2]), "+r"(d[j][3])
#define OCTET_D16(j) OCTET_D4(j), OCTET_D4(j + 1), OCTET_D4(j + 2), OCTET_D4(j + 3)
#define OCTET_D32(j) OCTET_D16(j), OCTET_D16(j + 4)
#define OCTET_D64(j) OCTET_D32(j), OCTET_D32(j + 8)
#define OCTET_D128(j) OCTET_D64(j), OCTET_D64(j + 16)
#define OCTET_R32                                                                                                        \
  "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, " \
  "%25, %26, %27, %28, %29, %30, %31"
#define OCTET_R64                                                                                                     \
  OCTET_R32                                                                                                           \
  ", %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, %48, %49, %50, %51, %52, %53, " \
  "%54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
#define OCTET_R128                                                                                                     \
  OCTET_R64                                                                                                            \
  ", %64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, %80, %81, %82, %83, %84, %85, "  \
  "%86, %87, %88, %89, %90, %91, %92, %93, %94, %95, %96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, "   \
  "%107, %108, %109, %110, %111, %112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122, %123, %124, %125, " \
  "%126, %127"
#define OCTET_WGMMA(n, type, registers, sums, a_at, b_at)                                                           \
  asm volatile("wgmma.mma_async.sync.aligned.m64n" #n "k32.s32." type ".s8 {" registers "}, %" #a_at ", %" #b_at ", 1;" \
               : sums(0)                                                                                             \
               : "l"(a), "l"(b))

template <bool Signed, int N>
__device__ __forceinline__ void wgmma_m64k32(WarpgroupSums<N>& d, uint64_t a, uint64_t b) {
  static_assert(N == 64 || N == 128 || N == 256);
  if constexpr (N == 256 && Signed) {
    OCTET_WGMMA(256, "s8", OCTET_R128, OCTET_D128, 128, 129);
  } else if constexpr (N == 256) {
    OCTET_WGMMA(256, "u8", OCTET_R128, OCTET_D128, 128, 129);
  } else if constexpr (N == 128 && Signed) {
    OCTET_WGMMA(128, "s8", OCTET_R64, OCTET_D64, 64, 65);
  } else if constexpr (N == 128) {
    OCTET_WGMMA(128, "u8", OCTET_R64, OCTET_D64, 64, 65);
  } else if constexpr (Signed) {
    OCTET_WGMMA(64, "s8", OCTET_R32, OCTET_D32, 32, 33);
  } else {
    OCTET_WGMMA(64, "u8", OCTET_R32, OCTET_D32, 32, 33);
  }
}

#undef OCTET_WGMMA
#undef OCTET_R128
#undef OCTET_R64
#undef OCTET_R32
#undef OCTET_D128
#undef OCTET_D64
#undef OCTET_D32
#undef OCTET_D16
#undef OCTET_D4

#endif

#ifdef OCTET_IGMMA_KERNELS

// The descriptor of rows of 64 bytes, of which the multiplication takes 32 from `shared` on.
__device__ __forceinline__ uint64_t matrix_descriptor(const void* shared) {
  constexpr uint64_t kUnusedLeading = 1;
  constexpr uint64_t kSwizzle64 = 2;
  return (matrix_address(shared) & 0x3ffff) >> 4 | kUnusedLeading << 16 |
         static_cast<uint64_t>(kSwizzleBytes >> 4) << 32 | kSwizzle64 << 62;
}

#endif

}  // namespace octet
