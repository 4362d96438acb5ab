package dev.octet.graph;

/** An output's shape depends on the values of an input that are not known before running. */
public final class DataDependentShapeException extends Exception {
    private static final long serialVersionUID = 1;

    public DataDependentShapeException(int input) {
        super("the shape depends on the values of input " + input);
    }
}
