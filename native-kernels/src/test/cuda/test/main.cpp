// Tests the simulated device by its own driver calls: simulator-test WORK_FOLDER.
#include <stdio.h>
#include <stdlib.h>

#include <fstream>
#include <sstream>

#include "device.h"

namespace octet_test {

namespace {

int checks = 0;
int failures = 0;
std::string folder;

std::string take(const std::string& name) {
  std::ifstream file(folder + "/" + name);
  std::stringstream text;
  text << file.rdbuf();
  std::ofstream(folder + "/" + name, std::ios::trunc);
  return text.str();
}

}  // namespace

void check(bool holds, const std::string& what) {
  checks++;
  if (!holds) {
    failures++;
    printf("FAILED: %s\n", what.c_str());
  }
}

void check_equal(long long expected, long long found, const std::string& what) {
  check(expected == found, what + ": expected " + std::to_string(expected) + ", found " + std::to_string(found));
}

void check_contains(const std::string& text, const std::string& part, const std::string& what) {
  check(text.find(part) != std::string::npos, what + ": \"" + part + "\" is not in \"" + text + "\"");
}

std::string take_log() { return take("log"); }
std::string take_leaks() { return take("leaks"); }

Device::Device(int ordinal) {
  check_equal(0, cuCtxCreate_v2(&context_, 0, ordinal), "create a context");
  check_equal(0, cuModuleLoadData(&module_, "//"), "load a module");
}

Device::~Device() {
  cuModuleUnload(module_);
  cuCtxDestroy_v2(context_);
}

void* Device::function(const char* name) {
  void* function = nullptr;
  check_equal(0, cuModuleGetFunction(&function, module_, name), std::string("find ") + name);
  return function;
}

}  // namespace octet_test

int main(int, char** arguments) {
  using namespace octet_test;
  folder = arguments[1];
  take("log");
  take("leaks");
  // Violations are expected here; they are read from the log.
  if (freopen((folder + "/stderr").c_str(), "w", stderr) == nullptr) {
    return 2;
  }
  octet_simulator_set("LOG", (folder + "/log").c_str());
  octet_simulator_set("LEAKS", (folder + "/leaks").c_str());
  check_equal(octet_sim::NOT_INITIALIZED, cuCtxSynchronize(), "before cuInit");
  check_equal(0, cuInit(0), "cuInit");
  test_threads();
  test_matrices();
  test_warpgroups();
  test_checks();
  test_streams();
  test_graphs();
  test_faults();
  printf("CUDA simulator: %d checks, %d failed\n", checks, failures);
  return failures == 0 ? 0 : 1;
}
