/*
 * The left operand as vpdpbusd takes it: unsigned. A signed x has 128 added by flipping its sign bit, and the packed bias
 * takes 128 * column sum back.
 */
/* Whole vectors, the last one overlapping its neighbour; spans shorter than 4 byte by byte. */
static inline void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind) {
  uint8_t flip = x_kind == OCTET_S8 ? 0x80 : 0;
  if (count >= 16) {
    __m256i wide = _mm256_set1_epi8((char)flip);
    int64_t i = 0;
    for (; i + 32 <= count; i += 32) {
      __m256i bytes = _mm256_loadu_si256((const __m256i *)(from + i));
      _mm256_storeu_si256((__m256i *)(to + i), _mm256_xor_si256(bytes, wide));
    }
    __m128i narrow = _mm256_castsi256_si128(wide);
    if (i + 16 < count) {
      __m128i bytes = _mm_loadu_si128((const __m128i *)(from + i));
      _mm_storeu_si128((__m128i *)(to + i), _mm_xor_si128(bytes, narrow));
    }
    if (i < count) {
      __m128i bytes = _mm_loadu_si128((const __m128i *)(from + count - 16));
      _mm_storeu_si128((__m128i *)(to + count - 16), _mm_xor_si128(bytes, narrow));
    }
  } else if (count >= 8) {
    uint64_t head, tail, flips = flip * 0x0101010101010101u;
    memcpy(&head, from, sizeof(head));
    memcpy(&tail, from + count - 8, sizeof(tail));
    head ^= flips;
    tail ^= flips;
    memcpy(to, &head, sizeof(head));
    memcpy(to + count - 8, &tail, sizeof(tail));
  } else if (count >= 4) {
    uint32_t head, tail, flips = flip * 0x01010101u;
    memcpy(&head, from, sizeof(head));
    memcpy(&tail, from + count - 4, sizeof(tail));
    head ^= flips;
    tail ^= flips;
    memcpy(to, &head, sizeof(head));
    memcpy(to + count - 4, &tail, sizeof(tail));
  } else {
    for (int64_t i = 0; i < count; i++) {
      to[i] = from[i] ^ flip;
    }
  }
}

static inline int32_t flip_shift(int64_t x_kind) { return x_kind == OCTET_S8 ? 128 : 0; }

static inline A_T flipped_padding(const octet_qproduct *p) { return (A_T)(p->padding + flip_shift(p->x_kind)); }

/* Whether tiles may read x itself: it is unsigned, and no line's last group reaches past its end. */
static inline int is_readable_in_place(const octet_qproduct *p) {
  return p->x_kind == OCTET_U8 && p->window.kernel_width * p->window.depth % K_GROUP == 0;
}
