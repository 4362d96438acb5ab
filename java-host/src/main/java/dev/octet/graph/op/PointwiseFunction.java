package dev.octet.graph.op;

/** The functions that {@link Pointwise} code is made of, in the order of {@code octet_elements.h}. */
public enum PointwiseFunction {
    /** The first number. */
    CONSTANT,
    ADD,
    SUB,
    MUL,
    DIV,
    MIN,
    MAX,
    /** {@code a < 0 ? b * a : a}. */
    PRELU,
    /** {@code a != 0 ? b : c}. */
    WHERE,
    ABS,
    NEG,
    RECIPROCAL,
    SQRT,
    FLOOR,
    CEIL,
    ROUND,
    SIGN,
    EXP,
    LOG,
    ERF,
    SIGMOID,
    TANH,
    SOFTPLUS,
    SOFTSIGN,
    MISH,
    GELU,
    HARD_SWISH,
    /** {@code min(second, max(first, a))}. */
    CLIP,
    /** {@code clamp(first * a + second, 0, 1)}. */
    HARD_SIGMOID,
    /** {@code a < 0 ? first * a : a}. */
    LEAKY_RELU,
    /** {@code a < 0 ? first * (exp(a) - 1) : a}. */
    ELU
}
