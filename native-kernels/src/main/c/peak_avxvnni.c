/* Peak rates with AVX-VNNI. */
#include "peak.h"

PEAK(octet_peak_int8_avxvnni, __m256i, "x", _mm256_setzero_si256(), _mm256_set1_epi8(3), _mm256_set1_epi8(-2),
     _mm256_dpbusd_avx_epi32(sum, x, w), 32)
PEAK_FP32_256(octet_peak_fp32_avxvnni)
