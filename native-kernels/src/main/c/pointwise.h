/* What the forms of octet_pointwise share: its argument check and the walk over tiles that stay in the first cache. */
#ifndef OCTET_POINTWISE_H
#define OCTET_POINTWISE_H

#include <string.h>

#include "arguments.h"

enum { TILE = 256 };

static inline int is_operand(const octet_pointwise *p, const octet_operand *o, const void *x) {
  if ((o->kind != OCTET_F32 && !is_of_kind(o->kind, o->zero_point)) || (o->step != 0 && o->step != 1)) {
    return 0;
  }
  for (int64_t i = 0; i < p->axes; i++) {
    if (size_of(p->extent[i], o->stride[i]) < 0) {
      return 0;
    }
  }
  return is_there(x, (uintptr_t)kind_bytes(o->kind));
}

static inline int is_value(const octet_pointwise *p, int64_t value, int64_t instruction) {
  return value >= -p->operands && value < instruction;
}

/* How many of a, b and c a function reads. */
static inline int arity_of(int64_t function) {
  return function == OCTET_CONSTANT ? 0 : function == OCTET_WHERE ? 3 : function <= OCTET_PRELU ? 2 : 1;
}

static inline int is_code(const octet_pointwise *p) {
  for (int64_t i = 0; i < p->instructions; i++) {
    const octet_instruction *step = &p->code[i];
    if (step->function < 0 || step->function >= OCTET_FUNCTIONS) {
      return 0;
    }
    int arity = arity_of(step->function);
    if ((arity > 0 && !is_value(p, step->a, i)) || (arity > 1 && !is_value(p, step->b, i)) ||
        (arity > 2 && !is_value(p, step->c, i))) {
      return 0;
    }
  }
  return 1;
}

static inline int is_pointwise(const octet_pointwise *p, const void *const *x, const void *y, int64_t first,
                               int64_t count) {
  if (!is_there(p, 8) || p->axes < 0 || p->axes > OCTET_MAX_AXES || p->operands < 0 ||
      p->operands > OCTET_MAX_OPERANDS || p->instructions < 1 || p->instructions > OCTET_MAX_INSTRUCTIONS ||
      !is_there(p->code, 8) || (p->operands > 0 && !is_there(p->operand, 8)) || !is_grid(&p->to) || !is_code(p)) {
    return 0;
  }
  int64_t total = size_of(p->length, 1);
  for (int64_t i = 0; i < p->axes && total >= 0; i++) {
    total = size_of(total, p->extent[i]);
  }
  if (total < 0 || !is_range(first, count, total) || !is_there(y, (uintptr_t)kind_bytes(p->to.kind))) {
    return 0;
  }
  for (int64_t i = 0; i < p->operands; i++) {
    if (!is_operand(p, &p->operand[i], x[i])) {
      return 0;
    }
  }
  return 1;
}

/* How an operand's elements follow those of y: as they are, one for all, every row the same, or otherwise. */
enum { FOLLOW_DENSE, FOLLOW_ONE, FOLLOW_ROW, FOLLOW_ANY };

static inline int follow_of(const octet_pointwise *p, const octet_operand *o) {
  int64_t dense = p->length;
  int is_dense = o->step == 1 || p->length == 1, stays = 1;
  for (int64_t i = p->axes - 1; i >= 0; i--) {
    is_dense &= o->stride[i] == dense || p->extent[i] == 1;
    stays &= o->stride[i] == 0 || p->extent[i] == 1;
    dense *= p->extent[i];
  }
  if (is_dense || (stays && o->step == 0)) {
    return is_dense ? FOLLOW_DENSE : FOLLOW_ONE;
  }
  return stays && p->length <= TILE ? FOLLOW_ROW : FOLLOW_ANY;
}

/* Elements of a tile: whole rows where several fit, and whole vectors of 8 where it can be. */
static inline int64_t tile_of(int64_t length) {
  if (length < 1 || length > TILE) {
    return TILE;
  }
  int64_t unit = length;
  while (unit % 8 != 0 && unit * 2 <= TILE) {
    unit *= 2;
  }
  return TILE / unit * unit;
}

/* Converts `count` elements of an operand, or repeats the one at `at`. */
typedef void (*pointwise_load)(const octet_operand *o, const void *x, int64_t at, int repeats, float *to, int64_t count);

/* Applies an instruction to `count` elements; buffers are whole vectors long. */
typedef void (*pointwise_apply)(const octet_instruction *step, const float *a, const float *b, const float *c, float *y,
                                int64_t count);

typedef void (*pointwise_store)(const octet_grid *to, const float *x, void *y, int64_t first, int64_t count);

typedef struct {
  pointwise_load load;
  pointwise_apply apply;
  pointwise_store store;
} pointwise_set;

/* Where the row that holds element `index` of y begins in an operand. */
static inline int64_t row_of(const octet_pointwise *p, const octet_operand *o, int64_t index) {
  int64_t rest = index / p->length, at = 0;
  for (int64_t i = p->axes - 1; i >= 0; i--) {
    at += rest % p->extent[i] * o->stride[i];
    rest /= p->extent[i];
  }
  return at;
}

static inline void load_rows(const octet_pointwise *p, const octet_operand *o, const void *x, int64_t first, float *to,
                             int64_t count, pointwise_load load) {
  for (int64_t done = 0; done < count;) {
    int64_t column = (first + done) % p->length, run = p->length - column;
    run = run < count - done ? run : count - done;
    load(o, x, row_of(p, o, first + done) + column * o->step, o->step == 0, to + done, run);
    done += run;
  }
}

/* All instructions over one tile; the last one's result goes to y. */
static inline void run_tile(const octet_pointwise *p, const float *const *operand, float (*result)[TILE + 8], void *y,
                            int64_t first, int64_t count, const pointwise_set *set) {
  const int direct = p->to.kind == OCTET_F32 && count % 8 == 0;
  float *last = result[p->instructions - 1];
  for (int64_t i = 0; i < p->instructions; i++) {
    const octet_instruction *step = &p->code[i];
    if (step->function == OCTET_CONSTANT && i < p->instructions - 1) {
      continue;
    }
    const int64_t from[] = {step->a, step->b, step->c};
    const float *in[3] = {last, last, last};
    for (int k = 0; k < arity_of(step->function); k++) {
      in[k] = from[k] < 0 ? operand[-1 - from[k]] : result[from[k]];
    }
    float *to = direct && i == p->instructions - 1 ? (float *)y + first : result[i];
    set->apply(step, in[0], in[1], in[2], to, count);
  }
  if (!direct) {
    set->store(&p->to, last, y, first, count);
  }
}

static inline int32_t pointwise_walk(const octet_pointwise *p, const void *const *x, void *y, int64_t first,
                                     int64_t count, const pointwise_set *set) {
  REQUIRE(is_pointwise(p, x, y, first, count));
  float loaded[OCTET_MAX_OPERANDS][TILE + 8], result[OCTET_MAX_INSTRUCTIONS][TILE + 8];
  const float *operand[OCTET_MAX_OPERANDS];
  int follow[OCTET_MAX_OPERANDS];
  /* A tile is read in whole vectors: what lies behind its last element only has to be there. */
  const int64_t tile = tile_of(p->length), most = tile < count ? tile : count;
  for (int64_t k = 0; k < p->operands && count > 0; k++) {
    memset(loaded[k], 0, sizeof(loaded[k]));
    operand[k] = loaded[k];
    follow[k] = follow_of(p, &p->operand[k]);
    if (follow[k] == FOLLOW_ONE || follow[k] == FOLLOW_ROW) {
      load_rows(p, &p->operand[k], x[k], first, loaded[k], most, set->load);
    }
  }
  for (int64_t i = 0; i < p->instructions && count > 0; i++) {
    memset(result[i], 0, sizeof(result[i]));
    if (p->code[i].function == OCTET_CONSTANT) {
      set->apply(&p->code[i], result[i], result[i], result[i], result[i], tile);
    }
  }
  for (int64_t done = 0; done < count; done += tile) {
    int64_t part = count - done < tile ? count - done : tile, at = first + done;
    for (int64_t k = 0; k < p->operands; k++) {
      const octet_operand *o = &p->operand[k];
      if (follow[k] == FOLLOW_DENSE && o->kind == OCTET_F32 && part % 8 == 0) {
        operand[k] = (const float *)x[k] + at;
      } else if (follow[k] == FOLLOW_DENSE) {
        set->load(o, x[k], at, 0, loaded[k], part);
        operand[k] = loaded[k];
      } else if (follow[k] == FOLLOW_ANY && o->kind == OCTET_F32 && o->step == 1 && part % 8 == 0 &&
                 at % p->length + part <= p->length) {
        operand[k] = (const float *)x[k] + row_of(p, o, at) + at % p->length;
      } else if (follow[k] == FOLLOW_ANY) {
        operand[k] = loaded[k];
        load_rows(p, o, x[k], at, loaded[k], part, set->load);
      }
    }
    run_tile(p, operand, result, y, at, part, set);
  }
  return OCTET_OK;
}

#endif
