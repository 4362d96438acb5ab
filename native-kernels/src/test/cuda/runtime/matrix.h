// Matrix instructions of a warp whose lanes have all arrived.
#pragma once

#include "block.h"

namespace octet_sim {

enum class Product { S32_16832, S32_16816, S32_8816, F32_16816, F32_1688 };

// Lane registers: 0 = d, 1 = a, 2 = b; how = Product, operand: bit 0 = a is unsigned, bit 1 = b is unsigned.
void multiply(Warp& warp);
// Lane registers: 0 = d, 1 = the address of the lane's row; operand = matrices, how = transposed.
void load_matrices(Warp& warp);

}  // namespace octet_sim
