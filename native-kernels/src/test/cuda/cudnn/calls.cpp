// A stand-in for libcudnn.so.8: the calls that Octet's baseline makes through JCudnn, on the simulated device. Forward
// convolution of NHWC tensors in INT8, FP16 and FP32 on the default stream, one image and filter of each channel count.
#include <math.h>
#include <stdint.h>

#include <memory>

#include "../driver/library.h"
#include "../simulator.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

extern "C" int cuCtxGetCurrent(void** context);

namespace {

enum Status : int { OK = 0, NOT_INITIALIZED = 1, BAD_PARAM = 3, INVALID_VALUE = 7, EXECUTION_FAILED = 8, NOT_SUPPORTED = 9 };
enum Type : int { F32 = 0, F16 = 2, S8 = 3, S32 = 4 };

constexpr int VERSION[] = {8, 0, 0};
constexpr int NHWC = 1;
constexpr int CROSS_CORRELATION = 1;
constexpr int PRECOMPUTED_PRODUCT = 1;
constexpr int GRANULE = 4;
constexpr size_t WORKSPACE_BYTES = 256;

struct Handle {};

struct Tensor {
  int format, type, n, c, h, w;
};

struct Filter {
  int type, format, k, c, h, w;
};

struct Convolution {
  int pad_h, pad_w, stride_h, stride_w, dilation_h, dilation_w, mode, compute, math;
};

struct Work {
  Tensor x, y;
  Filter filter;
  Convolution convolution;
  const void* x_data;
  const void* w_data;
  void* y_data;
  void* workspace;
  float alpha, beta;
};

size_t bytes_of(int type) { return type == S8 ? 1 : type == F16 ? 2 : 4; }

size_t bytes_of(const Tensor& t) { return size_t{1} * t.n * t.c * t.h * t.w * bytes_of(t.type); }

size_t bytes_of(const Filter& f) { return size_t{1} * f.k * f.c * f.h * f.w * bytes_of(f.type); }

int out_extent(int in, int kernel, int pad, int stride, int dilation) {
  return (in + 2 * pad - ((kernel - 1) * dilation + 1)) / stride + 1;
}

int touch(const Work& work) {
  int result = octet_simulator_touch("cudnnConvolutionForward: x", work.x_data, bytes_of(work.x), false);
  if (result == 0) {
    result = octet_simulator_touch("cudnnConvolutionForward: w", work.w_data, bytes_of(work.filter), false);
  }
  if (result == 0) {
    result = octet_simulator_touch("cudnnConvolutionForward: workspace", work.workspace, WORKSPACE_BYTES, true);
  }
  return result == 0 ? octet_simulator_touch("cudnnConvolutionForward: y", work.y_data, bytes_of(work.y), true) : result;
}

int8_t stored(float value, int8_t) {
  const float whole = rintf(value);
  return static_cast<int8_t>(whole < -128 ? -128 : whole > 127 ? 127 : whole);
}
float stored(float value, float) { return value; }
__half stored(float value, __half) { return __half(value); }

// The sum over the window of output (n, h, w) for filter k; integers add up exactly.
template <typename T, typename Sum>
Sum window(const Work& work, int n, int h, int w, int k) {
  const Convolution& c = work.convolution;
  const T* x = static_cast<const T*>(work.x_data);
  const T* filter = static_cast<const T*>(work.w_data);
  Sum sum = 0;
  for (int r = 0; r < work.filter.h; r++) {
    for (int s = 0; s < work.filter.w; s++) {
      const int y_in = h * c.stride_h - c.pad_h + r * c.dilation_h;
      const int x_in = w * c.stride_w - c.pad_w + s * c.dilation_w;
      if (y_in < 0 || y_in >= work.x.h || x_in < 0 || x_in >= work.x.w) {
        continue;
      }
      const int64_t pixel = ((int64_t{1} * n * work.x.h + y_in) * work.x.w + x_in) * work.x.c;
      const int64_t taps = ((int64_t{1} * k * work.filter.h + r) * work.filter.w + s) * work.filter.c;
      for (int channel = 0; channel < work.x.c; channel++) {
        sum += static_cast<Sum>(x[pixel + channel]) * static_cast<Sum>(filter[taps + channel]);
      }
    }
  }
  return sum;
}

template <typename T, typename Sum>
void convolve(const Work& work) {
  T* y = static_cast<T*>(work.y_data);
  for (int n = 0; n < work.y.n; n++) {
    for (int h = 0; h < work.y.h; h++) {
      for (int w = 0; w < work.y.w; w++) {
        for (int k = 0; k < work.y.c; k++) {
          T& out = y[((int64_t{1} * n * work.y.h + h) * work.y.w + w) * work.y.c + k];
          const float kept = work.beta == 0 ? 0 : work.beta * static_cast<float>(out);
          out = stored(work.alpha * static_cast<float>(window<T, Sum>(work, n, h, w, k)) + kept, T());
        }
      }
    }
  }
}

int run(void* data) {
  const Work& work = *static_cast<Work*>(data);
  const int result = touch(work);
  if (result != 0) {
    return result;
  }
  if (work.x.type == S8) {
    convolve<int8_t, int32_t>(work);
  } else if (work.x.type == F16) {
    convolve<__half, float>(work);
  } else {
    convolve<float, float>(work);
  }
  return 0;
}

void forget(void* work) { delete static_cast<Work*>(work); }

template <typename T>
Status create(void** out) {
  if (out == nullptr) {
    return BAD_PARAM;
  }
  *out = new T();
  return OK;
}

template <typename T>
Status destroy(void* object) {
  delete static_cast<T*>(object);
  return OK;
}

template <typename T>
Status set(void* object, const T& value) {
  if (object == nullptr) {
    return BAD_PARAM;
  }
  *static_cast<T*>(object) = value;
  return OK;
}

Status support(const Tensor& x, const Filter& f, const Convolution& c, const Tensor& y, int algorithm) {
  if (x.c != f.c || y.c != f.k || y.n != x.n ||
      y.h != out_extent(x.h, f.h, c.pad_h, c.stride_h, c.dilation_h) ||
      y.w != out_extent(x.w, f.w, c.pad_w, c.stride_w, c.dilation_w)) {
    return BAD_PARAM;
  }
  const bool same = x.type == f.type && x.type == y.type && x.format == NHWC && f.format == NHWC && y.format == NHWC;
  const bool computes = c.compute == (x.type == S8 ? S32 : F32) && c.mode == CROSS_CORRELATION;
  const bool granular = x.type != S8 || (x.c % GRANULE == 0 && f.k % GRANULE == 0);
  return same && computes && granular && algorithm == PRECOMPUTED_PRODUCT ? OK : NOT_SUPPORTED;
}

}  // namespace

EXPORT int cudnnGetProperty(int part, int* value) {
  if (part < 0 || part > 2 || value == nullptr) {
    return INVALID_VALUE;
  }
  *value = VERSION[part];
  return OK;
}

EXPORT int cudnnCreate(void** handle) {
  void* context = nullptr;
  return cuCtxGetCurrent(&context) != 0 || context == nullptr ? NOT_INITIALIZED : create<Handle>(handle);
}
EXPORT int cudnnDestroy(void* handle) { return destroy<Handle>(handle); }

EXPORT int cudnnCreateTensorDescriptor(void** out) { return create<Tensor>(out); }
EXPORT int cudnnDestroyTensorDescriptor(void* tensor) { return destroy<Tensor>(tensor); }
EXPORT int cudnnSetTensor4dDescriptor(void* tensor, int format, int type, int n, int c, int h, int w) {
  return set(tensor, Tensor{format, type, n, c, h, w});
}

EXPORT int cudnnCreateFilterDescriptor(void** out) { return create<Filter>(out); }
EXPORT int cudnnDestroyFilterDescriptor(void* filter) { return destroy<Filter>(filter); }
EXPORT int cudnnSetFilter4dDescriptor(void* filter, int type, int format, int k, int c, int h, int w) {
  return set(filter, Filter{type, format, k, c, h, w});
}

EXPORT int cudnnCreateConvolutionDescriptor(void** out) { return create<Convolution>(out); }
EXPORT int cudnnDestroyConvolutionDescriptor(void* convolution) { return destroy<Convolution>(convolution); }
EXPORT int cudnnSetConvolution2dDescriptor(void* convolution, int pad_h, int pad_w, int stride_h, int stride_w,
                                           int dilation_h, int dilation_w, int mode, int compute) {
  return set(convolution, Convolution{pad_h, pad_w, stride_h, stride_w, dilation_h, dilation_w, mode, compute, 0});
}
EXPORT int cudnnSetConvolutionMathType(void* convolution, int math) {
  if (convolution == nullptr) {
    return BAD_PARAM;
  }
  static_cast<Convolution*>(convolution)->math = math;
  return OK;
}

EXPORT int cudnnGetConvolutionForwardWorkspaceSize(void* handle, void* x, void* filter, void* convolution, void* y,
                                                   int algorithm, size_t* bytes) {
  if (handle == nullptr || x == nullptr || filter == nullptr || convolution == nullptr || y == nullptr || bytes == nullptr) {
    return BAD_PARAM;
  }
  *bytes = WORKSPACE_BYTES;
  return support(*static_cast<Tensor*>(x), *static_cast<Filter*>(filter), *static_cast<Convolution*>(convolution),
                 *static_cast<Tensor*>(y), algorithm);
}

EXPORT int cudnnConvolutionForward(void* handle, const void* alpha, void* x, const void* x_data, void* filter,
                                   const void* w_data, void* convolution, int algorithm, void* workspace, size_t bytes,
                                   const void* beta, void* y, void* y_data) {
  if (handle == nullptr || alpha == nullptr || beta == nullptr || x == nullptr || filter == nullptr ||
      convolution == nullptr || y == nullptr || bytes < WORKSPACE_BYTES) {
    return BAD_PARAM;
  }
  auto work = std::make_unique<Work>(Work{*static_cast<Tensor*>(x), *static_cast<Tensor*>(y), *static_cast<Filter*>(filter),
                                          *static_cast<Convolution*>(convolution), x_data, w_data, y_data, workspace,
                                          *static_cast<const float*>(alpha), *static_cast<const float*>(beta)});
  const Status status = support(work->x, work->filter, work->convolution, work->y, algorithm);
  if (status != OK) {
    return status;
  }
  return octet_simulator_enqueue(nullptr, run, work.release(), forget) == 0 ? OK : EXECUTION_FAILED;
}
