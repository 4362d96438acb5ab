// Integer convolution over NHWC images as an implicit matrix product with its epilogue fused, on tensor cores. A row is an
// output pixel, depth runs over taps, then channels; padding reads x's zero point from a buffer. See qproduct.cuh.
// Grid: tiles, groups. Instructions: m16n8k32 from sm_80 on, m8n8k16 on sm_75.

#include "qproduct_slices.cuh"
#include "qproduct_sources.cuh"

namespace octet::qconv_file {

using namespace octet::qproduct;

template <class Mma, class T, bool Aligned>
__device__ __forceinline__ void run(const Operands& o, const Epilogue& e, const Window& window) {
  OCTET_DYNAMIC_SHARED(shared);
  Corner at = corner<T>(o.rows, o.columns);
  WindowSource<T, Aligned> x(o, window, at.row);
  any_tile<Mma, T>(o, e, x, at, shared);
}

}  // namespace octet::qconv_file

#ifdef OCTET_I16832_KERNELS

extern "C" __global__ void __launch_bounds__(256, 2)
    octet_i16832_qconv_i8s8_128x128_nhwc(octet::qproduct::Operands o, octet::qproduct::Epilogue e, octet::Window w) {
  using namespace octet::qproduct;
  octet::qconv_file::run<I16832, Large, true>(o, e, w);
}

extern "C" __global__ void __launch_bounds__(128, 3)
    octet_i16832_qconv_i8s8_64x64_nhwc(octet::qproduct::Operands o, octet::qproduct::Epilogue e, octet::Window w) {
  using namespace octet::qproduct;
  octet::qconv_file::run<I16832, Small, false>(o, e, w);
}

extern "C" __global__ void __launch_bounds__(128, 4)
    octet_i16832_qconv_i8s8_32x32_nhwc(octet::qproduct::Operands o, octet::qproduct::Epilogue e, octet::Window w) {
  using namespace octet::qproduct;
  octet::qconv_file::run<I16832, Slim, false>(o, e, w);
}

#endif

#ifdef OCTET_I8816_KERNELS

extern "C" __global__ void __launch_bounds__(128, 3)
    octet_i8816_qconv_i8s8_64x64_nhwc(octet::qproduct::Operands o, octet::qproduct::Epilogue e, octet::Window w) {
  using namespace octet::qproduct;
  octet::qconv_file::run<I8816, Small, false>(o, e, w);
}

#endif
