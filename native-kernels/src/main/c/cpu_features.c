/* Detects instruction sets; __builtin_cpu_supports also asks the operating system whether it keeps the registers. */
#include "octet_kernels.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>

enum { ASIMD_DOT_PRODUCT = 1 << 20 }; /* HWCAP_ASIMDDP of asm/hwcap.h */
#endif

int32_t octet_cpu_features(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int32_t features = 0;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    features |= OCTET_HAS_AVX2;
    features |= __builtin_cpu_supports("avxvnni") ? OCTET_HAS_AVXVNNI : 0;
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512vnni")) {
    features |= OCTET_HAS_AVX512VNNI;
  }
  return features;
#elif defined(__aarch64__) && defined(__linux__)
  return getauxval(AT_HWCAP) & ASIMD_DOT_PRODUCT ? OCTET_HAS_NEONDOT : 0;
#else
  return 0;
#endif
}
