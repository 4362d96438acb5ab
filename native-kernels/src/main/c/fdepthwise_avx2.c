/*
 * Float depthwise convolution with AVX2 and FMA: 4 positions of 16 channels, 8 chains of FMAs in the order of the taps.
 * The last 16 channels end with the last channel and so overlap their neighbours; fewer than 16 are masked.
 */
#include <immintrin.h>

enum { OUTPUTS = 4 };

#include "fdepthwise_lines.h"
#include "fstore_avx2.h"

int64_t octet_fdepthwise_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  return fdepthwise_packed_bytes(columns, taps, depth);
}

int32_t octet_fdepthwise_pack_avx2(const octet_weights *w, void *packed) { return fdepthwise_pack(w, packed); }

/* What a block needs beside its size. */
typedef struct {
  const fline *line;
  int64_t first, row;
  int64_t channel, valid;
} block_args;

/* One tap of all outputs: tap[i * stride] points at output i's input. */
__attribute__((always_inline)) static inline void add_tap(const block_args *b, const int outputs, int64_t valid,
                                                          const float **tap, int64_t stride, const float *weights,
                                                          __m256 sum[OUTPUTS][2]) {
  __m256 w0 = load_first(weights, valid);
  __m256 w1 = load_first(weights + 8, valid - 8);
#pragma GCC unroll 4
  for (int i = 0; i < outputs; i++) {
    const float *x = tap[i * stride] + b->channel;
    sum[i][0] = _mm256_fmadd_ps(load_first(x, valid), w0, sum[i][0]);
    sum[i][1] = _mm256_fmadd_ps(load_first(x + 8, valid - 8), w1, sum[i][1]);
  }
}

static inline void clear(__m256 sum[OUTPUTS][2], const int outputs) {
#pragma GCC unroll 4
  for (int i = 0; i < outputs; i++) {
    sum[i][0] = _mm256_setzero_ps();
    sum[i][1] = _mm256_setzero_ps();
  }
}

__attribute__((always_inline)) static inline void store(const block_args *b, const int outputs, int64_t valid,
                                                        __m256 sum[OUTPUTS][2]) {
  const octet_fproduct *p = b->line->p;
  panel_store s = panel_store_of(p, b->channel, valid, b->line->residual, b->line->y);
  int64_t index = b->row * p->row_stride + b->channel;
  int64_t row_stride = p->row_stride;
#pragma GCC unroll 4
  for (int i = 0; i < outputs; i++, index += row_stride) {
    store_panel(&s, sum[i], 2, index);
  }
}

/* Any window. */
__attribute__((always_inline)) static inline void block(const block_args *b, const int outputs, const int64_t whole) {
  const octet_fproduct *p = b->line->p;
  const octet_window *w = &p->window;
  int64_t valid = whole ? whole : b->valid;
  const float *weights = p->packed + b->channel;
  const float **line = b->line->table + b->first * w->stride_x;
  __m256 sum[OUTPUTS][2];
  clear(sum, outputs);
  for (int64_t ky = 0; ky < w->kernel_height; ky++, line += b->line->columns) {
    for (int64_t kx = 0; kx < w->kernel_width; kx++, weights += p->columns) {
      add_tap(b, outputs, valid, line + kx * w->dilation_x, w->stride_x, weights, sum);
    }
  }
  store(b, outputs, valid, sum);
}

/* A 3 x 3 window without gaps: a line's weights stay in registers and each input is loaded once for all outputs. */
__attribute__((always_inline)) static inline void near_block(const block_args *b, const int outputs, const int stride) {
  const octet_fproduct *p = b->line->p;
  const float *weights = p->packed + b->channel;
  const float **line = b->line->table + b->first * stride;
  __m256 sum[OUTPUTS][2];
  clear(sum, outputs);
#pragma GCC unroll 3
  for (int ky = 0; ky < 3; ky++, line += b->line->columns) {
    __m256 w[3][2];
#pragma GCC unroll 3
    for (int kx = 0; kx < 3; kx++, weights += p->columns) {
      w[kx][0] = _mm256_loadu_ps(weights);
      w[kx][1] = _mm256_loadu_ps(weights + 8);
    }
#pragma GCC unroll 9
    for (int column = 0; column < (outputs - 1) * stride + 3; column++) {
      __m256 x0 = _mm256_loadu_ps(line[column] + b->channel);
      __m256 x1 = _mm256_loadu_ps(line[column] + b->channel + 8);
#pragma GCC unroll 4
      for (int i = 0; i < outputs; i++) {
        int kx = column - i * stride;
        if (kx >= 0 && kx < 3) {
          sum[i][0] = _mm256_fmadd_ps(x0, w[kx][0], sum[i][0]);
          sum[i][1] = _mm256_fmadd_ps(x1, w[kx][1], sum[i][1]);
        }
      }
    }
  }
  store(b, outputs, OCTET_PANEL, sum);
}

#define BLOCKS_OF(outputs, near_stride)                                                                                \
  static void blocks_of_##outputs##_##near_stride(block_args *b, int64_t channels) {                                   \
    for (int64_t channel = 0; channel < channels; channel += OCTET_PANEL) {                                            \
      b->channel = smaller(channel, channels - OCTET_PANEL);                                                           \
      if (near_stride == 0) {                                                                                          \
        block(b, outputs, OCTET_PANEL);                                                                                \
      } else {                                                                                                         \
        near_block(b, outputs, near_stride);                                                                           \
      }                                                                                                                                                                                     \
    }                                                                                                                  \
  }

BLOCKS_OF(1, 0)
BLOCKS_OF(2, 0)
BLOCKS_OF(3, 0)
BLOCKS_OF(4, 0)
BLOCKS_OF(2, 1)
BLOCKS_OF(3, 1)
BLOCKS_OF(4, 1)
BLOCKS_OF(2, 2)
BLOCKS_OF(3, 2)
BLOCKS_OF(4, 2)

static void outputs_of_line(const fline *line, int64_t first, int64_t count, int64_t row) {
  static void (*const blocks[3][OUTPUTS])(block_args *b, int64_t channels) = {
      {blocks_of_1_0, blocks_of_2_0, blocks_of_3_0, blocks_of_4_0},
      {blocks_of_1_0, blocks_of_2_1, blocks_of_3_1, blocks_of_4_1},
      {blocks_of_1_0, blocks_of_2_2, blocks_of_3_2, blocks_of_4_2},
  };
  block_args b = {.line = line, .first = first, .row = row};
  if (line->p->columns < OCTET_PANEL) {
    b.valid = line->p->columns;
    for (int64_t i = 0; i < count; i++, b.first++, b.row++) {
      block(&b, 1, 0);
    }
    return;
  }
  blocks[near_stride_of(&line->p->window)][count - 1](&b, line->p->columns);
}

int32_t octet_fdepthwise_avx2(const octet_fproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                              int64_t rows) {
  return depthwise_lines(p, x, residual, y, first_row, rows);
}
