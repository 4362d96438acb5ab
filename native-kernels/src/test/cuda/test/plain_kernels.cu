// Kernels that show what the simulator's threads, warps, atomics and matrix instructions compute.

#include "simulator.h"

extern "C" __global__ void note_places(int* places) {
  const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  const unsigned threads = blockDim.x * blockDim.y * blockDim.z;
  places[block * threads + thread] = static_cast<int>(block * 1000 + thread);
}

// Eight results a lane.
extern "C" __global__ void warp_operations(int* results) {
  const int lane = static_cast<int>(threadIdx.x);
  int* mine = results + 8 * lane;
  mine[0] = __shfl_sync(0xffffffffu, lane * lane, 5);
  mine[1] = __shfl_up_sync(0xffffffffu, lane, 3u);
  mine[2] = __shfl_down_sync(0xffffffffu, lane, 4u, 8);
  mine[3] = __shfl_xor_sync(0xffffffffu, lane, 16);
  mine[4] = static_cast<int>(__ballot_sync(0xffffffffu, lane % 3 == 0));
  mine[5] = __all_sync(0xffffffffu, lane >= 0) + 2 * __any_sync(0xffffffffu, lane == 40);
  // Both halves of the warp meet apart.
  mine[6] = lane < 16 ? __reduce_add_sync(0xffffu, lane) : __reduce_max_sync(0xffff0000u, lane);
  mine[7] = __shfl_sync(0xffffffffu, lane, lane + 1, 4);
}

extern "C" __global__ void block_votes(int* results) {
  const int odd = static_cast<int>(threadIdx.x % 2);
  const int count = __syncthreads_count(odd);
  const int any = __syncthreads_or(threadIdx.x == 3);
  const int all = __syncthreads_and(threadIdx.x != 3);
  results[threadIdx.x] = count * 100 + any * 10 + all;
}

extern "C" __global__ void count_atomically(int* counters, float* sum, unsigned long long* most) {
  __shared__ unsigned block_count;
  if (threadIdx.x == 0) {
    block_count = 0;
  }
  __syncthreads();
  atomicAdd(&block_count, 1u);
  __syncthreads();
  if (threadIdx.x == 0) {
    atomicAdd(&counters[0], static_cast<int>(block_count));
  }
  atomicMin(&counters[1], -static_cast<int>(threadIdx.x));
  atomicAdd(sum, 0.5f);
  atomicMax(most, static_cast<unsigned long long>(blockIdx.x));
  atomicCAS(&counters[2], static_cast<int>(threadIdx.x), static_cast<int>(threadIdx.x) + 1);
}

// One warp; fragments loaded and stored element by element, as the tables of the PTX ISA for the shapes give their places.
extern "C" __global__ void multiply_16832(const signed char* a, const signed char* b, int* d, int a_unsigned,
                                          int b_unsigned) {
  const int group = static_cast<int>(threadIdx.x) >> 2;
  const int member = static_cast<int>(threadIdx.x) % 4;
  signed char as[16];
  signed char bs[8];
  int c[4];
  for (int i = 0; i < 16; i++) {
    const int row = (i < 4 || (i >= 8 && i < 12)) ? group : group + 8;
    const int column = member * 4 + (i & 3) + (i < 8 ? 0 : 16);
    as[i] = a[row * 32 + column];
  }
  for (int i = 0; i < 8; i++) {
    const int row = member * 4 + (i & 3) + (i < 4 ? 0 : 16);
    bs[i] = b[group * 32 + row];
  }
  for (int i = 0; i < 4; i++) {
    c[i] = d[(i < 2 ? group : group + 8) * 8 + member * 2 + (i & 1)];
  }
  unsigned a_words[4];
  unsigned b_words[2];
  memcpy(a_words, as, 16);
  memcpy(b_words, bs, 8);
  octet_sim::mma_m16n8k32(c, a_words, b_words, a_unsigned != 0, b_unsigned != 0);
  for (int i = 0; i < 4; i++) {
    d[(i < 2 ? group : group + 8) * 8 + member * 2 + (i & 1)] = c[i];
  }
}

extern "C" __global__ void multiply_8816(const signed char* a, const signed char* b, int* d) {
  const int group = static_cast<int>(threadIdx.x) >> 2;
  const int member = static_cast<int>(threadIdx.x) % 4;
  unsigned a_words[1];
  unsigned b_words[1];
  memcpy(a_words, a + group * 16 + member * 4, 4);
  memcpy(b_words, b + group * 16 + member * 4, 4);
  int c[2] = {d[group * 8 + member * 2], d[group * 8 + member * 2 + 1]};
  octet_sim::mma_m8n8k16(c, a_words, b_words);
  d[group * 8 + member * 2] = c[0];
  d[group * 8 + member * 2 + 1] = c[1];
}

extern "C" __global__ void multiply_16816_f16(const __half* a, const __half* b, float* d) {
  const int group = static_cast<int>(threadIdx.x) >> 2;
  const int member = static_cast<int>(threadIdx.x) % 4;
  __half as[8];
  __half bs[4];
  float c[4];
  for (int i = 0; i < 8; i++) {
    const int row = (i < 2 || (i >= 4 && i < 6)) ? group : group + 8;
    const int column = member * 2 + (i & 1) + (i < 4 ? 0 : 8);
    as[i] = a[row * 16 + column];
  }
  for (int i = 0; i < 4; i++) {
    bs[i] = b[group * 16 + member * 2 + (i & 1) + (i < 2 ? 0 : 8)];
  }
  for (int i = 0; i < 4; i++) {
    c[i] = d[(i < 2 ? group : group + 8) * 8 + member * 2 + (i & 1)];
  }
  unsigned a_words[4];
  unsigned b_words[2];
  memcpy(a_words, as, 16);
  memcpy(b_words, bs, 8);
  octet_sim::mma_m16n8k16_f16(c, a_words, b_words);
  for (int i = 0; i < 4; i++) {
    d[(i < 2 ? group : group + 8) * 8 + member * 2 + (i & 1)] = c[i];
  }
}

// Four 8 x 8 matrices of 16-bit elements, row m * 8 + r of x is row r of matrix m; a lane stores its registers.
extern "C" __global__ void load_matrices(const int4* x, unsigned* registers, int transposed) {
  __shared__ int4 rows[32];
  rows[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  unsigned mine[4];
  octet_sim::ldmatrix_x4(mine, &rows[threadIdx.x], transposed != 0);
  for (int m = 0; m < 4; m++) {
    registers[4 * threadIdx.x + static_cast<unsigned>(m)] = mine[m];
  }
}

extern "C" __global__ void convert(const float* x, int* whole, unsigned short* halves, int count) {
  for (int i = static_cast<int>(threadIdx.x); i < count; i += static_cast<int>(blockDim.x)) {
    whole[i] = __float2int_rn(x[i]);
    halves[i] = __half_as_ushort(__float2half_rn(x[i]));
  }
}

extern "C" __global__ void integer_tricks(int* results) {
  results[0] = __dp4a(static_cast<int>(0x80ff017fu), 0x02030405, 7);
  results[1] = static_cast<int>(__dp4a(0x80ff017fu, 0x02030405u, 7u));
  results[2] = static_cast<int>(__byte_perm(0x33221100u, 0x77665544u, 0x7120u));
  results[3] = __clz(1) * 100 + __popc(0xf0u);
  results[4] = __float2int_rn(2.5f) * 10 + __float2int_rn(-3.5f);
}

// Long enough that work submitted behind it is still waiting when the host goes on.
extern "C" __global__ void __launch_bounds__(64) add_slowly(int* value, int addend, int turns) {
  if (threadIdx.x == 0) {
    for (int i = 0; i < turns; i++) {
      atomicAdd(value, 0);
    }
    *value = *value * 2 + addend;
  }
}
