package dev.octet.graph.op;

/** The functions of {@link ArgExtreme}. */
public enum ArgFunction {
    MAX("ArgMax"),
    MIN("ArgMin");

    private final String onnxName;

    ArgFunction(String onnxName) {
        this.onnxName = onnxName;
    }

    String onnxName() {
        return onnxName;
    }
}
