// The simulated libcublasLt.so.13: the calls that Octet makes, on the simulated device. Attribute sizes, supported
// combinations and alignments are those that NVIDIA documents for the library; wrong use returns the status that it
// returns. Every algorithm computes the same numbers; some want a workspace, some say that they use no tensor cores.

#include <string.h>

#include <memory>
#include <mutex>
#include <unordered_map>

#include "algorithms.h"
#include "product.h"
#include "../driver/library.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

extern "C" int cuCtxGetCurrent(void** context);

using namespace octet_lt;

namespace {

constexpr size_t VERSION = 130000;
constexpr uint64_t WORKSPACE_ALIGNMENT = 256;

std::mutex lock;
std::unordered_map<void*, std::shared_ptr<void>> objects;  // alive

template <typename T, typename... Arguments>
Status create(void** out, Arguments... arguments) {
  if (out == nullptr) {
    return INVALID_VALUE;
  }
  auto object = std::make_shared<T>(T{arguments...});
  std::lock_guard<std::mutex> guard(lock);
  objects[object.get()] = object;
  *out = object.get();
  return OK;
}

bool alive(const void* object) {
  std::lock_guard<std::mutex> guard(lock);
  return objects.count(const_cast<void*>(object)) != 0;
}

Status destroy(void* object) {
  std::lock_guard<std::mutex> guard(lock);
  return objects.erase(object) == 1 ? OK : INVALID_VALUE;
}

template <typename T>
Status assign(T* field, const void* value, size_t bytes) {
  if (value == nullptr || bytes != sizeof(T)) {
    return INVALID_VALUE;
  }
  memcpy(field, value, bytes);
  return OK;
}

template <typename T>
Status report(const T& field, void* value, size_t bytes, size_t* written) {
  if (value == nullptr || bytes != sizeof(T)) {
    return INVALID_VALUE;
  }
  memcpy(value, &field, bytes);
  if (written != nullptr) {
    *written = bytes;
  }
  return OK;
}

bool aligned(const void* pointer, uint64_t to) { return reinterpret_cast<uintptr_t>(pointer) % to == 0; }

double host_scalar(const Matmul& m, const void* value) {
  return m.scale == S32 ? *static_cast<const int32_t*>(value) : *static_cast<const float*>(value);
}

// The factors, read now: host memory may change as soon as the call is back.
Status read_factors(Product* p, const void* alpha, const void* beta) {
  switch (p->matmul.pointer_mode) {
    case HOST:
      p->alpha = host_scalar(p->matmul, alpha);
      p->beta = host_scalar(p->matmul, beta);
      return OK;
    case ALPHA_VECTOR_BETA_HOST:
      p->alpha_vector = static_cast<const float*>(alpha);
      p->beta = host_scalar(p->matmul, beta);
      return OK;
    default:
      return NOT_SUPPORTED;
  }
}

int run(void* product) { return compute(*static_cast<Product*>(product)); }

void forget(void* product) { delete static_cast<Product*>(product); }

}  // namespace

EXPORT size_t cublasLtGetVersion() { return VERSION; }

EXPORT int cublasLtCreate(void** handle) {
  void* context = nullptr;
  if (cuCtxGetCurrent(&context) != 0 || context == nullptr) {
    return NOT_INITIALIZED;
  }
  return create<Handle>(handle);
}

EXPORT int cublasLtDestroy(void* handle) { return destroy(handle) == OK ? OK : NOT_INITIALIZED; }

EXPORT int cublasLtMatmulDescCreate(void** out, int compute, int scale) { return create<Matmul>(out, compute, scale); }

EXPORT int cublasLtMatmulDescDestroy(void* matmul) { return destroy(matmul); }

EXPORT int cublasLtMatmulDescSetAttribute(void* matmul, int attribute, const void* value, size_t bytes) {
  if (!alive(matmul)) {
    return INVALID_VALUE;
  }
  Matmul* m = static_cast<Matmul*>(matmul);
  int* const fields[] = {&m->compute, &m->scale, &m->pointer_mode, &m->transpose_a, &m->transpose_b};
  if (attribute >= 0 && attribute < 5) {
    return assign(fields[attribute], value, bytes);
  }
  return attribute == 7 ? assign(&m->epilogue, value, bytes) : INVALID_VALUE;
}

EXPORT int cublasLtMatrixLayoutCreate(void** out, int type, uint64_t rows, uint64_t columns, int64_t stride) {
  return create<Layout>(out, type, ORDER_COLUMNS, rows, columns, stride);
}

EXPORT int cublasLtMatrixLayoutDestroy(void* layout) { return destroy(layout); }

EXPORT int cublasLtMatrixLayoutGetAttribute(void* layout, int attribute, void* value, size_t bytes, size_t* written) {
  if (!alive(layout)) {
    return INVALID_VALUE;
  }
  const Layout* l = static_cast<const Layout*>(layout);
  switch (attribute) {
    case 0:
      return report(l->type, value, bytes, written);
    case 1:
      return report(l->order, value, bytes, written);
    case 2:
      return report(l->rows, value, bytes, written);
    case 3:
      return report(l->columns, value, bytes, written);
    case 4:
      return report(l->stride, value, bytes, written);
    default:
      return INVALID_VALUE;
  }
}

EXPORT int cublasLtMatmulPreferenceCreate(void** out) { return create<Preference>(out); }

EXPORT int cublasLtMatmulPreferenceDestroy(void* preference) { return destroy(preference); }

EXPORT int cublasLtMatmulPreferenceSetAttribute(void* preference, int attribute, const void* value, size_t bytes) {
  if (!alive(preference)) {
    return INVALID_VALUE;
  }
  Preference* p = static_cast<Preference*>(preference);
  if (attribute == 1) {
    return assign(&p->workspace_bytes, value, bytes);
  }
  return attribute >= 5 && attribute <= 8 ? assign(&p->alignment[attribute - 5], value, bytes) : INVALID_VALUE;
}

EXPORT int cublasLtMatmulAlgoGetHeuristic(void* handle, void* matmul, void* a, void* b, void* c, void* d,
                                          void* preference, int requested, Result* results, int* returned) {
  if (!alive(handle)) {
    return NOT_INITIALIZED;
  }
  if (!alive(matmul) || !alive(a) || !alive(b) || !alive(c) || !alive(d) || !alive(preference) || requested <= 0 ||
      results == nullptr || returned == nullptr) {
    return INVALID_VALUE;
  }
  *returned = 0;
  const Matmul& m = *static_cast<Matmul*>(matmul);
  const Layout& first = *static_cast<Layout*>(a);
  const Preference& p = *static_cast<Preference*>(preference);
  const Status status = support(m, first, *static_cast<Layout*>(b), *static_cast<Layout*>(c), *static_cast<Layout*>(d));
  if (status != OK) {
    return status;
  }
  for (const Kind& kind : KINDS) {
    bool fits = kind.workspace_bytes <= p.workspace_bytes;
    for (unsigned alignment : p.alignment) {
      fits = fits && alignment >= kind.alignment;
    }
    if (fits && *returned < requested) {
      results[(*returned)++] = result_of(kind, m, first);
    }
  }
  return *returned == 0 ? NOT_SUPPORTED : OK;
}

EXPORT int cublasLtMatmulAlgoCheck(void* handle, void* matmul, void* a, void* b, void* c, void* d,
                                   const Algorithm* algorithm, Result* result) {
  if (!alive(handle)) {
    return NOT_INITIALIZED;
  }
  if (!alive(matmul) || !alive(a) || !alive(b) || !alive(c) || !alive(d) || algorithm == nullptr || result == nullptr) {
    return INVALID_VALUE;
  }
  const Matmul& m = *static_cast<Matmul*>(matmul);
  const Layout& first = *static_cast<Layout*>(a);
  const Status status = support(m, first, *static_cast<Layout*>(b), *static_cast<Layout*>(c), *static_cast<Layout*>(d));
  if (status != OK || !usable(algorithm, m, first)) {
    return status != OK ? status : NOT_SUPPORTED;
  }
  *result = {};
  result->algorithm = *algorithm;
  result->workspace_bytes = algorithm->workspace_bytes;
  return OK;
}

EXPORT int cublasLtMatmulAlgoCapGetAttribute(const Algorithm* algorithm, int attribute, void* value, size_t bytes,
                                             size_t* written) {
  if (algorithm == nullptr || algorithm->mark != ALGORITHM_MARK || attribute != 15) {
    return INVALID_VALUE;
  }
  return report(algorithm->flags, value, bytes, written);
}

EXPORT int cublasLtMatmul(void* handle, void* matmul, const void* alpha, const void* a_data, void* a,
                          const void* b_data, void* b, const void* beta, const void* c_data, void* c, void* d_data,
                          void* d, const Algorithm* algorithm, void* workspace, size_t workspace_bytes, void* stream) {
  if (!alive(handle)) {
    return NOT_INITIALIZED;
  }
  if (!alive(matmul) || !alive(a) || !alive(b) || !alive(c) || !alive(d) || alpha == nullptr || beta == nullptr ||
      a_data == nullptr || b_data == nullptr || d_data == nullptr || algorithm == nullptr) {
    return INVALID_VALUE;
  }
  Product p = {*static_cast<Matmul*>(matmul), *static_cast<Layout*>(a), *static_cast<Layout*>(b),
               *static_cast<Layout*>(c), *static_cast<Layout*>(d), a_data, b_data, c_data, d_data, 1, 0, nullptr,
               workspace, algorithm->workspace_bytes};
  Status status = support(p.matmul, p.a, p.b, p.c, p.d);
  if (status == OK) {
    status = read_factors(&p, alpha, beta);
  }
  if (status != OK || !usable(algorithm, p.matmul, p.a)) {
    return status != OK ? status : NOT_SUPPORTED;
  }
  if (workspace_bytes < algorithm->workspace_bytes || !aligned(workspace, WORKSPACE_ALIGNMENT) ||
      (p.beta != 0 && c_data == nullptr)) {
    return INVALID_VALUE;
  }
  const uint64_t alignment = algorithm->alignment;
  if (!aligned(a_data, alignment) || !aligned(b_data, alignment) || !aligned(d_data, alignment)) {
    return INVALID_VALUE;
  }
  return octet_simulator_enqueue(stream, run, new Product(p), forget) == 0 ? OK : EXECUTION_FAILED;
}
