// What handles and descriptors of the simulated cuBLASLt hold, and the values of its interface that Octet uses.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace octet_lt {

enum Status : int {
  OK = 0,
  NOT_INITIALIZED = 1,
  INVALID_VALUE = 7,
  EXECUTION_FAILED = 13,
  NOT_SUPPORTED = 15,
};

enum DataType : int { F32 = 0, F16 = 2, S8 = 3, S32 = 10 };
enum ComputeType : int { COMPUTE_F32 = 68, COMPUTE_S32 = 72 };
enum Operation : int { NORMAL = 0, TRANSPOSED = 1 };
enum PointerMode : int { HOST = 0, DEVICE = 1, ALPHA_VECTOR_BETA_HOST = 4 };

constexpr int ORDER_COLUMNS = 0;
constexpr int EPILOGUE_DEFAULT = 1;
constexpr uint64_t FLAG_FMA = 0x01, FLAG_HMMA = 0x02, FLAG_IMMA = 0x04;

struct Handle {};

struct Matmul {
  int compute;
  int scale;
  int pointer_mode = HOST;
  int transpose_a = NORMAL;
  int transpose_b = NORMAL;
  int epilogue = EPILOGUE_DEFAULT;
};

struct Layout {
  int type;
  int order = ORDER_COLUMNS;
  uint64_t rows;
  uint64_t columns;
  int64_t stride;
};

struct Preference {
  uint64_t workspace_bytes = 0;
  unsigned alignment[4] = {256, 256, 256, 256};
};

struct Algorithm {
  uint64_t mark;
  int id;
  int compute;
  uint64_t flags;
  uint64_t workspace_bytes;
  uint64_t alignment;
  uint64_t unused[3];
};
static_assert(sizeof(Algorithm) == 64);

struct Result {
  Algorithm algorithm;
  uint64_t workspace_bytes;
  int state;
  float waves;
  int reserved[4];
};
static_assert(sizeof(Result) == 96 && offsetof(Result, state) == 72);

// One product with everything it needs, as the library's column-major words have it.
struct Product {
  Matmul matmul;
  Layout a, b, c, d;
  const void* a_data;
  const void* b_data;
  const void* c_data;
  void* d_data;
  // Values of the scale type; alpha's are one a row of d in ALPHA_VECTOR_BETA_HOST, on the device.
  double alpha;
  double beta;
  const float* alpha_vector;
  void* workspace;
  uint64_t workspace_bytes;

  uint64_t depth() const { return matmul.transpose_a == TRANSPOSED ? a.rows : a.columns; }
};

}  // namespace octet_lt
