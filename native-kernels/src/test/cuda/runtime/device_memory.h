// Device memory: one reserved range of addresses a device, and beside it a state for every byte.
//
// The data of device d lies at base(d); its states lie at a fixed distance. Pages of both appear when they are first used.
// Allocations are kept apart, and freed addresses are not given out again until all others are used up, so that a stale
// pointer meets INACCESSIBLE.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <string>

namespace octet_sim {

constexpr int MAX_DEVICES = 2;
constexpr uintptr_t DEVICE_BYTES = 1ull << 36;
constexpr unsigned char INACCESSIBLE = 0;
constexpr unsigned char ALLOCATED = 1;  // never written
constexpr unsigned char WRITTEN = 3;

struct DeviceRange {
  uintptr_t base;
  uintptr_t states;  // the state of the byte at address a is at a + states
};

extern DeviceRange device_range[MAX_DEVICES];

inline bool on_device(int device, uintptr_t address) { return address - device_range[device].base < DEVICE_BYTES; }
inline unsigned char* states_of(int device, uintptr_t address) {
  return reinterpret_cast<unsigned char*>(address + device_range[device].states);
}

void reserve_device_memory();
uintptr_t device_allocate(int device, size_t bytes);  // 0 when out of addresses
// The bytes freed; 0 when address is not the start of a live allocation.
size_t device_free(int device, uintptr_t address);
// The allocation that holds address, or false.
bool device_allocation(int device, uintptr_t address, uintptr_t* start, size_t* bytes);
size_t device_allocation_count(int device);
size_t device_allocated_bytes(int device);

// Empty when [address, address + bytes) lies in one live allocation; otherwise what is wrong, without a subject.
std::string describe_address(int device, uintptr_t address, size_t bytes);
// Whether every byte is accessible, and also written when it is read.
bool accessible(int device, uintptr_t address, size_t bytes);
bool written(int device, uintptr_t address, size_t bytes);
void mark_written(int device, uintptr_t address, size_t bytes);

}  // namespace octet_sim
