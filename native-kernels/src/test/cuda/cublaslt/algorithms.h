// Which products the simulated cuBLASLt takes, and the algorithms that it offers for them.
#pragma once

#include "objects.h"

namespace octet_lt {

constexpr uint64_t ALGORITHM_MARK = 0x6f637465742d6c74;

struct Kind {
  int id;
  bool tensor_cores;
  uint64_t workspace_bytes;
  uint64_t alignment;
};

// What the heuristic offers, best first.
inline constexpr Kind KINDS[] = {
    {21, true, 0, 16},       {22, true, 4096, 16}, {23, true, 1 << 20, 16}, {24, true, 0, 16},
    {25, true, 8 << 20, 16}, {26, true, 0, 16},    {27, true, 0, 16},       {28, true, 65536, 16},
    {31, false, 0, 4},       {32, false, 0, 4},
};

// Whether the library computes this product, and if not, the status that it returns.
Status support(const Matmul& m, const Layout& a, const Layout& b, const Layout& c, const Layout& d);

// What the heuristic answers with an algorithm for products like this.
Result result_of(const Kind& kind, const Matmul& m, const Layout& a);

// Whether an algorithm is one of those offered for products like this.
bool usable(const Algorithm* algorithm, const Matmul& m, const Layout& a);

}  // namespace octet_lt
