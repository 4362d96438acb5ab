package dev.octet.pass;

/**
 * What quantization decided for a node, and why.
 *
 * @param op the operator's ONNX name
 */
public record NodePrecision(String node, String op, Precision precision, String reason) {}
