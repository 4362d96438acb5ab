package dev.octet.graph.op;

/** The functions of {@link Binary}: adding one is a constant here and a case in the scalar kernel. */
public enum BinaryFunction {
    ADD("Add", 1, 14, false),
    SUB("Sub", 1, 14, false),
    MUL("Mul", 1, 14, false),
    DIV("Div", 1, 14, false),
    POW("Pow", 1, 15, false),
    PRELU("PRelu", 1, 16, false),
    AND("And", 1, 7, true),
    OR("Or", 1, 7, true),
    XOR("Xor", 1, 7, true),
    EQUAL("Equal", 1, 13, true),
    GREATER("Greater", 1, 13, true),
    GREATER_OR_EQUAL("GreaterOrEqual", 12, 16, true),
    LESS("Less", 1, 13, true),
    LESS_OR_EQUAL("LessOrEqual", 12, 16, true);

    private final String onnxName;
    private final int introduced;
    private final int form;
    private final boolean predicate;

    BinaryFunction(String onnxName, int introduced, int form, boolean predicate) {
        this.onnxName = onnxName;
        this.introduced = introduced;
        this.form = form;
        this.predicate = predicate;
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
        return predicate;
    }
}
