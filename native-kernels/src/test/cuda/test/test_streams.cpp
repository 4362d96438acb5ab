// Streams, events and graphs keep the driver's order.
#include "device.h"

namespace octet_test {

namespace {

constexpr int TURNS = 20000;
constexpr unsigned NON_BLOCKING = 1;

// value = value * 2 + addend, slowly: the order of several such steps shows in the result.
int step(Device& device, void* stream, const Buffer<int>& value, int addend) {
  return device.launch(stream, "add_slowly", 1, 32, 0, value.address(), addend, TURNS);
}

struct Stream {
  explicit Stream(unsigned flags = NON_BLOCKING) { cuStreamCreate(&handle, flags); }
  ~Stream() { cuStreamDestroy_v2(handle); }
  void* handle = nullptr;
};

void test_order() {
  Device device;
  const Buffer<int> value(std::vector<int>{1});
  const Stream stream;
  check_equal(0, step(device, stream.handle, value, 3), "first");
  check_equal(0, step(device, stream.handle, value, 5), "second");
  check_equal(octet_sim::NOT_READY, cuStreamQuery(stream.handle), "work runs while the host goes on");
  check_equal(0, cuStreamSynchronize(stream.handle), "synchronize");
  check_equal(0, cuStreamQuery(stream.handle), "all done");
  check_equal((1 * 2 + 3) * 2 + 5, value.read()[0], "in order");
}

void test_events() {
  Device device;
  const Buffer<int> value(std::vector<int>{1});
  const Stream first;
  const Stream second;
  void* start = nullptr;
  void* end = nullptr;
  cuEventCreate(&start, 0);
  cuEventCreate(&end, 0);
  cuEventRecord(start, first.handle);
  step(device, first.handle, value, 3);
  cuEventRecord(end, first.handle);
  cuStreamWaitEvent(second.handle, end, 0);
  step(device, second.handle, value, 5);
  check_equal(0, cuEventSynchronize(end), "wait for an event");
  float milliseconds = -1;
  check_equal(0, cuEventElapsedTime(&milliseconds, start, end), "elapsed time");
  check(milliseconds > 0, "elapsed time is positive");
  cuStreamSynchronize(second.handle);
  check_equal((1 * 2 + 3) * 2 + 5, value.read()[0], "behind the other stream's event");
  cuEventDestroy_v2(start);
  cuEventDestroy_v2(end);
}

// The legacy stream waits for blocking streams and they for it; a non-blocking stream does not take part.
void test_legacy() {
  Device device;
  const Buffer<int> value(std::vector<int>{1});
  const Stream blocking(0);
  step(device, blocking.handle, value, 3);
  step(device, nullptr, value, 5);
  step(device, blocking.handle, value, 7);
  cuStreamSynchronize(blocking.handle);
  check_equal(((1 * 2 + 3) * 2 + 5) * 2 + 7, value.read()[0], "legacy stream");
}

void test_asynchronous_copy() {
  Device device;
  const Buffer<int> value(std::vector<int>{1});
  const Stream stream;
  void* pinned = nullptr;
  check_equal(0, cuMemAllocHost_v2(&pinned, sizeof(int)), "pinned memory");
  *static_cast<int*>(pinned) = -1;
  step(device, stream.handle, value, 3);
  cuMemcpyDtoHAsync_v2(pinned, value.address(), sizeof(int), stream.handle);
  check_equal(-1, *static_cast<int*>(pinned), "a copy to pinned memory has not happened yet");
  cuStreamSynchronize(stream.handle);
  check_equal(5, *static_cast<int*>(pinned), "a copy to pinned memory has happened");
  cuMemFreeHost(pinned);
}

void test_capture() {
  Device device;
  const Buffer<int> value(std::vector<int>{1});
  const Stream first;
  const Stream second;
  void* fork = nullptr;
  void* join = nullptr;
  cuEventCreate(&fork, 0);
  cuEventCreate(&join, 0);
  check_equal(0, cuStreamBeginCapture_v2(first.handle, 0), "begin");
  step(device, first.handle, value, 3);
  cuEventRecord(fork, first.handle);
  cuStreamWaitEvent(second.handle, fork, 0);
  step(device, second.handle, value, 5);
  cuEventRecord(join, second.handle);
  cuStreamWaitEvent(first.handle, join, 0);
  step(device, first.handle, value, 7);
  void* graph = nullptr;
  check_equal(0, cuStreamEndCapture(first.handle, &graph), "end");
  size_t nodes = 0;
  cuGraphGetNodes(graph, nullptr, &nodes);
  check_equal(3, static_cast<long long>(nodes), "nodes");
  check_equal(1, value.read()[0], "capture runs nothing");
  void* exec = nullptr;
  check_equal(0, cuGraphInstantiateWithFlags(&exec, graph, 0), "instantiate");
  check_equal(0, cuGraphDestroy(graph), "destroy the graph");
  check_equal(0, cuGraphLaunch(exec, first.handle), "replay");
  check_equal(0, cuGraphLaunch(exec, first.handle), "replay again");
  cuStreamSynchronize(first.handle);
  check_equal((((((1 * 2 + 3) * 2 + 5) * 2 + 7) * 2 + 3) * 2 + 5) * 2 + 7, value.read()[0], "replayed twice");
  cuGraphExecDestroy(exec);
  cuEventDestroy_v2(fork);
  cuEventDestroy_v2(join);
}

void test_forbidden_while_capturing() {
  Device device;
  const Stream stream;
  void* graph = nullptr;
  uintptr_t address = 0;
  cuStreamBeginCapture_v2(stream.handle, 0);
  check_equal(octet_sim::STREAM_CAPTURE_UNSUPPORTED, cuMemAlloc_v2(&address, 4), "allocate");
  check_equal(octet_sim::STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(stream.handle, &graph), "end");
  cuStreamBeginCapture_v2(stream.handle, 2);
  check_equal(octet_sim::STREAM_CAPTURE_UNSUPPORTED, cuStreamSynchronize(stream.handle), "synchronize");
  check_equal(octet_sim::STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(stream.handle, &graph), "end");
}

void test_unjoined_capture() {
  Device device;
  const Buffer<int> value(std::vector<int>{1});
  const Stream first;
  const Stream second;
  void* fork = nullptr;
  void* graph = nullptr;
  cuEventCreate(&fork, 0);
  cuStreamBeginCapture_v2(first.handle, 0);
  step(device, first.handle, value, 1);
  cuEventRecord(fork, first.handle);
  cuStreamWaitEvent(second.handle, fork, 0);
  step(device, second.handle, value, 1);
  check_equal(octet_sim::STREAM_CAPTURE_UNJOINED, cuStreamEndCapture(first.handle, &graph), "unjoined");
  cuEventDestroy_v2(fork);
}

}  // namespace

void test_streams() {
  test_order();
  test_events();
  test_legacy();
  test_asynchronous_copy();
  check(take_log().empty(), "streams: no violations");
}

void test_graphs() {
  test_capture();
  test_forbidden_while_capturing();
  test_unjoined_capture();
  check(take_log().empty(), "graphs: no violations");
}

}  // namespace octet_test
