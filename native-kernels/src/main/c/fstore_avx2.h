/* The epilogue of float products for one or two vectors of columns of some rows. NaN passes through the clamp. */
#include "lanes_avx2.h"
#include "octet_kernels.h"

/* What the rows of a tile share, in registers: no store to y can change it. */
typedef struct {
  __m256 bias[2], low, high;
  const float *residual; /* NULL where there is none */
  float *y;
  int64_t valid; /* of the columns */
} panel_store;

/* `column` is the first of the columns in the product; valid ones follow each index of y and the residual. */
__attribute__((always_inline)) static inline panel_store panel_store_of(const octet_fproduct *p, int64_t column,
                                                                        int64_t valid, const float *residual,
                                                                        float *y) {
  panel_store s = {.low = _mm256_set1_ps(p->min), .high = _mm256_set1_ps(p->max), .y = y, .valid = valid};
  s.bias[0] = load_first(p->bias + column, valid);
  s.bias[1] = load_first(p->bias + column + 8, valid - 8);
  s.residual = p->has_residual ? residual : NULL;
  return s;
}

/* Stores `vectors` vectors of eight sums, as many of them as are valid. */
__attribute__((always_inline)) static inline void store_panel(const panel_store *s, const __m256 *sums,
                                                              const int vectors, int64_t index) {
  for (int v = 0; v < vectors; v++) {
    int64_t valid = s->valid == 8 * vectors ? 8 : s->valid - 8 * v;
    int64_t at = index + 8 * v;
    __m256 value = _mm256_add_ps(sums[v], s->bias[v]);
    if (s->residual != NULL) {
      value = _mm256_add_ps(value, load_first(s->residual + at, valid));
    }
    store_first(s->y + at, valid, _mm256_min_ps(s->high, _mm256_max_ps(s->low, value)));
  }
}
