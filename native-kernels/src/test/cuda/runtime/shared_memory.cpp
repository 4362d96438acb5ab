#include "shared_memory.h"

#include <link.h>
#include <stdlib.h>
#include <sys/mman.h>

namespace octet_sim {

namespace {

// Mapped with the arena, so that what lies a little beyond it is known to be meant for it.
constexpr size_t BEYOND = 1 << 20;

constexpr size_t GROUP_READ = 16;  // bytes

constexpr uint16_t PENDING = 0x8000;  // with a writer: its asynchronous copy has not landed
constexpr uint16_t BY_ATOMIC = 0x7fff;
constexpr uint16_t SEVERAL_LANES = 63;  // in a reader's low 6 bits, below its warp
constexpr uint16_t SEVERAL_WARPS = 0xffff;

// Makes the calling thread's part of the module's thread-local storage exist.
thread_local volatile char anchor;

struct Storage {
  uintptr_t start;
  size_t bytes;
};

int find_storage(dl_phdr_info* info, size_t, void* result) {
  const uintptr_t code = reinterpret_cast<uintptr_t>(&find_storage);
  const ElfW(Phdr)* thread_local_segment = nullptr;
  bool here = false;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    here |= segment.p_type == PT_LOAD && code - info->dlpi_addr - segment.p_vaddr < segment.p_memsz;
    thread_local_segment = segment.p_type == PT_TLS ? &segment : thread_local_segment;
  }
  if (here && thread_local_segment != nullptr) {
    *static_cast<Storage*>(result) = {reinterpret_cast<uintptr_t>(info->dlpi_tls_data),
                                      thread_local_segment->p_memsz};
  }
  return here;
}

unsigned warp_of(unsigned thread) { return thread / 32; }

uint16_t reader_of(unsigned thread) { return static_cast<uint16_t>(warp_of(thread) << 6 | thread % 32); }

}  // namespace

SharedMemory::SharedMemory() : dynamic_states_(MAX_DYNAMIC), group_reads_(MAX_DYNAMIC / GROUP_READ) {
  arena_ = static_cast<unsigned char*>(
      mmap(nullptr, MAX_DYNAMIC + BEYOND, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
}

SharedMemory::~SharedMemory() { munmap(arena_, MAX_DYNAMIC + BEYOND); }

void SharedMemory::prepare(size_t dynamic_bytes) {
  dynamic_bytes_ = dynamic_bytes;
  if (static_start_ == 0) {
    anchor = 1;
    Storage storage = {0, 0};
    dl_iterate_phdr(find_storage, &storage);
    static_start_ = storage.start;
    static_bytes_ = storage.bytes;
    static_states_.resize(storage.bytes);
  }
}

void SharedMemory::start_block() {
  epoch_++;
  block_epoch_ = epoch_;
  if (all_group_reads_ > 0) {  // of a block that failed
    all_group_reads_ = 0;
    group_reads_.assign(group_reads_.size(), 0);
  }
}

bool SharedMemory::holds(uintptr_t address) const {
  return address - static_start_ < static_bytes_ ||
         address - reinterpret_cast<uintptr_t>(arena_) < MAX_DYNAMIC + BEYOND;
}

const char* SharedMemory::race(const char* problem, unsigned other) {
  other_thread_ = static_cast<int>(other);
  return problem;
}

const char* SharedMemory::read(State& state, unsigned thread) {
  const unsigned writer = static_cast<unsigned>(state.writer & ~PENDING) - 1;
  if (state.write_epoch < block_epoch_) {
    return "reads shared memory that its block never wrote";
  }
  if ((state.writer & PENDING) != 0) {
    return race("reads shared memory whose asynchronous copy has not been waited for", writer);
  }
  if (state.write_epoch == epoch_ && state.writer != thread + 1) {
    if (state.writer == BY_ATOMIC) {
      return "reads shared memory that an atomic operation changes, without a barrier between";
    }
    if (warp_of(writer) != warp_of(thread) || state.write_warp_epoch == warp_epochs_[warp_of(thread)]) {
      return race("reads shared memory that another thread wrote, without a barrier between", writer);
    }
  }
  const uint16_t reader = reader_of(thread);
  const uint16_t warp_epoch = warp_epochs_[warp_of(thread)];
  if (state.read_epoch != epoch_ || (state.reader >> 6 == reader >> 6 && state.read_warp_epoch != warp_epoch)) {
    state.reader = reader;
  } else if (state.reader != reader) {
    state.reader = state.reader >> 6 == reader >> 6 ? static_cast<uint16_t>(reader | SEVERAL_LANES) : SEVERAL_WARPS;
  }
  state.read_epoch = epoch_;
  state.read_warp_epoch = warp_epoch;
  return nullptr;
}

const char* SharedMemory::write(State& state, unsigned thread, Use use) {
  const uint16_t warp_epoch = warp_epochs_[warp_of(thread)];
  const bool atomic = use == Use::ATOMIC;
  if (use != Use::COPY_LANDS && (state.writer & PENDING) != 0 && state.write_epoch >= block_epoch_) {
    return race("writes shared memory whose asynchronous copy has not been waited for",
                static_cast<unsigned>(state.writer & ~PENDING) - 1);
  }
  if (atomic && state.write_epoch < block_epoch_) {
    return "changes shared memory that its block never wrote";
  }
  if (state.write_epoch == epoch_ && state.writer != thread + 1 && (state.writer & PENDING) == 0 &&
      !(atomic && state.writer == BY_ATOMIC)) {
    const unsigned writer = state.writer - 1u;
    if (state.writer == BY_ATOMIC) {
      return "writes shared memory that an atomic operation changes, without a barrier between";
    }
    if (warp_of(writer) != warp_of(thread) || state.write_warp_epoch == warp_epoch) {
      return race("writes shared memory that another thread wrote, without a barrier between", writer);
    }
  }
  if (state.read_epoch == epoch_ && state.reader != reader_of(thread)) {
    if (state.reader >> 6 != warp_of(thread) || state.read_warp_epoch == warp_epoch) {
      const bool one = state.reader != SEVERAL_WARPS && (state.reader & 63) != SEVERAL_LANES;
      return race("writes shared memory that another thread read, without a barrier between",
                  one ? (state.reader >> 6) * 32u + (state.reader & 63) : ~0u);
    }
  }
  state.writer = atomic ? BY_ATOMIC : static_cast<uint16_t>(thread + 1);
  if (use == Use::COPY_STARTS) {
    state.writer |= PENDING;
  }
  state.write_epoch = epoch_;
  state.write_warp_epoch = warp_epoch;
  state.write_time = time_;
  return nullptr;
}

const char* SharedMemory::access(unsigned thread, uintptr_t address, size_t bytes, Use use) {
  other_thread_ = -1;
  State* states;
  const uintptr_t offset = address - reinterpret_cast<uintptr_t>(arena_);
  if (offset < MAX_DYNAMIC + BEYOND) {
    if (offset + bytes > dynamic_bytes_) {
      return "reaches beyond its block's dynamic shared memory";
    }
    if (use != Use::READ && is_read_by_groups(offset, bytes)) {
      return "writes shared memory that a wgmma under way reads";
    }
    states = &dynamic_states_[offset];
  } else {
    states = &static_states_[address - static_start_];
  }
  for (size_t i = 0; i < bytes; i++) {
    const char* problem = use == Use::READ ? read(states[i], thread) : write(states[i], thread, use);
    if (problem != nullptr) {
      return problem;
    }
  }
  return nullptr;
}

// By the thread that wrote last, after it wrote.
bool SharedMemory::is_fenced(const State& state) const {
  return state.writer != BY_ATOMIC && fence_times_[state.writer - 1] > state.write_time;
}

bool SharedMemory::is_read_by_groups(uintptr_t offset, size_t bytes) const {
  if (all_group_reads_ > 0) {
    for (size_t i = offset / GROUP_READ; i <= (offset + bytes - 1) / GROUP_READ; i++) {
      if (group_reads_[i] > 0) {
        return true;
      }
    }
  }
  return false;
}

const char* SharedMemory::start_group_read(unsigned thread, uintptr_t address) {
  const uintptr_t offset = address - reinterpret_cast<uintptr_t>(arena_);
  if (offset + GROUP_READ > dynamic_bytes_) {
    other_thread_ = -1;
    return "reaches beyond its block's dynamic shared memory";
  }
  const char* problem = access(thread, address, GROUP_READ, Use::READ);
  for (size_t i = 0; i < GROUP_READ && problem == nullptr; i++) {
    const State& state = dynamic_states_[offset + i];
    if (!is_fenced(state)) {
      problem = race("reads shared memory that a thread wrote without a proxy fence after it", state.writer - 1u);
    }
  }
  group_reads_[offset / GROUP_READ]++;
  all_group_reads_++;
  return problem;
}

const char* SharedMemory::end_group_read(unsigned thread, uintptr_t address) {
  const uintptr_t offset = address - reinterpret_cast<uintptr_t>(arena_);
  group_reads_[offset / GROUP_READ]--;
  all_group_reads_--;
  return access(thread, address, GROUP_READ, Use::READ);
}

std::string SharedMemory::describe(uintptr_t address) const {
  std::string text;
  const uintptr_t offset = address - reinterpret_cast<uintptr_t>(arena_);
  if (offset < MAX_DYNAMIC + BEYOND) {
    text = "at byte " + std::to_string(offset) + " of " + std::to_string(dynamic_bytes_);
  } else {
    text = "at static byte " + std::to_string(address - static_start_);
  }
  return other_thread_ < 0 ? text : text + ", the other is thread " + std::to_string(other_thread_);
}

}  // namespace octet_sim
