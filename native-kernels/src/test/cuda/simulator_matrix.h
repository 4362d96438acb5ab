// Warp-wide matrix instructions and asynchronous copies, with the fragment layouts of the PTX ISA.
//
// All 32 lanes of a warp call each of the matrix functions together; a lane passes its own registers. With group = lane / 4
// and member = lane % 4, rows and columns of a lane's elements are those of the tables in the PTX ISA's sections on the
// shapes of mma.sync and on ldmatrix.
#pragma once

namespace octet_sim {

// mma.sync.aligned.m16n8k32.row.col.s32.{s8|u8}.{s8|u8}.s32: d += a * b, sums wrap.
void mma_m16n8k32(int (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], bool a_unsigned = false,
                  bool b_unsigned = false);
// mma.sync.aligned.m16n8k16.row.col.s32.{s8|u8}.{s8|u8}.s32.
void mma_m16n8k16(int (&d)[4], const unsigned (&a)[2], const unsigned (&b)[1], bool a_unsigned = false,
                  bool b_unsigned = false);
// mma.sync.aligned.m8n8k16.row.col.s32.{s8|u8}.{s8|u8}.s32.
void mma_m8n8k16(int (&d)[2], const unsigned (&a)[1], const unsigned (&b)[1], bool a_unsigned = false,
                 bool b_unsigned = false);
// mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32: the exact sum of products and d, rounded once. Hardware rounds in an
// order that is not specified, so results may differ from it within a dot product's error bound.
void mma_m16n8k16_f16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]);
// mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32.
void mma_m16n8k8_f16(float (&d)[4], const unsigned (&a)[2], const unsigned (&b)[1]);

// ldmatrix.sync.aligned.m8n8.x{1|2|4}[.trans].shared.b16: lane i of the first 8 * count gives the address of row i, 16 bytes
// aligned to 16 in shared memory.
void ldmatrix_x1(unsigned (&d)[1], const void* row, bool transposed = false);
void ldmatrix_x2(unsigned (&d)[2], const void* row, bool transposed = false);
void ldmatrix_x4(unsigned (&d)[4], const void* row, bool transposed = false);

// cp.async.{ca|cg}.shared.global of 4, 8 or 16 bytes: source_bytes are read, the rest is zeros. The copy lands in the wait
// that promises it, not before: a kernel that reads earlier is told so.
void cp_async(void* shared, const void* global, int bytes, int source_bytes);
inline void cp_async(void* shared, const void* global, int bytes) { cp_async(shared, global, bytes, bytes); }
void cp_async_commit();
// cp.async.wait_group: all but the latest groups have landed.
void cp_async_wait(int groups);
void cp_async_wait_all();

}  // namespace octet_sim
