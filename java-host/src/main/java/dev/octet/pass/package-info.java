/**
 * What is done to a graph between reading and running it. A {@link dev.octet.pass.Pass} is one rewriting, a class named
 * by what it does; {@link dev.octet.pass.Pipelines} lists them in order: FLOAT tidies the float graph and folds
 * normalizations into weights, QUANTIZE places QuantizeLinear and DequantizeLinear nodes, LOWER turns these into the
 * integer operators that backends run. {@link dev.octet.pass.PassRunner} applies a list, verifies the graph between
 * passes and can stop after the n-th to find the one at fault. The arithmetic of constants reaches the passes as a
 * {@link dev.octet.graph.Evaluator}; no kernel is known here.
 */
@NullMarked
package dev.octet.pass;

import org.jspecify.annotations.NullMarked;
