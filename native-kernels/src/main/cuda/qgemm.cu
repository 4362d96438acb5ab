// Integer matrix product x [rows, depth] * w^T with its epilogue fused, on tensor cores; see qproduct.cuh for tiles, data
// movement and packed weights. Grid: tiles, groups. Instructions: m16n8k32 from sm_80 on, m8n8k16 on sm_75, and the
// warpgroup's m64nNk32 on sm_90a (qproduct_warpgroup.cuh).

#include "qproduct_slices.cuh"
#include "qproduct_sources.cuh"
#include "qproduct_warpgroup.cuh"

namespace octet::qgemm_file {

using namespace octet::qproduct;

template <class Mma, class T, bool Aligned>
__device__ __forceinline__ void run(const Operands& o, const Epilogue& e) {
  OCTET_DYNAMIC_SHARED(shared);
  Corner at = corner<T>(o.rows, o.columns);
  MatrixSource<T, Aligned> x(o, o.x + static_cast<int64_t>(blockIdx.y) * o.x_group, at.row);
  any_tile<Mma, T>(o, e, x, at, shared);
}

#ifdef OCTET_IGMMA_KERNELS

template <class T, bool Aligned>
__device__ __forceinline__ void run_warpgroups(const Operands& o, const Epilogue& e) {
  OCTET_DYNAMIC_SHARED_AT(shared, kSwizzleBytes);
  Corner at = corner<T>(o.rows, o.columns);
  MatrixSource<T, Aligned> x(o, o.x + static_cast<int64_t>(blockIdx.y) * o.x_group, at.row);
  warpgroup_tile<T>(o, e, x, at, shared);
}

#endif

}  // namespace octet::qgemm_file

#ifdef OCTET_I16832_KERNELS

// ptxas spills the widest tile for sm_100 and later, where 128x128 stands in.
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ < 1000
extern "C" __global__ void __launch_bounds__(256, 1)
    octet_i16832_qgemm_i8s8_128x256(octet::qproduct::Operands o, octet::qproduct::Epilogue e) {
  using namespace octet::qproduct;
  octet::qgemm_file::run<I16832, Wide, true>(o, e);
}
#endif

extern "C" __global__ void __launch_bounds__(256, 2)
    octet_i16832_qgemm_i8s8_128x128(octet::qproduct::Operands o, octet::qproduct::Epilogue e) {
  using namespace octet::qproduct;
  octet::qgemm_file::run<I16832, Large, true>(o, e);
}

extern "C" __global__ void __launch_bounds__(128, 3)
    octet_i16832_qgemm_i8s8_64x64(octet::qproduct::Operands o, octet::qproduct::Epilogue e) {
  using namespace octet::qproduct;
  octet::qgemm_file::run<I16832, Small, false>(o, e);
}

extern "C" __global__ void __launch_bounds__(128, 4)
    octet_i16832_qgemm_i8s8_32x32(octet::qproduct::Operands o, octet::qproduct::Epilogue e) {
  using namespace octet::qproduct;
  octet::qgemm_file::run<I16832, Slim, false>(o, e);
}

#endif

#ifdef OCTET_I8816_KERNELS

extern "C" __global__ void __launch_bounds__(128, 3)
    octet_i8816_qgemm_i8s8_64x64(octet::qproduct::Operands o, octet::qproduct::Epilogue e) {
  using namespace octet::qproduct;
  octet::qgemm_file::run<I8816, Small, false>(o, e);
}

#endif

#ifdef OCTET_IGMMA_KERNELS

extern "C" __global__ void __launch_bounds__(256, 1)
    octet_igmma64x256x32_qgemm_i8s8_128x256(octet::qproduct::Operands o, octet::qproduct::Epilogue e) {
  using namespace octet::qproduct;
  octet::qgemm_file::run_warpgroups<WarpgroupWide, true>(o, e);
}

extern "C" __global__ void __launch_bounds__(256, 2)
    octet_igmma64x128x32_qgemm_i8s8_128x128(octet::qproduct::Operands o, octet::qproduct::Epilogue e) {
  using namespace octet::qproduct;
  octet::qgemm_file::run_warpgroups<WarpgroupLarge, true>(o, e);
}

extern "C" __global__ void __launch_bounds__(128, 3)
    octet_igmma64x64x32_qgemm_i8s8_64x64(octet::qproduct::Operands o, octet::qproduct::Epilogue e) {
  using namespace octet::qproduct;
  octet::qgemm_file::run_warpgroups<WarpgroupSmall, false>(o, e);
}

#endif
