/** Runs ONNX's node tests and other small models against the runtime. */
@NullMarked
package dev.octet.conformance;

import org.jspecify.annotations.NullMarked;
