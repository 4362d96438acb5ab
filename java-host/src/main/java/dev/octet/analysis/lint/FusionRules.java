package dev.octet.analysis.lint;

import dev.octet.graph.Names;
import dev.octet.graph.Node;
import java.util.List;
import java.util.Optional;

/** Rules about Q/DQ that keep two nodes from running as one kernel. */
final class FusionRules {
    private FusionRules() {}

    static Optional<Fault> quantizedBeforeAdd(QdqView view, Node add) {
        if (!joinsBranches(view, add) || add.inputs().stream().anyMatch(input -> isLayer(view, input))) {
            return Optional.empty();
        }
        return add.inputs().stream()
                .flatMap(input -> view.pair(input).stream())
                .filter(quantize -> isLayer(view, quantize.input(0)))
                .filter(quantize -> view.graph().onlyConsumer(quantize.input(0)).isPresent())
                .findFirst()
                .map(quantize -> Fault.warning(
                        "the Add cannot fuse with the layer before it: its sum is one more pass over memory",
                        "remove the pair " + quote(quantize) + " and its DequantizeLinear; keep the other input's"));
    }

    static Optional<Fault> floatResidual(QdqView view, Node add) {
        boolean fuses = add.inputs().stream().anyMatch(input -> isInt8Layer(view, input));
        if (!joinsBranches(view, add) || !fuses || !view.isRequantized(add.output())) {
            return Optional.empty();
        }
        boolean hasPair = add.inputs().stream().anyMatch(view::isDequantized);
        return hasPair
                ? Optional.empty()
                : Optional.of(Fault.warning(
                        "the residual input decides the fused layer's output type: it stays float, and a reformat follows",
                        "put a Q/DQ pair on the residual input of the Add (the shorter branch)"));
    }

    private static boolean joinsBranches(QdqView view, Node add) {
        return add.inputs().stream().noneMatch(view::isConstant)
                && !add.input(0).equals(add.input(1));
    }

    private static boolean isLayer(QdqView view, String value) {
        return view.producer(value, QdqView.WEIGHTED).isPresent();
    }

    private static boolean isInt8Layer(QdqView view, String value) {
        return view.producer(value, QdqView.WEIGHTED).filter(view::isInt8).isPresent();
    }

    static Optional<Fault> quantizedBeforeActivation(QdqView view, Node activation) {
        return view.pair(activation.input(0))
                .filter(quantize -> isLayer(view, quantize.input(0)))
                .map(quantize -> Fault.warning(
                        "the activation cannot fuse with the layer before it, and values it cuts off use up the range",
                        "move the pair " + quote(quantize) + " behind the activation"));
    }

    static Optional<Fault> batchNorm(QdqView view, Node batchNorm) {
        Optional<Node> pair = view.pair(batchNorm.input(0));
        if (!isLayer(view, view.beforePair(batchNorm.input(0)))) {
            return Optional.empty();
        }
        return Optional.of(
                pair.isPresent()
                        ? Fault.warning(
                                "the pair between the layer and its batch normalization keeps the two from fusing",
                                "remove the pair " + quote(pair.get()) + " and fold the normalization into the weights")
                        : Fault.warning(
                                "weight scales were taken before folding: runtimes that fold it re-scale rounded weights",
                                "fold the normalization into the layer before quantizing"));
    }

    static Optional<Fault> concatScales(QdqView view, Node concat) {
        List<Node> grids = concat.inputs().stream()
                .flatMap(input -> view.dequantize(input).stream())
                .toList();
        if (grids.size() < concat.inputs().size()) {
            return Optional.empty();
        }
        return grids.stream()
                .filter(grid -> !view.sameGrid(grid, grids.get(0)))
                .findFirst()
                .map(grid -> Fault.warning(
                        "inputs have different scales, so each is rescaled instead of copied or written in place",
                        "give all inputs of the Concat one scale and zero point; " + quote(grid) + " differs from "
                                + quote(grids.get(0))));
    }

    static Optional<Fault> concatMixed(QdqView view, Node concat) {
        List<String> varying = concat.inputs().stream()
                .filter(input -> !view.graph().isConstant(input))
                .toList();
        long quantized = varying.stream().filter(view::isDequantized).count();
        return quantized == 0 || quantized == varying.size()
                ? Optional.empty()
                : Optional.of(Fault.warning(
                        quantized + " of " + varying.size() + " inputs are quantized: the Concat runs in float",
                        "quantize all inputs of the Concat with one scale, or none"));
    }

    private static String quote(Node node) {
        return "\"" + Names.escape(node.name()) + "\"";
    }
}
