#include "matrix.h"

#include <string.h>

#include "checks.h"

namespace octet_sim {

namespace {

constexpr unsigned ALL_LANES = 0xffffffffu;
constexpr int AMPERE = 80;

// Integer operands, by rows of k: a row-major, b column-major, so that both are read along k.
struct Tiles {
  int16_t a[16][32];
  int16_t b[8][32];
};

int16_t widen(unsigned word, int byte, bool is_unsigned) {
  const uint8_t bits = static_cast<uint8_t>(word >> (8 * byte));
  return is_unsigned ? bits : static_cast<int8_t>(bits);
}

const unsigned* words(const Warp& warp, int lane, int which) {
  return static_cast<const unsigned*>(warp.visits[lane]->registers[which]);
}

// Register r of a lane's A holds row group + 8 * (r % 2), bytes k = 16 * (r / 2) + 4 * member ... + 3; B's register r holds
// column group, k = 16 * r + 4 * member ... + 3. With 8 rows every register is of the upper half.
void gather(const Warp& warp, int rows, int k_count, Tiles& tiles) {
  const int flags = warp.visits[0]->operand;
  const int halves = rows / 8;
  for (int lane = 0; lane < LANES; lane++) {
    const int group = lane / 4;
    const int member = lane % 4;
    const unsigned* a = words(warp, lane, 1);
    const unsigned* b = words(warp, lane, 2);
    for (int step = 0; step < k_count / 16; step++) {
      for (int i = 0; i < 4; i++) {
        const int k = 16 * step + 4 * member + i;
        for (int half = 0; half < halves; half++) {
          tiles.a[group + 8 * half][k] = widen(a[step * halves + half], i, (flags & 1) != 0);
        }
        tiles.b[group][k] = widen(b[step], i, (flags & 2) != 0);
      }
    }
  }
}

// Registers 2h and 2h + 1 of a lane's D hold row group + 8h, columns 2 * member and 2 * member + 1.
template <int k_count>
void multiply_s32(Warp& warp, int rows) {
  Tiles tiles;
  gather(warp, rows, k_count, tiles);
  for (int lane = 0; lane < LANES; lane++) {
    int* d = static_cast<int*>(warp.visits[lane]->registers[0]);
    for (int r = 0; r < rows / 4; r++) {
      const int16_t* a = tiles.a[lane / 4 + 8 * (r / 2)];
      const int16_t* b = tiles.b[2 * (lane % 4) + r % 2];
      int sum = 0;
      for (int k = 0; k < k_count; k++) {
        sum += a[k] * b[k];
      }
      d[r] = static_cast<int>(static_cast<unsigned>(d[r]) + static_cast<unsigned>(sum));
    }
  }
}

// Register r of a lane's A holds row group + 8 * (r % 2), halves k = 8 * (r / 2) + 2 * member and the next; B's register r
// holds column group, the same k.
void multiply_f32(Warp& warp, int k_count) {
  double a[16][16];
  double b[8][16];
  for (int lane = 0; lane < LANES; lane++) {
    for (int r = 0; r < k_count / 4; r++) {
      for (int i = 0; i < 2; i++) {
        const int k = 8 * (r / 2) + 2 * (lane % 4) + i;
        a[lane / 4 + 8 * (r % 2)][k] = half_value(static_cast<unsigned short>(words(warp, lane, 1)[r] >> (16 * i)));
        if (r % 2 == 0) {
          b[lane / 4][k] = half_value(static_cast<unsigned short>(words(warp, lane, 2)[r / 2] >> (16 * i)));
        }
      }
    }
  }
  for (int lane = 0; lane < LANES; lane++) {
    float* d = static_cast<float*>(warp.visits[lane]->registers[0]);
    for (int r = 0; r < 4; r++) {
      const double* row = a[lane / 4 + 8 * (r / 2)];
      const double* column = b[2 * (lane % 4) + r % 2];
      double sum = static_cast<double>(d[r]);
      for (int k = 0; k < k_count; k++) {
        sum += row[k] * column[k];
      }
      d[r] = static_cast<float>(sum);
    }
  }
}

void meet_to_multiply(Product product, int flags, void* d, const void* a, const void* b) {
  Visit visit = {0, flags, 0, static_cast<int>(product), {d, const_cast<void*>(a), const_cast<void*>(b)}};
  self().worker->meet(ALL_LANES, Meeting::MATRIX, visit);
}

int flags_of(bool a_unsigned, bool b_unsigned) { return (a_unsigned ? 1 : 0) | (b_unsigned ? 2 : 0); }

void load(void* d, int matrices, const void* row, bool transposed) {
  Visit visit = {0, matrices, 0, transposed ? 1 : 0, {d, const_cast<void*>(row), nullptr}};
  self().worker->meet(ALL_LANES, Meeting::LOAD_MATRIX, visit);
}

}  // namespace

void multiply(Warp& warp) {
  const Visit& first = *warp.visits[0];
  for (int lane = 1; lane < LANES; lane++) {
    if (warp.visits[lane]->how != first.how || warp.visits[lane]->operand != first.operand) {
      fail(Violation::LAUNCH, "calls another matrix product than the other lanes");
    }
  }
  switch (static_cast<Product>(first.how)) {
    case Product::S32_16832:
      return multiply_s32<32>(warp, 16);
    case Product::S32_16816:
      return multiply_s32<16>(warp, 16);
    case Product::S32_8816:
      return multiply_s32<16>(warp, 8);
    case Product::F32_16816:
      return multiply_f32(warp, 16);
    case Product::F32_1688:
      return multiply_f32(warp, 8);
  }
}

// Matrix m's row i comes from lane 8m + i; lane l gets halves 2 * (l % 4) and the next of row l / 4, or, transposed, of
// column l / 4.
void load_matrices(Warp& warp) {
  const int matrices = warp.visits[0]->operand;
  const bool transposed = warp.visits[0]->how != 0;
  uint16_t all[4][8][8];
  for (int lane = 0; lane < 8 * matrices; lane++) {
    Thread& thread = *warp.lanes[lane]->thread;
    const void* row = warp.visits[lane]->registers[1];
    check_aligned(thread, reinterpret_cast<uintptr_t>(row), 16);
    if (!thread.worker->shared.holds(reinterpret_cast<uintptr_t>(row))) {
      thread.worker->fail(thread, Violation::ADDRESS, "loads a matrix row that is not in shared memory");
    }
    check_access(thread, reinterpret_cast<uintptr_t>(row), 16, Use::READ);
    memcpy(all[lane / 8][lane % 8], row, 16);
  }
  for (int lane = 0; lane < LANES; lane++) {
    unsigned* d = static_cast<unsigned*>(warp.visits[lane]->registers[0]);
    const int group = lane / 4;
    const int pair = 2 * (lane % 4);
    for (int m = 0; m < matrices; m++) {
      const unsigned low = transposed ? all[m][pair][group] : all[m][group][pair];
      const unsigned high = transposed ? all[m][pair + 1][group] : all[m][group][pair + 1];
      d[m] = low | high << 16;
    }
  }
}

void mma_m16n8k32(int (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], bool a_unsigned, bool b_unsigned) {
  require_capability(AMPERE, "mma.m16n8k32");
  meet_to_multiply(Product::S32_16832, flags_of(a_unsigned, b_unsigned), d, a, b);
}

void mma_m16n8k16(int (&d)[4], const unsigned (&a)[2], const unsigned (&b)[1], bool a_unsigned, bool b_unsigned) {
  require_capability(AMPERE, "mma.m16n8k16 of integers");
  meet_to_multiply(Product::S32_16816, flags_of(a_unsigned, b_unsigned), d, a, b);
}

void mma_m8n8k16(int (&d)[2], const unsigned (&a)[1], const unsigned (&b)[1], bool a_unsigned, bool b_unsigned) {
  meet_to_multiply(Product::S32_8816, flags_of(a_unsigned, b_unsigned), d, a, b);
}

void mma_m16n8k16_f16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
  require_capability(AMPERE, "mma.m16n8k16 of halves");
  meet_to_multiply(Product::F32_16816, 0, d, a, b);
}

void mma_m16n8k8_f16(float (&d)[4], const unsigned (&a)[2], const unsigned (&b)[1]) {
  meet_to_multiply(Product::F32_1688, 0, d, a, b);
}

void ldmatrix_x1(unsigned (&d)[1], const void* row, bool transposed) { load(d, 1, row, transposed); }
void ldmatrix_x2(unsigned (&d)[2], const void* row, bool transposed) { load(d, 2, row, transposed); }
void ldmatrix_x4(unsigned (&d)[4], const void* row, bool transposed) { load(d, 4, row, transposed); }

}  // namespace octet_sim
