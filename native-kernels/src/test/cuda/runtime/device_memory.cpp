#include "device_memory.h"

#include <string.h>
#include <sys/mman.h>

#include <algorithm>
#include <map>
#include <mutex>

namespace octet_sim {

DeviceRange device_range[MAX_DEVICES];

namespace {

constexpr uintptr_t GRAIN = 512;  // CUDA's own allocations are aligned to 512
constexpr uintptr_t GAP = 1 << 16;  // between allocations

struct Heap {
  std::map<uintptr_t, size_t> live;  // start, bytes
  uintptr_t next = 0;                // offset
  size_t bytes = 0;
};

std::mutex lock;
Heap heaps[MAX_DEVICES];

uintptr_t reserve(uintptr_t bytes) {
  void* range = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return range == MAP_FAILED ? 0 : reinterpret_cast<uintptr_t>(range);
}

uintptr_t footprint(size_t bytes) { return (bytes + GRAIN - 1) / GRAIN * GRAIN + GAP; }

// The first gap at or after the place of the last allocation, so that freed addresses rest as long as possible.
uintptr_t place(const Heap& heap, uintptr_t base, size_t bytes) {
  const uintptr_t want = footprint(bytes);
  uintptr_t at = base + heap.next;
  for (int turn = 0; turn < 2; turn++) {
    auto after = heap.live.lower_bound(at);
    if (after != heap.live.begin()) {
      auto before = std::prev(after);
      at = std::max(at, before->first + footprint(before->second));
    }
    for (; at + want <= base + DEVICE_BYTES; ++after) {
      if (after == heap.live.end() || at + want <= after->first) {
        return at;
      }
      at = after->first + footprint(after->second);
    }
    at = base + GAP;
  }
  return 0;
}

void drop_pages(uintptr_t from, uintptr_t to) {
  constexpr uintptr_t page = 4096;
  from = (from + page - 1) / page * page;
  to = to / page * page;
  if (from < to) {
    madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
  }
}

}  // namespace

void reserve_device_memory() {
  std::lock_guard<std::mutex> guard(lock);
  for (int d = 0; d < MAX_DEVICES && device_range[d].base == 0; d++) {
    const uintptr_t base = reserve(DEVICE_BYTES);
    const uintptr_t states = reserve(DEVICE_BYTES);
    device_range[d] = {base, states - base};
    heaps[d].next = GAP;
  }
}

uintptr_t device_allocate(int device, size_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  Heap& heap = heaps[device];
  const uintptr_t base = device_range[device].base;
  if (base == 0 || bytes > DEVICE_BYTES / 2) {
    return 0;
  }
  const uintptr_t at = place(heap, base, bytes);
  if (at == 0) {
    return 0;
  }
  heap.live[at] = bytes;
  heap.next = at - base + footprint(bytes);
  heap.bytes += bytes;
  memset(states_of(device, at), ALLOCATED, bytes);
  return at;
}

size_t device_free(int device, uintptr_t address) {
  std::lock_guard<std::mutex> guard(lock);
  Heap& heap = heaps[device];
  auto found = heap.live.find(address);
  if (found == heap.live.end()) {
    return 0;
  }
  const size_t bytes = found->second;
  heap.live.erase(found);
  heap.bytes -= bytes;
  const uintptr_t states = reinterpret_cast<uintptr_t>(states_of(device, address));
  memset(reinterpret_cast<void*>(states), INACCESSIBLE, bytes);
  drop_pages(address, address + bytes);
  drop_pages(states, states + bytes);
  return bytes;
}

bool device_allocation(int device, uintptr_t address, uintptr_t* start, size_t* bytes) {
  std::lock_guard<std::mutex> guard(lock);
  Heap& heap = heaps[device];
  auto after = heap.live.upper_bound(address);
  if (after == heap.live.begin()) {
    return false;
  }
  auto before = std::prev(after);
  if (address >= before->first + before->second) {
    return false;
  }
  *start = before->first;
  *bytes = before->second;
  return true;
}

size_t device_allocation_count(int device) {
  std::lock_guard<std::mutex> guard(lock);
  return heaps[device].live.size();
}

size_t device_allocated_bytes(int device) {
  std::lock_guard<std::mutex> guard(lock);
  return heaps[device].bytes;
}

std::string describe_address(int device, uintptr_t address, size_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  if (!on_device(device, address)) {
    return "not an address of device " + std::to_string(device);
  }
  const auto& live = heaps[device].live;
  const auto after = live.upper_bound(address);
  uintptr_t from_end = GAP;
  size_t size = 0;
  if (after != live.begin()) {
    const auto before = std::prev(after);
    size = before->second;
    if (address + bytes <= before->first + size) {
      return "";
    }
    from_end = address + bytes - before->first - size;
  }
  if (after != live.end() && after->first - address < from_end) {
    return std::to_string(after->first - address) + " bytes before an allocation of " + std::to_string(after->second) +
           " bytes";
  }
  if (from_end < GAP) {
    return std::to_string(from_end) + " bytes past the end of an allocation of " + std::to_string(size) + " bytes";
  }
  return "in no allocation, or one that was freed";
}

bool accessible(int device, uintptr_t address, size_t bytes) {
  const unsigned char* states = states_of(device, address);
  return on_device(device, address) && on_device(device, address + bytes) &&
         memchr(states, INACCESSIBLE, bytes) == nullptr;
}

bool written(int device, uintptr_t address, size_t bytes) {
  const unsigned char* states = states_of(device, address);
  return memchr(states, ALLOCATED, bytes) == nullptr;
}

void mark_written(int device, uintptr_t address, size_t bytes) {
  memset(states_of(device, address), WRITTEN, bytes);
}

}  // namespace octet_sim
