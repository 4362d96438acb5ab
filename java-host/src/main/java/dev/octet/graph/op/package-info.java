/**
 * The operators: one record each, attributes as components, shapes and element types as methods;
 * {@link dev.octet.graph.op.Ops} lists them all. Every record has the form of the newest ONNX operator set; the reader
 * converts older models. Families without attributes of their own share a record and an enum
 * ({@link dev.octet.graph.op.Unary}, {@link dev.octet.graph.op.Binary}).
 */
@NullMarked
package dev.octet.graph.op;

import org.jspecify.annotations.NullMarked;
