/* Peak rates with AVX-512 and VNNI. */
#include "peak.h"

PEAK(octet_peak_int8_avx512vnni, __m512i, "v", _mm512_setzero_si512(), _mm512_set1_epi8(3), _mm512_set1_epi8(-2),
     _mm512_dpbusd_epi32(sum, x, w), 64)
PEAK(octet_peak_fp32_avx512vnni, __m512, "v", _mm512_setzero_ps(), _mm512_set1_ps(0.5f), _mm512_set1_ps(0.25f),
     _mm512_fmadd_ps(x, w, sum), 16)
