// What a kernel's thread may touch. A violation ends the launch and does not return.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "block.h"

namespace octet_sim {

// Device memory of the device that runs, or shared memory.
void check_access(Thread& thread, uintptr_t address, size_t bytes, Use use);
void check_aligned(Thread& thread, uintptr_t address, size_t bytes);
// Whether accesses are checked from now on.
void set_checks(bool on);
// The device whose memory kernels may touch.
void set_running_device(int device);

}  // namespace octet_sim
