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

static int qgemm_case(uint64_t seed) {
  int64_t batch;
  octet_window window = random_window(&batch);
  int64_t taps = window.kernel_height * window.kernel_width, columns = between(1, 100);
  octet_qproduct p = random_product(window, columns);
  int64_t k = taps * window.depth, rows = batch * window.out_height * window.out_width;
  int64_t x_bytes = (batch * window.in_height * window.in_width - 1) * window.pixel_stride + window.depth;
  uint8_t *x = exact(x_bytes);
  fill(x, x_bytes, between(0, 6), p.x_kind == OCTET_S8);
  uint8_t *data = exact(columns * k);
  fill(data, columns * k, between(0, 6), 1);
  octet_weights w = {data, columns, taps, window.depth, k, 1, taps, window.kernel_height};
  int32_t *given = aligned(columns * 4);
  for (int64_t i = 0; i < columns; i++) {
    given[i] = (int32_t)between(-100000, 100000);
  }
  int64_t residual_bytes = (rows - 1) * p.row_stride + columns;
  uint8_t *residual = exact(residual_bytes);
  fill(residual, residual_bytes, 9, 0);
  int64_t panels = (columns + 15) / 16, offset = GUARD + (p.y_kind == OCTET_F32 ? 4 : between(0, 3));
  int32_t *bias = aligned(panels * 64);
  p.bias = bias;
  outputs o = outputs_of(&p, rows);

  void *packed = aligned(octet_qgemm_packed_bytes_generic(columns, taps, window.depth));
  int status = octet_qgemm_pack_generic(&w, given, p.x_kind, p.padding, packed, bias);
  p.packed = packed;
  status |= octet_qgemm_generic(&p, x, residual, o.expected + offset, 0, rows, 0, panels);

  void *fast = aligned(JOIN(octet_qgemm_packed_bytes_, SET)(columns, taps, window.depth));
  status |= JOIN(octet_qgemm_pack_, SET)(&w, given, p.x_kind, p.padding, fast, bias);
  p.packed = fast;
  int64_t row = between(0, rows), panel = between(0, panels);
  uint8_t *y = o.actual + offset;
  status |= JOIN(octet_qgemm_, SET)(&p, x, residual, y, 0, row, 0, panel);
  status |= JOIN(octet_qgemm_, SET)(&p, x, residual, y, row, rows - row, 0, panel);
  status |= JOIN(octet_qgemm_, SET)(&p, x, residual, y, 0, rows, panel, panels - panel);
  int wrong = differ("qgemm", seed, &o);

  memset(o.actual, 0xA5, (size_t)o.bytes);
  status |= JOIN(octet_qgemm_unpacked_, SET)(&p, &w, data, given, x, residual, y, rows);
  return status | wrong | differ("qgemm_unpacked", seed, &o);
}

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
  octet_weights w = {data, columns, taps, 1, taps, 1, 1, 1};
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

int elements(void);
int floats(void);

int main(void) {
  int wrong = run("qgemm", qgemm_case);
#ifdef HAS_QDEPTHWISE
  wrong |= run("qdepthwise", qdepthwise_case);
#endif
  return wrong | elements() | floats();
}
