/* Three planes of bytes, such as colours, made one sequence of triples with byte shuffles. */
#ifndef OCTET_COLOURS_AVX2_H
#define OCTET_COLOURS_AVX2_H

#include <immintrin.h>
#include <stdint.h>

/* For each 16 bytes of 48 where to shuffle each plane's bytes. */
typedef struct {
  __m128i places[3][3];
} triples;

static inline triples triples_of(void) {
  triples t;
  for (int part = 0; part < 3; part++) {
    for (int plane = 0; plane < 3; plane++) {
      int8_t order[16];
      for (int i = 0; i < 16; i++) {
        int at = part * 16 + i;
        order[i] = (int8_t)(at % 3 == plane ? at / 3 : -1);
      }
      t.places[part][plane] = _mm_loadu_si128((const __m128i *)order);
    }
  }
  return t;
}

/* 16 bytes of 48 that hold three planes' bytes in turn: shuffle plane p's bytes to their places, 0 elsewhere. */
static inline __m128i third(__m128i a, __m128i b, __m128i c, const __m128i places[3]) {
  return _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(a, places[0]), _mm_shuffle_epi8(b, places[1])),
                      _mm_shuffle_epi8(c, places[2]));
}

/* Stores 16 triples. */
static inline void store_triples(const triples *t, __m128i a, __m128i b, __m128i c, uint8_t *y) {
  for (int part = 0; part < 3; part++) {
    _mm_storeu_si128((__m128i *)(y + 16 * part), third(a, b, c, t->places[part]));
  }
}

#endif
