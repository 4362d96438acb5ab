/**
 * Octet from Java: {@link dev.octet.Model} loads and saves an ONNX model and opens a
 * {@link dev.octet.runtime.Session} that runs it.
 */
@NullMarked
package dev.octet;

import org.jspecify.annotations.NullMarked;
