/*
 * Integer depthwise convolution with vpdpbusd: 32 channels at a time, the bytes of four input rows interleaved, in vectors
 * of 256 bits; see qdepthwise_strips.h. Interleaving within lanes puts channels 4*i.. and 16 + 4*i.. in vector i, and
 * packing the sums undoes that.
 *
 * vpdpbusd takes unsigned x: signed bytes are flipped to unsigned, and the bias makes up for the 128 that this adds.
 * Convolutions of fewer channels than there are lanes are AVX2's. The file that includes this defines add_products.
 */
enum { GROUP = 4, LANES = 32, VECTORS = 4 };

typedef struct {
  __m256i part[VECTORS];
} column;

static inline __m256i load_flipped(const uint8_t *from, const int64_t x_kind) {
  __m256i bytes = _mm256_loadu_si256((const __m256i *)from);
  return x_kind == OCTET_S8 ? _mm256_xor_si256(bytes, _mm256_set1_epi8(-128)) : bytes;
}

static inline column interleave_bytes(const uint8_t *const *from, const int64_t x_kind) {
  __m256i row0 = load_flipped(from[0], x_kind), row1 = load_flipped(from[1], x_kind);
  __m256i row2 = load_flipped(from[2], x_kind), row3 = load_flipped(from[3], x_kind);
  __m256i low01 = _mm256_unpacklo_epi8(row0, row1), high01 = _mm256_unpackhi_epi8(row0, row1);
  __m256i low23 = _mm256_unpacklo_epi8(row2, row3), high23 = _mm256_unpackhi_epi8(row2, row3);
  column c = {{_mm256_unpacklo_epi16(low01, low23), _mm256_unpackhi_epi16(low01, low23),
               _mm256_unpacklo_epi16(high01, high23), _mm256_unpackhi_epi16(high01, high23)}};
  return c;
}

static inline column interleave_weight_bytes(const uint8_t *const *from) { return interleave_bytes(from, OCTET_U8); }

#include "qdepthwise_pack.h"
#include "qdepthwise_strips.h"

/* A call's constants and the block that is being computed. */
typedef struct {
  depthwise d;
  epilogue e;
  column bias;
  __m256 multipliers[VECTORS];
  int64_t channel;
  int packable;
  column weights[OCTET_MAX_TAPS];
} context;

/* Vector i of 32 values of 4 bytes: those of channels 4*i.. and 16 + 4*i... */
static inline __m256i lanes_of(const void *values, int64_t i) {
  __m256i low = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)values + i));
  return _mm256_inserti128_si256(low, _mm_loadu_si128((const __m128i *)values + VECTORS + i), 1);
}

static void start_block(context *c, const octet_qproduct *p, int64_t block) {
  c->channel = first_channel(block, p->columns);
  c->packable = c->e.residual_kind == OCTET_NONE && is_packable(&c->e, c->channel) &&
                is_packable(&c->e, c->channel + OCTET_PANEL);
  for (int64_t i = 0; i < VECTORS; i++) {
    c->bias.part[i] = lanes_of(p->bias + c->channel, i);
    c->multipliers[i] = _mm256_castsi256_ps(lanes_of(p->multipliers + c->channel, i));
  }
  read_weights(&c->d, p->packed, block, c->weights);
}

static inline __m256i whole(__m256i acc, __m256 multipliers) {
  return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(acc), multipliers));
}

/* One output, whose packs saturate. */
static inline void store_lanes(const epilogue *e, const __m256 *multipliers, column acc, uint8_t *y) {
  __m256i low = _mm256_packs_epi32(whole(acc.part[0], multipliers[0]), whole(acc.part[1], multipliers[1]));
  __m256i high = _mm256_packs_epi32(whole(acc.part[2], multipliers[2]), whole(acc.part[3], multipliers[3]));
  __m256i bytes = _mm256_packs_epi16(_mm256_adds_epi16(low, e->zero_point), _mm256_adds_epi16(high, e->zero_point));
  bytes = _mm256_min_epi8(_mm256_max_epi8(bytes, e->low_bytes), e->high_bytes);
  _mm256_storeu_si256((__m256i *)y, _mm256_xor_si256(bytes, e->flip));
}

/* One output of any kind. */
__attribute__((noinline)) static void store_any(const context *c, column acc, int64_t row) {
  for (int64_t half = 0; half < 2; half++) {
    int32_t sums[OCTET_PANEL];
    for (int64_t i = 0; i < VECTORS; i++) {
      __m128i four = half ? _mm256_extracti128_si256(acc.part[i], 1) : _mm256_castsi256_si128(acc.part[i]);
      _mm_storeu_si128((__m128i *)sums + i, four);
    }
    store_panel(&c->e, _mm256_loadu_si256((const __m256i *)sums), _mm256_loadu_si256((const __m256i *)sums + 1), row,
                c->channel + half * OCTET_PANEL, OCTET_PANEL);
  }
}

static inline column add_taps(column acc, const column *x, const column *weights) {
#pragma GCC unroll 4
  for (int64_t i = 0; i < VECTORS; i++) {
    acc.part[i] = add_products(acc.part[i], x->part[i], weights->part[i]);
  }
  return acc;
}

typedef struct {
  int64_t x_kind, square; /* of a 3x3 window the step, else 0 */
} form;

/* The form and `packable` are constants. */
__attribute__((always_inline)) static inline void sum_strip(const context *c, const strip *s, const column *columns,
                                                            const form f, const int packable) {
  const epilogue e = c->e;
  const column bias = c->bias, w0 = c->weights[0], w1 = c->weights[1], w2 = c->weights[2];
  const __m256 multipliers[VECTORS] = {c->multipliers[0], c->multipliers[1], c->multipliers[2], c->multipliers[3]};
  const int64_t step = f.square > 0 ? f.square : c->d.step;
  for (int64_t i = 0; i < s->outputs; i++, columns += step) {
    column acc = bias;
    if (f.square > 0) {
      acc = add_taps(add_taps(add_taps(acc, columns, &w0), columns + 1, &w1), columns + 2, &w2);
    } else {
      for (int64_t entry = 0; entry < c->d.entries; entry++) {
        acc = add_taps(acc, columns + c->d.column_of[entry], &c->weights[entry]);
      }
    }
    if (packable) {
      store_lanes(&e, multipliers, acc, e.y + (s->row + i) * e.row_stride + c->channel);
    } else {
      store_any(c, acc, s->row + i);
    }
  }
}

__attribute__((always_inline)) static inline void compute_strip(const context *c, const strip *s,
                                                                const group_columns *groups, const form f) {
  column columns[COLUMN_ROOM];
  for (int64_t group = 0; group < c->d.groups; group++) {
    interleave_columns(&c->d, &groups[group], c->channel, f.x_kind, columns + group * c->d.columns);
  }
  if (c->packable) {
    sum_strip(c, s, columns, f, 1);
  } else {
    sum_strip(c, s, columns, f, 0);
  }
}

typedef void (*strip_form)(const context *c, const strip *s, const group_columns *groups);

#define STRIP_FORM(name, x_kind, square)                                                                               \
  static void name(const context *c, const strip *s, const group_columns *groups) {                                    \
    const form f = {x_kind, square};                                                                                   \
    compute_strip(c, s, groups, f);                                                                                    \
  }

STRIP_FORM(strip_u8, OCTET_U8, 0)
STRIP_FORM(strip_s8, OCTET_S8, 0)
STRIP_FORM(strip_3x3_u8, OCTET_U8, 1)
STRIP_FORM(strip_3x3_s8, OCTET_S8, 1)
STRIP_FORM(strip_3x3_by_2_u8, OCTET_U8, 2)
STRIP_FORM(strip_3x3_by_2_s8, OCTET_S8, 2)

static strip_form form_of(const octet_qproduct *p, const depthwise *d) {
  int is_signed = p->x_kind == OCTET_S8;
  switch (square_of(d)) {
  case 1: return is_signed ? strip_3x3_s8 : strip_3x3_u8;
  case 2: return is_signed ? strip_3x3_by_2_s8 : strip_3x3_by_2_u8;
  default: return is_signed ? strip_s8 : strip_u8;
  }
}

static int32_t qdepthwise_vnni(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                               int64_t rows) {
  REQUIRE(is_qproduct(p, p == NULL ? 0 : p->columns, x, residual, y, first_row, rows) &&
          is_depthwise(&p->window, p->columns));
  if (rows == 0) {
    return OCTET_OK;
  }
  context c; /* too large to be cleared first */
  c.e = epilogue_of(p, residual, y);
  depthwise_of(p, x, &c.d);
  strip_form compute = form_of(p, &c.d);
  chunk strips;
  for (int64_t row = first_row; row < first_row + rows;) {
    next_chunk(&c.d, &row, first_row + rows, &strips);
    for (int64_t block = 0; block < c.d.blocks; block++) {
      start_block(&c, p, block);
      for (int64_t i = 0; i < strips.count; i++) {
        compute(&c, &strips.strips[i], &strips.groups[i * c.d.groups]);
      }
    }
  }
  return OCTET_OK;
}

/* Defines octet_qdepthwise_..._<isa>. */
#define QDEPTHWISE_VNNI(isa)                                                                                           \
  int64_t octet_qdepthwise_packed_bytes_##isa(int64_t columns, int64_t taps, int64_t depth) {                          \
    return columns < LANES ? octet_qdepthwise_packed_bytes_avx2(columns, taps, depth)                                  \
                           : strips_packed_bytes(columns, taps, depth);                                                \
  }                                                                                                                    \
                                                                                                                       \
  int32_t octet_qdepthwise_pack_##isa(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,               \
                                      int64_t x_zero_point, void *packed, int32_t *bias) {                             \
    if (is_there(w, 8) && w->columns < LANES) {                                                                        \
      return octet_qdepthwise_pack_avx2(w, given_bias, x_kind, x_zero_point, packed, bias);                            \
    }                                                                                                                  \
    return strips_pack(w, given_bias, x_kind, x_zero_point, x_kind == OCTET_S8 ? 128 : 0, packed, bias);               \
  }                                                                                                                    \
                                                                                                                       \
  int32_t octet_qdepthwise_##isa(const octet_qproduct *p, const void *x, const void *residual, void *y,                \
                                 int64_t first_row, int64_t rows) {                                                    \
    if (is_there(p, 8) && p->columns < LANES) {                                                                        \
      return octet_qdepthwise_avx2(p, x, residual, y, first_row, rows);                                                \
    }                                                                                                                  \
    return qdepthwise_vnni(p, x, residual, y, first_row, rows);                                                        \
  }
