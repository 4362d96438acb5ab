/**
 * Peers to measure against. {@link dev.octet.bench.OrtRuntime} opens a model in ONNX Runtime,
 * {@link dev.octet.bench.OrtPeer} runs it, {@link dev.octet.bench.OrtTensors} carries tensors over and back.
 */
@NullMarked
package dev.octet.bench;

import org.jspecify.annotations.NullMarked;
