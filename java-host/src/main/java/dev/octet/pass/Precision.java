package dev.octet.pass;

/** The numbers that a node is declared to compute with. */
public enum Precision {
    INT8,
    FP16,
    FP32
}
