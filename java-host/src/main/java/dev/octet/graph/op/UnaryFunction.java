package dev.octet.graph.op;

/** The functions of {@link Unary}: adding one is a constant here and a case in the scalar kernel. */
public enum UnaryFunction {
    ABS("Abs", 1, 13),
    CEIL("Ceil", 1, 13),
    COS("Cos", 7, 7),
    ERF("Erf", 9, 13),
    EXP("Exp", 1, 13),
    FLOOR("Floor", 1, 13),
    HARD_SWISH("HardSwish", 14, 14),
    IS_NAN("IsNaN", 9, 20),
    LOG("Log", 1, 13),
    MISH("Mish", 18, 18),
    NEG("Neg", 1, 13),
    NOT("Not", 1, 1),
    RECIPROCAL("Reciprocal", 1, 13),
    RELU("Relu", 1, 14),
    ROUND("Round", 11, 11),
    SIGMOID("Sigmoid", 1, 13),
    SIGN("Sign", 9, 13),
    SIN("Sin", 7, 7),
    SOFTPLUS("Softplus", 1, 1),
    SOFTSIGN("Softsign", 1, 1),
    SQRT("Sqrt", 1, 13),
    TANH("Tanh", 1, 13);

    private final String onnxName;
    private final int introduced;
    private final int form;

    UnaryFunction(String onnxName, int introduced, int form) {
        this.onnxName = onnxName;
        this.introduced = introduced;
        this.form = form;
    }

    String onnxName() {
        return onnxName;
    }

    int introduced() {
        return introduced;
    }

    int form() {
        return form;
    }

    /** Whether the result is bool. */
    public boolean isPredicate() {
        return this == NOT || this == IS_NAN;
    }
}
