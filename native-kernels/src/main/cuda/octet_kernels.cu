// All CUDA kernels as one unit, one line a file: nvcc makes one fatbin of it.
#include "quantize.cu"
#include "shift.cu"
