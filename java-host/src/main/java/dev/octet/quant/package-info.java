/**
 * Quantization arithmetic. {@link dev.octet.quant.QuantRange} is what calibration observed,
 * {@link dev.octet.quant.QuantParams} what follows from it, {@link dev.octet.quant.Quantizer} every formula, scalar and
 * obvious: the oracle that fast kernels are tested against.
 */
@NullMarked
package dev.octet.quant;

import org.jspecify.annotations.NullMarked;
