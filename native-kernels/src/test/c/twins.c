/*
 * Runs the kernels of one instruction set against their generic twins and prints the first difference: seeded random
 * shapes, pointers off any alignment, operands that end where their allocation ends (for -fsanitize=address), rows and
 * panels split over calls, guard bytes around y.
 *
 * SET (from the compiler's command line) names the set. A further family adds a function like qgemm_case and one line to
 * main, to floats in twins_float.c, or to elements in twins_elements.c for those without weights.
 */
#include "cases.h"

/* A product of either kind with everything but its packed weights. */
static octet_qproduct random_product(octet_window window, int64_t columns) {
  octet_qproduct p = {.window = window, .columns = columns, .row_stride = columns + between(0, 1) * 5};
  float *multipliers = aligned((columns + 16) * (int64_t)sizeof(float));
  for (int64_t i = 0; i < columns + 16; i++) {
    multipliers[i] = (float)between(1, 1000) * (between(0, 199) ? 1e-6f : 1e6f);
  }
  p.multipliers = multipliers;
  p.x_kind = between(OCTET_U8, OCTET_S8);
  p.padding = p.x_kind == OCTET_U8 ? between(0, 255) : between(-128, 127);
  p.y_kind = between(OCTET_U8, OCTET_F32);
  int64_t least = p.y_kind == OCTET_S8 ? -128 : 0;
  p.qmin = least + between(0, 9);
  p.qmax = least + 255 - between(0, 9);
  p.zero_point = between(p.qmin, p.qmax);
  p.min = -3;
  p.max = 1e30f;
  p.residual_kind = p.y_kind == OCTET_F32 ? OCTET_NONE : between(OCTET_NONE, OCTET_S8);
  p.residual_zero_point = p.residual_kind == OCTET_U8 ? between(0, 255) : p.residual_kind == OCTET_S8 ? 3 : 0;
  p.residual_multiplier = 0.37f;
  return p;
}

/* y of both forms, and whether they are equal with the guards around them. */
typedef struct {
  uint8_t *expected, *actual;
  int64_t bytes;
} outputs;

static outputs outputs_of(const octet_qproduct *p, int64_t rows) {
  int64_t size = p->y_kind == OCTET_F32 ? 4 : 1;
  outputs o = {.bytes = rows * p->row_stride * size + 2 * GUARD};
  o.expected = aligned(o.bytes);
  o.actual = aligned(o.bytes);
  memset(o.expected, 0xA5, (size_t)o.bytes);
  memset(o.actual, 0xA5, (size_t)o.bytes);
  return o;
}

static int differ(const char *what, uint64_t seed, const outputs *o) {
  for (int64_t i = 0; i < o->bytes; i++) {
    if (o->expected[i] != o->actual[i]) {
      printf("%s seed %llu: byte %lld of y is %d, the generic twin's %d\n", what, (unsigned long long)seed,
             (long long)(i - GUARD), o->actual[i], o->expected[i]);
      return 1;
    }
  }
  return 0;
}

/* An integer product, and what the generic twin makes of it. */
typedef struct {
  octet_qproduct p;
  octet_weights w;
  uint8_t *x, *residual;
  int32_t *given, *bias;
  int64_t rows, panels, offset;
  outputs o;
  int status;
} product;

static product random_convolution(octet_window window, int64_t batch) {
  int64_t taps = window.kernel_height * window.kernel_width, columns = between(1, 100), k = taps * window.depth;
  product c = {.p = random_product(window, columns), .rows = batch * window.out_height * window.out_width};
  int64_t x_bytes = (batch * window.in_height * window.in_width - 1) * window.pixel_stride + window.depth;
  c.x = exact(x_bytes);
  fill(c.x, x_bytes, between(0, 6), c.p.x_kind == OCTET_S8);
  uint8_t *data = exact(columns * k);
  fill(data, columns * k, between(0, 6), 1);
  c.w = (octet_weights){data, columns, taps, window.depth, k, 1, taps, window.kernel_height};
  c.given = aligned(columns * 4);
  for (int64_t i = 0; i < columns; i++) {
    c.given[i] = (int32_t)between(-100000, 100000);
  }
  int64_t residual_bytes = (c.rows - 1) * c.p.row_stride + columns;
  c.residual = exact(residual_bytes);
  fill(c.residual, residual_bytes, 9, 0);
  c.panels = (columns + 15) / 16;
  c.offset = GUARD + (c.p.y_kind == OCTET_F32 ? 4 : between(0, 3));
  c.bias = aligned(c.panels * 64);
  c.p.bias = c.bias;
  c.o = outputs_of(&c.p, c.rows);
  void *packed = aligned(octet_qgemm_packed_bytes_generic(columns, taps, window.depth));
  c.status = octet_qgemm_pack_generic(&c.w, c.given, c.p.x_kind, c.p.padding, packed, c.bias);
  c.p.packed = packed;
  c.status |= octet_qgemm_generic(&c.p, c.x, c.residual, c.o.expected + c.offset, 0, c.rows, 0, c.panels);
  return c;
}

static int qgemm_case(uint64_t seed) {
  int64_t batch;
  octet_window window = random_window(&batch);
  if (window.kernel_width > 1 && next() % 8 == 0) { /* a window that crops the input, with as many outputs */
    window.in_width += 2 * (window.pad_x + 1);
    window.pad_x = -1;
  }
  product c = random_convolution(window, batch);
  void *fast = aligned(JOIN(octet_qgemm_packed_bytes_, SET)(c.w.columns, c.w.taps, c.w.depth));
  int status = c.status | JOIN(octet_qgemm_pack_, SET)(&c.w, c.given, c.p.x_kind, c.p.padding, fast, c.bias);
  c.p.packed = fast;
  int64_t row = between(0, c.rows), panel = between(0, c.panels);
  uint8_t *y = c.o.actual + c.offset;
  status |= JOIN(octet_qgemm_, SET)(&c.p, c.x, c.residual, y, 0, row, 0, panel);
  status |= JOIN(octet_qgemm_, SET)(&c.p, c.x, c.residual, y, row, c.rows - row, 0, panel);
  status |= JOIN(octet_qgemm_, SET)(&c.p, c.x, c.residual, y, 0, c.rows, panel, c.panels - panel);
  int wrong = differ("qgemm", seed, &c.o);

  memset(c.o.actual, 0xA5, (size_t)c.o.bytes);
  status |= JOIN(octet_qgemm_unpacked_, SET)(&c.p, &c.w, c.w.data, c.given, c.x, c.residual, y, c.rows);
  return status | wrong | differ("qgemm_unpacked", seed, &c.o);
}

#ifdef HAS_QWINOGRAD
static int qwinograd_case(uint64_t seed) {
  int64_t batch;
  octet_window w = random_window(&batch);
  w.depth = 16 * between(1, 5);
  w.pixel_stride = w.depth + between(0, 1) * 7;
  w.kernel_height = w.kernel_width = 3;
  w.stride_y = w.stride_x = w.dilation_y = w.dilation_x = 1;
  w.pad_y = between(0, 3);
  w.pad_x = between(0, 3);
  w.in_height = between(3, 20);
  w.in_width = between(3, 20);
  w.out_height = w.in_height + 2 * w.pad_y - 2;
  w.out_width = w.in_width + 2 * w.pad_x - 2;
  product c = random_convolution(w, batch);
  void *fast = aligned(JOIN(octet_qwinograd_packed_bytes_, SET)(c.w.columns, 9, w.depth));
  int status = c.status | JOIN(octet_qwinograd_pack_, SET)(&c.w, c.given, c.p.x_kind, c.p.padding, fast, c.bias);
  c.p.packed = fast;
  int64_t pairs = batch * ((w.out_height + 1) / 2), split = between(0, pairs);
  uint8_t *y = c.o.actual + c.offset;
  status |= JOIN(octet_qwinograd_, SET)(&c.p, c.x, c.residual, y, 0, split);
  status |= JOIN(octet_qwinograd_, SET)(&c.p, c.x, c.residual, y, split, pairs - split);
  return status | differ("qwinograd", seed, &c.o);
}
#endif

#ifdef HAS_QDEPTHWISE
/* Windows of all forms, long lines and wide kernels among them. */
static octet_window depthwise_window(int64_t *batch, int64_t channels) {
  octet_window w = random_window(batch);
  w.depth = 1;
  w.pixel_stride = channels + (next() % 4 ? 0 : between(1, 9));
  switch (next() % 6) {
  case 0: w.kernel_height = w.kernel_width = 3, w.dilation_y = w.dilation_x = 1; break;
  case 1: w.kernel_height = w.kernel_width = 5, w.dilation_y = w.dilation_x = 1; break;
  case 2: w.kernel_height = 1, w.kernel_width = between(1, 31), w.in_height = 1, w.pad_y = 0; break;
  case 3: w.kernel_height = between(1, 60), w.kernel_width = 1, w.dilation_x = between(1, 40); break;
  default: break;
  }
  w.stride_x = next() % 8 ? w.stride_x : between(3, 9);
  w.pad_x = between(0, w.kernel_width);
  int64_t height = (w.kernel_height - 1) * w.dilation_y + 1, width = (w.kernel_width - 1) * w.dilation_x + 1;
  w.in_height = w.in_height + 2 * w.pad_y < height ? height : w.in_height;
  w.in_width = next() % 2 ? between(40, 90) : w.in_width;
  w.in_width = w.in_width + 2 * w.pad_x < width ? width : w.in_width;
  w.out_height = (w.in_height + 2 * w.pad_y - height) / w.stride_y + 1;
  w.out_width = (w.in_width + 2 * w.pad_x - width) / w.stride_x + 1;
  return w;
}

static int qdepthwise_case(uint64_t seed) {
  int64_t batch, columns = next() % 2 ? between(1, 33) : between(1, 100);
  octet_window window = depthwise_window(&batch, columns);
  int64_t taps = window.kernel_height * window.kernel_width, rows = batch * window.out_height * window.out_width;
  octet_qproduct p = random_product(window, columns);
  if (next() % 8 == 0) { /* a multiplier with which sums leave int32 */
    ((float *)(uintptr_t)p.multipliers)[next() % (uint64_t)columns] = 1e20f;
  }
  int64_t x_bytes = (batch * window.in_height * window.in_width - 1) * window.pixel_stride + columns;
  uint8_t *x = exact(x_bytes), *data = exact(columns * taps);
  fill(x, x_bytes, between(0, 6), p.x_kind == OCTET_S8);
  fill(data, columns * taps, between(0, 6), 1);
  octet_weights w = {data, columns, taps, 1, taps, 1, 1, window.kernel_height};
  int32_t *given = aligned(columns * 4), *bias = aligned((columns + 16) * 4);
  for (int64_t i = 0; i < columns; i++) {
    given[i] = (int32_t)between(-100000, 100000);
  }
  int64_t residual_bytes = (rows - 1) * p.row_stride + columns;
  uint8_t *residual = exact(residual_bytes);
  fill(residual, residual_bytes, 9, 0);
  int64_t offset = GUARD + (p.y_kind == OCTET_F32 ? 4 : between(0, 3)), split = between(0, rows);
  outputs o = outputs_of(&p, rows);
  p.bias = bias;

  void *packed = exact(octet_qdepthwise_packed_bytes_generic(columns, taps, 1));
  int status = octet_qdepthwise_pack_generic(&w, given, p.x_kind, p.padding, packed, bias);
  p.packed = packed;
  status |= octet_qdepthwise_generic(&p, x, residual, o.expected + offset, 0, rows);

  void *fast = exact(JOIN(octet_qdepthwise_packed_bytes_, SET)(columns, taps, 1));
  status |= JOIN(octet_qdepthwise_pack_, SET)(&w, given, p.x_kind, p.padding, fast, bias);
  p.packed = fast;
  status |= JOIN(octet_qdepthwise_, SET)(&p, x, residual, o.actual + offset, 0, split);
  status |= JOIN(octet_qdepthwise_, SET)(&p, x, residual, o.actual + offset, split, rows - split);
  return status | differ("qdepthwise", seed, &o);
}
#endif

int bytes(void);
int elements(void);
int floats(void);

int main(void) {
  int wrong = run("qgemm", qgemm_case);
#ifdef HAS_QWINOGRAD
  wrong |= run("qwinograd", qwinograd_case);
#endif
#ifdef HAS_QDEPTHWISE
  wrong |= run("qdepthwise", qdepthwise_case);
#endif
  return wrong | bytes() | elements() | floats();
}
