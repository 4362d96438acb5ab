/* Test only: the compiler's intrinsics, with those of AVX-512 replaced by SIMDe's portable definitions. */
#ifndef OCTET_TEST_IMMINTRIN_H
#define OCTET_TEST_IMMINTRIN_H
#include_next <immintrin.h>
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>
#include <string.h>

/* What SIMDe 0.7.4 lacks, by halves of 256 bits. */
#define OCTET_HALVES(name, to, from, half_to, half_from, half)                                                         \
  static inline to octet_##name(from x) {                                                                              \
    half_from in[2];                                                                                                   \
    half_to out[2];                                                                                                    \
    to result;                                                                                                         \
    memcpy(in, &x, sizeof(in));                                                                                        \
    out[0] = half(in[0]);                                                                                              \
    out[1] = half(in[1]);                                                                                              \
    memcpy(&result, out, sizeof(out));                                                                                 \
    return result;                                                                                                     \
  }

static inline __m256i octet_low_unsigned(uint64_t bytes) { return _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)bytes)); }
static inline __m256i octet_low_signed(uint64_t bytes) { return _mm256_cvtepi8_epi32(_mm_cvtsi64_si128((int64_t)bytes)); }

OCTET_HALVES(cvtepi32_ps, __m512, __m512i, __m256, __m256i, _mm256_cvtepi32_ps)
OCTET_HALVES(cvtps_epi32, __m512i, __m512, __m256i, __m256, _mm256_cvtps_epi32)
OCTET_HALVES(cvtepu8_epi32, __m512i, __m128i, __m256i, uint64_t, octet_low_unsigned)
OCTET_HALVES(cvtepi8_epi32, __m512i, __m128i, __m256i, uint64_t, octet_low_signed)

static inline __m128i octet_cvtepi32_epi8(__m512i x) {
  int32_t in[16];
  uint8_t out[16];
  __m128i result;
  memcpy(in, &x, sizeof(in));
  for (int i = 0; i < 16; i++) {
    out[i] = (uint8_t)in[i];
  }
  memcpy(&result, out, sizeof(out));
  return result;
}

/* Masked bytes: those whose bit is unset are neither read nor written. */
static inline void octet_copy_masked(void *to, const void *from, uint64_t mask, int bytes) {
  for (int i = 0; i < bytes; i++) {
    if (mask >> i & 1) {
      ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
    }
  }
}

static inline __m128i octet_maskz_loadu_epi8(__mmask16 mask, const void *from) {
  __m128i result = _mm_setzero_si128();
  octet_copy_masked(&result, from, mask, 16);
  return result;
}

static inline void octet_mask_storeu_128(void *to, __mmask16 mask, __m128i x) { octet_copy_masked(to, &x, mask, 16); }
static inline void octet_mask_storeu_256(void *to, __mmask32 mask, __m256i x) { octet_copy_masked(to, &x, mask, 32); }
static inline void octet_mask_storeu_512(void *to, __mmask64 mask, __m512i x) { octet_copy_masked(to, &x, mask, 64); }

static inline __m512 octet_maskz_loadu_ps(__mmask16 mask, const void *from) {
  float out[16] = {0};
  __m512 result;
  for (int i = 0; i < 16; i++) {
    octet_copy_masked(out + i, (const float *)from + i, mask >> i & 1 ? 15 : 0, 4);
  }
  memcpy(&result, out, sizeof(out));
  return result;
}

static inline void octet_mask_storeu_ps(void *to, __mmask16 mask, __m512 x) {
  float in[16];
  memcpy(in, &x, sizeof(in));
  for (int i = 0; i < 16; i++) {
    octet_copy_masked((float *)to + i, in + i, mask >> i & 1 ? 15 : 0, 4);
  }
}

#define _mm512_maskz_loadu_ps octet_maskz_loadu_ps
#define _mm512_mask_storeu_ps octet_mask_storeu_ps
#define _mm256_dpbusd_avx_epi32 simde_mm256_dpbusd_epi32
#define _mm_maskz_loadu_epi8 octet_maskz_loadu_epi8
#define _mm_mask_storeu_epi8 octet_mask_storeu_128
#define _mm256_mask_storeu_epi8 octet_mask_storeu_256
#define _mm512_mask_storeu_epi8 octet_mask_storeu_512
#define _mm512_cvtepi32_ps octet_cvtepi32_ps
#define _mm512_cvtps_epi32 octet_cvtps_epi32
#define _mm512_cvtepu8_epi32 octet_cvtepu8_epi32
#define _mm512_cvtepi8_epi32 octet_cvtepi8_epi32
#define _mm512_cvtepi32_epi8 octet_cvtepi32_epi8
#endif
