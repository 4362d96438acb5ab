// Hopper's warpgroup-wide multiplication of bytes and what orders it: PTX ISA 9.7.15 and 9.7.13 (fence.proxy).
//
// A multiplication takes effect in the wait that promises it, the latest moment allowed: its operands are read then, and until
// then its sums are garbage. What a kernel may not do meanwhile is a reported fault: writing to operands, touching the sums,
// or ending. So is an operand that was not ready when the multiplication was started: never written, its copy not waited for,
// no barrier since, or no proxy fence of the thread that wrote it. Stricter than the ISA, each group starts with a fence.
#pragma once

namespace octet_sim {

// An address as matrix descriptors have it: bytes from the start of the block's shared memory window, whose first KiB is the
// system's.
uint64_t shared_address(const void* shared);

// fence.proxy.async.shared::cta.
void fence_proxy_async();

// wgmma.fence.sync.aligned.
void wgmma_fence();

// wgmma.mma_async.sync.aligned.m64n{8..256}k32.s32.{s8|u8}.s8 with descriptors of both operands and n / 2 sums a thread; adds.
void wgmma_m64k32(int* d, int n, uint64_t a, uint64_t b, bool a_unsigned);

// wgmma.commit_group.sync.aligned.
void wgmma_commit_group();

// wgmma.wait_group.sync.aligned: all but the latest groups have ended.
void wgmma_wait_group(int groups);

}  // namespace octet_sim
