/* Softmax of rows in plain C. */
#include <stdlib.h>

#include "arguments.h"
#include "fgrid_generic.h"

static inline float term(const octet_softmax *s, const float *x, const float *mask, int64_t i) {
  return x[i] * s->factor + (mask == NULL ? 0 : mask[i]);
}

int32_t octet_fsoftmax_generic(const octet_softmax *s, const float *x, const float *mask, void *y, int64_t rows) {
  REQUIRE(is_softmax(s, x, mask, y, rows));
  float *terms = malloc((size_t)s->length * sizeof(float) + 1);
  if (terms == NULL) {
    return OCTET_NO_MEMORY;
  }
  for (int64_t row = 0; row < rows; row++, x += s->length, mask = mask == NULL ? NULL : mask + s->mask_stride) {
    float max = -INFINITY;
    for (int64_t i = 0; i < s->length; i++) {
      float value = term(s, x, mask, i);
      max = value > max ? value : max;
    }
    double sum = 0;
    for (int64_t i = 0; i < s->length; i++) {
      terms[i] = expf(term(s, x, mask, i) - max);
      sum += terms[i];
    }
    for (int64_t i = 0; i < s->length; i++) {
      store_kind(&s->to, y, row * s->length + i, terms[i] / (float)sum);
    }
  }
  free(terms);
  return OCTET_OK;
}
