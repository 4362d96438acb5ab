package dev.octet.analysis.lint;

import dev.octet.graph.Names;
import dev.octet.graph.Node;
import dev.octet.graph.op.ConvTranspose;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.Gemm;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules about grids that change where values only move, and about forms of quantization that a runtime lacks. */
final class FormatRules {
    static final Set<String> GATES = Set.of("Sigmoid", "HardSigmoid", "HardSwish", "Mish", "Gelu", "Elu", "Tanh");

    static final Set<String> INTEGER_OPERATORS =
            Set.of("QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "DynamicQuantizeLinear");

    private static final Set<DType> WIDE = Set.of(DType.S16, DType.U16);

    private FormatRules() {}

    static Optional<Fault> movedScales(QdqView view, Node node) {
        return view.dequantize(node.input(0))
                .flatMap(before -> view.graph().consumers(node.output()).stream()
                        .filter(reader -> QdqView.is(reader, QdqView.QUANTIZE))
                        .filter(after -> !view.sameGrid(before, after))
                        .findFirst()
                        .map(after -> Fault.warning(
                                node.op().type().name()
                                        + " only moves values, but they have another scale behind it: they are rounded"
                                        + " twice, in one more pass over memory",
                                "give " + quote(after) + " the scale and zero point of " + quote(before)
                                        + ", or remove one of the pairs")));
    }

    static Optional<Fault> concatOutput(QdqView view, Node concat) {
        List<Node> grids = concat.inputs().stream()
                .flatMap(input -> view.dequantize(input).stream())
                .toList();
        boolean oneGrid = !grids.isEmpty()
                && grids.size() == concat.inputs().size()
                && grids.stream().allMatch(grid -> view.sameGrid(grid, grids.getFirst()));
        return oneGrid ? movedScales(view, concat) : Optional.empty();
    }

    static Optional<Fault> quantizedBeforeGate(QdqView view, Node gate) {
        return view.pair(gate.input(0))
                .filter(quantize ->
                        view.producer(quantize.input(0), QdqView.WEIGHTED).isPresent())
                .map(quantize -> Fault.warning(
                        "TensorRT fuses " + gate.op().type().name()
                                + " with the layer before it only where no pair stands between them",
                        "remove the pair " + quote(quantize) + "; quantize behind the activation"));
    }

    static Optional<Fault> weightAxis(QdqView view, Node layer) {
        Optional<Node> dequantize =
                view.isConstant(layer.input(1)) ? view.dequantize(layer.input(1)) : Optional.empty();
        Optional<Tensor> weight = view.weight(layer);
        Optional<Tensor> scale = dequantize.flatMap(view::scale);
        if (weight.isEmpty()
                || scale.isEmpty()
                || scale.get().shape().rank() != 1
                || scale.get().elementCount() == 1) {
            return Optional.empty();
        }
        Shape shape = weight.get().shape();
        long wanted = outputAxis(layer, shape);
        if (!(dequantize.get().op() instanceof DequantizeLinear op) || op.blockSize() > 0 || shape.rank() < 2) {
            return Optional.empty();
        }
        long axis = op.axis() < 0 ? op.axis() + shape.rank() : op.axis();
        return axis == wanted
                ? Optional.empty()
                : Optional.of(Fault.warning(
                        "weights have a scale for each position of axis " + axis
                                + ", which is summed over: the sum cannot be taken in integers",
                        "quantize along the axis of output channels, " + wanted));
    }

    private static long outputAxis(Node layer, Shape weight) {
        return switch (layer.op()) {
            case ConvTranspose _ -> 1;
            case Gemm gemm -> gemm.transB() ? 0 : 1;
            default -> QdqView.is(layer, "MatMul") ? weight.rank() - 1L : 0;
        };
    }

    static Optional<Fault> unsignedWeight(QdqView view, Node layer) {
        return view.isConstant(layer.input(1))
                ? view.dequantize(layer.input(1))
                        .filter(dequantize -> view.graph().dtype(dequantize.input(0)) == DType.U8)
                        .map(_ -> Fault.error("TensorRT takes int8 weights only, these are uint8", "quantize to int8"))
                : Optional.empty();
    }

    static Optional<Fault> wide(QdqView view, Node quantize) {
        DType type = view.graph().dtype(quantize.output());
        return WIDE.contains(type)
                ? Optional.of(Fault.warning(
                        "no matrix unit multiplies " + type.label()
                                + ": layers behind this run in float, with one more pass for the rounding",
                        "quantize to int8, or leave these values float"))
                : Optional.empty();
    }

    static Optional<Fault> perChannelActivation(QdqView view, Node quantize) {
        return view.scale(quantize)
                .filter(scale -> scale.elementCount() > 1
                        && !view.graph().isConstant(quantize.input(0))
                        && view.graph().consumers(quantize.output()).stream()
                                .flatMap(node -> view.graph().consumers(node.output()).stream())
                                .anyMatch(node -> QdqView.isAny(node, QdqView.WEIGHTED)))
                .map(_ -> Fault.warning(
                        "a layer sums over channels of different scales: it cannot run in integers",
                        "give the activation one scale; per-channel scales are for weights"));
    }

    static Optional<Fault> computedScale(QdqView view, Node quantize) {
        return view.graph().isConstant(quantize.input(1))
                ? Optional.empty()
                : Optional.of(Fault.error(
                        "TensorRT takes constant scales only, this one is computed",
                        "calibrate, and store the scale as an initializer"));
    }

    static Optional<Fault> integerOperator(QdqView view, Node node) {
        return Optional.of(Fault.error(
                "TensorRT has no " + node.op().type().name() + ": it reads Q/DQ around float operators",
                "quantize in Q/DQ form"));
    }

    static Optional<Fault> quantizedBias(QdqView view, Node layer) {
        return view.dequantize(layer.input(2))
                .map(_ -> Fault.error(
                        "TensorRT adds float biases and refuses a DequantizeLinear on int32",
                        "leave the bias float: quantize with --for tensorrt"));
    }

    private static String quote(Node node) {
        return "\"" + Names.escape(node.name()) + "\"";
    }
}
