/**
 * What a model costs and what quantization did to it. {@link dev.octet.analysis.Workload} counts operations and bytes of
 * each layer. {@link dev.octet.analysis.Comparison} feeds two runs the same samples and collects
 * {@link dev.octet.analysis.ErrorMetrics} tensor by tensor; {@link dev.octet.analysis.Classification} and
 * {@link dev.octet.analysis.PairedPredictions} judge predictions, {@link dev.octet.analysis.Correlation} series of
 * similarities. A NaN on either side makes a measure NaN or a prediction wrong, never right.
 */
@NullMarked
package dev.octet.analysis;

import org.jspecify.annotations.NullMarked;
