package dev.octet.graph.op;

import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.op.Pointwise.Instruction;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Code of {@link Pointwise} in the making: operators are appended one by one. Not thread-safe. */
public final class PointwiseCode {
    private final List<Instruction> code = new ArrayList<>();

    /** The instructions so far. */
    public List<Instruction> code() {
        return List.copyOf(code);
    }

    /** Appends a number; returns its value. */
    public int constant(double number) {
        return append(Instruction.of(PointwiseFunction.CONSTANT).with(number, 0));
    }

    private int append(Instruction instruction) {
        code.add(instruction);
        return code.size() - 1;
    }

    private int append(PointwiseFunction function, int... values) {
        return append(Instruction.of(function, values));
    }

    /**
     * Appends an operator whose tensors are f32, but for a condition.
     *
     * @param scalars those of the node's inputs that are constants of one element
     * @param tensors what stands for each of the others
     * @return the value of the result; empty if there is no code for this operator, and then this is of no more use
     */
    public Optional<Integer> append(Node node, List<Optional<Tensor>> scalars, IntUnaryOperator tensors) {
        int[] values = new int[isOfFirst(node.op()) ? 1 : node.inputs().size()];
        for (int i = 0; i < values.length; i++) {
            Optional<Tensor> scalar = scalars.get(i);
            values[i] = scalar.isPresent() ? constant(scalar.get().getDouble(0)) : tensors.applyAsInt(i);
        }
        return switch (node.op()) {
            case Unary(UnaryFunction function) -> unary(function).map(f -> append(f, function, values[0]));
            case Activation activation -> activation(activation, values[0]);
            case Gelu(boolean tanh) ->
                Optional.of(tanh ? geluByTanh(values[0]) : append(PointwiseFunction.GELU, values[0]));
            case Binary(BinaryFunction function) -> binary(function, values, scalars);
            case Variadic(VariadicFunction function) -> Optional.of(variadic(function, values));
            case Clip _ -> clip(node, values[0], scalars);
            case Where _ -> Optional.of(append(PointwiseFunction.WHERE, values));
            default -> Optional.empty();
        };
    }

    /** Whether code is made of the first input, the others being numbers. */
    private static boolean isOfFirst(Op op) {
        return op instanceof Clip || (op instanceof Binary(BinaryFunction function) && function == BinaryFunction.POW);
    }

    private int append(PointwiseFunction code, UnaryFunction function, int x) {
        Instruction plain = Instruction.of(code, x);
        return append(function == UnaryFunction.RELU ? plain.with(0, Float.POSITIVE_INFINITY) : plain);
    }

    private static Optional<PointwiseFunction> unary(UnaryFunction function) {
        return switch (function) {
            case ABS -> Optional.of(PointwiseFunction.ABS);
            case CEIL -> Optional.of(PointwiseFunction.CEIL);
            case ERF -> Optional.of(PointwiseFunction.ERF);
            case EXP -> Optional.of(PointwiseFunction.EXP);
            case FLOOR -> Optional.of(PointwiseFunction.FLOOR);
            case HARD_SWISH -> Optional.of(PointwiseFunction.HARD_SWISH);
            case LOG -> Optional.of(PointwiseFunction.LOG);
            case MISH -> Optional.of(PointwiseFunction.MISH);
            case NEG -> Optional.of(PointwiseFunction.NEG);
            case RECIPROCAL -> Optional.of(PointwiseFunction.RECIPROCAL);
            case RELU -> Optional.of(PointwiseFunction.CLIP);
            case ROUND -> Optional.of(PointwiseFunction.ROUND);
            case SIGMOID -> Optional.of(PointwiseFunction.SIGMOID);
            case SIGN -> Optional.of(PointwiseFunction.SIGN);
            case SOFTPLUS -> Optional.of(PointwiseFunction.SOFTPLUS);
            case SOFTSIGN -> Optional.of(PointwiseFunction.SOFTSIGN);
            case SQRT -> Optional.of(PointwiseFunction.SQRT);
            case TANH -> Optional.of(PointwiseFunction.TANH);
            case COS, SIN, IS_NAN, NOT -> Optional.empty();
        };
    }

    private Optional<Integer> activation(Activation activation, int x) {
        double first = activation.parameters().get(0);
        double second = activation.parameters().getLast();
        return switch (activation.function()) {
            case LEAKY_RELU ->
                Optional.of(
                        append(Instruction.of(PointwiseFunction.LEAKY_RELU, x).with(first, 0)));
            case ELU ->
                Optional.of(append(Instruction.of(PointwiseFunction.ELU, x).with(first, 0)));
            case SELU -> {
                int elu = append(Instruction.of(PointwiseFunction.ELU, x).with(first, 0));
                yield Optional.of(append(PointwiseFunction.MUL, elu, constant(second)));
            }
            case HARD_SIGMOID ->
                Optional.of(
                        append(Instruction.of(PointwiseFunction.HARD_SIGMOID, x).with(first, second)));
            case SWISH -> {
                int scaled = append(PointwiseFunction.MUL, x, constant(first));
                yield Optional.of(append(PointwiseFunction.MUL, x, append(PointwiseFunction.SIGMOID, scaled)));
            }
            case CELU, THRESHOLDED_RELU, SHRINK -> Optional.empty();
        };
    }

    /** {@code (1 + tanh(u)) / 2} is {@code sigmoid(2 u)}, which does not cancel where u is negative. */
    private int geluByTanh(int x) {
        int square = append(PointwiseFunction.MUL, x, x);
        int bent = append(PointwiseFunction.MUL, square, constant(0.044715));
        int slope = append(PointwiseFunction.ADD, bent, constant(1));
        int factor = constant(2 * Math.sqrt(2 / Math.PI));
        int argument = append(PointwiseFunction.MUL, append(PointwiseFunction.MUL, slope, factor), x);
        return append(PointwiseFunction.MUL, x, append(PointwiseFunction.SIGMOID, argument));
    }

    private Optional<Integer> binary(BinaryFunction function, int[] values, List<Optional<Tensor>> scalars) {
        return switch (function) {
            case ADD -> Optional.of(append(PointwiseFunction.ADD, values));
            case SUB -> Optional.of(append(PointwiseFunction.SUB, values));
            case MUL -> Optional.of(append(PointwiseFunction.MUL, values));
            case DIV -> Optional.of(append(PointwiseFunction.DIV, values));
            case PRELU -> Optional.of(append(PointwiseFunction.PRELU, values));
            case POW -> scalars.get(1).flatMap(exponent -> power(values[0], exponent.getDouble(0)));
            case AND, OR, XOR, EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL -> Optional.empty();
        };
    }

    private Optional<Integer> power(int x, double exponent) {
        if (exponent == 2 || exponent == 3) {
            int square = append(PointwiseFunction.MUL, x, x);
            return Optional.of(exponent == 2 ? square : append(PointwiseFunction.MUL, square, x));
        }
        return exponent == -1 ? Optional.of(append(PointwiseFunction.RECIPROCAL, x)) : Optional.empty();
    }

    private int variadic(VariadicFunction function, int... values) {
        PointwiseFunction pair = switch (function) {
            case MAX -> PointwiseFunction.MAX;
            case MIN -> PointwiseFunction.MIN;
            case SUM, MEAN -> PointwiseFunction.ADD;
        };
        int result =
                values.length > 1 ? values[0] : append(PointwiseFunction.NEG, append(PointwiseFunction.NEG, values));
        for (int i = 1; i < values.length; i++) {
            result = append(pair, result, values[i]);
        }
        return function == VariadicFunction.MEAN
                ? append(PointwiseFunction.DIV, result, constant(values.length))
                : result;
    }

    private Optional<Integer> clip(Node node, int x, List<Optional<Tensor>> scalars) {
        double[] limits = {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
        for (int i = 0; i < limits.length; i++) {
            if (node.hasInput(i + 1)) {
                if (scalars.get(i + 1).isEmpty()) {
                    return Optional.empty();
                }
                limits[i] = scalars.get(i + 1).get().getDouble(0);
            }
        }
        return Optional.of(append(Instruction.of(PointwiseFunction.CLIP, x).with(limits[0], limits[1])));
    }
}
