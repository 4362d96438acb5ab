/*
 * Integer product with AVX2, exact: 6 x 16 tiles of int32 in 12 registers. Rows are gathered as 16-bit; a panel holds
 * pairs of k, so that vpmaddwd multiplies and adds two products of at most 255 * 128 each without overflow.
 * (vpmaddubsw would halve the work and saturate: wrong on full-range data.)
 */
#define X_T uint8_t
#define A_T int16_t
#define K_GROUP 2
#include <immintrin.h>

#include "arguments.h"
#include "blocks.h"
#include "qgemm_pack.h"
#include "requantize_avx2.h"

enum { TILE = 6, MOST_ROWS = 48 };

static inline __m256i widen(__m128i bytes, int64_t x_kind) {
  return x_kind == OCTET_S8 ? _mm256_cvtepi8_epi16(bytes) : _mm256_cvtepu8_epi16(bytes);
}

/* Whole vectors, the last one overlapping its neighbour; short spans element by element. */
static void copy_span(A_T *restrict to, const X_T *restrict from, int64_t count, int64_t x_kind) {
  if (count < 8) {
    for (int64_t i = 0; i < count; i++) {
      to[i] = x_kind == OCTET_S8 ? (int8_t)from[i] : from[i];
    }
    return;
  }
  if (count < 16) {
    __m128i head = _mm_loadl_epi64((const __m128i *)from);
    __m128i tail = _mm_loadl_epi64((const __m128i *)(from + count - 8));
    _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(widen(head, x_kind)));
    _mm_storeu_si128((__m128i *)(to + count - 8), _mm256_castsi256_si128(widen(tail, x_kind)));
    return;
  }
  for (int64_t i = 0; i < count - 16; i += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(from + i));
    _mm256_storeu_si256((__m256i *)(to + i), widen(bytes, x_kind));
  }
  __m128i last = _mm_loadu_si128((const __m128i *)(from + count - 16));
  _mm256_storeu_si256((__m256i *)(to + count - 16), widen(last, x_kind));
}

/*
 * acc0 and acc1 += products of one row's pair of k with 16 columns. In assembly because compilers (gcc 12) copy and spill
 * accumulators here: 12 of them, two panel vectors and two temporaries take all 16 registers.
 */
__attribute__((always_inline)) static inline void multiply_add(__m256i *acc0, __m256i *acc1, const int16_t *pair,
                                                               __m256i b0, __m256i b1) {
  __m256i x, product;
  __asm__("vpbroadcastd %[pair], %[x]\n\t"
          "vpmaddwd %[b0], %[x], %[product]\n\t"
          "vpmaddwd %[b1], %[x], %[x]\n\t"
          "vpaddd %[product], %[acc0], %[acc0]\n\t"
          "vpaddd %[x], %[acc1], %[acc1]"
          : [acc0] "+x"(*acc0), [acc1] "+x"(*acc1), [x] "=&x"(x), [product] "=&x"(product)
          : [pair] "m"(*(const int16_t(*)[2])pair), [b0] "x"(b0), [b1] "x"(b1));
}

/* The same for 8 columns. */
__attribute__((always_inline)) static inline void multiply_add_half(__m256i *acc, const int16_t *pair, __m256i b) {
  __m256i x;
  __asm__("vpbroadcastd %[pair], %[x]\n\t"
          "vpmaddwd %[b], %[x], %[x]\n\t"
          "vpaddd %[x], %[acc], %[acc]"
          : [acc] "+x"(*acc), [x] "=&x"(x)
          : [pair] "m"(*(const int16_t(*)[2])pair), [b] "x"(b));
}

#include "lines.h"

/* A call's product. */
typedef struct {
  const octet_qproduct *p;
  const epilogue *e;
} output;

/* What a tile needs beside its size. */
typedef struct {
  const octet_qproduct *p;
  const epilogue *e;
  const block *b;
  const int8_t *panel_data;
  int64_t line; /* of k, in whole groups */
  int64_t first; /* in the block */
  int64_t panel;
  int packable;
} tile_args;

/* Groups of two rows of 16 columns or four of 8; the last group repeats rows where there are too few. */
__attribute__((always_inline)) static inline void store_packable_tile(const tile_args *t, __m256i acc[TILE][2],
                                                                      const int rows, const int vectors) {
  const int group = 4 / vectors;
  int64_t column = t->panel * OCTET_PANEL;
  int64_t valid = smaller(OCTET_PANEL, t->p->columns - column);
#pragma GCC unroll 6
  for (int r = 0; r < rows; r += group) {
    __m256i sums[4];
    int64_t index[4];
#pragma GCC unroll 4
    for (int i = 0; i < group; i++) {
      int from = r + i < rows ? r + i : rows - 1;
      index[i] = (t->b->first_row + t->first + from) * t->e->row_stride + column;
      sums[i * vectors] = acc[from][0];
      if (vectors == 2) {
        sums[i * 2 + 1] = acc[from][1];
      }
    }
    store_packable(t->e, sums, index, group, column, valid, 0);
  }
}

/* What is rarer, out of line so that tiles keep their sums in registers. */
__attribute__((noinline)) static void store_tile(const tile_args *t, __m256i acc[TILE][2], int64_t rows) {
  int64_t column = t->panel * OCTET_PANEL;
  int64_t valid = smaller(OCTET_PANEL, t->p->columns - column);
  int64_t row = t->b->first_row + t->first;
  int64_t r = 0;
  if (t->packable) {
    for (; r + 2 <= rows; r += 2) {
      int64_t index = (row + r) * t->e->row_stride + column;
      int64_t places[2] = {index, index + t->e->row_stride};
      store_packable(t->e, acc[r], places, 2, column, valid, 1);
    }
  }
  for (; r < rows; r++) {
    store_panel(t->e, acc[r][0], acc[r][1], row + r, column, valid);
  }
}

__attribute__((always_inline)) static inline void tile(const tile_args *t, const int rows, const int vectors) {
  const octet_qproduct *p = t->p;
  int64_t column = t->panel * OCTET_PANEL;
  int64_t lines = t->b->lines, line = t->line;
  const int8_t *b = t->panel_data;
  const int16_t *a[TILE];
  __m256i acc[TILE][2];
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    a[r] = t->b->starts[t->first + r];
    acc[r][0] = _mm256_loadu_si256((const __m256i *)(p->bias + column));
    acc[r][1] = _mm256_loadu_si256((const __m256i *)(p->bias + column + 8));
  }
  for (;;) {
    for (int64_t k = 0; k < line; k += K_GROUP, b += OCTET_PANEL * K_GROUP) {
      __m256i b0 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)b));
      if (vectors == 1) {
#pragma GCC unroll 6
        for (int r = 0; r < rows; r++) {
          multiply_add_half(&acc[r][0], a[r] + k, b0);
        }
      } else {
        __m256i b1 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(b + 16)));
#pragma GCC unroll 6
        for (int r = 0; r < rows; r++) {
          multiply_add(&acc[r][0], &acc[r][1], a[r] + k, b0, b1);
        }
      }
    }
    if (--lines == 0) {
      break;
    }
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
      a[r] += t->b->pitch;
    }
  }
  if (t->packable && t->e->residual_kind == OCTET_NONE) {
    store_packable_tile(t, acc, rows, vectors);
  } else {
    __m256i sums[TILE][2];
    memcpy(sums, acc, sizeof(acc));
    store_tile(t, sums, rows);
  }
}

#define TILES_OF(vectors)                                                                                              \
  static void tiles_of_##vectors(tile_args t) {                                                                        \
    int64_t left = t.b->rows;                                                                                          \
    for (; tile_rows(left) == TILE; left -= TILE, t.first += TILE) {                                                    \
      tile(&t, TILE, vectors);                                                                                         \
    }                                                                                                                  \
    for (int64_t rows; left > 0; left -= rows, t.first += rows) {                                                      \
      rows = tile_rows(left);                                                                                          \
      switch (rows) {                                                                                                  \
      case 1: tile(&t, 1, vectors); break;                                                                             \
      case 2: tile(&t, 2, vectors); break;                                                                             \
      case 3: tile(&t, 3, vectors); break;                                                                             \
      case 4: tile(&t, 4, vectors); break;                                                                             \
      default: tile(&t, 5, vectors); break;                                                                            \
      }                                                                                                                \
    }                                                                                                                  \
  }

TILES_OF(1)
TILES_OF(2)

static void multiply_block(const block *b, const void *product) {
  const output *out = product;
  int64_t line = round_up(b->line, K_GROUP);
  for (int64_t panel = b->first_panel; panel < b->first_panel + b->panels; panel++) {
    int64_t column = panel * OCTET_PANEL;
    const int8_t *data = (const int8_t *)out->p->packed + column * packed_depth(b->lines, line);
    tile_args t = {out->p, out->e, b, data, line, 0, panel, is_packable(out->e, column)};
    if (out->p->columns - column <= OCTET_PANEL / 2) {
      tiles_of_1(t);
    } else {
      tiles_of_2(t);
    }
  }
}

int64_t octet_qgemm_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  return qgemm_packed_bytes(columns, taps, depth);
}

int32_t octet_qgemm_pack_avx2(const octet_weights *w, const int32_t *given_bias, int64_t x_kind, int64_t x_zero_point,
                              void *packed, int32_t *bias) {
  REQUIRE(is_of_kind(x_kind, x_zero_point));
  return qgemm_pack(w, given_bias, (int32_t)x_zero_point, packed, bias);
}

int32_t octet_qgemm_avx2(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                         int64_t rows, int64_t first_panel, int64_t panels) {
  REQUIRE(is_qproduct(p, p == NULL ? 0 : p->window.depth, x, residual, y, first_row, rows) &&
          is_product_weights(&p->window, p->columns) && is_panels(p->columns, first_panel, panels));
  if (rows == 0 || panels == 0) {
    return OCTET_OK;
  }
  epilogue e = epilogue_of(p, residual, y);
  output out = {p, &e};
  call c = {&p->window, x, p->x_kind, (A_T)p->padding, 0, first_panel, panels, &out};
  return multiply(&c, first_row, rows);
}

QGEMM_UNPACKED(avx2)
