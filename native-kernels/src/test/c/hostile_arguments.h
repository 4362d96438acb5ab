/* A call of any kernel as data, so that one argument of it can be spoilt. hostile_calls.c makes the calls. */
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

#define FAMILIES(x)                                                                                                   \
  x(qgemm) x(qgemm_pack) x(qgemm_unpacked) x(qdepthwise) x(qdepthwise_pack) x(fgemm) x(fgemm_pack)                    \
  x(fgemm_unpacked) x(fdepthwise) x(fdepthwise_pack) x(maxpool) x(averagepool) x(quantize) x(quantize_planes) x(range)         \
  x(dequantize) x(qbinary) x(qglobalmean) x(qlookup) x(move) x(transpose) x(globalmean) x(softmax) x(layernorm) x(resample)         \
  x(pointwise) x(qwinograd) x(qwinograd_pack)
#define DECLARE_FAMILY(name) int32_t call_##name(const call *c);
FAMILIES(DECLARE_FAMILY)

/* The least of what the families say that weights of a shape take. */
int64_t packed_bytes_of(int64_t columns, int64_t taps, int64_t depth);
