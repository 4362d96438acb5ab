/*
 * Resampling, written so that a compiler makes vectors of it: every form is this text, compiled for its set, and gives the
 * same bits.
 */
#ifndef OCTET_RESAMPLE_H
#define OCTET_RESAMPLE_H

#include <stdlib.h>
#include <string.h>

#include "arguments.h"

static inline int is_positions(const int32_t *positions, int64_t outputs, int64_t taps, int64_t extent) {
  int64_t count = size_of(outputs, taps);
  if (count < 0 || (count > 0 && !is_there(positions, 4))) {
    return 0;
  }
  for (int64_t i = 0; i < count; i++) {
    if (positions[i] < 0 || positions[i] >= extent) {
      return 0;
    }
  }
  return 1;
}

static inline int is_resample(const octet_resample *r, const void *x, const void *y, int64_t first, int64_t count) {
  if (!is_there(r, 8) || r->in_height < 0 || r->in_width < 0 || r->out_height < 0 || r->out_width < 0 || r->run < 0 ||
      r->taps_y < 1 || r->taps_x < 1 || !is_range(first, count, SIZE_LIMIT) ||
      (r->weight_y == NULL) != (r->weight_x == NULL)) {
    return 0;
  }
  int real = r->weight_y != NULL;
  if (!real && (r->taps_y != 1 || r->taps_x != 1)) {
    return 0;
  }
  int64_t image = size_of(size_of(r->in_height, r->in_width), size_of(r->run, 4));
  int64_t images = r->out_height == 0 ? 0 : (first + count + r->out_height - 1) / r->out_height;
  if (size_of(images, image) < 0 || size_of(first + count, size_of(r->out_width, size_of(r->run, 4))) < 0 ||
      (r->out_height == 0 && first + count > 0) ||
      !is_positions(r->position_y, r->out_height, r->taps_y, r->in_height) ||
      !is_positions(r->position_x, r->out_width, r->taps_x, r->in_width)) {
    return 0;
  }
  if (count == 0 || r->out_width == 0 || r->run == 0) {
    return 1;
  }
  uintptr_t alignment = real ? 4 : 1;
  return is_there(x, alignment) && is_there(y, alignment) &&
         (!real || (is_there(r->weight_y, 4) && is_there(r->weight_x, 4)));
}

static inline void select_line(const octet_resample *r, const uint8_t *line, uint8_t *y) {
  if (r->run == 1) {
    for (int64_t ox = 0; ox < r->out_width; ox++) {
      y[ox] = line[r->position_x[ox]];
    }
    return;
  }
  for (int64_t ox = 0; ox < r->out_width; ox++) {
    memcpy(y + ox * r->run, line + r->position_x[ox] * r->run, (size_t)r->run);
  }
}

/* Adds weighted vectors; the first one is stored. Returns whether there was one before. */
static inline int add_weighted(float weight, const float *x, float *y, int64_t count, int begun) {
  if (weight == 0) {
    return begun;
  }
  if (!begun) {
    for (int64_t i = 0; i < count; i++) {
      y[i] = weight * x[i];
    }
  } else {
    for (int64_t i = 0; i < count; i++) {
      float product = weight * x[i];
      y[i] += product;
    }
  }
  return 1;
}

static inline void blend_lines(const octet_resample *r, const float *image, int64_t oy, float *line) {
  const int64_t width = r->in_width * r->run;
  int begun = 0;
  for (int64_t t = oy * r->taps_y; t < (oy + 1) * r->taps_y; t++) {
    begun = add_weighted(r->weight_y[t], image + r->position_y[t] * width, line, width, begun);
  }
  if (!begun) {
    memset(line, 0, (size_t)width * sizeof(float));
  }
}

static inline void blend_columns(const octet_resample *r, const float *line, float *y) {
  if (r->run == 1) {
    for (int64_t ox = 0; ox < r->out_width; ox++) {
      float sum = 0;
      for (int64_t t = ox * r->taps_x; t < (ox + 1) * r->taps_x; t++) {
        float product = r->weight_x[t] == 0 ? 0 : r->weight_x[t] * line[r->position_x[t]];
        sum += product;
      }
      y[ox] = sum;
    }
    return;
  }
  for (int64_t ox = 0; ox < r->out_width; ox++) {
    int begun = 0;
    for (int64_t t = ox * r->taps_x; t < (ox + 1) * r->taps_x; t++) {
      begun = add_weighted(r->weight_x[t], line + r->position_x[t] * r->run, y + ox * r->run, r->run, begun);
    }
    if (!begun) {
      memset(y + ox * r->run, 0, (size_t)r->run * sizeof(float));
    }
  }
}

static inline int32_t resample(const octet_resample *r, const void *x, void *y, int64_t first, int64_t count) {
  REQUIRE(is_resample(r, x, y, first, count));
  if (count == 0 || r->out_width == 0 || r->run == 0) {
    return OCTET_OK;
  }
  const int64_t in_line = r->in_width * r->run, out_line = r->out_width * r->run;
  float *line = r->weight_y == NULL ? NULL : malloc((size_t)in_line * sizeof(float));
  if (r->weight_y != NULL && line == NULL) {
    return OCTET_NO_MEMORY;
  }
  for (int64_t row = first; row < first + count; row++) {
    int64_t image = row / r->out_height * r->in_height * in_line, oy = row % r->out_height;
    if (line == NULL) {
      select_line(r, (const uint8_t *)x + image + r->position_y[oy] * in_line, (uint8_t *)y + row * out_line);
    } else {
      blend_lines(r, (const float *)x + image, oy, line);
      blend_columns(r, line, (float *)y + row * out_line);
    }
  }
  free(line);
  return OCTET_OK;
}

#endif
