// The calls that g++ -fsanitize=thread puts before every load and store of a kernel, and the checks behind them.
#include "checks.h"

#include <link.h>
#include <stdio.h>
#include <string.h>

#include "device_memory.h"

namespace octet_sim {

namespace {

DeviceRange running = {0, 0};
int running_device = 0;
bool checking = true;

constexpr uint64_t EACH_BYTE = 0x0101010101010101ull;

template <size_t bytes>
bool states_ok(uintptr_t address, bool write) {
  unsigned char* states = reinterpret_cast<unsigned char*>(address + running.states);
  constexpr size_t step = bytes < 8 ? bytes : 8;
  for (size_t i = 0; i < bytes; i += step) {
    constexpr uint64_t mask = step == 8 ? ~0ull : (1ull << (step % 8 * 8)) - 1;
    uint64_t found = 0;
    memcpy(&found, states + i, step);
    const uint64_t wanted = (write ? EACH_BYTE * ALLOCATED : EACH_BYTE * WRITTEN) & mask;
    if ((found & wanted) != wanted) {
      return false;
    }
    if (write) {
      const uint64_t all = EACH_BYTE * WRITTEN;
      memcpy(states + i, &all, step);
    }
  }
  return true;
}

std::string subject(const char* verb, size_t bytes, uintptr_t address) {
  char text[80];
  snprintf(text, sizeof text, "%s %zu bytes at 0x%zx: ", verb, bytes, static_cast<size_t>(address));
  return text;
}

const char* verb(Use use) { return use == Use::READ ? "reads" : "writes"; }

// Constants that the kernel's code refers to.
bool in_module(uintptr_t address, size_t bytes) {
  struct Query {
    uintptr_t address;
    size_t bytes;
    bool found;
  } query = {address, bytes, false};
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* data) {
        Query& q = *static_cast<Query*>(data);
        for (int i = 0; i < info->dlpi_phnum; i++) {
          const ElfW(Phdr)& segment = info->dlpi_phdr[i];
          const uintptr_t start = info->dlpi_addr + segment.p_vaddr;
          q.found |= segment.p_type == PT_LOAD && q.address >= start &&
                     q.address + q.bytes <= start + segment.p_memsz;
        }
        return static_cast<int>(q.found);
      },
      &query);
  return query.found;
}

[[noreturn]] void fail_device(Thread& thread, uintptr_t address, size_t bytes, Use use) {
  std::string what = subject(verb(use), bytes, address);
  const std::string where = describe_address(running_device, address, bytes);
  if (where.empty()) {
    uintptr_t start = 0;
    size_t size = 0;
    device_allocation(running_device, address, &start, &size);
    what += "never written, byte " + std::to_string(address - start) + " of an allocation of " +
            std::to_string(size) + " bytes";
  } else {
    what += where;
  }
  thread.worker->fail(thread, Violation::ADDRESS, what);
}

__attribute__((noinline)) void check_elsewhere(uintptr_t address, size_t bytes, Use use) {
  Thread& thread = self();
  SharedMemory& shared = thread.worker->shared;
  if (shared.holds(address)) {
    const char* problem = shared.access(thread.fiber->linear, address, bytes, use);
    if (problem != nullptr) {
      thread.worker->fail(thread, Violation::ADDRESS, std::string(problem) + ", " + shared.describe(address));
    }
  } else if (use != Use::READ || !in_module(address, bytes)) {
    thread.worker->fail(thread, Violation::ADDRESS,
                        subject(verb(use), bytes, address) + "neither device nor shared memory, nor its own");
  }
}

template <size_t bytes, bool write, bool aligned>
inline __attribute__((always_inline)) void check(void* pointer) {
  const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
  const uintptr_t frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  if ((address ^ frame) < STACK_BYTES || !checking) {
    return;
  }
  if (aligned && address % bytes != 0) {
    check_aligned(self(), address, bytes);
  }
  if (address - running.base < DEVICE_BYTES) {
    if (!states_ok<bytes>(address, write)) {
      fail_device(self(), address, bytes, write ? Use::WRITE : Use::READ);
    }
    return;
  }
  check_elsewhere(address, bytes, write ? Use::WRITE : Use::READ);
}

}  // namespace

void set_checks(bool on) { checking = on; }

void set_running_device(int device) {
  running_device = device;
  running = device_range[device];
}

void check_aligned(Thread& thread, uintptr_t address, size_t bytes) {
  if (address % bytes != 0) {
    thread.worker->fail(thread, Violation::MISALIGNED,
                        subject("touches", bytes, address) + "misaligned, not a multiple of " + std::to_string(bytes));
  }
}

void check_access(Thread& thread, uintptr_t address, size_t bytes, Use use) {
  if (!checking || bytes == 0) {
    return;
  }
  if (on_device(running_device, address)) {
    const bool ok = accessible(running_device, address, bytes) &&
                    (use == Use::WRITE || written(running_device, address, bytes));
    if (!ok) {
      fail_device(thread, address, bytes, use);
    }
    if (use != Use::READ) {
      mark_written(running_device, address, bytes);
    }
    return;
  }
  SharedMemory& shared = thread.worker->shared;
  if (!shared.holds(address)) {
    thread.worker->fail(thread, Violation::ADDRESS,
                        subject(verb(use), bytes, address) + "neither device nor shared memory");
  }
  const char* problem = shared.access(thread.fiber->linear, address, bytes, use);
  if (problem != nullptr) {
    thread.worker->fail(thread, Violation::ADDRESS, std::string(problem) + ", " + shared.describe(address));
  }
}

}  // namespace octet_sim

#define OCTET_CHECKS(bytes)                                                                              \
  void __tsan_read##bytes(void* a) { octet_sim::check<bytes, false, true>(a); }                          \
  void __tsan_write##bytes(void* a) { octet_sim::check<bytes, true, true>(a); }                          \
  void __tsan_unaligned_read##bytes(void* a) { octet_sim::check<bytes, false, false>(a); }               \
  void __tsan_unaligned_write##bytes(void* a) { octet_sim::check<bytes, true, false>(a); }

extern "C" {
OCTET_CHECKS(1)
OCTET_CHECKS(2)
OCTET_CHECKS(4)
OCTET_CHECKS(8)
OCTET_CHECKS(16)

void __tsan_read_range(void* address, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    octet_sim::check<1, false, false>(static_cast<char*>(address) + i);
  }
}
void __tsan_write_range(void* address, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    octet_sim::check<1, true, false>(static_cast<char*>(address) + i);
  }
}
void __tsan_init() {}

// What -fsanitize=bounds and integer-divide-by-zero call.
struct SourcePlace {
  const char* file;
  uint32_t line;
  uint32_t column;
};
void __ubsan_handle_out_of_bounds(SourcePlace* at, void* index) {
  octet_sim::fail(octet_sim::Violation::ADDRESS, std::string(at->file) + ":" + std::to_string(at->line) + ": index " +
                                                     std::to_string(reinterpret_cast<intptr_t>(index)) +
                                                     " is out of the array's bounds");
}
void __ubsan_handle_divrem_overflow(SourcePlace* at, void*, void*) {
  octet_sim::fail(octet_sim::Violation::LAUNCH,
                  std::string(at->file) + ":" + std::to_string(at->line) + ": division by zero, or of the least by -1");
}
}
