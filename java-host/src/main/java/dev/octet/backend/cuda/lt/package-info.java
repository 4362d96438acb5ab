/**
 * cuBLASLt through java.lang.foreign. {@link dev.octet.backend.cuda.lt.LtSearch} finds the library of CUDA 13 or 12,
 * {@link dev.octet.backend.cuda.lt.LtLibrary} holds it and its functions, {@link dev.octet.backend.cuda.lt.CublasLt} is a
 * handle of the current CUDA context, and {@link dev.octet.backend.cuda.lt.LtMatmul} is one matrix product with its
 * candidate algorithms. All values of the binary interface stand in {@code LtAbi}; they are the same in both versions.
 */
@NullMarked
package dev.octet.backend.cuda.lt;

import org.jspecify.annotations.NullMarked;
