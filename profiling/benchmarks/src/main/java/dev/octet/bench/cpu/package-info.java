/**
 * Results on a CPU: {@code ResultsTable} makes a page of what {@code octet bench} measured. The kernels' own benchmarks
 * stand in {@code src/jmh}.
 */
@NullMarked
package dev.octet.bench.cpu;

import org.jspecify.annotations.NullMarked;
