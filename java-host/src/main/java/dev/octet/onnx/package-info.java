/**
 * Model files. {@link dev.octet.onnx.OnnxReader} walks from bytes to a {@link dev.octet.graph.Graph}: {@code ModelFile}
 * maps the file and refuses what is no model, {@code Wire} decodes protobuf fields into message records
 * ({@code ModelProto}, {@code GraphProto}, ...; field numbers from ONNX's published schema), {@code TensorReader} turns
 * tensor messages into tensors, {@code FunctionInliner} removes model-local functions, {@code Conversions} lists the
 * rewrites of old operator forms, and {@code GraphBuilder} assembles the graph. {@link dev.octet.onnx.OnnxWriter} goes
 * back. Files are untrusted: lengths are checked before anything is allocated, nesting is bounded, and every fault is a
 * {@link dev.octet.graph.ModelException} that says where.
 */
@NullMarked
package dev.octet.onnx;

import org.jspecify.annotations.NullMarked;
