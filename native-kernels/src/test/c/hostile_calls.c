/*
 * SET (from the compiler's command line) names the set whose kernels are called; where it lacks a function, the generic one
 * is called instead.
 */
#include "hostile_arguments.h"

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

int32_t call_qgemm(const call *c) {
  return QGEMM()(&c->q, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1], c->n[2], c->n[3]);
}
int32_t call_qgemm_pack(const call *c) { return QGEMM(pack_)(&c->w, c->in[2], c->n[4], c->n[5], c->out[0], c->out[1]); }
int32_t call_qgemm_unpacked(const call *c) {
  return QGEMM(unpacked_)(&c->q, &c->w, c->in[3], c->in[2], c->in[0], c->in[1], c->out[0], c->n[1]);
}
int32_t call_qdepthwise(const call *c) {
  return QDEPTHWISE()(&c->q, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1]);
}
int32_t call_qdepthwise_pack(const call *c) {
  return QDEPTHWISE(pack_)(&c->w, c->in[2], c->n[4], c->n[5], c->out[0], c->out[1]);
}
int32_t call_fgemm(const call *c) {
  return FGEMM()(&c->f, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1], c->n[2], c->n[3]);
}
int32_t call_fgemm_pack(const call *c) { return FGEMM(pack_)(&c->w, c->out[0]); }
int32_t call_fgemm_unpacked(const call *c) {
  return FGEMM(unpacked_)(&c->f, &c->w, c->in[3], c->in[0], c->in[1], c->out[0], c->n[1]);
}
int32_t call_fdepthwise(const call *c) {
  return FDEPTHWISE()(&c->f, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1]);
}
int32_t call_fdepthwise_pack(const call *c) { return FDEPTHWISE(pack_)(&c->w, c->out[0]); }
int32_t call_averagepool(const call *c) {
  return OTHER(averagepool)(&c->f.window, c->in[1], c->in[0], c->out[0], c->n[0], c->n[1]);
}
int32_t call_maxpool(const call *c) {
  return OTHER(maxpool)(&c->f.window, c->n[4], c->in[0], c->out[0], c->n[0], c->n[1]);
}
int32_t call_quantize(const call *c) { return OTHER(quantize)(c->in[0], c->out[0], c->n[1], c->n[4], c->n[5], 0.5f); }
int32_t call_range(const call *c) { return OTHER(range)(c->in[0], c->n[1], c->out[0]); }
int32_t call_quantize_planes(const call *c) {
  return OTHER(quantize_planes)(c->in[0], c->out[0], c->n[2], c->n[3], c->n[0], c->n[1], c->n[4], c->n[5], 0.5f);
}
int32_t call_dequantize(const call *c) {
  return OTHER(dequantize)(c->in[0], c->out[0], c->n[1], c->n[4], c->n[5], 0.5f);
}
int32_t call_qbinary(const call *c) {
  return OTHER(qbinary)(&c->b, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1], c->n[2], c->n[3]);
}
int32_t call_qglobalmean(const call *c) {
  return OTHER(qglobalmean)(&c->g, c->in[0], c->out[0], c->n[0], c->n[1]);
}
int32_t call_qlookup(const call *c) { return OTHER(qlookup)(c->in[0], c->in[1], c->out[0], c->n[1]); }
int32_t call_move(const call *c) { return octet_move_generic(&c->m, c->in[0], c->out[0], c->n[0], c->n[1]); }
int32_t call_transpose(const call *c) {
  return OTHER(transpose)(c->in[0], c->out[0], c->n[0], c->n[1], c->n[2], c->n[3], c->n[4]);
}
int32_t call_globalmean(const call *c) {
  return OTHER(globalmean)(c->in[0], c->out[0], c->n[1], c->n[2], c->n[3], c->n[4]);
}
int32_t call_softmax(const call *c) { return OTHER(fsoftmax)(&c->s, c->in[0], c->in[1], c->out[0], c->n[1]); }
int32_t call_layernorm(const call *c) {
  return OTHER(flayernorm)(&c->l, c->in[0], c->in[1], c->out[0], c->out[1], c->n[1]);
}
int32_t call_resample(const call *c) { return OTHER(resample)(&c->r, c->in[0], c->out[0], c->n[0], c->n[1]); }
int32_t call_pointwise(const call *c) {
  octet_pointwise p = c->p;
  p.operand = c->operand;
  p.code = c->code;
  return OTHER(pointwise)(&p, c->in[0], c->in[1], NULL, NULL, NULL, NULL, c->out[0], c->n[0], c->n[1]);
}

#ifdef HAS_QWINOGRAD /* sets for which it is slower than their product have none */
int32_t call_qwinograd(const call *c) {
  return JOIN(octet_qwinograd_, SET)(&c->q, c->in[0], c->in[1], c->out[0], c->n[0], c->n[1]);
}
int32_t call_qwinograd_pack(const call *c) {
  return JOIN(octet_qwinograd_pack_, SET)(&c->w, c->in[2], c->n[4], c->n[5], c->out[0], c->out[1]);
}
#endif

int64_t packed_bytes_of(int64_t columns, int64_t taps, int64_t depth) {
  int64_t least = INT64_MAX;
  int64_t all[] = {QGEMM(packed_bytes_)(columns, taps, depth), QDEPTHWISE(packed_bytes_)(columns, taps, depth),
                   FGEMM(packed_bytes_)(columns, taps, depth), FDEPTHWISE(packed_bytes_)(columns, taps, depth)};
  for (int i = 0; i < 4; i++) {
    least = all[i] < least ? all[i] : least;
  }
  return least;
}
