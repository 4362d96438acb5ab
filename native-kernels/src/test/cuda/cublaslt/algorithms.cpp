#include "algorithms.h"

#include <string.h>

namespace octet_lt {
namespace {

constexpr int INTEGER_GRANULE = 4;

bool same_shape(const Layout& x, const Layout& y) {
  return x.type == y.type && x.rows == y.rows && x.columns == y.columns;
}

bool granular(uint64_t value) { return value % INTEGER_GRANULE == 0; }

// Ordinary column order; 8-bit operands only with A transposed and B not, extents of A and strides in multiples of 4.
bool supported_integer(const Matmul& m, const Layout& a, const Layout& b, const Layout& d) {
  const bool to_sum = m.scale == S32 && d.type == S32;
  const bool to_byte = m.scale == F32 && d.type == S8;
  const bool modes = to_byte || m.pointer_mode != ALPHA_VECTOR_BETA_HOST;
  return (to_sum || to_byte) && modes && m.transpose_a == TRANSPOSED && m.transpose_b == NORMAL &&
         granular(a.rows) && granular(a.columns) && granular(a.stride) && granular(b.stride) && granular(d.stride);
}

bool supported_float(const Matmul& m, const Layout& a, const Layout& d) {
  return m.scale == F32 && d.type == a.type && m.pointer_mode != ALPHA_VECTOR_BETA_HOST;
}

uint64_t flags_of(const Kind& kind, const Layout& a) {
  if (!kind.tensor_cores || a.type == F32) {
    return FLAG_FMA;
  }
  return a.type == S8 ? FLAG_IMMA : FLAG_HMMA;
}

}  // namespace

Status support(const Matmul& m, const Layout& a, const Layout& b, const Layout& c, const Layout& d) {
  const uint64_t rows = m.transpose_a == TRANSPOSED ? a.columns : a.rows;
  const uint64_t depth = m.transpose_a == TRANSPOSED ? a.rows : a.columns;
  const uint64_t columns = m.transpose_b == TRANSPOSED ? b.rows : b.columns;
  const uint64_t depth_b = m.transpose_b == TRANSPOSED ? b.columns : b.rows;
  if (rows != d.rows || columns != d.columns || depth != depth_b || !same_shape(c, d)) {
    return INVALID_VALUE;
  }
  if (a.type != b.type || m.epilogue != EPILOGUE_DEFAULT) {
    return NOT_SUPPORTED;
  }
  if (a.type == S8) {
    return m.compute == COMPUTE_S32 && supported_integer(m, a, b, d) ? OK : NOT_SUPPORTED;
  }
  return (a.type == F16 || a.type == F32) && m.compute == COMPUTE_F32 && supported_float(m, a, d) ? OK
                                                                                                   : NOT_SUPPORTED;
}

Result result_of(const Kind& kind, const Matmul& m, const Layout& a) {
  Result result = {};
  result.algorithm = {ALGORITHM_MARK,       kind.id, m.compute, flags_of(kind, a), kind.workspace_bytes,
                      kind.alignment, {}};
  result.workspace_bytes = kind.workspace_bytes;
  result.waves = 1;
  return result;
}

bool usable(const Algorithm* algorithm, const Matmul& m, const Layout& a) {
  for (const Kind& kind : KINDS) {
    const Result expected = result_of(kind, m, a);
    if (memcmp(&expected.algorithm, algorithm, sizeof *algorithm) == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace octet_lt
