package dev.octet.pass;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The constant weight and bias of a Conv, ConvTranspose, Gemm or MatMul in f32, with the output and input channel of
 * each weight, so that a scaling of channels can be folded in.
 */
final class LinearWeights {
    /** Which channels the first axis of the weight counts; the second counts the others, of one group. */
    private enum Order {
        OUTPUT_FIRST,
        INPUT_FIRST
    }

    private final Node node;
    private final Tensor weight;
    private final Optional<Tensor> bias;
    private final int channels;
    private final long group;
    private final Order order;
    private final long first;
    private final long second;
    private final long kernelSize;
    private final Attributes attributes;

    private LinearWeights(Node node, Tensor weight, Optional<Tensor> bias) {
        this.node = node;
        this.weight = weight;
        this.bias = bias;
        this.attributes = node.op().attributes();
        this.group = attributes.integer("group", 1);
        this.order = Operators.is(node, "Conv") || isTransposed() ? Order.OUTPUT_FIRST : Order.INPUT_FIRST;
        this.first = weight.shape().dim(0);
        this.second = weight.shape().dim(1);
        this.kernelSize = weight.shape().product(2, weight.shape().rank());
        this.channels = Math.toIntExact(order == Order.OUTPUT_FIRST ? first : second * group);
    }

    /** The weights of a node if it is linear and they are constant and f32. */
    static Optional<LinearWeights> of(Graph graph, Node node) {
        if (!Operators.isLinear(node)) {
            return Optional.empty();
        }
        Optional<Tensor> weight = graph.constant(node.input(1)).filter(tensor -> tensor.dtype() == DType.F32);
        Optional<Tensor> bias = graph.constant(node.input(2));
        if (weight.isEmpty() || (node.hasInput(2) && bias.isEmpty())) {
            return Optional.empty();
        }
        if (!fits(node, weight.get().shape())) {
            return Optional.empty();
        }
        LinearWeights linear = new LinearWeights(node, weight.get(), bias);
        boolean perChannel = bias.isEmpty()
                || bias.get().elementCount() == 1
                || (bias.get().elementCount() == linear.channels
                        && bias.get().shape().dim(-1) == linear.channels);
        return perChannel ? Optional.of(linear) : Optional.empty();
    }

    /** Whether the node multiplies by one matrix, or its groups share the weights evenly. */
    private static boolean fits(Node node, Shape weight) {
        return Operators.is(node, "Gemm", "MatMul")
                ? weight.rank() == 2
                : weight.dim(0) % node.op().attributes().integer("group", 1) == 0;
    }

    /** The number of weights. */
    long elementCount() {
        return weight.elementCount();
    }

    int channels() {
        return channels;
    }

    private String kind() {
        return node.op().type().name();
    }

    private boolean isTransposed() {
        return attributes.flag("transB", false);
    }

    boolean takesBias() {
        return !kind().equals("MatMul");
    }

    private int outputChannel(long index) {
        return (int)
                switch (order) {
                    case OUTPUT_FIRST -> index / (second * kernelSize);
                    case INPUT_FIRST -> {
                        long input = index / (second * kernelSize);
                        yield input / (first / group) * second + index / kernelSize % second;
                    }
                };
    }

    private int inputChannel(long index) {
        return (int)
                switch (order) {
                    case OUTPUT_FIRST -> {
                        long outputsPerGroup = channels / group;
                        yield outputChannel(index) / outputsPerGroup * second + index / kernelSize % second;
                    }
                    case INPUT_FIRST -> index / (second * kernelSize);
                };
    }

    private double bias(int channel) {
        if (bias.isEmpty()) {
            return 0;
        }
        double beta = kind().equals("Gemm") ? attributes.real("beta", 1) : 1;
        return beta * bias.get().getDouble(bias.get().elementCount() == 1 ? 0 : channel);
    }

    /** The bias as added, one entry an output channel; zeros if there is none. */
    double[] biases() {
        double[] values = new double[channels];
        for (int c = 0; c < channels; c++) {
            values[c] = bias(c);
        }
        return values;
    }

    /** Makes the node compute what {@code follower} made of its output, under the follower's output name. */
    void foldBehind(GraphEdit edit, Node follower, Affine affine) {
        Tensor scaled = affine.hasScale() ? weight.copy() : weight;
        for (long i = 0; i < scaled.elementCount() && affine.hasScale(); i++) {
            scaled.setFloat(i, (float) (weight.getDouble(i) * affine.scale(outputChannel(i))));
        }
        double[] biases = biases();
        for (int c = 0; c < channels; c++) {
            biases[c] = biases[c] * affine.scale(c) + affine.shift(c);
        }
        edit.remove(follower);
        put(edit, node.input(0), follower.output(), affine.hasScale() ? Optional.of(scaled) : Optional.empty(), biases);
    }

    /** Makes the node read {@code preceding}'s input and do the scaling itself; exact only where nothing is padded. */
    void foldAhead(GraphEdit edit, Node preceding, Affine affine) {
        double alpha = kind().equals("Gemm") ? attributes.real("alpha", 1) : 1;
        Tensor scaled = weight.copy();
        double[] biases = biases();
        for (long i = 0; i < scaled.elementCount(); i++) {
            int input = inputChannel(i);
            scaled.setFloat(i, (float) (weight.getDouble(i) * affine.scale(input)));
            biases[outputChannel(i)] += alpha * weight.getDouble(i) * affine.shift(input);
        }
        put(edit, preceding.input(0), node.output(), Optional.of(scaled), biases);
    }

    private void put(GraphEdit edit, String x, String output, Optional<Tensor> scaled, double[] biases) {
        List<String> inputs = new ArrayList<>(List.of(
                x,
                scaled.map(tensor -> edit.addConstant(node.input(1) + "/folded", tensor))
                        .orElse(node.input(1))));
        boolean anyBias = bias.isPresent();
        Tensor folded = Tensor.allocate(DType.F32, Shape.of(channels));
        for (int c = 0; c < channels; c++) {
            folded.setFloat(c, (float) biases[c]);
            anyBias |= biases[c] != 0;
        }
        if (takesBias() && anyBias) {
            String base = node.hasInput(2) ? node.input(2) : node.name() + "/bias";
            inputs.add(edit.addConstant(base + "/folded", folded));
        }
        edit.put(new Node(node.name(), withUnitBeta(), inputs, List.of(output)));
    }

    private Op withUnitBeta() {
        if (!kind().equals("Gemm") || attributes.real("beta", 1) == 1) {
            return node.op();
        }
        return Operators.of(
                "Gemm",
                Attributes.builder()
                        .put("alpha", attributes.real("alpha", 1))
                        .put("transA", attributes.flag("transA", false))
                        .put("transB", isTransposed())
                        .build());
    }
}
