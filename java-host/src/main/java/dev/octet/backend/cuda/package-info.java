/**
 * Runs plans on an NVIDIA GPU through JCuda's driver API. {@code CudaKernels} is the table of operators;
 * {@code CudaBackend} says whether a device can be used here, {@code CudaDevice} is one opened device with its kernels and
 * memory, a {@code CudaStep} is one operator made ready, {@code CudaStream} the order in which steps run. All sizes are
 * decided at preparation, so that enqueueing does nothing but launch and can be captured in a CUDA graph.
 */
@NullMarked
package dev.octet.backend.cuda;

import org.jspecify.annotations.NullMarked;
