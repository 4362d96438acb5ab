// Conversions and arithmetic with stated rounding, bit tricks, and the integer dot products.
#pragma once

template <typename T>
inline T __ldg(const T* address) {
  return *address;
}
template <typename T>
inline T __ldcs(const T* address) {
  return *address;
}
template <typename T>
inline void __stcs(T* address, T value) {
  *address = value;
}

namespace octet_sim {

template <typename To, typename From>
inline To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  memcpy(&to, &from, sizeof to);
  return to;
}

// x is whole or infinite or NaN: the limits of To saturate, NaN gives 0.
template <typename To>
inline To saturated(double x) {
  constexpr bool is_signed = static_cast<To>(-1) < static_cast<To>(1);
  constexpr int bits = static_cast<int>(sizeof(To) * 8) - (is_signed ? 1 : 0);
  const double above = ldexp(1.0, bits);
  if (x != x) {
    return 0;
  }
  if (x >= above) {
    return static_cast<To>(is_signed ? ~(static_cast<To>(1) << bits) : static_cast<To>(-1));
  }
  if (x < (is_signed ? -above : 0.0)) {
    return static_cast<To>(is_signed ? static_cast<To>(1) << bits : 0);
  }
  return static_cast<To>(x);
}

}  // namespace octet_sim

inline int __float2int_rn(float x) { return octet_sim::saturated<int>(rint(static_cast<double>(x))); }
inline int __float2int_rz(float x) { return octet_sim::saturated<int>(trunc(static_cast<double>(x))); }
inline int __float2int_rd(float x) { return octet_sim::saturated<int>(floor(static_cast<double>(x))); }
inline int __float2int_ru(float x) { return octet_sim::saturated<int>(ceil(static_cast<double>(x))); }
inline unsigned __float2uint_rn(float x) { return octet_sim::saturated<unsigned>(rint(static_cast<double>(x))); }
inline unsigned __float2uint_rz(float x) { return octet_sim::saturated<unsigned>(trunc(static_cast<double>(x))); }
inline long long __float2ll_rn(float x) { return octet_sim::saturated<long long>(rint(static_cast<double>(x))); }
inline long long __float2ll_rz(float x) { return octet_sim::saturated<long long>(trunc(static_cast<double>(x))); }
inline int __double2int_rn(double x) { return octet_sim::saturated<int>(rint(x)); }
inline int __double2int_rz(double x) { return octet_sim::saturated<int>(trunc(x)); }
inline long long __double2ll_rn(double x) { return octet_sim::saturated<long long>(rint(x)); }
inline float __double2float_rn(double x) { return static_cast<float>(x); }
inline float __int2float_rn(int x) { return static_cast<float>(x); }
inline float __uint2float_rn(unsigned x) { return static_cast<float>(x); }
inline float __ll2float_rn(long long x) { return static_cast<float>(x); }
inline double __int2double_rn(int x) { return static_cast<double>(x); }

inline int __float_as_int(float x) { return octet_sim::bits_as<int>(x); }
inline unsigned __float_as_uint(float x) { return octet_sim::bits_as<unsigned>(x); }
inline float __int_as_float(int x) { return octet_sim::bits_as<float>(x); }
inline long long __double_as_longlong(double x) { return octet_sim::bits_as<long long>(x); }
inline double __longlong_as_double(long long x) { return octet_sim::bits_as<double>(x); }
inline float __uint_as_float(unsigned x) { return octet_sim::bits_as<float>(x); }

// Kernels are compiled with -ffp-contract=off, so that each of these rounds once.
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __frcp_rn(float a) { return 1.0f / a; }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }
inline float rsqrtf(float a) { return static_cast<float>(1.0 / sqrt(static_cast<double>(a))); }
inline float __saturatef(float a) { return a > 0.0f ? (a < 1.0f ? a : 1.0f) : 0.0f; }

#define OCTET_MIN_MAX(type)                                 \
  inline type min(type a, type b) { return a < b ? a : b; } \
  inline type max(type a, type b) { return a > b ? a : b; }
OCTET_MIN_MAX(int)
OCTET_MIN_MAX(unsigned)
OCTET_MIN_MAX(long)
OCTET_MIN_MAX(unsigned long)
OCTET_MIN_MAX(long long)
OCTET_MIN_MAX(unsigned long long)
#undef OCTET_MIN_MAX
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }

inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x)); }
inline int __clzll(long long x) { return x == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(x)); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __mulhi(int a, int b) { return static_cast<int>((static_cast<long long>(a) * b) >> 32); }
inline unsigned __umulhi(unsigned a, unsigned b) {
  return static_cast<unsigned>((static_cast<unsigned long long>(a) * b) >> 32);
}
inline unsigned __umul24(unsigned a, unsigned b) { return (a & 0xffffffu) * (b & 0xffffffu); }
inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
  return static_cast<unsigned>(((static_cast<unsigned long long>(high) << 32) | low) >> (shift & 31));
}
inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
  return static_cast<unsigned>((((static_cast<unsigned long long>(high) << 32) | low) << (shift & 31)) >> 32);
}
// Byte i of the result is byte (selector >> 4i) & 7 of y:x, or its sign in all bits when bit 3 of the nibble is set.
inline unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
  const unsigned long long both = (static_cast<unsigned long long>(y) << 32) | x;
  unsigned result = 0;
  for (int i = 0; i < 4; i++) {
    const unsigned nibble = (selector >> (4 * i)) & 15;
    unsigned byte = static_cast<unsigned>(both >> (8 * (nibble & 7))) & 255;
    if ((nibble & 8) != 0) {
      byte = (byte & 128) != 0 ? 255 : 0;
    }
    result |= byte << (8 * i);
  }
  return result;
}

namespace octet_sim {

template <typename A, typename B>
inline int dp4a(unsigned a, unsigned b, int c) {
  unsigned sum = static_cast<unsigned>(c);
  for (int i = 0; i < 4; i++) {
    sum += static_cast<unsigned>(static_cast<int>(static_cast<A>(a >> (8 * i))) *
                                 static_cast<int>(static_cast<B>(b >> (8 * i))));
  }
  return static_cast<int>(sum);
}

}  // namespace octet_sim

inline int __dp4a(int a, int b, int c) {
  return octet_sim::dp4a<int8_t, int8_t>(static_cast<unsigned>(a), static_cast<unsigned>(b), c);
}
inline unsigned __dp4a(unsigned a, unsigned b, unsigned c) {
  return static_cast<unsigned>(octet_sim::dp4a<uint8_t, uint8_t>(a, b, static_cast<int>(c)));
}
inline int __dp4a(char4 a, char4 b, int c) {
  return __dp4a(octet_sim::bits_as<int>(a), octet_sim::bits_as<int>(b), c);
}
inline unsigned __dp4a(uchar4 a, uchar4 b, unsigned c) {
  return __dp4a(octet_sim::bits_as<unsigned>(a), octet_sim::bits_as<unsigned>(b), c);
}

inline long long clock64() { return 0; }
