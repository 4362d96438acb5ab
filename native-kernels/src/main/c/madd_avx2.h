/*
 * The step of a product of 16-bit integers, in assembly because compilers (gcc 12) copy and spill accumulators here: 12 of
 * them, two vectors of weights and two temporaries take all 16 registers.
 */
#include <immintrin.h>
#include <stdint.h>

/* acc0 and acc1 += products of one row's pair of k with 16 columns. */
__attribute__((always_inline)) static inline void multiply_add(__m256i *acc0, __m256i *acc1, const int16_t *pair,
                                                               __m256i b0, __m256i b1) {
  __m256i x, product;
  __asm__("vpbroadcastd %[pair], %[x]\n\t"
          "vpmaddwd %[b0], %[x], %[product]\n\t"
          "vpmaddwd %[b1], %[x], %[x]\n\t"
          "vpaddd %[product], %[acc0], %[acc0]\n\t"
          "vpaddd %[x], %[acc1], %[acc1]"
          : [acc0] "+x"(*acc0), [acc1] "+x"(*acc1), [x] "=&x"(x), [product] "=&x"(product)
          : [pair] "m"(*(const int16_t(*)[2])pair), [b0] "x"(b0), [b1] "x"(b1));
}

/* The same for 8 columns. */
__attribute__((always_inline)) static inline void multiply_add_half(__m256i *acc, const int16_t *pair, __m256i b) {
  __m256i x;
  __asm__("vpbroadcastd %[pair], %[x]\n\t"
          "vpmaddwd %[b], %[x], %[x]\n\t"
          "vpaddd %[x], %[acc], %[acc]"
          : [acc] "+x"(*acc), [x] "=&x"(x)
          : [pair] "m"(*(const int16_t(*)[2])pair), [b] "x"(b));
}
