package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * A scaling of channels: {@code y = x * scale + shift}, one pair a channel or one for all. In double, so that folding it
 * rounds each weight once.
 */
record Affine(double[] scale, double[] shift) {
    boolean isFinite() {
        return Arrays.stream(scale).allMatch(Double::isFinite)
                && Arrays.stream(shift).allMatch(Double::isFinite);
    }

    boolean hasShift() {
        return Arrays.stream(shift).anyMatch(value -> value != 0);
    }

    boolean hasScale() {
        return Arrays.stream(scale).anyMatch(value -> value != 1);
    }

    double scale(int channel) {
        return scale[scale.length == 1 ? 0 : channel];
    }

    double shift(int channel) {
        return shift[shift.length == 1 ? 0 : channel];
    }

    /** What a BatchNormalization in inference does (ONNX opset 15), if its parameters are constant. */
    static Optional<Affine> ofBatchNorm(Graph graph, Node node) {
        if (!Operators.is(node, "BatchNormalization")
                || graph.dtype(node.input(0)) != DType.F32
                || node.outputs().stream().skip(1).anyMatch(output -> !output.isEmpty())) {
            return Optional.empty();
        }
        double[][] parameters = new double[4][];
        for (int i = 0; i < parameters.length; i++) {
            Optional<Tensor> constant = graph.constant(node.input(i + 1));
            if (constant.isEmpty()) {
                return Optional.empty();
            }
            parameters[i] = doubles(constant.get());
            if (parameters[i].length != parameters[0].length) {
                return Optional.empty();
            }
        }
        double epsilon = node.op().attributes().real("epsilon", 1e-5f);
        double[] scale = parameters[0].clone();
        double[] shift = parameters[1].clone();
        for (int c = 0; c < scale.length; c++) {
            scale[c] /= Math.sqrt(parameters[3][c] + epsilon);
            shift[c] -= parameters[2][c] * scale[c];
        }
        return Optional.of(new Affine(scale, shift)).filter(Affine::isFinite);
    }

    /**
     * What Add, Sub, Mul or Div of {@code value} with a constant does, if the constant has one element a channel.
     *
     * @param axis of channels in {@code value}
     */
    static Optional<Affine> ofArithmetic(Graph graph, Node node, String value, int rank, int axis) {
        if (!Operators.is(node, "Add", "Sub", "Mul", "Div") || node.input(0).equals(node.input(1))) {
            return Optional.empty();
        }
        boolean first = node.input(0).equals(value);
        Optional<Tensor> constant = graph.constant(node.input(first ? 1 : 0));
        if (constant.isEmpty() || !isPerChannel(constant.get().shape(), rank, axis)) {
            return Optional.empty();
        }
        double[] c = doubles(constant.get());
        double[] ones = {1};
        double[] zeros = {0};
        Affine affine = switch (node.op().type().name()) {
            case "Add" -> new Affine(ones, c);
            case "Sub" ->
                first ? new Affine(ones, Arrays.stream(c).map(v -> -v).toArray()) : new Affine(new double[] {-1}, c);
            case "Mul" -> new Affine(c, zeros);
            default ->
                first
                        ? new Affine(Arrays.stream(c).map(v -> 1 / v).toArray(), zeros)
                        : new Affine(new double[] {Double.NaN}, zeros);
        };
        return Optional.of(affine).filter(Affine::isFinite);
    }

    private static boolean isPerChannel(Shape constant, int rank, int axis) {
        int missing = rank - constant.rank();
        if (missing < 0) {
            return false;
        }
        for (int i = 0; i < constant.rank(); i++) {
            if (i + missing != axis && constant.dim(i) != 1) {
                return false;
            }
        }
        return true;
    }

    static double[] doubles(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.getDouble(i);
        }
        return values;
    }
}
