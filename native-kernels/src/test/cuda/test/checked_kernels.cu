// Kernels that are right, and, when broken is 1, wrong in one place: the simulator must tell the two apart.

#include "simulator.h"

namespace {

// A block's sum over shared memory; each step needs its barrier.
__device__ float block_sum(float* partial, int dropped) {
  for (unsigned step = blockDim.x / 2; step > 0; step /= 2) {
    if (dropped == 0 || step != 32) {
      __syncthreads();
    }
    if (threadIdx.x < step) {
      partial[threadIdx.x] += partial[threadIdx.x + step];
    }
  }
  __syncthreads();
  return partial[0];
}

}  // namespace

extern "C" __global__ void sum_static(const float* x, float* y, int broken) {
  __shared__ float partial[256];
  partial[threadIdx.x] = x[blockIdx.x * blockDim.x + threadIdx.x];
  y[blockIdx.x] = block_sum(partial, broken);
}

extern "C" __global__ void sum_dynamic(const float* x, float* y, int broken) {
  OCTET_DYNAMIC_SHARED(bytes);
  float* partial = reinterpret_cast<float*>(bytes);
  partial[threadIdx.x] = x[blockIdx.x * blockDim.x + threadIdx.x];
  y[blockIdx.x] = block_sum(partial, broken);
}

// A scalar in shared memory, at a constant address.
extern "C" __global__ void share_scalar(const float* x, float* y, int broken) {
  __shared__ float total;
  if (threadIdx.x == 0) {
    total = x[0];
  }
  if (broken == 0) {
    __syncthreads();
  }
  y[threadIdx.x] = total;
}

// Lanes exchange by shared memory: only their warp must wait.
extern "C" __global__ void rotate_lanes(const float* x, float* y, int broken) {
  __shared__ float values[256];
  values[threadIdx.x] = x[threadIdx.x];
  if (broken == 0) {
    __syncwarp();
  }
  y[threadIdx.x] = values[(threadIdx.x & ~31u) | ((threadIdx.x + 1) & 31u)];
}

extern "C" __global__ void copy_global(const float* x, float* y, int broken) {
  y[threadIdx.x] = x[threadIdx.x + static_cast<unsigned>(broken)];
}

extern "C" __global__ void fill_global(const float* x, float* y, int broken) {
  y[static_cast<int>(threadIdx.x) - broken] = x[threadIdx.x];
}

extern "C" __global__ void copy_vectors(const float* x, float* y, int broken) {
  reinterpret_cast<int4*>(y)[threadIdx.x] = *reinterpret_cast<const int4*>(x + 4 * threadIdx.x + broken);
}

// y is never written before.
extern "C" __global__ void read_back(const float* x, float* y, int broken) {
  if (broken == 0) {
    y[threadIdx.x] = x[threadIdx.x];
  }
  y[threadIdx.x] = y[threadIdx.x] + 1.0f;
}

extern "C" __global__ void meet_all(const float* x, float* y, int broken) {
  if (broken != 0 && threadIdx.x == 7) {
    return;
  }
  __syncthreads();
  y[threadIdx.x] = x[threadIdx.x];
}

extern "C" __global__ void shuffle_all(const float* x, float* y, int broken) {
  if (broken != 0 && threadIdx.x % 32 == 7) {
    return;
  }
  y[threadIdx.x] = __shfl_xor_sync(0xffffffffu, x[threadIdx.x], 1);
}

extern "C" __global__ void index_static(const float* x, float* y, int broken) {
  __shared__ float values[256];
  values[static_cast<int>(threadIdx.x) + broken] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = values[threadIdx.x];
}

extern "C" __global__ void index_dynamic(const float* x, float* y, int broken) {
  OCTET_DYNAMIC_SHARED(bytes);
  float* values = reinterpret_cast<float*>(bytes);
  values[static_cast<int>(threadIdx.x) + broken] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = values[static_cast<int>(threadIdx.x) + broken];
}

// Two stages of asynchronous copies; broken 1 forgets to wait, 2 waits but not for the others.
extern "C" __global__ void copy_async(const float* x, float* y, int broken) {
  OCTET_DYNAMIC_SHARED(bytes);
  float* values = reinterpret_cast<float*>(bytes);
  octet_sim::cp_async(values + threadIdx.x, x + threadIdx.x, 4);
  octet_sim::cp_async_commit();
  octet_sim::cp_async(values + 256 + threadIdx.x, x + threadIdx.x, 4, 0);
  octet_sim::cp_async_commit();
  octet_sim::cp_async_wait(broken == 1 ? 2 : 1);
  if (broken != 2) {
    __syncthreads();
  }
  float value = values[255 - threadIdx.x];
  octet_sim::cp_async_wait(0);
  __syncthreads();
  y[threadIdx.x] = value + values[256 + threadIdx.x];
}

extern "C" __global__ void divide(const float* x, float* y, int broken) {
  y[threadIdx.x] = x[threadIdx.x] + static_cast<float>(static_cast<int>(threadIdx.x) / (1 - broken));
}

extern "C" __global__ void touch_host(const float* x, float* y, const float* host, int broken) {
  y[threadIdx.x] = broken != 0 ? host[threadIdx.x] : x[threadIdx.x];
}
