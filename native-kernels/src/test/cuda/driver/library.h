// What other simulated libraries need of the driver: work in a stream's order, also captured and replayed.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

// A driver attribute; see cuda.h.
int cuDeviceGetAttribute(int* value, int attribute, int device);

// Runs act(data) on the simulator's thread when the stream gets there, or each time a graph that captured it runs; it
// returns a driver result, and one that is not 0 ends the context. release(data) follows the last run.
int octet_simulator_enqueue(void* stream, int (*act)(void* data), void* data, void (*release)(void* data));

// Whether bytes at address lie in live memory of the stream's device, initialized when they are read; otherwise what is
// wrong is logged under name. Marks them written when they are written. A driver result.
int octet_simulator_touch(const char* name, const void* address, size_t bytes, int write);
}
