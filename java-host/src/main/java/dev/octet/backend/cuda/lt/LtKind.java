package dev.octet.backend.cuda.lt;

/** The products that are used: types of operands and result, and what is computed with. */
public enum LtKind {
    /** 8-bit operands, exact int32 sums. */
    S8S32(LtAbi.TYPE_S8, LtAbi.TYPE_S32, LtAbi.COMPUTE_S32, LtAbi.TYPE_S32),
    /** 8-bit operands and result, int32 sums times one float an output column, rounded and saturated. */
    S8S8(LtAbi.TYPE_S8, LtAbi.TYPE_S8, LtAbi.COMPUTE_S32, LtAbi.TYPE_F32),
    /** fp16 operands and result, fp32 sums. */
    F16(LtAbi.TYPE_F16, LtAbi.TYPE_F16, LtAbi.COMPUTE_F32, LtAbi.TYPE_F32),
    F32(LtAbi.TYPE_F32, LtAbi.TYPE_F32, LtAbi.COMPUTE_F32, LtAbi.TYPE_F32);

    private final int operandType;
    private final int resultType;
    private final int computeType;
    private final int scaleType;

    LtKind(int operandType, int resultType, int computeType, int scaleType) {
        this.operandType = operandType;
        this.resultType = resultType;
        this.computeType = computeType;
        this.scaleType = scaleType;
    }

    int operandType() {
        return operandType;
    }

    int resultType() {
        return resultType;
    }

    int computeType() {
        return computeType;
    }

    int scaleType() {
        return scaleType;
    }

    /** Whether the operands are integers, which only transposed weights and multiples of 4 allow. */
    boolean isInteger() {
        return operandType == LtAbi.TYPE_S8;
    }

    /** Whether each output column has a factor of its own. */
    public boolean hasColumnFactors() {
        return this == S8S8;
    }
}
