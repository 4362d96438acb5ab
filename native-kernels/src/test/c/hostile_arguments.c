/*
 * Every function gets a valid call and then the same call with one argument that cannot be: a size that is negative or
 * overflows, a pointer that is NULL or not as aligned as its elements, a kind or a zero point that does not exist. The
 * valid call must succeed and each other one must be refused, before memory is touched: guards and sanitizers watch.
 */
#include "hostile_arguments.h"

static const int64_t impossible[] = {INT64_MIN, INT64_MAX, (int64_t)1 << 62, -((int64_t)1 << 60), INT64_MIN + 7,
                                     INT64_MAX - 15};

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

static int threads_are_checked(void) {
  int32_t self = octet_thread_id();
  int refused = octet_keep_apart(NULL, 1, 0) == OCTET_BAD_ARGUMENT && octet_keep_apart(&self, -1, 0) == OCTET_BAD_ARGUMENT &&
                octet_keep_apart(&self, INT64_MIN, 0) == OCTET_BAD_ARGUMENT;
  int32_t nowhere[] = {-1, INT32_MIN, INT32_MAX, 1 << 20};
  for (int i = 0; i < 4; i++) { /* a processor that there is not leaves threads where they are */
    refused &= octet_keep_apart(&self, 1, nowhere[i]) == OCTET_OK;
  }
  if (!refused) {
    printf("octet_keep_apart takes impossible threads\n");
  }
  return refused;
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
#ifdef HAS_QWINOGRAD
  call wide = p; /* whole groups of 16 channels, pairs of lines */
  wide.q.window = window_of(3, 16, 16);
  wide.w = (octet_weights){p.w.data, SIZE, 9, 16, 144, 1, 9, 3};
  wide.n[0] = 0;
  wide.n[1] = 3;
#endif
  const subject subjects[] = {
#ifdef HAS_QWINOGRAD
      {"qwinograd", call_qwinograd, wide, {QFORM, Q(window.depth), N(0), N(1)},
       {IN(0) + BYTES, IN(1) + BYTES, OUT(0) + BYTES, QP(packed) + BYTES, QP(bias), QP(multipliers)}},
      {"qwinograd_pack", call_qwinograd_pack, wide, {WEIGHTS, N(4), N(5)},
       {WP(data) + BYTES, OUT(0) + BYTES, OUT(1)}},
#endif
      {"qgemm", call_qgemm, p, {QFORM, Q(window.depth), N(0), N(1), N(2), N(3)},
       {IN(0) + BYTES, IN(1) + BYTES, OUT(0) + BYTES, QP(packed) + BYTES, QP(bias), QP(multipliers)}},
      {"qgemm_pack", call_qgemm_pack, p, {WEIGHTS, N(4), N(5)}, {WP(data) + BYTES, OUT(0) + BYTES, OUT(1)}},
      {"qgemm_unpacked", call_qgemm_unpacked, p, {QFORM, Q(window.depth), WEIGHTS, N(1)},
       {IN(0) + BYTES, IN(1) + BYTES, IN(3) + BYTES, OUT(0) + BYTES, QP(multipliers)}},
      {"qdepthwise", call_qdepthwise, d, {QFORM, N(0), N(1)},
       {IN(0) + BYTES, IN(1) + BYTES, OUT(0) + BYTES, QP(packed) + BYTES, QP(bias), QP(multipliers)}},
      {"qdepthwise_pack", call_qdepthwise_pack, d, {WEIGHTS, N(4), N(5)}, {WP(data) + BYTES, OUT(0) + BYTES, OUT(1)}},
      {"fgemm", call_fgemm, p, {FFORM, F(window.depth), N(0), N(1), N(2), N(3)},
       {IN(0), IN(1), OUT(0), FP(packed), FP(bias)}},
      {"fgemm_pack", call_fgemm_pack, p, {WEIGHTS}, {WP(data), OUT(0)}},
      {"fgemm_unpacked", call_fgemm_unpacked, p, {FFORM, F(window.depth), WEIGHTS, N(1)}, {IN(0), IN(1), IN(3), OUT(0)}},
      {"fdepthwise", call_fdepthwise, d, {FFORM, N(0), N(1)}, {IN(0), IN(1), OUT(0), FP(packed), FP(bias)}},
      {"fdepthwise_pack", call_fdepthwise_pack, d, {WEIGHTS}, {WP(data), OUT(0)}},
      {"averagepool", call_averagepool, pool, {WINDOW(F), F(window.depth), N(0), N(1)}, {IN(0), IN(1), OUT(0)}},
      {"maxpool", call_maxpool, pool, {WINDOW(F), F(window.depth), N(0), N(1), N(4)}, {IN(0), OUT(0)}},
      {"quantize", call_quantize, steps, {N(1), N(4), N(5)}, {IN(0), OUT(0) + BYTES}},
      {"range", call_range, steps, {N(1)}, {IN(0), OUT(0)}},
      {"quantize_planes", call_quantize_planes, image, {N(0), N(1), N(2), N(3), N(4), N(5)}, {IN(0), OUT(0) + BYTES}},
      {"dequantize", call_dequantize, steps, {N(1), N(4), N(5)}, {IN(0) + BYTES, OUT(0)}},
      {"qbinary", call_qbinary, sum,
       {B(function), B(a_kind), B(a_zero_point), B(b_kind), B(b_zero_point), B(y_kind), B(zero_point), B(qmin), B(qmax),
        B(length), B(a_step), B(b_step), B(axes), B(extent[0]), B(extent[1]), B(a_stride[0]), B(a_stride[1]),
        B(b_stride[0]), B(b_stride[1]), N(0), N(1), N(2), N(3)},
       {IN(0) + BYTES, IN(1) + BYTES, OUT(0) + BYTES}},
      {"qglobalmean", call_qglobalmean, sum,
       {G(channels), G(pixels), G(x_kind), G(x_zero_point), G(y_kind), G(zero_point), N(0), N(1)},
       {IN(0) + BYTES, OUT(0) + BYTES}},
      {"qlookup", call_qlookup, steps, {N(1)}, {IN(0) + BYTES, IN(1) + BYTES, OUT(0) + BYTES}},
      {"move", call_move, run,
       {M(from), M(to), M(run), M(axes), M(extent[0]), M(extent[1]), M(from_stride[0]), M(from_stride[1]),
        M(to_stride[0]), M(to_stride[1]), N(0), N(1)},
       {IN(0) + BYTES, OUT(0) + BYTES}},
      {"transpose", call_transpose, moves, {N(0), N(1), N(2), N(3), N(4)}, {IN(0), OUT(0)}},
      {"globalmean", call_globalmean, mean, {N(1), N(2), N(3), N(4)}, {IN(0), OUT(0)}},
      {"softmax", call_softmax, row, {N(1), S(length), S(mask_stride), S(to.kind), S(to.zero_point)},
       {IN(0), OUT(0) + BYTES}},
      {"layernorm", call_layernorm, row, {N(1), L(length), L(to.kind), L(to.zero_point)},
       {IN(0), L(scale) + POINTER, L(bias) + POINTER}},
      {"resample", call_resample, taps,
       {R(in_height), R(in_width), R(out_height), R(out_width), R(run), R(taps_y), R(taps_x), N(0), N(1)},
       {IN(0), OUT(0), R(position_y) + POINTER, R(position_x) + POINTER, R(weight_y) + POINTER, R(weight_x) + POINTER}},
      {"pointwise", call_pointwise, code,
       {P(length), P(axes), P(extent[0]), P(extent[1]), P(operands), P(instructions), P(to.kind), P(to.zero_point),
        AT(operand[0].kind), AT(operand[1].kind), AT(operand[1].zero_point), AT(operand[0].step), AT(operand[1].step),
        AT(operand[0].stride[0]), AT(operand[1].stride[1]), AT(code[0].function), AT(code[1].function), AT(code[0].a),
        AT(code[1].a), AT(code[1].b), N(0), N(1)},
       {IN(0), IN(1) + BYTES, OUT(0) + BYTES}},
  };
  int sound = sizes_are_checked() & threads_are_checked();
  for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
    sound &= survives(&subjects[i]);
  }
  printf("%s: %s\n", QUOTE(SET), sound ? "all impossible arguments are refused" : "an impossible argument is not refused");
  return !sound;
}
