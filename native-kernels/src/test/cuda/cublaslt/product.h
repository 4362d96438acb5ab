// Computes a product of the simulated cuBLASLt on device memory.
#pragma once

#include "objects.h"

namespace octet_lt {

// Checks every byte that is read or written, then computes. Integer sums wrap; fp16 and fp32 are summed in fp32, in the
// order of k. A driver result.
int compute(const Product& product);

}  // namespace octet_lt
