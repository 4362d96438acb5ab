#include <string.h>

#include "checks.h"

namespace octet_sim {

namespace {

template <typename T>
void check_atomic(T* address) {
  Thread& thread = self();
  check_aligned(thread, reinterpret_cast<uintptr_t>(address), sizeof(T));
  check_access(thread, reinterpret_cast<uintptr_t>(address), sizeof(T), Use::ATOMIC);
}

template <typename T>
T result_of(Atomic what, T old, T operand) {
  switch (what) {
    case Atomic::ADD:
      return static_cast<T>(old + operand);
    case Atomic::MIN:
      return old < operand ? old : operand;
    case Atomic::MAX:
      return old > operand ? old : operand;
    case Atomic::AND:
      return old & operand;
    case Atomic::OR:
      return old | operand;
    case Atomic::XOR:
      return old ^ operand;
    case Atomic::EXCHANGE:
      return operand;
  }
  __builtin_unreachable();
}

template <typename T>
T apply(Atomic what, T* address, T operand) {
  check_atomic(address);
  T old = __atomic_load_n(address, __ATOMIC_SEQ_CST);
  while (!__atomic_compare_exchange_n(address, &old, result_of(what, old, operand), false, __ATOMIC_SEQ_CST,
                                      __ATOMIC_SEQ_CST)) {
  }
  return old;
}

template <typename T>
T swap_if(T* address, T expected, T desired) {
  check_atomic(address);
  __atomic_compare_exchange_n(address, &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return expected;
}

}  // namespace

int atomic(Atomic what, int* address, int operand) { return apply(what, address, operand); }
unsigned atomic(Atomic what, unsigned* address, unsigned operand) { return apply(what, address, operand); }
unsigned long long atomic(Atomic what, unsigned long long* address, unsigned long long operand) {
  return apply(what, address, operand);
}

float atomic(Atomic what, float* address, float operand) {
  check_atomic(address);
  uint32_t* words = reinterpret_cast<uint32_t*>(address);
  uint32_t old = __atomic_load_n(words, __ATOMIC_SEQ_CST);
  for (;;) {
    float value;
    memcpy(&value, &old, sizeof value);
    const float result = what == Atomic::ADD ? value + operand : operand;
    uint32_t bits;
    memcpy(&bits, &result, sizeof bits);
    if (__atomic_compare_exchange_n(words, &old, bits, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
      return value;
    }
  }
}

unsigned atomic_cas(unsigned* address, unsigned expected, unsigned desired) {
  return swap_if(address, expected, desired);
}

unsigned long long atomic_cas(unsigned long long* address, unsigned long long expected, unsigned long long desired) {
  return swap_if(address, expected, desired);
}

}  // namespace octet_sim
