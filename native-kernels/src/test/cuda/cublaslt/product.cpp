#include "product.h"

#include <math.h>
#include <string.h>

#include "../driver/library.h"
#include "../simulator.h"

namespace octet_lt {
namespace {

size_t bytes_of(int type) {
  switch (type) {
    case S8:
      return 1;
    case F16:
      return 2;
    default:
      return 4;
  }
}

// Column by column: what lies between the columns belongs to others.
int touch(const char* name, const void* data, const Layout& layout, bool write) {
  const size_t size = bytes_of(layout.type);
  int result = 0;
  for (uint64_t column = 0; column < layout.columns && result == 0; column++) {
    const char* first = static_cast<const char*>(data) + static_cast<int64_t>(column) * layout.stride * size;
    result = octet_simulator_touch(name, first, layout.rows * size, write);
  }
  return result;
}

int touch(const Product& p) {
  int result = touch("cublasLtMatmul: A", p.a_data, p.a, false);
  if (result == 0) {
    result = touch("cublasLtMatmul: B", p.b_data, p.b, false);
  }
  if (result == 0 && p.beta != 0) {
    result = touch("cublasLtMatmul: C", p.c_data, p.c, false);
  }
  if (result == 0 && p.alpha_vector != nullptr) {
    result = octet_simulator_touch("cublasLtMatmul: alpha", p.alpha_vector, p.d.rows * sizeof(float), false);
  }
  if (result == 0 && p.workspace_bytes != 0) {
    result = octet_simulator_touch("cublasLtMatmul: workspace", p.workspace, p.workspace_bytes, true);
  }
  return result == 0 ? touch("cublasLtMatmul: D", p.d_data, p.d, true) : result;
}

// The matrix's element (row, k) or (k, column), after its operation.
struct Operand {
  const void* data;
  int64_t k_step;
  int64_t other_step;

  template <typename T>
  const T* line(uint64_t other) const {
    return static_cast<const T*>(data) + static_cast<int64_t>(other) * other_step;
  }
};

Operand left(const Product& p) {
  return p.matmul.transpose_a == TRANSPOSED ? Operand{p.a_data, 1, p.a.stride} : Operand{p.a_data, p.a.stride, 1};
}

Operand right(const Product& p) {
  return p.matmul.transpose_b == TRANSPOSED ? Operand{p.b_data, p.b.stride, 1} : Operand{p.b_data, 1, p.b.stride};
}

template <typename T>
T& at(void* data, const Layout& layout, uint64_t row, uint64_t column) {
  return static_cast<T*>(data)[static_cast<int64_t>(column) * layout.stride + static_cast<int64_t>(row)];
}

int32_t integer_sum(const int8_t* a, const int8_t* b, uint64_t depth) {
  uint32_t sum = 0;
  for (uint64_t k = 0; k < depth; k++) {
    sum += static_cast<uint32_t>(static_cast<int32_t>(a[k]) * b[k]);
  }
  return static_cast<int32_t>(sum);
}

int8_t to_byte(float value) {
  const float whole = rintf(value);
  return static_cast<int8_t>(whole < -128 ? -128 : whole > 127 ? 127 : whole);
}

void store_integer(const Product& p, uint64_t row, uint64_t column, int32_t sum) {
  if (p.d.type == S32) {
    uint32_t value = static_cast<uint32_t>(sum) * static_cast<uint32_t>(static_cast<int32_t>(p.alpha));
    if (p.beta != 0) {
      value += static_cast<uint32_t>(static_cast<int32_t>(p.beta)) *
               static_cast<uint32_t>(at<int32_t>(const_cast<void*>(p.c_data), p.c, row, column));
    }
    at<int32_t>(p.d_data, p.d, row, column) = static_cast<int32_t>(value);
    return;
  }
  const float alpha = p.alpha_vector != nullptr ? p.alpha_vector[row] : static_cast<float>(p.alpha);
  float value = static_cast<float>(sum) * alpha;
  if (p.beta != 0) {
    value += static_cast<float>(p.beta) * at<int8_t>(const_cast<void*>(p.c_data), p.c, row, column);
  }
  at<int8_t>(p.d_data, p.d, row, column) = to_byte(value);
}

template <typename T>
void store_float(const Product& p, uint64_t row, uint64_t column, float sum) {
  float value = static_cast<float>(p.alpha) * sum;
  if (p.beta != 0) {
    value += static_cast<float>(p.beta) * static_cast<float>(at<T>(const_cast<void*>(p.c_data), p.c, row, column));
  }
  at<T>(p.d_data, p.d, row, column) = T(value);
}

template <typename T>
float float_sum(const Operand& a, const Operand& b, uint64_t row, uint64_t column, uint64_t depth) {
  const T* x = a.line<T>(row);
  const T* y = b.line<T>(column);
  float sum = 0;
  for (int64_t k = 0; k < static_cast<int64_t>(depth); k++) {
    sum = fmaf(static_cast<float>(x[k * a.k_step]), static_cast<float>(y[k * b.k_step]), sum);
  }
  return sum;
}

void multiply(const Product& p, uint64_t row, uint64_t column) {
  const Operand a = left(p);
  const Operand b = right(p);
  if (p.a.type == S8) {
    store_integer(p, row, column, integer_sum(a.line<int8_t>(row), b.line<int8_t>(column), p.depth()));
  } else if (p.a.type == F16) {
    store_float<__half>(p, row, column, float_sum<__half>(a, b, row, column, p.depth()));
  } else {
    store_float<float>(p, row, column, float_sum<float>(a, b, row, column, p.depth()));
  }
}

}  // namespace

int compute(const Product& product) {
  const int result = touch(product);
  if (result != 0) {
    return result;
  }
  // What an algorithm leaves in its workspace is nobody's to rely on.
  memset(product.workspace, 0xa5, product.workspace_bytes);
  for (uint64_t column = 0; column < product.d.columns; column++) {
    for (uint64_t row = 0; row < product.d.rows; row++) {
      multiply(product, row, column);
    }
  }
  return 0;
}

}  // namespace octet_lt
