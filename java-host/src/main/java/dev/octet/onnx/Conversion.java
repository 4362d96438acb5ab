package dev.octet.onnx;

/**
 * One step of an operator from an older form to a newer one.
 *
 * @param opType ONNX's name
 * @param since the operator set of the newer form; nodes of older sets are rewritten
 */
record Conversion(String opType, int since, Step step) {
    /** Rewrites a node; what it needs before itself is added to {@code rewrite}. */
    @FunctionalInterface
    interface Step {
        RawNode apply(RawNode node, Rewrite rewrite);
    }

    /** For rewrites that every version needs. */
    static final int ALWAYS = Integer.MAX_VALUE;
}
