/*
 * The twins of kernels between floats and 8-bit integers and among the latter: the same bits as plain C. Each runs if the
 * set has it: test-cpu.sh passes HAS_<family>_<set>.
 */
#include "buffers.h"

#ifdef HAS_QUANTIZE
static int quantize_case(uint64_t seed) {
  int64_t count = between(0, 200), kind = between(OCTET_U8, OCTET_S8);
  int64_t zero_point = kind == OCTET_U8 ? between(0, 255) : between(-128, 127);
  float scale = (float)between(1, 1000) * 0.003f;
  buffers b = buffers_of(count * 4, count);
  fill_floats(b.x, count, 200 * scale, 1);
  for (int64_t i = 0; i + 4 < count; i += 5) {
    ((float *)b.x)[i] = ((float)between(-300, 300) + 0.5f) * scale; /* ties */
  }
  int status = octet_quantize_generic(b.x, b.expected, count, kind, zero_point, scale);
  status |= JOIN(octet_quantize_, SET)(b.x, b.actual, count, kind, zero_point, scale);
  return status | differ("quantize", seed, &b);
}

static int range_case(uint64_t seed) {
  int64_t count = between(0, 200);
  buffers b = buffers_of(count * 4, 8);
  fill_floats(b.x, count, 10, 1);
  int status = octet_range_generic(b.x, count, (float *)b.expected);
  status |= JOIN(octet_range_, SET)(b.x, count, (float *)b.actual);
  return status | differ("range", seed, &b);
}

static int quantize_planes_case(uint64_t seed) {
  int64_t planes = next() % 3 ? 3 : between(0, 5), pixels = between(0, 120), first = between(0, pixels);
  int64_t kind = between(OCTET_U8, OCTET_S8), zero_point = zero_point_of(kind);
  float scale = (float)between(1, 1000) * 0.003f;
  buffers b = buffers_of(planes * pixels * 4, planes * pixels);
  fill_floats(b.x, planes * pixels, 200 * scale, 1);
  int status = octet_quantize_planes_generic(b.x, b.expected, planes, pixels, 0, pixels, kind, zero_point, scale);
  status |= JOIN(octet_quantize_planes_, SET)(b.x, b.actual, planes, pixels, 0, first, kind, zero_point, scale);
  status |= JOIN(octet_quantize_planes_, SET)(b.x, b.actual, planes, pixels, first, pixels - first, kind, zero_point,
                                              scale);
  return status | differ("quantize_planes", seed, &b);
}
#endif

#ifdef HAS_DEQUANTIZE
static int dequantize_case(uint64_t seed) {
  int64_t count = between(0, 200), kind = between(OCTET_U8, OCTET_S8);
  int64_t zero_point = kind == OCTET_U8 ? between(0, 255) : between(-128, 127);
  float scale = (float)between(1, 1000) * 0.003f;
  buffers b = buffers_of(0, count * 4);
  b.x = exact(count);
  fill(b.x, count, between(0, 6), kind == OCTET_S8);
  int status = octet_dequantize_generic(b.x, (float *)(void *)b.expected, count, kind, zero_point, scale);
  status |= JOIN(octet_dequantize_, SET)(b.x, (float *)(void *)b.actual, count, kind, zero_point, scale);
  return status | differ("dequantize", seed, &b);
}
#endif

#ifdef HAS_QBINARY
static int qbinary_case(uint64_t seed) {
  int64_t kinds[3] = {between(0, 1), between(0, 1), between(0, 1)}, limits[2] = {zero_point_of(kinds[2]), zero_point_of(kinds[2])};
  int64_t rows = between(1, 3), images = between(1, 3), length = between(1, 90);
  octet_qbinary q = {.function = between(OCTET_ADD, OCTET_MUL), .a_kind = kinds[0], .a_zero_point = zero_point_of(kinds[0]),
                     .b_kind = kinds[1], .b_zero_point = zero_point_of(kinds[1]), .y_kind = kinds[2],
                     .zero_point = zero_point_of(kinds[2]), .qmin = limits[limits[0] > limits[1]],
                     .qmax = limits[limits[0] <= limits[1]], .length = length, .a_step = between(0, 1),
                     .b_step = between(0, 1), .axes = 2, .extent = {images, rows}, .a_stride = {rows * length, length},
                     .b_stride = {next() % 2 ? 0 : length, 0}, .a_multiplier = (float)between(1, 999) * 0.003f,
                     .b_multiplier = (float)between(1, 999) * 0.003f};
  int64_t elements = images * rows * length, split = between(0, images * rows), inside = between(0, length);
  buffers b = buffers_of(0, elements);
  b.x = exact(elements);
  uint8_t *other = exact(elements);
  fill(b.x, elements, between(0, 6), kinds[0] == OCTET_S8);
  fill(other, elements, between(0, 6), kinds[1] == OCTET_S8);
  int status = octet_qbinary_generic(&q, b.x, other, b.expected, 0, images * rows, 0, length);
  status |= JOIN(octet_qbinary_, SET)(&q, b.x, other, b.actual, 0, split, 0, length);
  status |= JOIN(octet_qbinary_, SET)(&q, b.x, other, b.actual, split, images * rows - split, 0, inside);
  status |= JOIN(octet_qbinary_, SET)(&q, b.x, other, b.actual, split, images * rows - split, inside, length - inside);
  return status | differ("qbinary", seed, &b);
}
#endif

#ifdef HAS_QGLOBALMEAN
static int qglobalmean_case(uint64_t seed) {
  int64_t x_kind = between(0, 1), y_kind = between(0, 1), channels = between(1, 150), pixels = between(1, 700);
  octet_qglobalmean m = {.channels = channels, .pixels = pixels, .x_kind = x_kind, .x_zero_point = zero_point_of(x_kind),
                         .y_kind = y_kind, .zero_point = zero_point_of(y_kind),
                         .multiplier = (float)between(1, 999) * 0.003f / (float)pixels};
  buffers b = buffers_of(0, channels);
  b.x = exact(channels * pixels);
  fill(b.x, channels * pixels, between(0, 6), x_kind == OCTET_S8);
  int64_t split = between(0, channels);
  int status = octet_qglobalmean_generic(&m, b.x, b.expected, 0, channels);
  status |= JOIN(octet_qglobalmean_, SET)(&m, b.x, b.actual, 0, split);
  status |= JOIN(octet_qglobalmean_, SET)(&m, b.x, b.actual, split, channels - split);
  return status | differ("qglobalmean", seed, &b);
}
#endif

#ifdef HAS_QLOOKUP
static int qlookup_case(uint64_t seed) {
  int64_t count = between(0, 300);
  buffers b = buffers_of(0, count);
  b.x = exact(count);
  uint8_t *table = exact(256);
  fill(b.x, count, between(0, 9), 0);
  fill(table, 256, 9, 0);
  int status = octet_qlookup_generic(table, b.x, b.expected, count);
  status |= JOIN(octet_qlookup_, SET)(table, b.x, b.actual, count);
  return status | differ("qlookup", seed, &b);
}
#endif

int bytes(void);

int bytes(void) {
  int wrong = 0;
#ifdef HAS_QUANTIZE
  wrong |= run("quantize", quantize_case);
  wrong |= run("range", range_case);
  wrong |= run("quantize_planes", quantize_planes_case);
#endif
#ifdef HAS_DEQUANTIZE
  wrong |= run("dequantize", dequantize_case);
#endif
#ifdef HAS_QBINARY
  wrong |= run("qbinary", qbinary_case);
#endif
#ifdef HAS_QGLOBALMEAN
  wrong |= run("qglobalmean", qglobalmean_case);
#endif
#ifdef HAS_QLOOKUP
  wrong |= run("qlookup", qlookup_case);
#endif
  return wrong;
}
