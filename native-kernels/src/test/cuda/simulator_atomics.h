// Atomics on device and shared memory: each returns the old value.
#pragma once

namespace octet_sim {

enum class Atomic { ADD, MIN, MAX, AND, OR, XOR, EXCHANGE };

int atomic(Atomic what, int* address, int operand);
unsigned atomic(Atomic what, unsigned* address, unsigned operand);
unsigned long long atomic(Atomic what, unsigned long long* address, unsigned long long operand);
float atomic(Atomic what, float* address, float operand);  // ADD and EXCHANGE
unsigned atomic_cas(unsigned* address, unsigned expected, unsigned desired);
unsigned long long atomic_cas(unsigned long long* address, unsigned long long expected, unsigned long long desired);

}  // namespace octet_sim

#define OCTET_ATOMIC(name, what, type) \
  inline type name(type* address, type operand) { return octet_sim::atomic(octet_sim::Atomic::what, address, operand); }
#define OCTET_ATOMICS(name, what)                   \
  OCTET_ATOMIC(name, what, int)                     \
  OCTET_ATOMIC(name, what, unsigned)                \
  OCTET_ATOMIC(name, what, unsigned long long)

OCTET_ATOMICS(atomicAdd, ADD)
OCTET_ATOMICS(atomicMin, MIN)
OCTET_ATOMICS(atomicMax, MAX)
OCTET_ATOMICS(atomicAnd, AND)
OCTET_ATOMICS(atomicOr, OR)
OCTET_ATOMICS(atomicXor, XOR)
OCTET_ATOMICS(atomicExch, EXCHANGE)
OCTET_ATOMIC(atomicAdd, ADD, float)
OCTET_ATOMIC(atomicExch, EXCHANGE, float)

#undef OCTET_ATOMICS
#undef OCTET_ATOMIC

inline unsigned atomicCAS(unsigned* address, unsigned expected, unsigned desired) {
  return octet_sim::atomic_cas(address, expected, desired);
}
inline int atomicCAS(int* address, int expected, int desired) {
  return static_cast<int>(octet_sim::atomic_cas(reinterpret_cast<unsigned*>(address), static_cast<unsigned>(expected),
                                                static_cast<unsigned>(desired)));
}
inline unsigned long long atomicCAS(unsigned long long* address, unsigned long long expected,
                                    unsigned long long desired) {
  return octet_sim::atomic_cas(address, expected, desired);
}
