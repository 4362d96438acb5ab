#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../runtime/checks.h"
#include "../runtime/device_memory.h"

namespace octet_sim {

namespace {

const char* const NAMES[] = {"DEVICES",     "CAPABILITY", "MEMORY", "DRIVER", "INIT", "FAIL_ALLOCATION", "FAIL_LAUNCH",
                             "FAIL_COPY",   "LOST_AT",    "LOAD",   "CHECKS", "LOG",  "LEAKS"};

void append(const std::string& file, const std::string& line) {
  if (file.empty()) {
    return;
  }
  FILE* stream = fopen(file.c_str(), "a");
  if (stream != nullptr) {
    fprintf(stream, "%s\n", line.c_str());
    fclose(stream);
  }
}

}  // namespace

void Failing::set(const char* text) {
  char* end = nullptr;
  count_ = 0;
  from_ = strtoull(text, &end, 10);
  to_ = *end == '+' ? UINT64_MAX : from_;
}

bool Failing::next() {
  count_++;
  return from_ > 0 && count_ >= from_ && count_ <= to_;
}

bool Settings::set(const std::string& name, const char* value) {
  const auto number = [&] { return atoi(value); };
  if (name == "DEVICES") {
    devices = number() < MAX_DEVICES ? number() : MAX_DEVICES;
  } else if (name == "CAPABILITY") {
    capability = number();
  } else if (name == "MEMORY") {
    memory_bytes = strtoull(value, nullptr, 10);
  } else if (name == "DRIVER") {
    driver_version = number();
  } else if (name == "INIT") {
    init_result = number();
  } else if (name == "FAIL_ALLOCATION") {
    allocation.set(value);
  } else if (name == "FAIL_LAUNCH") {
    launch.set(value);
  } else if (name == "FAIL_COPY") {
    copy.set(value);
  } else if (name == "LOST_AT") {
    call.set((std::string(value) + "+").c_str());
  } else if (name == "LOAD") {
    load_result = number();
  } else if (name == "CHECKS") {
    checks = strcmp(value, "off") != 0;
    set_checks(checks);
  } else if (name == "LOG") {
    log_file = value;
  } else if (name == "LEAKS") {
    leak_file = value;
  } else {
    return false;
  }
  return true;
}

void Settings::read_environment() {
  for (const char* name : NAMES) {
    const char* value = getenv((std::string("OCTET_SIMULATOR_") + name).c_str());
    if (value != nullptr && *value != '\0') {
      set(name, value);
    }
  }
}

Settings& settings() {
  static Settings* all = [] {
    Settings* made = new Settings;
    made->read_environment();
    return made;
  }();
  return *all;
}

void log_violation(const std::string& line) {
  fprintf(stderr, "octet-simulator: %s\n", line.c_str());
  append(settings().log_file, line);
}

void log_leak(const std::string& line) { append(settings().leak_file, line); }

}  // namespace octet_sim
