/*
 * The twins of float products and depthwise convolutions. The sets fuse each product with its sum and plain C rounds them
 * apart, so what they must equal, to the bit, is written here: one chain of fused steps in ascending k from 0, then bias,
 * residual and clamp. Plain C is compared within its rounding.
 */
#include <math.h>

#include "cases.h"

/* One call's operands, each ending where its allocation ends. */
typedef struct {
  octet_fproduct p;
  const float *x, *residual, *weights; /* [column][channel][tap] */
  int64_t rows, depthwise;
  float *expected, *magnitudes; /* [row][column]: results, and the sums of their terms' sizes */
} subject;

static inline float *some_floats(int64_t count, float largest, int special) {
  int64_t shift = between(0, 3);
  float *memory = malloc((size_t)(count + shift + 1) * sizeof(float));
  if (memory == NULL) {
    abort();
  }
  memory = (float *)realloc(memory, (size_t)(count + shift) * sizeof(float) + (count + shift == 0)) + shift;
  fill_floats(memory, count, largest, special);
  return memory;
}

/* The inputs of a row's taps: element `channel` of each, or 0 in padding. */
static inline float input(const subject *s, int64_t row, int64_t ky, int64_t kx, int64_t channel) {
  const octet_window *w = &s->p.window;
  int64_t image = row / w->out_width / w->out_height;
  int64_t iy = row / w->out_width % w->out_height * w->stride_y - w->pad_y + ky * w->dilation_y;
  int64_t ix = row % w->out_width * w->stride_x - w->pad_x + kx * w->dilation_x;
  int inside = iy >= 0 && iy < w->in_height && ix >= 0 && ix < w->in_width;
  return inside ? s->x[((image * w->in_height + iy) * w->in_width + ix) * w->pixel_stride + channel] : 0;
}

/* The result, and in *magnitude the sum of its terms' sizes. */
static inline float fused(const subject *s, int64_t row, int64_t column, float *magnitude) {
  const octet_window *w = &s->p.window;
  int64_t taps = w->kernel_height * w->kernel_width;
  float sum = 0;
  *magnitude = fabsf(s->p.bias[column]);
  for (int64_t ky = 0; ky < w->kernel_height; ky++) {
    for (int64_t kx = 0; kx < w->kernel_width; kx++) {
      for (int64_t channel = 0; channel < w->depth; channel++) {
        float weight = s->weights[(column * w->depth + channel) * taps + ky * w->kernel_width + kx];
        float x = input(s, row, ky, kx, s->depthwise ? column : channel);
        sum = fmaf(x, weight, sum);
        *magnitude += fabsf(x * weight);
      }
    }
  }
  sum += s->p.bias[column];
  if (s->p.has_residual) {
    sum += s->residual[row * s->p.row_stride + column];
    *magnitude += fabsf(s->residual[row * s->p.row_stride + column]);
  }
  sum = sum < s->p.min ? s->p.min : sum;
  return sum > s->p.max ? s->p.max : sum;
}

static inline subject random_subject(octet_window w, int64_t batch, int64_t columns, int depthwise) {
  subject s = {.depthwise = depthwise, .rows = batch * w.out_height * w.out_width};
  int special = next() % 8 == 0;
  int64_t k = w.kernel_height * w.kernel_width * w.depth;
  s.p = (octet_fproduct){.window = w, .columns = columns, .row_stride = columns + between(0, 1) * 5,
                         .has_residual = between(0, 1), .min = next() % 2 ? 0 : -INFINITY,
                         .max = next() % 2 ? 6 : INFINITY};
  s.p.bias = some_floats((columns + 15) / 16 * 16, 1, 0);
  int64_t channels = depthwise ? columns : w.depth;
  s.x = some_floats((batch * w.in_height * w.in_width - 1) * w.pixel_stride + channels, 3, special);
  s.weights = some_floats(columns * k, 2, special);
  s.residual = some_floats((s.rows - 1) * s.p.row_stride + columns, 2, special);
  s.expected = aligned(s.rows * columns * (int64_t)sizeof(float));
  s.magnitudes = aligned(s.rows * columns * (int64_t)sizeof(float));
  for (int64_t i = 0; i < s.rows * columns; i++) {
    s.expected[i] = fused(&s, i / columns, i % columns, &s.magnitudes[i]);
  }
  return s;
}

/* Whether y holds the results with nothing changed between and around its rows; share is of the terms' sizes. */
static inline int is_wrong(const char *what, uint64_t seed, const subject *s, const float *y, float share) {
  static const uint32_t guard = 0xA5A5A5A5;
  for (int64_t i = -GUARD; i < s->rows * s->p.row_stride + GUARD; i++) {
    int64_t row = i / s->p.row_stride, column = i % s->p.row_stride;
    if (i < 0 || row >= s->rows || column >= s->p.columns) {
      if (memcmp(y + i, &guard, sizeof(guard)) != 0) {
        printf("%s seed %llu: element %lld outside y is changed\n", what, (unsigned long long)seed, (long long)i);
        return 1;
      }
      continue;
    }
    float magnitude = s->magnitudes[row * s->p.columns + column];
    float expected = s->expected[row * s->p.columns + column];
    int equal = (isnan(y[i]) && isnan(expected)) || y[i] == expected || fabsf(y[i] - expected) <= share * magnitude;
    if (!equal) {
      printf("%s seed %llu: row %lld column %lld is %.9g, not %.9g\n", what, (unsigned long long)seed, (long long)row,
             (long long)column, (double)y[i], (double)expected);
      return 1;
    }
  }
  return 0;
}

static inline float *guarded(const subject *s) {
  int64_t count = s->rows * s->p.row_stride + 2 * GUARD;
  float *y = aligned(count * (int64_t)sizeof(float));
  memset(y, 0xA5, (size_t)count * sizeof(float));
  return y + GUARD;
}

/* Each of at most k + 2 roundings is half of 2^-23 of a partial sum, which the terms' sizes bound; and once more, fused. */
static inline float rounding_of(const subject *s) {
  const octet_window *w = &s->p.window;
  return (float)(w->kernel_height * w->kernel_width * w->depth + 2) * 2.4e-7f;
}

#ifdef HAS_FGEMM
static int fgemm_case(uint64_t seed) {
  int64_t batch;
  octet_window window = random_window(&batch);
  if (next() % 8 == 0) { /* one row, which takes another path */
    batch = window.in_height = window.out_height = window.out_width = 1;
    window.in_width = between(1, 3);
  }
  int64_t taps = window.kernel_height * window.kernel_width, columns = between(1, 150);
  subject s = random_subject(window, batch, columns, 0);
  octet_weights w = {s.weights, columns, taps, window.depth, taps * window.depth, 1, taps, window.kernel_height};
  int64_t panels = (columns + 15) / 16, row = between(0, s.rows), panel = between(0, panels);

  float *plain = guarded(&s), *y = guarded(&s), *whole = guarded(&s);
  void *packed = aligned(octet_fgemm_packed_bytes_generic(columns, taps, window.depth));
  int status = octet_fgemm_pack_generic(&w, packed);
  s.p.packed = packed;
  status |= octet_fgemm_generic(&s.p, s.x, s.residual, plain, 0, s.rows, 0, panels);

  void *fast = aligned(JOIN(octet_fgemm_packed_bytes_, SET)(columns, taps, window.depth));
  status |= JOIN(octet_fgemm_pack_, SET)(&w, fast);
  s.p.packed = fast;
  status |= JOIN(octet_fgemm_, SET)(&s.p, s.x, s.residual, y, 0, row, 0, panel);
  status |= JOIN(octet_fgemm_, SET)(&s.p, s.x, s.residual, y, row, s.rows - row, 0, panel);
  status |= JOIN(octet_fgemm_, SET)(&s.p, s.x, s.residual, y, 0, s.rows, panel, panels - panel);
  status |= JOIN(octet_fgemm_unpacked_, SET)(&s.p, &w, s.weights, s.x, s.residual, whole, s.rows);
  return status | is_wrong("fgemm_generic", seed, &s, plain, rounding_of(&s)) | is_wrong("fgemm", seed, &s, y, 0) |
         is_wrong("fgemm_unpacked", seed, &s, whole, 0);
}
#endif

#ifdef HAS_FDEPTHWISE
static int fdepthwise_case(uint64_t seed) {
  int64_t batch, columns = between(1, 100);
  octet_window window = random_window(&batch);
  if (next() % 2) { /* the form that most models have: stride 1 or 2, no gaps */
    window.kernel_height = window.kernel_width = 3;
    window.dilation_y = window.dilation_x = 1;
    window.in_height = between(3, 9);
    window.in_width = between(3, 20);
    window.pad_y = between(0, 2);
    window.pad_x = between(0, 2);
    window.out_height = (window.in_height + 2 * window.pad_y - 3) / window.stride_y + 1;
    window.out_width = (window.in_width + 2 * window.pad_x - 3) / window.stride_x + 1;
  }
  window.depth = 1;
  window.pixel_stride = columns + between(0, 1) * 7;
  int64_t taps = window.kernel_height * window.kernel_width;
  subject s = random_subject(window, batch, columns, 1);
  octet_weights w = {s.weights, columns, taps, 1, taps, 1, 1, window.kernel_height};

  float *plain = guarded(&s), *y = guarded(&s);
  void *packed = aligned(octet_fdepthwise_packed_bytes_generic(columns, taps, 1));
  int status = octet_fdepthwise_pack_generic(&w, packed);
  s.p.packed = packed;
  status |= octet_fdepthwise_generic(&s.p, s.x, s.residual, plain, 0, s.rows);

  void *fast = aligned(JOIN(octet_fdepthwise_packed_bytes_, SET)(columns, taps, 1));
  status |= JOIN(octet_fdepthwise_pack_, SET)(&w, fast);
  s.p.packed = fast;
  int64_t row = between(0, s.rows);
  status |= JOIN(octet_fdepthwise_, SET)(&s.p, s.x, s.residual, y, 0, row);
  status |= JOIN(octet_fdepthwise_, SET)(&s.p, s.x, s.residual, y, row, s.rows - row);
  return status | is_wrong("fdepthwise_generic", seed, &s, plain, rounding_of(&s)) |
         is_wrong("fdepthwise", seed, &s, y, 0);
}
#endif

int floats(void);

int floats(void) {
  int wrong = 0;
#ifdef HAS_FGEMM
  wrong |= run("fgemm", fgemm_case);
#endif
#ifdef HAS_FDEPTHWISE
  wrong |= run("fdepthwise", fdepthwise_case);
#endif
  return wrong;
}
