// A product on a warpgroup, right or broken in one of many ways: d [64, n] = a [64, 64] * b [n, 64] transposed, bytes.

#include "simulator.h"
#include "warpgroup_faults.h"

namespace {

constexpr int DEPTH = 64;
constexpr int PIECES = DEPTH / 16;

// Where piece c of row r lies, as the figures of PTX ISA 9.7.15.5.1.2 draw it. Pieces of 128-byte rows are those of two
// products of this depth side by side, of which the second is never written.
unsigned char* place(unsigned char* matrix, int rows, int swizzle, int r, int c) {
  switch (swizzle) {
    case 0:  // 8 rows of one piece, one below the other; then the next piece of all rows
      return matrix + c * rows * 16 + r * 16;
    case 1:
      return matrix + r * 128 + (c ^ r % 8) * 16;
    case 2:
      return matrix + r * 64 + (c ^ r % 8 / 2) * 16;
    default:  // rows of two pieces, of which there are two behind each other
      return matrix + c / 2 * rows * 32 + r * 32 + (c % 2 ^ r % 8 / 4) * 16;
  }
}

uint64_t descriptor(const unsigned char* matrix, int rows, int swizzle, int k) {
  const int pattern_bytes[] = {128, 1024, 512, 256};
  const int step_bytes[] = {2 * rows * 16, 32, 32, rows * 32};
  const uint64_t start = octet_sim::shared_address(matrix) + static_cast<uint64_t>(k * step_bytes[swizzle]);
  const uint64_t leading = swizzle == 0 ? static_cast<uint64_t>(rows) : 1;
  return start >> 4 | leading << 16 | static_cast<uint64_t>(pattern_bytes[swizzle]) >> 4 << 32 |
         static_cast<uint64_t>(swizzle) << 62;
}

void fill(unsigned char* matrix, const unsigned char* from, int rows, int swizzle, int fault) {
  for (int i = static_cast<int>(threadIdx.x); i < rows * PIECES; i += static_cast<int>(blockDim.x)) {
    unsigned char* to = fault == UNSWIZZLED ? matrix + i * 16 : place(matrix, rows, swizzle, i / PIECES, i % PIECES);
    octet_sim::cp_async(to, from + i * 16, 16);
  }
  octet_sim::cp_async_commit();
  octet_sim::cp_async_wait(0);
}

void multiply(int* sums, int n, const unsigned char* a, const unsigned char* b, int swizzle, bool a_unsigned, int fault) {
  if (fault != NO_GROUP_FENCE) {
    octet_sim::wgmma_fence();
  }
  const int b_swizzle = fault == OTHER_SWIZZLE ? 1 : swizzle;
  const int warp = static_cast<int>(threadIdx.x) / 32;
  for (int k = 0; k < 2; k++) {
    const int at = fault == OTHER_DESCRIPTOR && warp == 3 ? 0 : k;
    octet_sim::wgmma_m64k32(sums, n, descriptor(a, 64, swizzle, at), descriptor(b, n, b_swizzle, k), a_unsigned);
  }
  if (fault != NO_COMMIT) {
    octet_sim::wgmma_commit_group();
  }
}

}  // namespace

extern "C" __global__ void __launch_bounds__(128)
    multiply_warpgroup(const unsigned char* a, const unsigned char* b, int* d, int n, int swizzle, int a_unsigned, int fault) {
  OCTET_DYNAMIC_SHARED_AT(shared, 1024);
  unsigned char* shared_b = shared + 64 * 128;
  const int warp = static_cast<int>(threadIdx.x) / 32;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  int sums[128];
  for (int i = 0; i < n / 2; i++) {
    sums[i] = d[(16 * warp + lane / 4 + 8 * (i % 4 / 2)) * n + i / 4 * 8 + lane % 4 * 2 + i % 2];
  }
  fill(shared, a, 64, swizzle, fault);
  fill(shared_b, b, n, swizzle, fault);
  if (fault != NO_PROXY_FENCE) {
    octet_sim::fence_proxy_async();
  }
  if (fault != NO_BARRIER) {
    __syncthreads();
  }
  multiply(sums, n, shared, shared_b, swizzle, a_unsigned != 0, fault);
  if (fault == EARLY_WRITE) {
    *place(shared_b, n, swizzle, static_cast<int>(threadIdx.x) % n, 0) = 0;
  }
  if (fault == EARLY_CHANGE) {
    sums[1]++;
  }
  const int early = sums[0];
  octet_sim::wgmma_wait_group(fault == NO_WAIT ? 1 : 0);
  if (fault == EARLY_READ) {
    sums[0] = early;
  }
  for (int i = 0; i < n / 2; i++) {
    d[(16 * warp + lane / 4 + 8 * (i % 4 / 2)) * n + i / 4 * 8 + lane % 4 * 2 + i % 2] = sums[i];
  }
}
