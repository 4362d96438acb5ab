/*
 * Float depthwise convolution with AVX-512: 4 positions of 32 channels, 8 chains of FMAs in the order of the taps. The last
 * channels are masked.
 */
#include <immintrin.h>

enum { OUTPUTS = 4, VECTORS = 2, LANES = 16 };

#include "fdepthwise_lines.h"
#include "fstore_avx512.h"

int64_t octet_fdepthwise_packed_bytes_avx512vnni(int64_t columns, int64_t taps, int64_t depth) {
  return fdepthwise_packed_bytes(columns, taps, depth);
}

int32_t octet_fdepthwise_pack_avx512vnni(const octet_weights *w, void *packed) { return fdepthwise_pack(w, packed); }

/* What a strip of channels needs beside its size. */
typedef struct {
  const fline *line;
  int64_t first, row;
  int64_t channel;
} strip_args;

/* near_stride: the stride of a 3 x 3 window without gaps, else 0. */
__attribute__((always_inline)) static inline void strip(const strip_args *s, const int outputs, const int vectors,
                                                        const int64_t near_stride) {
  const octet_fproduct *p = s->line->p;
  const octet_window *w = &p->window;
  int64_t stride = near_stride ? near_stride : w->stride_x;
  int64_t kernel_height = near_stride ? 3 : w->kernel_height;
  int64_t kernel_width = near_stride ? 3 : w->kernel_width;
  int64_t dilation = near_stride ? 1 : w->dilation_x;
  const float *weights = p->packed + s->channel;
  const float **line = s->line->table + s->first * stride;
  __mmask16 valid[VECTORS];
  __m512 sum[OUTPUTS][VECTORS];
#pragma GCC unroll 2
  for (int v = 0; v < vectors; v++) {
    valid[v] = first_sixteen(p->columns - s->channel - v * LANES);
#pragma GCC unroll 4
    for (int i = 0; i < outputs; i++) {
      sum[i][v] = _mm512_setzero_ps();
    }
  }
#pragma GCC unroll 3
  for (int64_t ky = 0; ky < kernel_height; ky++, line += s->line->columns) {
#pragma GCC unroll 3
    for (int64_t kx = 0; kx < kernel_width; kx++, weights += p->columns) {
#pragma GCC unroll 2
      for (int v = 0; v < vectors; v++) {
        __m512 weight = _mm512_maskz_loadu_ps(valid[v], weights + v * LANES);
#pragma GCC unroll 4
        for (int i = 0; i < outputs; i++) {
          const float *x = line[kx * dilation + i * stride] + s->channel + v * LANES;
          sum[i][v] = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(valid[v], x), weight, sum[i][v]);
        }
      }
    }
  }
  int64_t row_stride = p->row_stride;
#pragma GCC unroll 2
  for (int v = 0; v < vectors; v++) {
    int64_t channel = s->channel + v * LANES;
    panel_store store = panel_store_of(p, channel, p->columns - channel, s->line->residual, s->line->y);
    int64_t index = s->row * row_stride + channel;
#pragma GCC unroll 4
    for (int i = 0; i < outputs; i++, index += row_stride) {
      store_panel(&store, sum[i][v], index);
    }
  }
}

#define STRIPS_OF(outputs, near_stride)                                                                                \
  static void strips_of_##outputs##_##near_stride(strip_args *s, int64_t channels) {                                   \
    for (; s->channel + LANES < channels; s->channel += VECTORS * LANES) {                                             \
      strip(s, outputs, VECTORS, near_stride);                                                                         \
    }                                                                                                                  \
    if (s->channel < channels) {                                                                                       \
      strip(s, outputs, 1, near_stride);                                                                               \
    }                                                                                                                  \
  }

STRIPS_OF(1, 0)
STRIPS_OF(2, 0)
STRIPS_OF(3, 0)
STRIPS_OF(4, 0)
STRIPS_OF(2, 1)
STRIPS_OF(3, 1)
STRIPS_OF(4, 1)
STRIPS_OF(2, 2)
STRIPS_OF(3, 2)
STRIPS_OF(4, 2)

static void outputs_of_line(const fline *line, int64_t first, int64_t count, int64_t row) {
  static void (*const strips[3][OUTPUTS])(strip_args *s, int64_t channels) = {
      {strips_of_1_0, strips_of_2_0, strips_of_3_0, strips_of_4_0},
      {strips_of_1_0, strips_of_2_1, strips_of_3_1, strips_of_4_1},
      {strips_of_1_0, strips_of_2_2, strips_of_3_2, strips_of_4_2},
  };
  strip_args s = {.line = line, .first = first, .row = row};
  strips[near_stride_of(&line->p->window)][count - 1](&s, line->p->columns);
}

int32_t octet_fdepthwise_avx512vnni(const octet_fproduct *p, const void *x, const void *residual, void *y,
                                    int64_t first_row, int64_t rows) {
  return depthwise_lines(p, x, residual, y, first_row, rows);
}
