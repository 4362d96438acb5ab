/*
 * The twins of other kernels without weights: the same bits as plain C, but for the float functions, which are compared within
 * the bounds that octet_kernels.h gives. Each runs if the set has it: test-cpu.sh passes HAS_<family>_<set>.
 */
#include <math.h>

#include "buffers.h"

#define UNIT 5.9604645e-8f /* 2^-24 */

/* Whether two floats are equal, both NaN, or closer than a share of their size. */
static inline int is_near(float actual, float expected, float share) {
  return (isnan(actual) && isnan(expected)) || actual == expected ||
         fabsf(actual - expected) <= share * fabsf(expected);
}

static inline int far_off(const char *what, uint64_t seed, int64_t i, float actual, float expected) {
  printf("%s seed %llu: element %lld is %.9g, the generic twin's %.9g\n", what, (unsigned long long)seed, (long long)i,
         (double)actual, (double)expected);
  return 1;
}

#ifdef HAS_MAXPOOL
static int maxpool_case(uint64_t seed) {
  int64_t kernel = between(1, 4), kind = between(OCTET_U8, OCTET_F32), size = kind == OCTET_F32 ? 4 : 1;
  octet_window w = {.kernel_height = kernel, .kernel_width = kernel, .stride_y = between(1, 2),
                    .stride_x = between(1, 2), .dilation_y = between(1, 2), .dilation_x = between(1, 2),
                    .pad_y = between(0, kernel - 1), .pad_x = between(0, kernel - 1), .depth = between(1, 70)};
  int64_t height = (kernel - 1) * w.dilation_y + 1, width = (kernel - 1) * w.dilation_x + 1;
  w.in_height = height + between(0, 9);
  w.in_width = width + between(0, 9);
  w.pixel_stride = w.depth;
  w.out_height = (w.in_height + 2 * w.pad_y - height) / w.stride_y + 1;
  w.out_width = (w.in_width + 2 * w.pad_x - width) / w.stride_x + 1;
  int64_t rows = 2 * w.out_height * w.out_width, elements = 2 * w.in_height * w.in_width * w.depth;
  buffers b = buffers_of(elements * size, rows * w.depth * size);
  b.x = size == 1 ? exact(elements) : b.x;
  if (kind == OCTET_F32) {
    fill_floats(b.x, elements, 10, 1);
  } else {
    fill(b.x, elements, between(0, 6), kind == OCTET_S8);
  }
  int64_t split = between(0, rows);
  int status = octet_maxpool_generic(&w, kind, b.x, b.expected, 0, rows);
  status |= JOIN(octet_maxpool_, SET)(&w, kind, b.x, b.actual, 0, split);
  status |= JOIN(octet_maxpool_, SET)(&w, kind, b.x, b.actual, split, rows - split);
  return status | differ("maxpool", seed, &b);
}
#endif

#ifdef HAS_TRANSPOSE
static int transpose_case(uint64_t seed) {
  int64_t size = next() % 2 ? 1 : 4, rows = next() % 2 ? 3 : between(0, 40), columns = between(0, 90);
  int64_t first = between(0, columns), bytes = rows * columns * size;
  buffers b = buffers_of(bytes, bytes);
  b.x = size == 1 ? exact(bytes) : b.x;
  fill(b.x, bytes, 9, 0);
  int status = octet_transpose_generic(b.x, b.expected, size, rows, columns, 0, columns);
  status |= JOIN(octet_transpose_, SET)(b.x, b.actual, size, rows, columns, 0, first);
  status |= JOIN(octet_transpose_, SET)(b.x, b.actual, size, rows, columns, first, columns - first);
  return status | differ("transpose", seed, &b);
}
#endif

#ifdef HAS_GLOBALMEAN
static int globalmean_case(uint64_t seed) {
  int64_t channels = between(1, 70), pixels = between(1, 40);
  int last = next() % 2;
  buffers b = buffers_of(channels * pixels * 4, channels * 4);
  fill_floats(b.x, channels * pixels, 1e3f, 0);
  int64_t channel_stride = last ? 1 : pixels, pixel_stride = last ? channels : 1;
  int status = octet_globalmean_generic(b.x, (float *)b.expected, channels, pixels, channel_stride, pixel_stride);
  status |= JOIN(octet_globalmean_, SET)(b.x, (float *)b.actual, channels, pixels, channel_stride, pixel_stride);
  return status | differ("globalmean", seed, &b);
}
#endif

#ifdef HAS_FERF
/* 4 units for the kernel, 2 for the C library's erff. */
static int erf_case(uint64_t seed) {
  int64_t count = between(0, 100);
  buffers b = buffers_of(count * 4, count * 4);
  fill_floats(b.x, count, 6, 1);
  float *expected = (float *)b.expected, *actual = (float *)b.actual;
  int status = octet_ferf_generic(b.x, expected, count) | JOIN(octet_ferf_, SET)(b.x, actual, count);
  for (int64_t i = 0; i < count && status == OCTET_OK; i++) {
    status = is_near(actual[i], expected[i], 6 * UNIT) ? OCTET_OK : far_off("erf", seed, i, actual[i], expected[i]);
    expected[i] = actual[i];
  }
  return status | differ("erf", seed, &b);
}
#endif

/* Where floats go; a grid fine enough for its steps to differ where results do. */
static inline octet_grid any_grid(float largest) {
  octet_grid g = {.kind = between(OCTET_U8, OCTET_F32), .scale = largest / (float)between(60, 300)};
  g.zero_point = g.kind == OCTET_U8 ? between(0, 255) : g.kind == OCTET_S8 ? between(-128, 127) : 0;
  return g;
}

/* Whether an element is as near to its twin as `share` of its size says, or one step away where it is quantized. */
static inline int is_stored_near(const octet_grid *g, const buffers *b, int64_t i, float share, float least) {
  if (g->kind == OCTET_F32) {
    float expected = ((float *)b->expected)[i], actual = ((float *)b->actual)[i];
    return is_near(actual, expected, share) || fabsf(actual - expected) <= least;
  }
  int expected = g->kind == OCTET_S8 ? (int8_t)b->expected[i] : b->expected[i];
  int actual = g->kind == OCTET_S8 ? (int8_t)b->actual[i] : b->actual[i];
  return abs(actual - expected) <= 1;
}

static inline void forgive(const octet_grid *g, buffers *b, int64_t i) {
  int64_t size = g->kind == OCTET_F32 ? 4 : 1;
  memcpy(b->expected + i * size, b->actual + i * size, (size_t)size);
}

#ifdef HAS_FGELU
/* 4 units for the kernel, 2 for the twin. */
static int gelu_case(uint64_t seed) {
  int64_t count = between(0, 100);
  octet_grid to = any_grid(8);
  int64_t size = to.kind == OCTET_F32 ? 4 : 1;
  buffers b = buffers_of(count * 4, count * size);
  fill_floats(b.x, count, 8, 1);
  const float *x = b.x;
  int64_t split = between(0, count);
  int status = octet_fgelu_generic(x, &to, b.expected, count);
  status |= JOIN(octet_fgelu_, SET)(x, &to, b.actual, split);
  status |= JOIN(octet_fgelu_, SET)(x + split, &to, b.actual + split * size, count - split);
  for (int64_t i = 0; i < count && status == OCTET_OK; i++) {
    int near = is_stored_near(&to, &b, i, 0, 6 * UNIT * fabsf(x[i]));
    status = near ? OCTET_OK : far_off("gelu", seed, i, x[i], ((float *)b.expected)[to.kind == OCTET_F32 ? i : 0]);
    forgive(&to, &b, i);
  }
  return status | differ("gelu", seed, &b);
}
#endif

#ifdef HAS_FLAYERNORM
static int layernorm_case(uint64_t seed) {
  int64_t rows = between(0, 5), length = between(1, 90), elements = rows * length;
  float *scale = aligned(length * 4), *bias = aligned(length * 4), *other = aligned(elements * 4);
  octet_layernorm n = {length, scale, bias, any_grid(3), 1e-3f, 0};
  int64_t kind = n.to.kind, y_bytes = next() % 3 || kind == OCTET_F32 ? elements * 4 : 0;
  buffers b = buffers_of(elements * 4, y_bytes), q = buffers_of(0, kind == OCTET_F32 ? 0 : elements);
  fill_floats(b.x, elements, 10, 0);
  fill_floats(other, elements, 10, 0);
  fill_floats(scale, length, 2, 0);
  fill_floats(bias, length, 2, 0);
  const float *residual = next() % 2 ? other : NULL;
  float *expected = y_bytes ? (float *)b.expected : NULL, *actual = y_bytes ? (float *)b.actual : NULL;
  uint8_t *e = kind == OCTET_F32 ? NULL : q.expected, *a = kind == OCTET_F32 ? NULL : q.actual;
  int status = octet_flayernorm_generic(&n, b.x, residual, expected, e, rows);
  status |= JOIN(octet_flayernorm_, SET)(&n, b.x, residual, actual, a, rows);
  const octet_grid real = {.kind = OCTET_F32};
  for (int64_t i = 0; i < elements && status == OCTET_OK; i++) {
    int near = !y_bytes || is_stored_near(&real, &b, i, 2 * UNIT, 200 * UNIT); /* |n| < 10, |mean| / deviation < 40 */
    near &= kind == OCTET_F32 || is_stored_near(&n.to, &q, i, 0, 0);
    status = near ? OCTET_OK : far_off("layernorm", seed, i, actual ? actual[i] : 0, expected ? expected[i] : 0);
    if (y_bytes) {
      forgive(&real, &b, i);
    }
    if (kind != OCTET_F32) {
      forgive(&n.to, &q, i);
    }
  }
  return status | differ("layernorm", seed, &b) | differ("layernorm", seed, &q);
}
#endif

#ifdef HAS_FSOFTMAX
static int softmax_case(uint64_t seed) {
  int64_t rows = between(1, 5), length = between(1, 90);
  octet_softmax s = {length, next() % 2 ? length : 0, any_grid(1), (float)between(1, 8) / 4, 0};
  int64_t size = s.to.kind == OCTET_F32 ? 4 : 1;
  buffers b = buffers_of(rows * length * 4, rows * length * size);
  float *other = aligned(rows * length * 4), *x = b.x;
  fill_floats(x, rows * length, (float)between(1, 40), next() % 4 == 0);
  fill_floats(other, rows * length, (float)between(1, 40), 0);
  const float *mask = next() % 2 ? other : NULL;
  int status = octet_fsoftmax_generic(&s, x, mask, b.expected, rows);
  status |= JOIN(octet_fsoftmax_, SET)(&s, x, mask, b.actual, rows);
  for (int64_t row = 0; row < rows && status == OCTET_OK; row++) {
    float term[90], max = -INFINITY;
    for (int64_t i = 0; i < length; i++) {
      term[i] = x[row * length + i] * s.factor + (mask == NULL ? 0 : mask[row * s.mask_stride + i]);
      max = term[i] > max ? term[i] : max;
    }
    for (int64_t i = 0; i < length && status == OCTET_OK; i++) {
      int64_t at = row * length + i;
      float distance = max - term[i];
      float share = (2 * (distance + 8) + 2 * (fabsf(term[i]) + fabsf(max))) * UNIT;
      int near = is_stored_near(&s.to, &b, at, share, distance > 86 ? 1e-37f : 0);
      status = near ? OCTET_OK : far_off("softmax", seed, at, term[i], ((float *)b.expected)[size == 4 ? at : 0]);
      forgive(&s.to, &b, at);
    }
  }
  return status | differ("softmax", seed, &b);
}
#endif

int elements(void);

int elements(void) {
  int wrong = 0;
#ifdef HAS_MAXPOOL
  wrong |= run("maxpool", maxpool_case);
#endif
#ifdef HAS_TRANSPOSE
  wrong |= run("transpose", transpose_case);
#endif
#ifdef HAS_GLOBALMEAN
  wrong |= run("globalmean", globalmean_case);
#endif
#ifdef HAS_FERF
  wrong |= run("erf", erf_case);
#endif
#ifdef HAS_FSOFTMAX
  wrong |= run("softmax", softmax_case);
#endif
#ifdef HAS_FGELU
  wrong |= run("gelu", gelu_case);
#endif
#ifdef HAS_FLAYERNORM
  wrong |= run("layernorm", layernorm_case);
#endif
  return wrong;
}
