// A kernel as it is linked in, one launch of it, and running that launch to its end.
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

#include "../simulator_vectors.h"

namespace octet_sim {

// Written by build-simulator.sh for each kernel, into the section octet_kernels.
struct Kernel {
  const char* name;
  void (*invoke)(void** parameters);
  const unsigned* parameter_bytes;
  int parameter_count;
  int bounds;  // __launch_bounds__: the most threads of a block
};

const Kernel* find_kernel(const char* name);

struct Launch {
  const Kernel* kernel;
  dim3 blocks;
  dim3 threads;
  unsigned shared_bytes;
  int device;
  int capability;  // of the device
  std::vector<std::vector<unsigned char>> parameters;

  uint64_t block_count() const { return static_cast<uint64_t>(blocks.x) * blocks.y * blocks.z; }
  unsigned thread_count() const { return threads.x * threads.y * threads.z; }
};

enum class Violation { NONE, ADDRESS, MISALIGNED, LAUNCH };

struct Outcome {
  Violation violation = Violation::NONE;
  std::string message;  // one line
};

// Runs all blocks, on the calling thread and on helpers; returns at the first violation of any thread.
Outcome run(const Launch& launch);

}  // namespace octet_sim
