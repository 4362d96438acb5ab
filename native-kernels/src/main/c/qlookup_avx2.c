/*
 * Bytes through a table with AVX2: the table's 16 rows of 16 are shuffled by the low halves of 32 bytes, and a tree of
 * blends chooses among the rows by the bits of the high halves, lowest first.
 */
#include <immintrin.h>

#include "arguments.h"

static inline __m256i blend(__m256i zero, __m256i one, __m256i bit) { return _mm256_blendv_epi8(zero, one, bit); }

/* Two of the table's rows. */
static inline __m256i pair(const __m256i rows[16], int first, __m256i low, __m256i bit) {
  return blend(_mm256_shuffle_epi8(rows[first], low), _mm256_shuffle_epi8(rows[first + 1], low), bit);
}

static inline __m256i four(const __m256i rows[16], int first, __m256i low, __m256i bit4, __m256i bit5) {
  return blend(pair(rows, first, low, bit4), pair(rows, first + 2, low, bit4), bit5);
}

static inline __m256i entries_of(const __m256i rows[16], __m256i x) {
  __m256i low = _mm256_and_si256(x, _mm256_set1_epi8(15));
  /* A blend looks at each byte's top bit, where the shift of 16-bit words has put the one wanted. */
  __m256i bit4 = _mm256_slli_epi16(x, 3), bit5 = _mm256_slli_epi16(x, 2), bit6 = _mm256_slli_epi16(x, 1);
  __m256i lower = blend(four(rows, 0, low, bit4, bit5), four(rows, 4, low, bit4, bit5), bit6);
  __m256i upper = blend(four(rows, 8, low, bit4, bit5), four(rows, 12, low, bit4, bit5), bit6);
  return blend(lower, upper, x);
}

int32_t octet_qlookup_avx2(const void *table, const void *x, void *y, int64_t count) {
  REQUIRE(count >= 0 && count < SIZE_LIMIT && table != NULL && (count == 0 || (x != NULL && y != NULL)));
  __m256i rows[16];
  for (int i = 0; i < 16; i++) {
    rows[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table + i));
  }
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    __m256i bytes = _mm256_loadu_si256((const __m256i *)((const uint8_t *)x + i));
    _mm256_storeu_si256((__m256i *)((uint8_t *)y + i), entries_of(rows, bytes));
  }
  return count == i ? OCTET_OK : octet_qlookup_generic(table, (const uint8_t *)x + i, (uint8_t *)y + i, count - i);
}
