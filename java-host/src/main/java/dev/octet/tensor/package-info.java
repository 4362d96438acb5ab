/**
 * Values: {@link dev.octet.tensor.DType} names an element type, {@link dev.octet.tensor.Shape} the extents, and
 * {@link dev.octet.tensor.Tensor} binds both to a {@link java.lang.foreign.MemorySegment}. Data are dense, row-major and
 * little-endian; types narrower than a byte are packed low bits first, as in ONNX.
 */
@NullMarked
package dev.octet.tensor;

import org.jspecify.annotations.NullMarked;
