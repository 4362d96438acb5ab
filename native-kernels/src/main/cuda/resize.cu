// Resize along two neighbouring axes: nearest by the size of an element in bits, else as sums over taps in fp32.
//
// Images [height, width, run]; the tables hold for each output position along y, then for each along x, the input position
// of each tap, and its weight. Sums go first along y, then along x, in ascending order of taps, without those of weight 0.

#include "octet_pack.cuh"
#include "octet_real.cuh"

namespace octet::resize_file {

struct Sizes {
  int64_t in_height, in_width, out_height, out_width, taps_y, taps_x, run;
};

// Where an element of y lies, and its image in x.
struct Place {
  int64_t image, oy, ox, inner;
};

__device__ __forceinline__ Place place_of(const Sizes& s, int64_t index) {
  Place at;
  int64_t pixel = index / s.run;
  at.inner = index - pixel * s.run;
  int64_t line = pixel / s.out_width;
  at.ox = pixel - line * s.out_width;
  int64_t image = line / s.out_height;
  at.oy = line - image * s.out_height;
  at.image = image * s.in_height * s.in_width * s.run;
  return at;
}

template <typename T>
__device__ void select(const T* __restrict__ x, T* __restrict__ y, const int32_t* __restrict__ positions, Sizes s,
                       int64_t count) {
#pragma unroll 1
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    Place at = place_of(s, i);
    int64_t pixel = positions[at.oy] * s.in_width + positions[s.out_height + at.ox];
    y[i] = x[at.image + pixel * s.run + at.inner];
  }
}

template <typename T>
__device__ void blend(const T* __restrict__ x, T* __restrict__ y, const int32_t* __restrict__ positions,
                      const float* __restrict__ weights, Sizes s, int64_t count) {
  int64_t along_x = s.out_height * s.taps_y;
#pragma unroll 1
  for (int64_t i = first_index(); i < count; i += grid_stride()) {
    Place at = place_of(s, i);
    float sum = 0;
#pragma unroll 1
    for (int64_t tx = along_x + at.ox * s.taps_x; tx < along_x + (at.ox + 1) * s.taps_x; tx++) {
      if (weights[tx] == 0) {
        continue;
      }
      const T* column = x + at.image + positions[tx] * s.run + at.inner;
      float blended = 0;
#pragma unroll 1
      for (int64_t ty = at.oy * s.taps_y; ty < (at.oy + 1) * s.taps_y; ty++) {
        if (weights[ty] != 0) {
          blended = __fadd_rn(blended, __fmul_rn(weights[ty], real(column[positions[ty] * s.in_width * s.run])));
        }
      }
      sum = __fadd_rn(sum, __fmul_rn(weights[tx], blended));
    }
    y[i] = from_real<T>(sum);
  }
}

}  // namespace octet::resize_file

#define OCTET_RESIZE(name, type)                                                                               \
  extern "C" __global__ void name(const type* x, type* y, const int32_t* positions,                           \
                                  octet::resize_file::Sizes sizes, int64_t count) {                           \
    octet::resize_file::select<type>(x, y, positions, sizes, count);                                          \
  }

OCTET_RESIZE(octet_simt_resize_b8, uint8_t)
OCTET_RESIZE(octet_simt_resize_b16, uint16_t)
OCTET_RESIZE(octet_simt_resize_b32, uint32_t)
OCTET_RESIZE(octet_simt_resize_b64, uint64_t)
OCTET_RESIZE(octet_simt_resize_b128, octet::Bytes16)

#define OCTET_BLEND(name, type)                                                                               \
  extern "C" __global__ void name(const type* x, type* y, const int32_t* positions, const float* weights,     \
                                  octet::resize_file::Sizes sizes, int64_t count) {                           \
    octet::resize_file::blend<type>(x, y, positions, weights, sizes, count);                                  \
  }

OCTET_BLEND(octet_simt_resize_f32, float)
OCTET_BLEND(octet_simt_resize_f16, __half)
