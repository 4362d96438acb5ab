// Descriptors of matrices in shared memory: PTX ISA 9.7.15.5.1.2.
#pragma once

#include <stdint.h>

namespace octet_sim {

constexpr int PIECE = 16;  // bytes that swizzles keep together

// The block's own shared memory starts here in its window; what is before is the system's.
constexpr uint64_t WINDOW_START = 1024;

struct Descriptor {
  uint64_t start;
  uint64_t leading;
  uint64_t stride;
  int base;
  int swizzle;
};

// 9.7.15.5.1.2.2: addresses and offsets are stored / 16, in 14 bits.
inline Descriptor descriptor_of(uint64_t bits) {
  const auto decode = [bits](int at) { return (bits >> at & 0x3fff) << 4; };
  return {decode(0), decode(16), decode(32), static_cast<int>(bits >> 49 & 7), static_cast<int>(bits >> 62)};
}

// Where 16 bytes of a row lie in the window: the K-major canonical layouts of 9.7.15.5.1.2.1.3. The pattern of 8 rows has rows
// of 16, 128, 64 or 32 bytes by the swizzle mode; Swizzle<B,4,3> stores bits 4..4+B-1 of an address xor bits 7..7+B-1.
inline uint64_t piece_at(const Descriptor& matrix, int row, int piece) {
  constexpr uint64_t ROW_BYTES[] = {16, 128, 64, 32};
  const uint64_t rows = static_cast<uint64_t>(row / 8) * matrix.stride;
  const uint64_t within = static_cast<uint64_t>(row % 8) * ROW_BYTES[matrix.swizzle];
  const uint64_t along = static_cast<uint64_t>(piece) * (matrix.swizzle == 0 ? matrix.leading : PIECE);
  const uint64_t address = matrix.start + rows + within + along;
  const uint64_t mask = ROW_BYTES[matrix.swizzle] / PIECE - 1;
  return address ^ ((address >> 7 & mask) << 4);
}

}  // namespace octet_sim
