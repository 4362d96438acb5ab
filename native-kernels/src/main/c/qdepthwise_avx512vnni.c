/* Integer depthwise convolution with AVX-512-VNNI; see qdepthwise_vnni.h. Its 32 registers hold the weights of a 3x3 window. */
#define X_T uint8_t
#include "arguments.h"
#include "taps.h"

#include "requantize_avx2.h"

static inline __m256i add_products(__m256i acc, __m256i x, __m256i w) { return _mm256_dpbusd_epi32(acc, x, w); }

#include "qdepthwise_vnni.h"

QDEPTHWISE_VNNI(avx512vnni)
