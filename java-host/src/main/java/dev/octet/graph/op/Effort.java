package dev.octet.graph.op;

import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.TensorType;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How much work a node is, from the types of its operands alone. A file of a kilobyte can ask for years of it, with extents
 * that multiply: so numbers are double, which overflows to infinity and compares right.
 */
public final class Effort {
    private Effort() {}

    /**
     * Multiply-accumulates of a product or a convolution, padding included; 0 for any other operator.
     *
     * @param inputs one entry an input, empty where an optional one is absent
     */
    public static double multiplyAccumulates(Node node, List<Optional<TensorType>> inputs, List<TensorType> outputs) {
        Op op = node.op();
        return switch (op.type().name()) {
            case "Conv", "ConvInteger", "FusedConv", "QConv" ->
                convolution(outputs.get(0).shape(), shape(inputs, 1));
            case "QLinearConv" -> convolution(outputs.get(0).shape(), shape(inputs, 3));
            case "ConvTranspose" -> convolution(shape(inputs, 0), shape(inputs, 1));
            case "Gemm" ->
                elements(outputs.get(0).shape())
                        * shape(inputs, 0).dim(op.attributes().flag("transA", false) ? 0 : 1);
            case "FusedMatMul",
                    "MatMul",
                    "MatMulInteger",
                    "MatMulIntegerToFloat",
                    "PermutedMatMul",
                    "QMatMul",
                    "QLinearMatMul" ->
                elements(outputs.get(0).shape()) * shape(inputs, 0).dim(-1);
            default -> 0;
        };
    }

    /**
     * Steps of any operator: its multiply-accumulates if it has some, else the elements it reads and writes, for a window
     * each as often as it is looked at.
     */
    public static double operations(Node node, List<Optional<TensorType>> inputs, List<TensorType> outputs) {
        double moved = Stream.concat(inputs.stream().flatMap(Optional::stream), outputs.stream())
                .mapToDouble(type -> elements(type.shape()))
                .sum();
        double looped = switch (node.op()) {
            case MaxPool pool -> windows(pool.window(), outputs);
            case AveragePool pool -> windows(pool.window(), outputs);
            case LpPool pool -> windows(pool.window(), outputs);
            case LocalResponseNormalization norm ->
                elements(outputs.get(0).shape())
                        * Math.min(norm.size(), shape(inputs, 0).dim(1));
            case Einsum einsum -> loops(einsum, inputs);
            default -> multiplyAccumulates(node, inputs, outputs);
        };
        return moved + looped;
    }

    private static double windows(SpatialWindow window, List<TensorType> outputs) {
        return elements(outputs.get(0).shape())
                * Arrays.stream(window.kernel()).asDoubleStream().reduce(1, (a, b) -> a * b);
    }

    private static double loops(Einsum einsum, List<Optional<TensorType>> inputs) {
        List<Shape> operands = IntStream.range(0, inputs.size())
                .mapToObj(i -> shape(inputs, i))
                .toList();
        return Arrays.stream(EinsumAxes.resolve(einsum.equation(), operands).extents())
                .asDoubleStream()
                .reduce(1, (a, b) -> a * b);
    }

    /** Each element of {@code positions} meets one filter of {@code weight}: everything but its first axis. */
    private static double convolution(Shape positions, Shape weight) {
        return elements(positions) * elements(Shape.of(Arrays.copyOfRange(weight.dims(), 1, weight.rank())));
    }

    private static double elements(Shape shape) {
        return Arrays.stream(shape.dims()).asDoubleStream().reduce(1, (a, b) -> a * b);
    }

    private static Shape shape(List<Optional<TensorType>> inputs, int index) {
        return inputs.get(index).orElseThrow().shape();
    }
}
