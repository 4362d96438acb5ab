// Makes a kernel known to the simulator: build-simulator.sh appends one OCTET_REGISTER a kernel to its file.
#pragma once

#include <utility>

#include "launch.h"

namespace octet_sim {

template <auto kernel>
struct Entry;

template <typename... Types, void (*kernel)(Types...)>
struct Entry<kernel> {
  static constexpr int count = sizeof...(Types);
  static constexpr unsigned bytes[count + 1] = {sizeof(Types)..., 0};

  template <size_t... I>
  __attribute__((no_sanitize("thread"))) static void call(void** parameters, std::index_sequence<I...>) {
    kernel(*static_cast<std::remove_cv_t<Types>*>(parameters[I])...);
  }
  __attribute__((no_sanitize("thread"))) static void invoke(void** parameters) {
    call(parameters, std::index_sequence_for<Types...>{});
  }
};

}  // namespace octet_sim

#define OCTET_REGISTER(name, bounds)                                                                             \
  __attribute__((section("octet_kernels"), used)) const octet_sim::Kernel octet_registered_##name = {            \
      #name, octet_sim::Entry<&name>::invoke, octet_sim::Entry<&name>::bytes, octet_sim::Entry<&name>::count, bounds};
