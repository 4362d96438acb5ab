// A stand-in for libcublas.so.12: the calls that Octet's baseline makes through JCublas2, on the simulated device.
// cublasGemmEx multiplies 8-bit integers into 32-bit ones with A transposed and B not, on the default stream.
#include <memory>

#include "../cublaslt/product.h"
#include "../driver/library.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

extern "C" int cuCtxGetCurrent(void** context);

using namespace octet_lt;

namespace {

constexpr int VERSION[] = {12, 0, 0};
constexpr int GRANULE = 4;

int run(void* product) { return compute(*static_cast<Product*>(product)); }

void forget(void* product) { delete static_cast<Product*>(product); }

}  // namespace

EXPORT int cublasGetProperty(int part, int* value) {
  if (part < 0 || part > 2 || value == nullptr) {
    return INVALID_VALUE;
  }
  *value = VERSION[part];
  return OK;
}

EXPORT int cublasCreate_v2(void** handle) {
  void* context = nullptr;
  if (cuCtxGetCurrent(&context) != 0 || context == nullptr) {
    return NOT_INITIALIZED;
  }
  *handle = new Handle;
  return OK;
}

EXPORT int cublasDestroy_v2(void* handle) {
  delete static_cast<Handle*>(handle);
  return handle == nullptr ? NOT_INITIALIZED : OK;
}

EXPORT int cublasGemmEx(void* handle, int transpose_a, int transpose_b, int m, int n, int k, const void* alpha,
                        const void* a, int a_type, int lda, const void* b, int b_type, int ldb, const void* beta, void* c,
                        int c_type, int ldc, int compute_type, int) {
  if (handle == nullptr) {
    return NOT_INITIALIZED;
  }
  if (m < 0 || n < 0 || k < 0 || lda < k || ldb < k || ldc < m || alpha == nullptr || beta == nullptr) {
    return INVALID_VALUE;
  }
  const bool integers = a_type == S8 && b_type == S8 && c_type == S32 && compute_type == COMPUTE_S32;
  const bool aligned = lda % GRANULE == 0 && ldb % GRANULE == 0 && ldc % GRANULE == 0;
  if (!integers || !aligned || transpose_a != TRANSPOSED || transpose_b != NORMAL) {
    return NOT_SUPPORTED;
  }
  auto product = std::make_unique<Product>();
  *product = {};
  product->matmul = {COMPUTE_S32, S32, HOST, TRANSPOSED, NORMAL, EPILOGUE_DEFAULT};
  const uint64_t rows = static_cast<uint64_t>(m), columns = static_cast<uint64_t>(n), depth = static_cast<uint64_t>(k);
  product->a = {S8, ORDER_COLUMNS, depth, rows, lda};
  product->b = {S8, ORDER_COLUMNS, depth, columns, ldb};
  product->c = product->d = {S32, ORDER_COLUMNS, rows, columns, ldc};
  product->a_data = a;
  product->b_data = b;
  product->c_data = product->d_data = c;
  product->alpha = *static_cast<const int32_t*>(alpha);
  product->beta = *static_cast<const int32_t*>(beta);
  return octet_simulator_enqueue(nullptr, run, product.release(), forget) == 0 ? OK : EXECUTION_FAILED;
}
