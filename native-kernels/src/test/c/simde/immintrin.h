/* Test only: the compiler's intrinsics, with those of AVX-512 replaced by SIMDe's portable definitions. */
#ifndef OCTET_TEST_IMMINTRIN_H
#define OCTET_TEST_IMMINTRIN_H
#include_next <immintrin.h>
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>
#endif
