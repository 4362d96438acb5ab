// Running a launch: its blocks are shared out among the calling thread and helper threads.
#include <string.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "block.h"
#include "checks.h"

extern "C" const octet_sim::Kernel __start_octet_kernels[] __attribute__((weak, visibility("hidden")));
extern "C" const octet_sim::Kernel __stop_octet_kernels[] __attribute__((weak, visibility("hidden")));

namespace octet_sim {

namespace {

// Smaller grids are not worth waking a helper.
constexpr uint64_t LEAST_THREADS_TO_SHARE = 1024;

class Crew {
 public:
  static Crew& instance() {
    static Crew* crew = new Crew;  // never destroyed: its helper may run until the process ends
    return *crew;
  }

  Outcome run(const Launch& launch) {
    set_running_device(launch.device);
    next_block_ = 0;
    stop_ = false;
    const bool share = launch.block_count() > 1 && launch.block_count() * launch.thread_count() > LEAST_THREADS_TO_SHARE;
    if (share) {
      std::lock_guard<std::mutex> guard(lock_);
      launch_ = &launch;
      helping_ = true;
      changed_.notify_all();
    }
    work(leader_, launch);
    if (share) {
      std::unique_lock<std::mutex> guard(lock_);
      changed_.wait(guard, [this] { return !helping_; });
    }
    Outcome outcome = leader_.outcome.violation != Violation::NONE ? leader_.outcome : helper_.outcome;
    leader_.outcome = {};
    helper_.outcome = {};
    return outcome;
  }

 private:
  Crew() { std::thread(&Crew::help, this).detach(); }

  void work(Worker& worker, const Launch& launch) {
    worker.prepare(launch);
    const uint64_t count = launch.block_count();
    for (uint64_t i = next_block_++; i < count && !stop_; i = next_block_++) {
      if (!worker.run_block(i)) {
        stop_ = true;
      }
    }
  }

  void help() {
    std::unique_lock<std::mutex> guard(lock_);
    for (;;) {
      changed_.wait(guard, [this] { return helping_; });
      guard.unlock();
      work(helper_, *launch_);
      guard.lock();
      helping_ = false;
      changed_.notify_all();
    }
  }

  Worker leader_;
  Worker helper_;
  const Launch* launch_ = nullptr;
  std::atomic<uint64_t> next_block_{0};
  std::atomic<bool> stop_{false};
  std::mutex lock_;
  std::condition_variable changed_;
  bool helping_ = false;
};

}  // namespace

const Kernel* find_kernel(const char* name) {
  for (const Kernel* kernel = __start_octet_kernels; kernel != __stop_octet_kernels; kernel++) {
    if (strcmp(kernel->name, name) == 0) {
      return kernel;
    }
  }
  return nullptr;
}

Outcome run(const Launch& launch) { return Crew::instance().run(launch); }

}  // namespace octet_sim
