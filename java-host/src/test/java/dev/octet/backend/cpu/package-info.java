/** Tests of the CPU kernels against naive definitions. */
@NullMarked
package dev.octet.backend.cpu;

import org.jspecify.annotations.NullMarked;
