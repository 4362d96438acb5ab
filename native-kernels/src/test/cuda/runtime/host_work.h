// What simulated libraries that stand on the driver use of it.
#pragma once

#include <functional>

#include "launch.h"

namespace octet_sim {

// Runs work in the stream's order, or at each launch of the graph that the stream is being captured into. Its outcome is
// treated like a kernel's. Returns a CUresult.
__attribute__((visibility("default"))) int enqueue_work(void* stream, const char* name,
                                                        std::function<Outcome(int device)> work);

}  // namespace octet_sim
