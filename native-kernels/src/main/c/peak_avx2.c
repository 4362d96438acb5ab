/* Peak rates with AVX2. The int8 rate is that of the exact form: vpmaddwd and vpaddd on widened bytes. */
#include "peak.h"

PEAK(octet_peak_int8_avx2, __m256i, "x", _mm256_setzero_si256(), _mm256_set1_epi16(3), _mm256_set1_epi16(-2),
     _mm256_add_epi32(sum, _mm256_madd_epi16(x, w)), 16)
PEAK_FP32_256(octet_peak_fp32_avx2)
