/**
 * What a model costs and what quantization did to it: {@link dev.octet.analysis.Workload} counts operations and bytes of
 * each layer.
 */
@NullMarked
package dev.octet.analysis;

import org.jspecify.annotations.NullMarked;
