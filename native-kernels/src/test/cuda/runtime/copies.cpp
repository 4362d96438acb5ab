// Asynchronous copies from device to shared memory: each lands in the wait that promises it, the latest moment allowed.
#include <string.h>

#include "checks.h"

namespace octet_sim {

namespace {

void land(Thread& thread, size_t count) {
  std::vector<Copy>& copies = thread.fiber->copies;
  for (size_t i = 0; i < count; i++) {
    const Copy& copy = copies[i];
    check_access(thread, reinterpret_cast<uintptr_t>(copy.to), static_cast<size_t>(copy.bytes), Use::COPY_LANDS);
    memcpy(copy.to, copy.from, static_cast<size_t>(copy.source_bytes));
    memset(copy.to + copy.source_bytes, 0, static_cast<size_t>(copy.bytes - copy.source_bytes));
  }
  copies.erase(copies.begin(), copies.begin() + static_cast<ptrdiff_t>(count));
}

}  // namespace

void cp_async(void* shared, const void* global, int bytes, int source_bytes) {
  require_capability(80, "cp.async");
  Thread& thread = self();
  const uintptr_t to = reinterpret_cast<uintptr_t>(shared);
  const uintptr_t from = reinterpret_cast<uintptr_t>(global);
  if ((bytes != 4 && bytes != 8 && bytes != 16) || source_bytes < 0 || source_bytes > bytes) {
    fail(Violation::LAUNCH, "cp.async of " + std::to_string(source_bytes) + " into " + std::to_string(bytes) + " bytes");
  }
  if (!thread.worker->shared.holds(to)) {
    fail(Violation::ADDRESS, "cp.async to an address that is not in shared memory");
  }
  check_aligned(thread, to, static_cast<size_t>(bytes));
  if (source_bytes > 0) {
    check_aligned(thread, from, static_cast<size_t>(bytes));
    check_access(thread, from, static_cast<size_t>(source_bytes), Use::READ);
  }
  check_access(thread, to, static_cast<size_t>(bytes), Use::COPY_STARTS);
  thread.fiber->copies.push_back(
      {static_cast<unsigned char*>(shared), static_cast<const unsigned char*>(global), bytes, source_bytes});
}

void cp_async_commit() {
  Fiber& fiber = *self().fiber;
  size_t before = 0;
  for (size_t group : fiber.committed) {
    before += group;
  }
  fiber.committed.push_back(fiber.copies.size() - before);
}

void cp_async_wait(int groups) {
  Thread& thread = self();
  std::vector<size_t>& committed = thread.fiber->committed;
  while (committed.size() > static_cast<size_t>(groups)) {
    land(thread, committed.front());
    committed.erase(committed.begin());
  }
}

void cp_async_wait_all() {
  Thread& thread = self();
  thread.fiber->committed.clear();
  land(thread, thread.fiber->copies.size());
}

}  // namespace octet_sim
