/*
 * Every function gets a valid call and then the same call with one argument that cannot be: a size that is negative or
 * overflows, a pointer that is NULL or not as aligned as its elements, a kind or a zero point that does not exist. The
 * valid call must succeed and each other one must be refused, before memory is touched: guards and sanitizers watch.
 *
 * SET (from the compiler's command line) names the set; where it lacks a function, the generic one is called again.
 */
#include <stddef.h>

#include "cases.h"

#define QUOTE_(text) #text
#define QUOTE(text) QUOTE_(text)

enum { SIZE = 24, PLACE = 1 << 16, ROUNDS = 400 };

/* One call: its arguments as numbers and pointers, which the families below read in their order. */
typedef struct {
  const void *in[4];
  int64_t n[6];
  void *out[2];
  octet_qproduct q;
  octet_fproduct f;
  octet_weights w;
  octet_softmax s;
  octet_layernorm l;
  octet_qbinary b;
  octet_move m;
  octet_qglobalmean g;
  octet_resample r;
  octet_pointwise p;
  octet_operand operand[2];
  octet_instruction code[2];
} call;

typedef int32_t (*family)(const call *);

static const int64_t impossible[] = {INT64_MIN, INT64_MAX, (int64_t)1 << 62, -((int64_t)1 << 60), INT64_MIN + 7,
                                     INT64_MAX - 15};

#ifdef HAS_QGEMM
#define QGEMM(name) JOIN(octet_qgemm_##name, SET)
#else
#define QGEMM(name) octet_qgemm_##name##generic
#endif
#ifdef HAS_QDEPTHWISE
#define QDEPTHWISE(name) JOIN(octet_qdepthwise_##name, SET)
#else
#define QDEPTHWISE(name) octet_qdepthwise_##name##generic
#endif
#ifdef HAS_FGEMM
#define FGEMM(name) JOIN(octet_fgemm_##name, SET)
#else
#define FGEMM(name) octet_fgemm_##name##generic
#endif
#ifdef HAS_FDEPTHWISE
#define FDEPTHWISE(name) JOIN(octet_fdepthwise_##name, SET)
#else
#define FDEPTHWISE(name) octet_fdepthwise_##name##generic
#endif
#ifdef HAS_MAXPOOL /* the sets that have one of these have all of them */
#define OTHER(name) JOIN(octet_##name##_, SET)
#else
#define OTHER(name) octet_##name##_generic
#endif

static int32_t qgemm(const call *c) {
  return QGEMM()(&c->q, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1], c->n[2], c->n[3]);
}
static int32_t qgemm_pack(const call *c) { return QGEMM(pack_)(&c->w, c->in[2], c->n[4], c->n[5], c->out[0], c->out[1]); }
static int32_t qgemm_unpacked(const call *c) {
  return QGEMM(unpacked_)(&c->q, &c->w, c->in[3], c->in[2], c->in[0], c->in[1], c->out[0], c->n[1]);
}
static int32_t qdepthwise(const call *c) {
  return QDEPTHWISE()(&c->q, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1]);
}
static int32_t qdepthwise_pack(const call *c) {
  return QDEPTHWISE(pack_)(&c->w, c->in[2], c->n[4], c->n[5], c->out[0], c->out[1]);
}
static int32_t fgemm(const call *c) {
  return FGEMM()(&c->f, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1], c->n[2], c->n[3]);
}
static int32_t fgemm_pack(const call *c) { return FGEMM(pack_)(&c->w, c->out[0]); }
static int32_t fgemm_unpacked(const call *c) {
  return FGEMM(unpacked_)(&c->f, &c->w, c->in[3], c->in[0], c->in[1], c->out[0], c->n[1]);
}
static int32_t fdepthwise(const call *c) {
  return FDEPTHWISE()(&c->f, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1]);
}
static int32_t fdepthwise_pack(const call *c) { return FDEPTHWISE(pack_)(&c->w, c->out[0]); }
static int32_t maxpool(const call *c) {
  return OTHER(maxpool)(&c->f.window, c->n[4], c->in[0], c->out[0], c->n[0], c->n[1]);
}
static int32_t quantize(const call *c) { return OTHER(quantize)(c->in[0], c->out[0], c->n[1], c->n[4], c->n[5], 0.5f); }
static int32_t quantize_planes(const call *c) {
  return OTHER(quantize_planes)(c->in[0], c->out[0], c->n[2], c->n[3], c->n[0], c->n[1], c->n[4], c->n[5], 0.5f);
}
static int32_t dequantize(const call *c) {
  return OTHER(dequantize)(c->in[0], c->out[0], c->n[1], c->n[4], c->n[5], 0.5f);
}
static int32_t qbinary(const call *c) {
  return OTHER(qbinary)(&c->b, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1], c->n[2], c->n[3]);
}
static int32_t qglobalmean(const call *c) {
  return OTHER(qglobalmean)(&c->g, c->in[0], c->out[0], c->n[0], c->n[1]);
}
static int32_t qlookup(const call *c) { return OTHER(qlookup)(c->in[0], c->in[1], c->out[0], c->n[1]); }
static int32_t move(const call *c) { return octet_move_generic(&c->m, c->in[0], c->out[0], c->n[0], c->n[1]); }
static int32_t transpose(const call *c) {
  return OTHER(transpose)(c->in[0], c->out[0], c->n[0], c->n[1], c->n[2], c->n[3], c->n[4]);
}
static int32_t globalmean(const call *c) {
  return OTHER(globalmean)(c->in[0], c->out[0], c->n[1], c->n[2], c->n[3], c->n[4]);
}
static int32_t softmax(const call *c) { return OTHER(fsoftmax)(&c->s, c->in[0], c->in[1], c->out[0], c->n[1]); }
static int32_t layernorm(const call *c) {
  return OTHER(flayernorm)(&c->l, c->in[0], c->in[1], c->out[0], c->out[1], c->n[1]);
}
static int32_t resample(const call *c) { return OTHER(resample)(&c->r, c->in[0], c->out[0], c->n[0], c->n[1]); }
static int32_t pointwise(const call *c) {
  octet_pointwise p = c->p;
  p.operand = c->operand;
  p.code = c->code;
  return OTHER(pointwise)(&p, c->in[0], c->in[1], NULL, NULL, NULL, NULL, c->out[0], c->n[0], c->n[1]);
}

static uint8_t *buffer(int64_t value) {
  uint8_t *memory = aligned(PLACE);
  memset(memory, (int)value, PLACE);
  return memory;
}

static octet_window window_of(int64_t kernel, int64_t depth, int64_t pixel_stride) {
  octet_window w = {.in_height = 6, .in_width = 6, .pixel_stride = pixel_stride, .out_height = 6, .out_width = 6,
                    .kernel_height = kernel, .kernel_width = kernel, .stride_y = 1, .stride_x = 1, .dilation_y = 1,
                    .dilation_x = 1, .pad_y = kernel / 2, .pad_x = kernel / 2, .depth = depth};
  return w;
}

/* A product of SIZE columns over 36 rows, or the arguments of a depthwise convolution. */
static call product(int depthwise) {
  static uint8_t *memory[8];
  for (int i = 0; i < 8 && memory[i] == NULL; i++) {
    memory[i] = buffer(i == 5 ? 0 : 1);
  }
  call c = {.n = {2, 30, 0, 2, OCTET_U8, 3},
            .in = {memory[0], memory[1], memory[2], memory[3]},
            .out = {memory[4], memory[5]}};
  octet_window window = window_of(3, depthwise ? 1 : 8, depthwise ? SIZE : 8);
  c.q = (octet_qproduct){.window = window, .columns = SIZE, .row_stride = SIZE, .packed = memory[6],
                         .bias = (int32_t *)(void *)memory[7], .multipliers = (float *)(void *)memory[7],
                         .x_kind = OCTET_S8, .padding = -3, .y_kind = OCTET_S8, .zero_point = 1, .qmin = -128,
                         .qmax = 127, .residual_kind = OCTET_U8, .residual_zero_point = 5};
  c.f = (octet_fproduct){.window = window, .columns = SIZE, .row_stride = SIZE,
                         .packed = (float *)(void *)memory[6], .bias = (float *)(void *)memory[7], .has_residual = 1};
  c.w = depthwise ? (octet_weights){memory[3], SIZE, 9, 1, 9, 1, 1, 3} : (octet_weights){memory[3], SIZE, 9, 8, 72, 1, 9, 3};
  return c;
}

/* Where a family's numbers and pointers are in a call, to be spoilt one at a time. */
typedef struct {
  const char *name;
  family run;
  call valid;
  int64_t numbers[40]; /* offsets in the call; 0 ends them */
  int64_t pointers[8]; /* offsets + POINTER, + BYTES for a pointer to bytes, which has no alignment; 0 ends them */
} subject;

#define POINTER 2 /* offset 0 is one as well */
#define BYTES 1
#define N(i) ((int64_t)offsetof(call, n) + 8 * (i))
#define IN(i) ((int64_t)offsetof(call, in) + 8 * (i) + POINTER)
#define OUT(i) ((int64_t)offsetof(call, out) + 8 * (i) + POINTER)
#define Q(field) ((int64_t)offsetof(call, q.field))
#define F(field) ((int64_t)offsetof(call, f.field))
#define W(field) ((int64_t)offsetof(call, w.field))
#define S(field) ((int64_t)offsetof(call, s.field))
#define L(field) ((int64_t)offsetof(call, l.field))
#define B(field) ((int64_t)offsetof(call, b.field))
#define M(field) ((int64_t)offsetof(call, m.field))
#define G(field) ((int64_t)offsetof(call, g.field))
#define R(field) ((int64_t)offsetof(call, r.field))
#define P(field) ((int64_t)offsetof(call, p.field))
#define AT(field) ((int64_t)offsetof(call, field))
#define QP(field) (Q(field) + POINTER)
#define FP(field) (F(field) + POINTER)
#define WP(field) (W(field) + POINTER)
#define WINDOW(x)                                                                                                      \
  x(window.in_height), x(window.in_width), x(window.pixel_stride), x(window.out_height), x(window.out_width),         \
      x(window.kernel_height), x(window.kernel_width), x(window.stride_y), x(window.stride_x), x(window.dilation_y),  \
      x(window.dilation_x), x(window.pad_y), x(window.pad_x)
#define QFORM                                                                                                          \
  WINDOW(Q), Q(columns), Q(row_stride), Q(x_kind), Q(padding), Q(y_kind), Q(zero_point), Q(qmin), Q(qmax),             \
      Q(residual_kind), Q(residual_zero_point)
#define FFORM WINDOW(F), F(columns), F(row_stride), F(has_residual)
#define WEIGHTS W(columns), W(taps), W(depth), W(col_stride), W(tap_stride), W(channel_stride), W(lines)

static int refuses(const subject *s, const call *spoilt, const char *what, int64_t offset) {
  int32_t status = s->run(spoilt);
  if (status != OCTET_BAD_ARGUMENT) {
    printf("%s with %s at offset %lld of its call: status %d\n", s->name, what, (long long)offset, status);
  }
  return status == OCTET_BAD_ARGUMENT;
}

static int64_t *number_at(call *c, int64_t offset) { return (int64_t *)(void *)((uint8_t *)c + offset); }

static int survives(const subject *s) {
  if (s->run(&s->valid) != OCTET_OK) {
    printf("%s: the valid call fails\n", s->name);
    return 0;
  }
  int numbers = 0, pointers = 0, refused = 1;
  while (s->numbers[numbers] != 0) {
    numbers++;
  }
  while (s->pointers[pointers] != 0) {
    pointers++;
  }
  for (int i = 0; i < ROUNDS && refused; i++) {
    call c = s->valid;
    int64_t offset = s->numbers[i % numbers];
    *number_at(&c, offset) = impossible[next() % (sizeof(impossible) / sizeof(impossible[0]))];
    for (int more = (int)between(0, 2); more > 0; more--) { /* others may be wrong too */
      *number_at(&c, s->numbers[next() % (uint64_t)numbers]) = (int64_t)(((uint64_t)next() << 33) ^ next()) | INT64_MIN;
    }
    refused = refuses(s, &c, "an impossible number", offset);
  }
  for (int i = 0; i < pointers && refused; i++) {
    int bytes = s->pointers[i] & BYTES;
    int64_t offset = s->pointers[i] - bytes - POINTER;
    call c = s->valid;
    *number_at(&c, offset) = 0;
    refused = refuses(s, &c, "NULL", offset);
    c = s->valid;
    *number_at(&c, offset) += between(1, 3);
    refused = refused && (bytes || refuses(s, &c, "a pointer off its alignment", offset));
  }
  return refused;
}

static int64_t packed_bytes_of(int64_t columns, int64_t taps, int64_t depth) {
  int64_t least = INT64_MAX;
  int64_t all[] = {QGEMM(packed_bytes_)(columns, taps, depth), QDEPTHWISE(packed_bytes_)(columns, taps, depth),
                   FGEMM(packed_bytes_)(columns, taps, depth), FDEPTHWISE(packed_bytes_)(columns, taps, depth)};
  for (int i = 0; i < 4; i++) {
    least = all[i] < least ? all[i] : least;
  }
  return least;
}

/* Sizes without a size are -1, and others not negative. */
static int sizes_are_checked(void) {
  for (int i = 0; i < ROUNDS; i++) {
    int64_t shape[3] = {between(0, 99), between(0, 9), between(0, 99)};
    if (packed_bytes_of(shape[0], shape[1], shape[2]) < 0) {
      printf("packed_bytes of %lld, %lld, %lld\n", (long long)shape[0], (long long)shape[1], (long long)shape[2]);
      return 0;
    }
    int64_t last = shape[0] + 1;
    shape[i % 3] = impossible[next() % (sizeof(impossible) / sizeof(impossible[0]))];
    shape[(i + 1) % 3] = last;
    shape[(i + 2) % 3] = last;
    if (packed_bytes_of(shape[0], shape[1], shape[2]) != -1) {
      printf("packed_bytes of an impossible shape\n");
      return 0;
    }
  }
  return 1;
}

int main(void) {
  state = 6;
  call p = product(0), d = product(1);
  call pool = d, moves = d, mean = d, row = d, steps = d;
  pool.f.window.depth = SIZE;
  pool.n[4] = OCTET_F32;
  int64_t matrix[6] = {4, 12, 20, 3, 9, 0}, means[6] = {0, 9, 12, 12, 1, 0};
  memcpy(moves.n, matrix, sizeof(matrix));
  memcpy(mean.n, means, sizeof(means));
  row.n[1] = 7;
  const octet_grid grid = {.kind = OCTET_S8, .zero_point = 3, .scale = 0.5f};
  row.s = (octet_softmax){.length = 13, .to = grid, .factor = 1};
  row.l = (octet_layernorm){.length = 13, .scale = row.in[2], .bias = row.in[3], .to = grid, .epsilon = 1};
  call sum = steps, run = steps, image = steps;
  image.n[2] = 3;
  image.n[3] = 40;
  sum.n[3] = SIZE;
  sum.b = (octet_qbinary){.function = OCTET_ADD, .a_kind = OCTET_S8, .a_zero_point = -3, .b_kind = OCTET_U8, .y_kind = OCTET_S8,
                          .qmin = -128, .qmax = 127, .length = SIZE, .a_step = 1, .b_step = 1, .axes = 2,
                          .extent = {4, 9}, .a_stride = {9 * SIZE, SIZE}, .b_stride = {0, SIZE}};
  sum.g = (octet_qglobalmean){.channels = 70, .pixels = 9, .x_kind = OCTET_S8, .x_zero_point = 4, .y_kind = OCTET_U8};
  run.m = (octet_move){.run = 5, .axes = 2, .extent = {4, 9}, .from_stride = {0, 7}, .to_stride = {99, 11}};
  static const int32_t places[] = {0, 1, 2, 3, 4, 5};
  static const float shares[] = {0.5f, 0.5f, 1, 0, 0.25f, 0.75f};
  call taps = row;
  taps.r = (octet_resample){.in_height = 6, .in_width = 6, .out_height = 3, .out_width = 3, .run = 5, .taps_y = 2,
                            .taps_x = 2, .position_y = places, .position_x = places, .weight_y = shares,
                            .weight_x = shares};
  call code = row;
  code.p = (octet_pointwise){.length = 13, .axes = 2, .extent = {3, 4}, .operands = 2, .instructions = 2, .to = grid};
  code.operand[0] = (octet_operand){.kind = OCTET_F32, .step = 1, .stride = {52, 13}, .scale = 1};
  code.operand[1] = (octet_operand){.kind = OCTET_U8, .zero_point = 4, .step = 1, .stride = {0, 0}, .scale = 1};
  code.code[0] = (octet_instruction){.function = OCTET_TANH, .a = -1};
  code.code[1] = (octet_instruction){.function = OCTET_PLUS, .a = 0, .b = -2};
  const subject subjects[] = {
      {"qgemm", qgemm, p, {QFORM, Q(window.depth), N(0), N(1), N(2), N(3)},
       {IN(0) + BYTES, IN(1) + BYTES, OUT(0) + BYTES, QP(packed) + BYTES, QP(bias), QP(multipliers)}},
      {"qgemm_pack", qgemm_pack, p, {WEIGHTS, N(4), N(5)}, {WP(data) + BYTES, OUT(0) + BYTES, OUT(1)}},
      {"qgemm_unpacked", qgemm_unpacked, p, {QFORM, Q(window.depth), WEIGHTS, N(1)},
       {IN(0) + BYTES, IN(1) + BYTES, IN(3) + BYTES, OUT(0) + BYTES, QP(multipliers)}},
      {"qdepthwise", qdepthwise, d, {QFORM, N(0), N(1)},
       {IN(0) + BYTES, IN(1) + BYTES, OUT(0) + BYTES, QP(packed) + BYTES, QP(bias), QP(multipliers)}},
      {"qdepthwise_pack", qdepthwise_pack, d, {WEIGHTS, N(4), N(5)}, {WP(data) + BYTES, OUT(0) + BYTES, OUT(1)}},
      {"fgemm", fgemm, p, {FFORM, F(window.depth), N(0), N(1), N(2), N(3)},
       {IN(0), IN(1), OUT(0), FP(packed), FP(bias)}},
      {"fgemm_pack", fgemm_pack, p, {WEIGHTS}, {WP(data), OUT(0)}},
      {"fgemm_unpacked", fgemm_unpacked, p, {FFORM, F(window.depth), WEIGHTS, N(1)}, {IN(0), IN(1), IN(3), OUT(0)}},
      {"fdepthwise", fdepthwise, d, {FFORM, N(0), N(1)}, {IN(0), IN(1), OUT(0), FP(packed), FP(bias)}},
      {"fdepthwise_pack", fdepthwise_pack, d, {WEIGHTS}, {WP(data), OUT(0)}},
      {"maxpool", maxpool, pool, {WINDOW(F), F(window.depth), N(0), N(1), N(4)}, {IN(0), OUT(0)}},
      {"quantize", quantize, steps, {N(1), N(4), N(5)}, {IN(0), OUT(0) + BYTES}},
      {"quantize_planes", quantize_planes, image, {N(0), N(1), N(2), N(3), N(4), N(5)}, {IN(0), OUT(0) + BYTES}},
      {"dequantize", dequantize, steps, {N(1), N(4), N(5)}, {IN(0) + BYTES, OUT(0)}},
      {"qbinary", qbinary, sum,
       {B(function), B(a_kind), B(a_zero_point), B(b_kind), B(b_zero_point), B(y_kind), B(zero_point), B(qmin), B(qmax),
        B(length), B(a_step), B(b_step), B(axes), B(extent[0]), B(extent[1]), B(a_stride[0]), B(a_stride[1]),
        B(b_stride[0]), B(b_stride[1]), N(0), N(1), N(2), N(3)},
       {IN(0) + BYTES, IN(1) + BYTES, OUT(0) + BYTES}},
      {"qglobalmean", qglobalmean, sum,
       {G(channels), G(pixels), G(x_kind), G(x_zero_point), G(y_kind), G(zero_point), N(0), N(1)},
       {IN(0) + BYTES, OUT(0) + BYTES}},
      {"qlookup", qlookup, steps, {N(1)}, {IN(0) + BYTES, IN(1) + BYTES, OUT(0) + BYTES}},
      {"move", move, run,
       {M(from), M(to), M(run), M(axes), M(extent[0]), M(extent[1]), M(from_stride[0]), M(from_stride[1]),
        M(to_stride[0]), M(to_stride[1]), N(0), N(1)},
       {IN(0) + BYTES, OUT(0) + BYTES}},
      {"transpose", transpose, moves, {N(0), N(1), N(2), N(3), N(4)}, {IN(0), OUT(0)}},
      {"globalmean", globalmean, mean, {N(1), N(2), N(3), N(4)}, {IN(0), OUT(0)}},
      {"softmax", softmax, row, {N(1), S(length), S(mask_stride), S(to.kind), S(to.zero_point)},
       {IN(0), OUT(0) + BYTES}},
      {"layernorm", layernorm, row, {N(1), L(length), L(to.kind), L(to.zero_point)},
       {IN(0), L(scale) + POINTER, L(bias) + POINTER}},
      {"resample", resample, taps,
       {R(in_height), R(in_width), R(out_height), R(out_width), R(run), R(taps_y), R(taps_x), N(0), N(1)},
       {IN(0), OUT(0), R(position_y) + POINTER, R(position_x) + POINTER, R(weight_y) + POINTER, R(weight_x) + POINTER}},
      {"pointwise", pointwise, code,
       {P(length), P(axes), P(extent[0]), P(extent[1]), P(operands), P(instructions), P(to.kind), P(to.zero_point),
        AT(operand[0].kind), AT(operand[1].kind), AT(operand[1].zero_point), AT(operand[0].step), AT(operand[1].step),
        AT(operand[0].stride[0]), AT(operand[1].stride[1]), AT(code[0].function), AT(code[1].function), AT(code[0].a),
        AT(code[1].a), AT(code[1].b), N(0), N(1)},
       {IN(0), IN(1) + BYTES, OUT(0) + BYTES}},
  };
  int sound = sizes_are_checked();
  for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
    sound &= survives(&subjects[i]);
  }
  printf("%s: %s\n", QUOTE(SET), sound ? "all impossible arguments are refused" : "an impossible argument is not refused");
  return !sound;
}
