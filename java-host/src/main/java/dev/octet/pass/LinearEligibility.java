package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.Node;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Whether a Conv, ConvTranspose, Gemm or MatMul of a float graph can compute on 8-bit integers. */
final class LinearEligibility {
    private LinearEligibility() {}

    /** Why not; empty if it can. */
    static Optional<String> whyFloat(Graph graph, Node node) {
        if (graph.dtype(node.output()) != DType.F32) {
            return Optional.of("it computes in " + graph.dtype(node.output()).label());
        }
        if (node.inputs().stream().limit(2).allMatch(graph::isConstant)) {
            return Optional.of("its inputs are constant");
        }
        boolean needsWeight = Operators.is(node, "Conv", "ConvTranspose");
        if (needsWeight && !graph.isConstant(node.input(1))) {
            return Optional.of("its weight is computed at run time");
        }
        if (node.hasInput(2) && !graph.isConstant(node.input(2))) {
            return Optional.of("its bias is computed at run time");
        }
        if (Operators.is(node, "Gemm")) {
            Optional<String> gemm = whyFloatGemm(graph, node);
            if (gemm.isPresent()) {
                return gemm;
            }
        }
        if (node.hasInput(2)) {
            graph.constant(node.input(2)).ifPresent(bias -> requireFinite(node, 2, bias));
        }
        Optional<Integer> weightInput = weightInput(graph, node);
        return weightInput.flatMap(input -> whyFloatWeight(graph, node, input));
    }

    /** The index of the input that is a constant weight: empty for a product of two activations. */
    static Optional<Integer> weightInput(Graph graph, Node node) {
        if (graph.isConstant(node.input(1))) {
            return Optional.of(1);
        }
        return graph.isConstant(node.input(0)) ? Optional.of(0) : Optional.empty();
    }

    private static Optional<String> whyFloatGemm(Graph graph, Node node) {
        if (node.op().attributes().real("alpha", 1) != 1
                || node.op().attributes().real("beta", 1) != 1) {
            return Optional.of("it has alpha or beta other than 1 and no constant weight to fold them into");
        }
        Optional<Tensor> c = graph.constant(node.input(2));
        Optional<Shape> b = graph.constant(node.input(1)).map(Tensor::shape);
        if (c.isEmpty() || c.get().elementCount() == 1) {
            return Optional.empty();
        }
        long columns = b.map(shape -> shape.dim(node.op().attributes().flag("transB", false) ? 0 : 1))
                .orElse(c.get().shape().dim(-1));
        boolean perColumn = c.get().elementCount() == columns && c.get().shape().dim(-1) == columns;
        return perColumn ? Optional.empty() : Optional.of("its c " + c.get().shape() + " is not one bias a column");
    }

    private static Optional<String> whyFloatWeight(Graph graph, Node node, int input) {
        Tensor weight = graph.constant(node.input(input)).orElseThrow();
        if (weight.elementCount() == 0) {
            return Optional.of("its weight is empty");
        }
        requireFinite(node, input, weight);
        long products = products(node, weight.shape(), input);
        return products > Quantizer.MAX_K_U8S8
                ? Optional.of("it adds " + products + " products, more than the " + Quantizer.MAX_K_U8S8
                        + " that are sure to fit int32")
                : Optional.empty();
    }

    /** A damaged weight is the file's fault: leaving its layer in float would hide it. */
    private static void requireFinite(Node node, int input, Tensor tensor) {
        OptionalLong bad = LongStream.range(0, tensor.elementCount())
                .filter(i -> !Float.isFinite(tensor.getFloat(i)))
                .findFirst();
        if (bad.isPresent()) {
            float value = tensor.getFloat(bad.getAsLong());
            String shown = Float.isNaN(value) ? "NaN" : value > 0 ? "Inf" : "-Inf";
            throw ModelException.invalid(node.describe() + ": tensor \"" + Names.escape(node.input(input))
                    + "\" holds " + shown + " at index "
                    + Arrays.toString(position(tensor.shape(), bad.getAsLong())).replace(" ", "")
                    + ", so it cannot be quantized; repair the model, or leave the node in float: --fp32 NAME");
        }
    }

    private static long[] position(Shape shape, long element) {
        long[] strides = shape.strides();
        long[] position = new long[strides.length];
        long rest = element;
        for (int axis = 0; axis < strides.length; axis++) {
            position[axis] = rest / strides[axis];
            rest %= strides[axis];
        }
        return position;
    }

    private static long products(Node node, Shape weight, int input) {
        return switch (node.op().type().name()) {
            case "Conv" -> weight.product(1, weight.rank());
            case "ConvTranspose" ->
                weight.dim(0) / node.op().attributes().integer("group", 1) * weight.product(2, weight.rank());
            case "Gemm" -> weight.dim(node.op().attributes().flag("transB", false) ? 1 : 0);
            default -> weight.rank() == 1 ? weight.dim(0) : weight.dim(input == 1 ? -2 : -1);
        };
    }
}
