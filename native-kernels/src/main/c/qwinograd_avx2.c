/*
 * Integer 3x3 convolution of stride 1 with AVX2 by Winograd's F(2x2, 3x3), exact: four outputs take 16 products where the
 * definition takes 36. Lavin and Gray, "Fast Algorithms for Convolutional Networks", section 4.1; the transform of the
 * weights is scaled by 2 along each axis, which makes it integer and the result fourfold.
 *
 * Transformed inputs are below 1024 and transformed weights at most 1152, both of 16 bits, so that vpmaddwd multiplies and
 * adds pairs of channels. Up to OCTET_WINOGRAD_DEPTH channels, sums and the fourfold result stay in int32.
 *
 * Packed weights: [columns / 16][16 places of a 4x4 tile][pairs of channels][16 columns][2].
 */
#include "arguments.h"
#include "madd_avx2.h"
#include "requantize_avx2.h"
#include "winograd.h"

enum { TILE = 6, PLACES = 16, GROUP = 16, MOST_TILES = 48, INPUT_BYTES = 64 * 1024 };

/* Where a 4x4 tile of the input is, and the 2x2 outputs that it gives. */
typedef struct {
  int64_t image, oy, ox;
} place;

/* What a call computes, and its memory for a block of tiles. */
typedef struct {
  const octet_qproduct *p;
  const uint8_t *x;
  const uint8_t *padding; /* GROUP elements */
  const epilogue *e;
  int16_t *inputs; /* [PLACES][tiles][depth] */
  int32_t *sums;   /* [PLACES][tiles][16] */
  int64_t tiles;
} winograd;

static place place_of(const octet_window *w, int64_t tile) {
  int64_t across = (w->out_width + 1) / 2, down = (w->out_height + 1) / 2;
  place at = {tile / across / down, tile / across % down * 2, tile % across * 2};
  return at;
}

static inline void advance(const octet_window *w, place *at) {
  at->ox += 2;
  if (at->ox >= w->out_width) {
    at->ox = 0;
    at->oy += 2;
    if (at->oy >= w->out_height) {
      at->oy = 0;
      at->image++;
    }
  }
}

/* The 16 elements' addresses; `step` is 0 for those outside, which read the same padding for all channels. */
static inline void find_inputs(const winograd *g, const place *at, const uint8_t **from, int64_t *step) {
  const octet_window *w = &g->p->window;
  int64_t top = at->oy - w->pad_y, left = at->ox - w->pad_x;
  int64_t line = w->in_width * w->pixel_stride;
  if (top >= 0 && left >= 0 && top + 4 <= w->in_height && left + 4 <= w->in_width) {
    const uint8_t *corner = g->x + ((at->image * w->in_height + top) * w->in_width + left) * w->pixel_stride;
    for (int64_t i = 0; i < PLACES; i++) {
      from[i] = corner + i / 4 * line + i % 4 * w->pixel_stride;
      step[i] = 1;
    }
    return;
  }
  for (int64_t i = 0; i < PLACES; i++) {
    int64_t iy = top + i / 4, ix = left + i % 4;
    int inside = iy >= 0 && iy < w->in_height && ix >= 0 && ix < w->in_width;
    int64_t position = (at->image * w->in_height + iy) * w->in_width + ix;
    from[i] = inside ? g->x + position * w->pixel_stride : g->padding;
    step[i] = inside;
  }
}

#define TRANSFORM_INPUT(d0, d1, d2, d3)                                                                                \
  do {                                                                                                                 \
    __m256i t1 = _mm256_add_epi16(d1, d2), t2 = _mm256_sub_epi16(d2, d1);                                              \
    d0 = _mm256_sub_epi16(d0, d2);                                                                                     \
    d3 = _mm256_sub_epi16(d1, d3);                                                                                     \
    d1 = t1;                                                                                                           \
    d2 = t2;                                                                                                           \
  } while (0)

/* One tile's inputs for 16 channels, from `from + channel`, to inputs[place][tile][channel]. */
__attribute__((always_inline)) static inline void transform_input(const winograd *g, const uint8_t **from,
                                                                  const int64_t *step, int64_t tile, int64_t channel,
                                                                  const int is_signed) {
  __m256i d[PLACES];
#pragma GCC unroll 16
  for (int i = 0; i < PLACES; i++) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(from[i] + step[i] * channel));
    d[i] = is_signed ? _mm256_cvtepi8_epi16(bytes) : _mm256_cvtepu8_epi16(bytes);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    TRANSFORM_INPUT(d[i], d[4 + i], d[8 + i], d[12 + i]);
  }
  int16_t *to = g->inputs + tile * g->p->window.depth + channel;
#pragma GCC unroll 4
  for (int i = 0; i < PLACES; i += 4) {
    TRANSFORM_INPUT(d[i], d[i + 1], d[i + 2], d[i + 3]);
#pragma GCC unroll 4
    for (int j = i; j < i + 4; j++) {
      _mm256_storeu_si256((__m256i *)(to + j * g->tiles * g->p->window.depth), d[j]);
    }
  }
}

static void transform_inputs(const winograd *g, int64_t first) {
  place at = place_of(&g->p->window, first);
  for (int64_t tile = 0; tile < g->tiles; tile++, advance(&g->p->window, &at)) {
    const uint8_t *from[PLACES];
    int64_t step[PLACES];
    find_inputs(g, &at, from, step);
    for (int64_t channel = 0; channel < g->p->window.depth; channel += GROUP) {
      if (g->p->x_kind == OCTET_S8) {
        transform_input(g, from, step, tile, channel, 1);
      } else {
        transform_input(g, from, step, tile, channel, 0);
      }
    }
  }
}

/* sums[tile] of one place, for `rows` tiles. */
__attribute__((always_inline)) static inline void multiply_tile(const int16_t *a, int64_t depth, const int16_t *b,
                                                                int32_t *sums, const int rows) {
  __m256i acc[TILE][2];
  const int16_t *row[TILE];
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    row[r] = a + r * depth;
    acc[r][0] = _mm256_setzero_si256();
    acc[r][1] = _mm256_setzero_si256();
  }
  for (int64_t k = 0; k < depth; k += 2, b += 2 * OCTET_PANEL) {
    __m256i b0 = _mm256_loadu_si256((const __m256i *)b);
    __m256i b1 = _mm256_loadu_si256((const __m256i *)(b + OCTET_PANEL));
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
      multiply_add(&acc[r][0], &acc[r][1], row[r] + k, b0, b1);
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
    _mm256_storeu_si256((__m256i *)(sums + r * OCTET_PANEL), acc[r][0]);
    _mm256_storeu_si256((__m256i *)(sums + r * OCTET_PANEL + 8), acc[r][1]);
  }
}

static void multiply_place(const winograd *g, const int16_t *b, int64_t place_index) {
  int64_t depth = g->p->window.depth;
  const int16_t *a = g->inputs + place_index * g->tiles * depth;
  int32_t *sums = g->sums + place_index * g->tiles * OCTET_PANEL;
  int64_t tile = 0;
  for (; tile + TILE <= g->tiles; tile += TILE) {
    multiply_tile(a + tile * depth, depth, b, sums + tile * OCTET_PANEL, TILE);
  }
  switch (g->tiles - tile) {
  case 1: multiply_tile(a + tile * depth, depth, b, sums + tile * OCTET_PANEL, 1); break;
  case 2: multiply_tile(a + tile * depth, depth, b, sums + tile * OCTET_PANEL, 2); break;
  case 3: multiply_tile(a + tile * depth, depth, b, sums + tile * OCTET_PANEL, 3); break;
  case 4: multiply_tile(a + tile * depth, depth, b, sums + tile * OCTET_PANEL, 4); break;
  case 5: multiply_tile(a + tile * depth, depth, b, sums + tile * OCTET_PANEL, 5); break;
  default: break;
  }
}

/* The 2x2 sums of 8 columns, bias included, from the 16 places' sums, `pitch` apart. */
static inline void transform_output(const int32_t *sums, int64_t pitch, const int32_t *bias, __m256i y[4]) {
  __m256i top[4], bottom[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    __m256i m0 = _mm256_loadu_si256((const __m256i *)(sums + i * pitch));
    __m256i m1 = _mm256_loadu_si256((const __m256i *)(sums + (4 + i) * pitch));
    __m256i m2 = _mm256_loadu_si256((const __m256i *)(sums + (8 + i) * pitch));
    __m256i m3 = _mm256_loadu_si256((const __m256i *)(sums + (12 + i) * pitch));
    top[i] = _mm256_add_epi32(_mm256_add_epi32(m0, m1), m2);
    bottom[i] = _mm256_sub_epi32(_mm256_sub_epi32(m1, m2), m3);
  }
  y[0] = _mm256_add_epi32(_mm256_add_epi32(top[0], top[1]), top[2]);
  y[1] = _mm256_sub_epi32(_mm256_sub_epi32(top[1], top[2]), top[3]);
  y[2] = _mm256_add_epi32(_mm256_add_epi32(bottom[0], bottom[1]), bottom[2]);
  y[3] = _mm256_sub_epi32(_mm256_sub_epi32(bottom[1], bottom[2]), bottom[3]);
  __m256i added = _mm256_loadu_si256((const __m256i *)bias);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    y[i] = _mm256_add_epi32(_mm256_srai_epi32(y[i], 2), added);
  }
}

/* Two outputs side by side; the right one repeats the left where there is none. */
static inline void store_two(const winograd *g, const __m256i sums[4], int64_t row, int has_right, int64_t column,
                             int packable) {
  const octet_qproduct *p = g->p;
  int64_t valid = p->columns - column < OCTET_PANEL ? p->columns - column : OCTET_PANEL;
  __m256i acc[4] = {sums[0], sums[1], has_right ? sums[2] : sums[0], has_right ? sums[3] : sums[1]};
  if (!packable) {
    store_panel(g->e, acc[0], acc[1], row, column, valid);
    store_panel(g->e, acc[2], acc[3], row + has_right, column, valid);
    return;
  }
  int64_t index[2] = {row * p->row_stride + column, (row + has_right) * p->row_stride + column};
  if (p->residual_kind == OCTET_NONE) {
    store_packable(g->e, acc, index, 2, column, valid, 0);
  } else {
    store_packable(g->e, acc, index, 2, column, valid, 1);
  }
}

static void store_outputs(const winograd *g, int64_t first, int64_t panel) {
  const octet_window *w = &g->p->window;
  int64_t column = panel * OCTET_PANEL, pitch = g->tiles * OCTET_PANEL;
  int packable = is_packable(g->e, column);
  place at = place_of(w, first);
  for (int64_t tile = 0; tile < g->tiles; tile++, advance(w, &at)) {
    const int32_t *sums = g->sums + tile * OCTET_PANEL;
    __m256i left[4], right[4];
    transform_output(sums, pitch, g->p->bias + column, left);
    transform_output(sums + 8, pitch, g->p->bias + column + 8, right);
    int64_t row = (at.image * w->out_height + at.oy) * w->out_width + at.ox;
    int has_right = at.ox + 1 < w->out_width;
    __m256i top[4] = {left[0], right[0], left[1], right[1]};
    store_two(g, top, row, has_right, column, packable);
    if (at.oy + 1 < w->out_height) {
      __m256i bottom[4] = {left[2], right[2], left[3], right[3]};
      store_two(g, bottom, row + w->out_width, has_right, column, packable);
    }
  }
}

int64_t octet_qwinograd_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  return is_winograd_weights(columns, taps, depth) ? winograd_packed_bytes(columns, depth) : -1;
}

int32_t octet_qwinograd_pack_avx2(const octet_weights *w, const int32_t *given_bias, int64_t x_kind,
                                  int64_t x_zero_point, void *packed, int32_t *bias) {
  REQUIRE(is_of_kind(x_kind, x_zero_point) && kind_bytes(x_kind) == 1);
  return winograd_pack(w, given_bias, (int32_t)x_zero_point, packed, bias);
}

int32_t octet_qwinograd_avx2(const octet_qproduct *p, const void *x, const void *residual, void *y, int64_t first_pair,
                             int64_t pairs) {
  REQUIRE(is_winograd(p, x, residual, y, first_pair, pairs));
  if (pairs == 0 || p->columns == 0 || p->window.out_width == 0) {
    return OCTET_OK;
  }
  int64_t depth = p->window.depth, across = (p->window.out_width + 1) / 2;
  int64_t fitting = INPUT_BYTES / (PLACES * depth * (int64_t)sizeof(int16_t)) / TILE * TILE;
  fitting = fitting < TILE ? TILE : fitting > MOST_TILES ? MOST_TILES : fitting;
  size_t input_bytes = (size_t)(PLACES * fitting * depth) * sizeof(int16_t);
  int16_t *inputs = aligned_alloc(64, input_bytes + (size_t)(PLACES * fitting * OCTET_PANEL) * sizeof(int32_t));
  if (inputs == NULL) {
    return OCTET_NO_MEMORY;
  }
  uint8_t padding[GROUP];
  memset(padding, (int)p->padding, sizeof(padding));
  epilogue e = epilogue_of(p, residual, y);
  winograd g = {p, x, padding, &e, inputs, (int32_t *)(void *)((uint8_t *)inputs + input_bytes), 0};
  int64_t end = (first_pair + pairs) * across;
  for (int64_t first = first_pair * across; first < end; first += fitting) {
    g.tiles = end - first < fitting ? end - first : fitting;
    transform_inputs(&g, first);
    for (int64_t panel = 0; panel * OCTET_PANEL < p->columns; panel++) {
      const int16_t *b = (const int16_t *)p->packed + panel * PLACES * depth * OCTET_PANEL;
      for (int64_t i = 0; i < PLACES; i++) {
        multiply_place(&g, b + i * depth * OCTET_PANEL, i);
      }
      store_outputs(&g, first, panel);
    }
  }
  free(inputs);
  return OCTET_OK;
}
