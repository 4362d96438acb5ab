package dev.octet.graph.op;

/** The functions of {@link Softmax}. */
public enum SoftmaxFunction {
    /** {@code exp(x) / sum(exp(x))}. */
    SOFTMAX("Softmax"),
    /** {@code x - log(sum(exp(x)))}. */
    LOG_SOFTMAX("LogSoftmax"),
    /** 1 at the first largest element, 0 elsewhere. */
    HARDMAX("Hardmax");

    private final String onnxName;

    SoftmaxFunction(String onnxName) {
        this.onnxName = onnxName;
    }

    String onnxName() {
        return onnxName;
    }
}
