package dev.octet.graph.op;

/** The functions of {@link Variadic}. */
public enum VariadicFunction {
    MAX("Max"),
    MIN("Min"),
    SUM("Sum"),
    MEAN("Mean");

    private final String onnxName;

    VariadicFunction(String onnxName) {
        this.onnxName = onnxName;
    }

    String onnxName() {
        return onnxName;
    }
}
