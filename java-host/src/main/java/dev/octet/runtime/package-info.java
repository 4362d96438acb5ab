/**
 * From graph to numbers: {@code PlanCompiler} gives each node a {@link dev.octet.runtime.Kernel} of one
 * {@link dev.octet.runtime.Backend}, lays out memory and lists fallbacks in a {@code Plan};
 * {@code Session} runs it, one plan for each set of input shapes.
 */
@NullMarked
package dev.octet.runtime;

import org.jspecify.annotations.NullMarked;
