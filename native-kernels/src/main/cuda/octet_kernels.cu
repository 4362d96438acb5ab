// All CUDA kernels as one unit, one line a file: nvcc makes one fatbin of it.
#include "qconv.cu"
#include "qdepthwise.cu"
#include "qgemm.cu"
#include "qmatmul.cu"
#include "quantize.cu"
