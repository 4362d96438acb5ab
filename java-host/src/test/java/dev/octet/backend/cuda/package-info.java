/** Tests of the CUDA backend, on the simulated device or a real one. */
@NullMarked
package dev.octet.backend.cuda;

import org.jspecify.annotations.NullMarked;
