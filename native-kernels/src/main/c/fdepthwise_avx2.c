/*
 * Float depthwise convolution with AVX2 and FMA: 16 channels at a time, one chain of FMAs each in the order of the taps.
 * The last block ends with the last channel and so overlaps its neighbour; fewer than 16 go through buffers.
 */
#define X_T float
#include "arguments.h"
#include "taps.h"

#include "fdepthwise_interior.h"
#include "fdepthwise_pack.h"
#include "fstore_avx2.h"

int64_t octet_fdepthwise_packed_bytes_avx2(int64_t columns, int64_t taps, int64_t depth) {
  if (!is_weight_shape(columns, taps, depth)) {
    return -1;
  }
  return columns * taps * depth * (int64_t)sizeof(float);
}

int32_t octet_fdepthwise_pack_avx2(const octet_weights *w, void *packed) { return fdepthwise_pack(w, packed); }

__attribute__((always_inline)) static inline void block_of_channels(const octet_fproduct *p, const float **taps,
                                                                    int64_t channel, int64_t row, int64_t valid,
                                                                    const float *residual, float *y) {
  __m256 sum0 = _mm256_setzero_ps();
  __m256 sum1 = _mm256_setzero_ps();
  for (int64_t tap = 0; tap < p->window.kernel_height * p->window.kernel_width; tap++) {
    __m256 x0, x1, w0, w1;
    load_floats(taps[tap] + channel, valid, &x0, &x1);
    load_floats(p->packed + tap * p->columns + channel, valid, &w0, &w1);
    sum0 = _mm256_fmadd_ps(x0, w0, sum0);
    sum1 = _mm256_fmadd_ps(x1, w1, sum1);
  }
  store_panel(p, sum0, sum1, channel, row * p->row_stride + channel, valid, residual, y);
}

/* Eight channels along a run of interior positions, the nine weights in registers; the order of the taps as above. */
static void run_of_eight(const octet_fproduct *p, const float *corner, const int64_t *offsets, int64_t channel,
                         int64_t row, int64_t count, const float *residual, float *y) {
  __m256 w[NINE];
  const float *x[NINE];
#pragma GCC unroll 9
  for (int tap = 0; tap < NINE; tap++) {
    w[tap] = _mm256_loadu_ps(p->packed + tap * p->columns + channel);
    x[tap] = corner + offsets[tap] + channel;
  }
  int64_t step = p->window.stride_x * p->window.pixel_stride;
  __m256 bias = _mm256_loadu_ps(p->bias + channel);
  __m256 low = _mm256_set1_ps(p->min);
  __m256 high = _mm256_set1_ps(p->max);
  int64_t to = row * p->row_stride + channel;
  for (int64_t i = 0, at = 0; i < count; i++, at += step, to += p->row_stride) {
    __m256 sum = _mm256_setzero_ps();
#pragma GCC unroll 9
    for (int tap = 0; tap < NINE; tap++) {
      sum = _mm256_fmadd_ps(_mm256_loadu_ps(x[tap] + at), w[tap], sum);
    }
    sum = _mm256_add_ps(sum, bias);
    if (p->has_residual) {
      sum = _mm256_add_ps(sum, _mm256_loadu_ps(residual + to));
    }
    _mm256_storeu_ps(y + to, _mm256_min_ps(high, _mm256_max_ps(low, sum)));
  }
}

static void interior(const octet_fproduct *p, const float *corner, const int64_t *offsets, int64_t row, int64_t count,
                     const float *residual, float *y) {
  for (int64_t channel = 0; channel < p->columns; channel += 8) {
    run_of_eight(p, corner, offsets, smaller(channel, p->columns - 8), row, count, residual, y);
  }
}

int32_t octet_fdepthwise_avx2(const octet_fproduct *p, const void *x, const void *residual, void *y, int64_t first_row,
                              int64_t rows) {
  REQUIRE(is_fproduct(p, p == NULL ? 0 : p->columns, x, residual, y, first_row, rows) &&
          is_depthwise(&p->window, p->columns));
  if (rows == 0 || p->columns == 0) {
    return OCTET_OK;
  }
  const octet_window *w = &p->window;
  float *padding = allocate_padding(p->columns, 0);
  if (padding == NULL) {
    return OCTET_NO_MEMORY;
  }
  int64_t offsets[OCTET_MAX_TAPS];
  tap_offsets(w, offsets);
  const float *taps[OCTET_MAX_TAPS];
  place at = place_of(w, first_row);
  for (int64_t row = first_row; row < first_row + rows; row++, advance(w, &at)) {
    int64_t run = p->columns < 8 ? 0 : interior_run(w, &at, first_row + rows - row);
    if (run > 1) {
      int64_t iy = at.oy * w->stride_y - w->pad_y;
      int64_t ix = at.ox * w->stride_x - w->pad_x;
      const float *corner = (const float *)x + ((at.image * w->in_height + iy) * w->in_width + ix) * w->pixel_stride;
      interior(p, corner, offsets, row, run, residual, y);
      row += run - 1;
      at.ox += run - 1;
      continue;
    }
    find_taps_at(w, x, &at, padding, offsets, taps);
    if (p->columns < OCTET_PANEL) {
      block_of_channels(p, taps, 0, row, p->columns, residual, y);
      continue;
    }
    for (int64_t channel = 0; channel < p->columns; channel += OCTET_PANEL) {
      block_of_channels(p, taps, smaller(channel, p->columns - OCTET_PANEL), row, OCTET_PANEL, residual, y);
    }
  }
  free(padding);
  return OCTET_OK;
}
