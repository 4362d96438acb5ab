/**
 * The CPU backend: {@link dev.octet.backend.cpu.CpuKernels} is the table from operator to kernels, one class a kernel.
 * The Java kernels define the results; native ones, where they exist, come first in the table and are tested against
 * their Java twin.
 */
@NullMarked
package dev.octet.backend.cpu;

import org.jspecify.annotations.NullMarked;
