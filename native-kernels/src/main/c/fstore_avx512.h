/* The epilogue of float products for one vector of 16 columns of some rows. NaN passes through the clamp. */
#include <immintrin.h>

#include "octet_kernels.h"

/* What the rows of a tile share, in registers: no store to y can change it. */
typedef struct {
  __m512 bias, low, high;
  const float *residual; /* NULL where there is none */
  float *y;
  __mmask16 valid; /* of the columns */
} panel_store;

/* Lanes [0, count) of 16; count may exceed 16, or be negative for none. */
static inline __mmask16 first_sixteen(int64_t count) {
  return count >= 16 ? (__mmask16)0xFFFF : count <= 0 ? 0 : (__mmask16)((1u << count) - 1);
}

/* `column` is the first of the columns in the product; valid ones follow each index of y and the residual. */
__attribute__((always_inline)) static inline panel_store panel_store_of(const octet_fproduct *p, int64_t column,
                                                                        int64_t valid, const float *residual,
                                                                        float *y) {
  panel_store s = {.low = _mm512_set1_ps(p->min), .high = _mm512_set1_ps(p->max), .y = y};
  s.valid = first_sixteen(valid);
  s.bias = _mm512_maskz_loadu_ps(s.valid, p->bias + column);
  s.residual = p->has_residual ? residual : NULL;
  return s;
}

/* Stores 16 sums, as many of them as are valid. */
__attribute__((always_inline)) static inline void store_panel(const panel_store *s, __m512 sum, int64_t index) {
  sum = _mm512_add_ps(sum, s->bias);
  if (s->residual != NULL) {
    sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(s->valid, s->residual + index));
  }
  sum = _mm512_min_ps(s->high, _mm512_max_ps(s->low, sum));
  _mm512_mask_storeu_ps(s->y + index, s->valid, sum);
}
