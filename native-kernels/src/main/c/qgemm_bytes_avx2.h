/*
 * Integer product with AVX2 where each row is one run of k: vpmaddubsw for the groups of 4 k where it cannot saturate, a
 * quarter faster than 16-bit products, and those for the rest. It adds two products of an unsigned byte of x, to which 128
 * is added where x is signed, and a signed weight: they stay in 16 bits if neither the positive nor the negative ones of
 * the two weights exceed 128 in sum. Most weights are small against their column's largest, so that most groups are safe
 * for all columns of a panel.
 *
 * Panel: [1 + groups] int32, the number of safe groups and all groups' first k, the safe ones first; after whole 64 bytes
 * for each group [16 columns][4] or, where it is not safe, [2 pairs of k][16 columns][2].
 */
enum { BYTE_GROUP = 4, LEAST_BYTES_DEPTH = 32 };

static inline int is_for_bytes(int64_t taps, int64_t depth) {
  return taps == 1 && depth % BYTE_GROUP == 0 && depth >= LEAST_BYTES_DEPTH;
}

static inline int64_t order_bytes(int64_t depth) {
  return round_up((1 + depth / BYTE_GROUP) * (int64_t)sizeof(int32_t), 64);
}

static inline int64_t bytes_panel_bytes(int64_t depth) { return order_bytes(depth) + depth * OCTET_PANEL; }

/* One group's weights, [4][16 columns], zeros in the columns that round up. */
static void read_group(const octet_weights *w, int64_t first, int64_t k, int8_t group[BYTE_GROUP][OCTET_PANEL]) {
  int64_t valid = smaller(OCTET_PANEL, w->columns - first);
  memset(group, 0, BYTE_GROUP * OCTET_PANEL);
  for (int64_t i = 0; i < BYTE_GROUP; i++) {
    const int8_t *from = (const int8_t *)w->data + first * w->col_stride + (k + i) * w->channel_stride;
    for (int64_t col = 0; col < valid; col++) {
      group[i][col] = from[col * w->col_stride];
    }
  }
}

static int is_safe(int8_t group[BYTE_GROUP][OCTET_PANEL]) {
  int safe = 1;
  for (int64_t i = 0; i < BYTE_GROUP; i += 2) {
    for (int64_t col = 0; col < OCTET_PANEL; col++) {
      int a = group[i][col], b = group[i + 1][col];
      safe &= (a > 0 ? a : 0) + (b > 0 ? b : 0) <= 128 && (a < 0 ? a : 0) + (b < 0 ? b : 0) >= -128;
    }
  }
  return safe;
}

/* shift: what is added to x in safe groups. */
static void pack_bytes_panel(const octet_weights *w, int64_t first, int32_t x_zero_point, int32_t shift, void *panel,
                             int32_t *bias) {
  int32_t *order = panel;
  int8_t *to = (int8_t *)panel + order_bytes(w->depth);
  int64_t safe = 0, groups = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (int64_t k = 0; k < w->depth; k += BYTE_GROUP) {
      int8_t group[BYTE_GROUP][OCTET_PANEL];
      read_group(w, first, k, group);
      if (is_safe(group) == pass) {
        continue;
      }
      order[1 + groups++] = (int32_t)k;
      safe += pass == 0;
      for (int64_t i = 0; i < BYTE_GROUP; i++) {
        for (int64_t col = 0; col < OCTET_PANEL; col++) {
          bias[col] -= (x_zero_point + (pass == 0 ? shift : 0)) * group[i][col];
          to[pass == 0 ? col * BYTE_GROUP + i : (i / 2 * OCTET_PANEL + col) * 2 + i % 2] = group[i][col];
        }
      }
      to += BYTE_GROUP * OCTET_PANEL;
    }
  }
  order[0] = (int32_t)safe;
}

static int32_t pack_bytes(const octet_weights *w, const int32_t *given_bias, int32_t x_zero_point, int32_t shift,
                          void *packed, int32_t *bias) {
  REQUIRE(is_weights(w, w == NULL ? NULL : w->data, 1));
  REQUIRE(w->columns == 0 || (is_there(packed, 4) && is_there(bias, 4) && (uintptr_t)given_bias % 4 == 0));
  for (int64_t first = 0; first < w->columns; first += OCTET_PANEL) {
    for (int64_t i = first; i < first + OCTET_PANEL; i++) {
      bias[i] = given_bias != NULL && i < w->columns ? given_bias[i] : 0;
    }
    pack_bytes_panel(w, first, x_zero_point, shift,
                     (int8_t *)packed + first / OCTET_PANEL * bytes_panel_bytes(w->depth), bias + first);
  }
  return OCTET_OK;
}

/* acc0 and acc1 += products of one row's safe group with 16 columns; `ones` are of 16 bits. */
__attribute__((always_inline)) static inline void multiply_bytes(__m256i *acc0, __m256i *acc1, const uint8_t *group,
                                                                 __m256i b0, const int8_t *b1, __m256i ones) {
  __m256i x, product;
  __asm__("vpbroadcastd %[group], %[x]\n\t"
          "vpmaddubsw %[b0], %[x], %[product]\n\t"
          "vpmaddubsw %[b1], %[x], %[x]\n\t"
          "vpmaddwd %[ones], %[product], %[product]\n\t"
          "vpmaddwd %[ones], %[x], %[x]\n\t"
          "vpaddd %[product], %[acc0], %[acc0]\n\t"
          "vpaddd %[x], %[acc1], %[acc1]"
          : [acc0] "+x"(*acc0), [acc1] "+x"(*acc1), [x] "=&x"(x), [product] "=&x"(product)
          : [group] "m"(*(const uint8_t(*)[4])group), [b0] "x"(b0), [b1] "m"(*(const int8_t(*)[32])b1),
            [ones] "x"(ones));
}

/* The same for 8 columns. */
__attribute__((always_inline)) static inline void multiply_bytes_half(__m256i *acc, const uint8_t *group, __m256i b,
                                                                      __m256i ones) {
  __m256i x;
  __asm__("vpbroadcastd %[group], %[x]\n\t"
          "vpmaddubsw %[b], %[x], %[x]\n\t"
          "vpmaddwd %[ones], %[x], %[x]\n\t"
          "vpaddd %[x], %[acc], %[acc]"
          : [acc] "+x"(*acc), [x] "=&x"(x)
          : [group] "m"(*(const uint8_t(*)[4])group), [b] "x"(b), [ones] "x"(ones));
}

__attribute__((always_inline)) static inline void bytes_tile(const tile_args *t, const int rows, const int vectors,
                                                             const int full) {
  const int8_t *b = t->weights;
  const uint8_t *bytes[TILE];
  const int16_t *words[TILE];
  __m256i acc[TILE][2];
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    bytes[r] = t->bytes + (t->first + r) * t->line;
    acc[r][0] = _mm256_loadu_si256((const __m256i *)t->bias);
    acc[r][1] = _mm256_loadu_si256((const __m256i *)(t->bias + 8));
  }
  __m256i ones = _mm256_set1_epi16(1);
  for (int64_t i = 0; i < t->safe; i++, b += BYTE_GROUP * OCTET_PANEL) {
    int64_t k = t->order[i];
    __m256i b0 = _mm256_loadu_si256((const __m256i *)b);
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
      if (vectors == 1) {
        multiply_bytes_half(&acc[r][0], bytes[r] + k, b0, ones);
      } else {
        multiply_bytes(&acc[r][0], &acc[r][1], bytes[r] + k, b0, b + 32, ones);
      }
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    words[r] = t->b->starts[t->first + r];
  }
  for (int64_t i = t->safe; i < t->line / BYTE_GROUP; i++) {
    for (int64_t k = t->order[i], end = k + BYTE_GROUP; k < end; k += 2, b += 2 * OCTET_PANEL) {
      __m256i b0 = load_columns(b);
      __m256i b1 = load_columns(b + OCTET_PANEL);
#pragma GCC unroll 6
      for (int r = 0; r < rows; r++) {
        if (vectors == 1) {
          multiply_add_half(&acc[r][0], words[r] + k, b0);
        } else {
          multiply_add(&acc[r][0], &acc[r][1], words[r] + k, b0, b1);
        }
      }
    }
  }
  finish_tile(t, acc, rows, vectors, full);
}

TILES(half_bytes_panel, bytes_tile, 1, 0)
TILES(part_bytes_panel, bytes_tile, 2, 0)
TILES(full_bytes_panel, bytes_tile, 2, 1)

/* The block's rows as bytes, from their 16-bit form; they lie one behind the other. */
static void narrow(const block *b, int64_t x_kind, uint8_t *to) {
  __m256i shift = _mm256_set1_epi16(x_kind == OCTET_S8 ? 128 : 0);
  const int16_t *from = b->starts[0];
  int64_t count = b->rows * b->line, i = 0;
  for (; i + 32 <= count; i += 32) {
    __m256i low = _mm256_add_epi16(_mm256_loadu_si256((const __m256i *)(from + i)), shift);
    __m256i high = _mm256_add_epi16(_mm256_loadu_si256((const __m256i *)(from + i + 16)), shift);
    __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi16(low, high), 0xD8);
    _mm256_storeu_si256((__m256i *)(to + i), packed);
  }
  for (; i < count; i++) {
    to[i] = (uint8_t)(from[i] + (x_kind == OCTET_S8 ? 128 : 0));
  }
}

static void multiply_bytes_panels(const block *b, const output *out) {
  narrow(b, out->p->x_kind, out->bytes);
  for (int64_t panel = b->first_panel; panel < b->first_panel + b->panels; panel++) {
    tile_args t = panel_of(b, out, panel);
    const int8_t *data = (const int8_t *)out->p->packed + panel * bytes_panel_bytes(b->line);
    t.bytes = out->bytes;
    t.safe = *(const int32_t *)(const void *)data;
    t.order = (const int32_t *)(const void *)data + 1;
    t.weights = data + order_bytes(b->line);
    if (t.valid == OCTET_PANEL) {
      full_bytes_panel(t);
    } else if (t.valid > OCTET_PANEL / 2) {
      part_bytes_panel(t);
    } else {
      half_bytes_panel(t);
    }
  }
}
