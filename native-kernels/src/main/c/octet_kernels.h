/*
 * The CPU kernels' C interface: plain functions and a few structures, called from Java by java.lang.foreign.
 *
 * Every function returns a status and never prints, exits or throws. All buffers are the caller's; none overlap, and
 * none needs an alignment beyond its element's unless stated. Functions may run in several threads at once as long as
 * they write different rows or columns.
 *
 * A kernel exists once for each instruction set, with the set's name as suffix:
 *   generic     C11 alone
 *   avx2        AVX2 and FMA
 *   avxvnni     AVX2, FMA and AVX-VNNI
 *   avx512vnni  AVX-512 F, BW, VL and VNNI
 *   neondot     NEON with the dot product of Armv8.2
 * Where a kernel has no form for a set, that of the set before it is used which the processor has.
 * Integer kernels of all sets give the same bits. Float kernels add up in ascending order of k for each output element,
 * whatever the row count or thread; sets differ in whether product and sum round once (FMA) or twice.
 */
#ifndef OCTET_KERNELS_H
#define OCTET_KERNELS_H

#include <stdint.h>

#include "octet_elements.h"
#include "octet_images.h"
#include "octet_products.h"

#pragma GCC visibility push(default)

enum { OCTET_OK = 0, OCTET_NO_MEMORY = 1, OCTET_BAD_ARGUMENT = 2 };

/* Element kinds. */
enum { OCTET_NONE = -1, OCTET_U8 = 0, OCTET_S8 = 1, OCTET_F32 = 2 };

/* Bits of octet_cpu_features. */
enum { OCTET_HAS_AVX2 = 1, OCTET_HAS_AVX512VNNI = 2, OCTET_HAS_AVXVNNI = 4, OCTET_HAS_NEONDOT = 8 };

/* What this processor and operating system can run: OCTET_HAS_ bits. */
int32_t octet_cpu_features(void);

/* The calling thread as octet_keep_apart knows it, and the processor it runs on now or -1. */
int32_t octet_thread_id(void);
int32_t octet_processor(void);

/*
 * Divides the processors that the calling thread may use, but for `processor`, among threads: each may then run on its
 * share alone. Where the caller may use no other, or the system refuses, threads stay as they are.
 */
int32_t octet_keep_apart(const int32_t *threads, int64_t count, int32_t processor);

/* Peak rates: runs `rounds` rounds of independent sums in registers and says how many multiplications and additions
 * these were. The int8 form is the set's exact one. */
#define OCTET_DECLARE_PEAK(isa)                                                                                        \
  int32_t octet_peak_int8_##isa(int64_t rounds, int64_t *operations);                                                  \
  int32_t octet_peak_fp32_##isa(int64_t rounds, int64_t *operations);

OCTET_DECLARE_PEAK(generic)
OCTET_DECLARE_PEAK(avx2)
OCTET_DECLARE_PEAK(avxvnni)
OCTET_DECLARE_PEAK(avx512vnni)

#pragma GCC visibility pop

#endif
