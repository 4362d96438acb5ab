// What a kernel file needs to run on the simulated device of the tests: CUDA's keywords, types and functions as C++17.
//
// Kernels compile with g++ -x c++ -DOCTET_SIMULATOR; no CUDA header is used. The functions declared here are defined in
// runtime/, which is compiled without the memory checks that the kernels themselves are compiled with. Semantics are the
// CUDA C++ programming guide's and the PTX ISA's; what a kernel may not do there is a reported fault here.
#pragma once

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define __host__
#define __device__
#define __constant__
#define __grid_constant__
#define __forceinline__ inline
#define __align__(bytes) __attribute__((aligned(bytes)))
// A block stays on one worker thread, so that a worker's thread-local storage is its blocks' static shared memory.
#define __shared__ static thread_local
// build-simulator.sh reads the names, types and bounds of kernels from the text that OCTET_SIMULATOR_SCAN leaves.
#ifndef OCTET_SIMULATOR_SCAN
#define __global__
#define __launch_bounds__(...)
#endif
// Shared memory whose size the launch decides, as bytes aligned to 16.
#define OCTET_DYNAMIC_SHARED(name) unsigned char* name = octet_sim::dynamic_shared()
// The same, aligned to more: it starts at a page.
#define OCTET_DYNAMIC_SHARED_AT(name, bytes) OCTET_DYNAMIC_SHARED(name)

#include "simulator_vectors.h"
// Needs the vectors.
#include "simulator_threads.h"
// Need the threads.
#include "simulator_atomics.h"
#include "simulator_half.h"
#include "simulator_math.h"
#include "simulator_matrix.h"
#include "simulator_warpgroup.h"
