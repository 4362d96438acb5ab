/** Tests of the CPU kernels against naive definitions. */
@NullMarked
package dev.octet.backend.cuda.lt;

import org.jspecify.annotations.NullMarked;
