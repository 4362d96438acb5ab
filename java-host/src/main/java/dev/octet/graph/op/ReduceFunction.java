package dev.octet.graph.op;

/** The functions of {@link Reduce}. */
public enum ReduceFunction {
    SUM("ReduceSum", 13),
    MEAN("ReduceMean", 18),
    MAX("ReduceMax", 18),
    MIN("ReduceMin", 18),
    PROD("ReduceProd", 18),
    /** Sum of sizes. */
    L1("ReduceL1", 18),
    /** Square root of the sum of squares. */
    L2("ReduceL2", 18),
    SUM_SQUARE("ReduceSumSquare", 18),
    /** Logarithm of the sum. */
    LOG_SUM("ReduceLogSum", 18),
    /** Logarithm of the sum of exponentials. */
    LOG_SUM_EXP("ReduceLogSumExp", 18);

    private final String onnxName;
    private final int form;

    ReduceFunction(String onnxName, int form) {
        this.onnxName = onnxName;
        this.form = form;
    }

    String onnxName() {
        return onnxName;
    }

    int form() {
        return form;
    }
}
