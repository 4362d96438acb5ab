/*
 * The twins of other kernels without weights: the same bits as plain C, but for the float functions, which are compared within
 * the bounds that octet_elements.h gives. Each runs if the set has it: test-cpu.sh passes HAS_<family>_<set>.
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

#if defined(HAS_MAXPOOL) || defined(HAS_RESAMPLE)
/* A NaN's sign is that of either operand: the compiler chooses which. */
static void forgive_nans(buffers *b, int64_t count) {
  float *expected = (float *)b->expected, *actual = (float *)b->actual;
  for (int64_t i = 0; i < count; i++) {
    expected[i] = isnan(expected[i]) && isnan(actual[i]) ? actual[i] : expected[i];
  }
}
#endif

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
  status |= differ("maxpool", seed, &b);
  if (kind != OCTET_F32) {
    return status;
  }
  float *divisors = aligned(w.out_height * w.out_width * 4);
  fill_floats(divisors, w.out_height * w.out_width, 9, 0);
  status |= octet_averagepool_generic(&w, divisors, b.x, (float *)b.expected, 0, rows);
  status |= JOIN(octet_averagepool_, SET)(&w, divisors, b.x, (float *)b.actual, 0, split);
  status |= JOIN(octet_averagepool_, SET)(&w, divisors, b.x, (float *)b.actual, split, rows - split);
  forgive_nans(&b, rows * w.depth);
  return status | differ("averagepool", seed, &b);
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

#ifdef HAS_POINTWISE
static float share_of(int64_t function) {
  switch (function) {
  case OCTET_EXP: return 5 * UNIT;
  case OCTET_LOG: return 8 * UNIT;
  case OCTET_ERF: return 6 * UNIT; /* 4 for the kernel, 2 for the C library's erff */
  case OCTET_SIGMOID: case OCTET_SOFTPLUS: return 9 * UNIT;
  case OCTET_TANH: case OCTET_ELU: return 13 * UNIT;
  case OCTET_MISH: return 17 * UNIT;
  default: return 0;
  }
}

/* Random operands, one random function of them, and the same with a product behind it where that cannot differ more. */
static int pointwise_case(uint64_t seed) {
  octet_operand operand[3];
  octet_pointwise p = {.length = between(1, 300), .axes = between(0, 2), .operands = 3, .instructions = 1,
                       .operand = operand, .to = any_grid(8)};
  int64_t rows = 1;
  for (int64_t i = 0; i < p.axes; i++) {
    p.extent[i] = between(1, 4);
    rows *= p.extent[i];
  }
  const void *x[3];
  for (int k = 0; k < 3; k++) {
    octet_operand o = {.kind = between(OCTET_U8, OCTET_F32), .step = between(0, 1), .scale = 0.037f};
    o.zero_point = o.kind == OCTET_F32 ? 0 : zero_point_of(o.kind);
    int64_t stride = o.step == 1 ? p.length : 1;
    for (int64_t i = p.axes - 1; i >= 0; i--) {
      o.stride[i] = next() % 2 ? stride : 0;
      stride *= o.stride[i] == 0 ? 1 : p.extent[i];
    }
    operand[k] = o;
    void *memory = o.kind == OCTET_F32 ? aligned(rows * p.length * 4) : exact(rows * p.length);
    if (o.kind == OCTET_F32) {
      fill_floats(memory, rows * p.length, next() % 2 ? 4 : 90, k == 0);
    } else {
      fill(memory, rows * p.length, between(0, 6), o.kind == OCTET_S8);
    }
    x[k] = memory;
  }
  octet_instruction code[] = {{.function = (int64_t)(seed % OCTET_FUNCTIONS), .a = -1, .b = -2, .c = -3, .first = -0.5f, .second = 1.5f}};
  p.code = code;
  int64_t count = rows * p.length, split = between(0, count), size = p.to.kind == OCTET_F32 ? 4 : 1;
  buffers b = buffers_of(0, count * size);
  int status = octet_pointwise_generic(&p, x[0], x[1], x[2], NULL, NULL, NULL, b.expected, 0, count);
  status |= JOIN(octet_pointwise_, SET)(&p, x[0], x[1], x[2], NULL, NULL, NULL, b.actual, 0, split);
  status |= JOIN(octet_pointwise_, SET)(&p, x[0], x[1], x[2], NULL, NULL, NULL, b.actual, split, count - split);
  /* Where the bound is one of |a| or of a sum's larger part, a is below 90. */
  int64_t f = code[0].function;
  float least = f == OCTET_GELU || f == OCTET_HARD_SWISH || f == OCTET_HARD_SIGMOID ? 800 * UNIT : 1e-44f;
  least = f == OCTET_LOG ? 8 * UNIT * 0x1p-10f : least;
  for (int64_t i = 0; i < count && status == OCTET_OK; i++) {
    status = is_stored_near(&p.to, &b, i, share_of(f), least) ? OCTET_OK : far_off("pointwise", seed, i, (float)f, 0);
    forgive(&p.to, &b, i);
  }
  return status | differ("pointwise", seed, &b);
}
#endif

#ifdef HAS_RESAMPLE
static int resample_case(uint64_t seed) {
  int real = next() % 2 ? 1 : 0;
  octet_resample r = {.in_height = between(1, 9), .in_width = between(1, 9), .out_height = between(1, 12),
                      .out_width = between(1, 12), .run = next() % 3 ? between(1, 40) : 1};
  r.taps_y = real ? between(1, 4) : 1;
  r.taps_x = real ? between(1, 4) : 1;
  int32_t *positions[2];
  float *weights[2];
  for (int k = 0; k < 2; k++) {
    int64_t count = k == 0 ? r.out_height * r.taps_y : r.out_width * r.taps_x;
    positions[k] = aligned(count * 4);
    weights[k] = aligned(count * 4);
    for (int64_t i = 0; i < count; i++) {
      positions[k][i] = (int32_t)between(0, (k == 0 ? r.in_height : r.in_width) - 1);
      weights[k][i] = next() % 4 ? (float)between(-8, 8) / 8 : 0;
    }
  }
  r.position_y = positions[0];
  r.position_x = positions[1];
  r.weight_y = real ? weights[0] : NULL;
  r.weight_x = real ? weights[1] : NULL;
  int64_t images = between(1, 3), size = real ? 4 : 1, lines = images * r.out_height, split = between(0, lines);
  int64_t elements = images * r.in_height * r.in_width * r.run;
  buffers b = buffers_of(elements * 4, lines * r.out_width * r.run * size);
  b.x = real ? b.x : exact(elements);
  if (real) {
    fill_floats(b.x, elements, 10, 1);
  } else {
    fill(b.x, elements, 9, 0);
  }
  int status = octet_resample_generic(&r, b.x, b.expected, 0, lines);
  status |= JOIN(octet_resample_, SET)(&r, b.x, b.actual, 0, split);
  status |= JOIN(octet_resample_, SET)(&r, b.x, b.actual, split, lines - split);
  if (real) {
    forgive_nans(&b, lines * r.out_width * r.run);
  }
  return status | differ("resample", seed, &b);
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
#ifdef HAS_FSOFTMAX
  wrong |= run("softmax", softmax_case);
#endif
#ifdef HAS_RESAMPLE
  wrong |= run("resample", resample_case);
#endif
#ifdef HAS_POINTWISE
  wrong |= run("pointwise", pointwise_case);
#endif
#ifdef HAS_FLAYERNORM
  wrong |= run("layernorm", layernorm_case);
#endif
  return wrong;
}
