// Ranges for profilers: NVTX is a header, so this library is all there is to call. Without a profiler a call is a test of
// one pointer. Built by build-cuda.sh where the toolkit has the header.

#include <nvtx3/nvToolsExt.h>

// Opens a range on the calling thread; `name` is UTF-8 that ends in 0 and is copied. Returns its depth, or a negative
// number where nobody listens.
extern "C" __attribute__((visibility("default"))) int octet_nvtx_push(const char* name) { return nvtxRangePushA(name); }

// Closes the calling thread's last range.
extern "C" __attribute__((visibility("default"))) int octet_nvtx_pop() { return nvtxRangePop(); }
