/*
 * Where threads run. A thread that wakes is often placed on the processor of the one that woke it, and helpers that spin
 * there only slow it down; so helpers are kept to the other processors. Elsewhere than on Linux nothing is done.
 */
#define _GNU_SOURCE
#include "octet_kernels.h"

#if defined(__linux__)
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

int32_t octet_thread_id(void) {
  return (int32_t)syscall(SYS_gettid);
}

int32_t octet_processor(void) {
  return sched_getcpu();
}

int32_t octet_keep_apart(const int32_t *threads, int64_t count, int32_t processor) {
  cpu_set_t allowed;
  if (count < 0 || (count > 0 && threads == 0)) {
    return OCTET_BAD_ARGUMENT;
  }
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || processor < 0 || processor >= CPU_SETSIZE ||
      !CPU_ISSET(processor, &allowed)) {
    return OCTET_OK;
  }
  CPU_CLR(processor, &allowed);
  int64_t others = CPU_COUNT(&allowed);
  int64_t shares = others < count ? others : count;
  for (int64_t thread = 0; thread < count && shares > 0; thread++) {
    cpu_set_t share;
    CPU_ZERO(&share);
    int64_t place = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
      if (CPU_ISSET(cpu, &allowed) && place++ % shares == thread % shares) {
        CPU_SET(cpu, &share);
      }
    }
    /* Refused where a thread has ended or the system forbids it: then it stays where it is. */
    (void)sched_setaffinity(threads[thread], sizeof share, &share);
  }
  return OCTET_OK;
}
#else
int32_t octet_thread_id(void) {
  return 0;
}

int32_t octet_processor(void) {
  return -1;
}

int32_t octet_keep_apart(const int32_t *threads, int64_t count, int32_t processor) {
  (void)threads;
  (void)processor;
  return count < 0 ? OCTET_BAD_ARGUMENT : OCTET_OK;
}
#endif
