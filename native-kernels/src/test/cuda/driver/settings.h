// What the simulated machine is, and which faults it has. From the environment, read once by cuInit:
//
//   OCTET_SIMULATOR_DEVICES=n          devices: 0, 1 (default) or 2
//   OCTET_SIMULATOR_CAPABILITY=n       compute capability: 75, 80 (default), 86, 89, 90, 100, 120
//   OCTET_SIMULATOR_MEMORY=n           bytes of memory of each device (default 4 GiB)
//   OCTET_SIMULATOR_DRIVER=n           version of cuDriverGetVersion (default 13000)
//   OCTET_SIMULATOR_INIT=n             result of cuInit, such as 803: driver and library do not match
//   OCTET_SIMULATOR_LOAD=n             result of loading a module, such as 222: the driver is too old for the kernels
//   OCTET_SIMULATOR_FAIL_ALLOCATION=n  the n-th device allocation fails (out of memory); "n+": also all later ones
//   OCTET_SIMULATOR_FAIL_LAUNCH=n      the n-th kernel that runs fails (launch failed), and its context with it
//   OCTET_SIMULATOR_FAIL_COPY=n        the n-th copy that runs fails (uncorrectable ECC error), and its context with it
//   OCTET_SIMULATOR_LOST_AT=n          the device is lost at the n-th driver call: it and all later ones fail (unknown)
//   OCTET_SIMULATOR_CHECKS=off         no checks of accesses
//   OCTET_SIMULATOR_LOG=file           violations are appended to it, one line each; they always go to standard error
//   OCTET_SIMULATOR_LEAKS=file         what a context still held when it ended is appended to it, one line each
//
// A process can change any of them later with octet_simulator_set(name, value), name without the common prefix; a
// device that was lost is back when LOST_AT is 0.
#pragma once

#include <stdint.h>

#include <string>

namespace octet_sim {

// Counts events of one kind, some of which are to fail.
class Failing {
 public:
  void set(const char* text);
  bool next();

 private:
  uint64_t count_ = 0;
  uint64_t from_ = 0;  // 0: none
  uint64_t to_ = 0;
};

struct Settings {
  int devices = 1;
  int capability = 80;
  uint64_t memory_bytes = 4ull << 30;
  int driver_version = 13000;
  int init_result = 0;
  int load_result = 0;
  bool checks = true;
  Failing allocation;
  Failing launch;
  Failing copy;
  Failing call;
  std::string log_file;
  std::string leak_file;

  void read_environment();
  bool set(const std::string& name, const char* value);
};

Settings& settings();

// One line to standard error and, when there is one, to the log file.
void log_violation(const std::string& line);
void log_leak(const std::string& line);

}  // namespace octet_sim
