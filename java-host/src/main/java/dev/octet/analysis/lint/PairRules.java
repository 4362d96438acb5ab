package dev.octet.analysis.lint;

import dev.octet.graph.Node;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules about a QuantizeLinear or DequantizeLinear by itself. */
final class PairRules {
    /** Operators that need float inputs: exponentials and sums of squares magnify the error of rounding. */
    static final Set<String> SENSITIVE = Set.of(
            "Softmax",
            "LogSoftmax",
            "LayerNormalization",
            "InstanceNormalization",
            "GroupNormalization",
            "RMSNormalization",
            "Erf",
            "Gelu",
            "Exp",
            "Log");

    private static final Set<String> INTEGER = Set.of(
            "QLinearConv",
            "QLinearMatMul",
            "ConvInteger",
            "MatMulInteger",
            "QConv",
            "QMatMul",
            "QBinary",
            "QLookup",
            "QGlobalAveragePool");

    /** Runtimes average 8-bit integers where the mean is quantized again. */
    private static final Set<String> POOLS = Set.of("AveragePool", "GlobalAveragePool", "ReduceMean");

    private PairRules() {}

    static Optional<Fault> danglingQuantize(QdqView view, Node quantize) {
        List<Node> readers = List.copyOf(view.graph().consumers(quantize.output()));
        boolean used = view.graph().isOutput(quantize.output())
                || readers.stream()
                        .anyMatch(node -> QdqView.is(node, QdqView.DEQUANTIZE)
                                || QdqView.isAny(node, INTEGER)
                                || QdqView.isAny(node, QdqView.MOVING)
                                || QdqView.is(node, "Concat"));
        return used
                ? Optional.empty()
                : Optional.of(Fault.error(
                        "no DequantizeLinear reads the quantized values",
                        "follow it with a DequantizeLinear of the same scale, or remove it"));
    }

    static Optional<Fault> danglingDequantize(QdqView view, Node dequantize) {
        boolean pair = view.pair(dequantize.output()).isPresent();
        if (!pair || view.isConstant(dequantize.output()) || gains(view, dequantize.output())) {
            return Optional.empty();
        }
        return Optional.of(Fault.warning(
                "values are rounded, but no layer behind this pair runs in int8",
                "remove the pair, or quantize the layer behind it"));
    }

    /** Whether some reader can use integers, or another rule names it. */
    private static boolean gains(QdqView view, String value) {
        return view.graph().consumers(value).stream().anyMatch(reader -> {
            if (QdqView.isAny(reader, QdqView.MOVING)) {
                return gains(view, reader.output());
            }
            boolean named = QdqView.isAny(reader, SENSITIVE) || QdqView.is(reader, "Concat");
            return named
                    || QdqView.is(reader, QdqView.QUANTIZE)
                    || QdqView.isAny(reader, QdqView.WEIGHTED)
                    || QdqView.isAny(reader, QdqView.ACTIVATIONS)
                    || reader.inputs().stream()
                            .anyMatch(input ->
                                    view.producer(input, QdqView.WEIGHTED).isPresent())
                    || view.isRequantized(reader.output())
                    || (QdqView.isAny(reader, POOLS) && isQuantizedLater(view, reader.output()));
        });
    }

    /** Whether some reader quantizes a value, after moving it or not. */
    private static boolean isQuantizedLater(QdqView view, String value) {
        return view.graph().consumers(value).stream()
                .anyMatch(reader -> QdqView.is(reader, QdqView.QUANTIZE)
                        || (QdqView.isAny(reader, QdqView.MOVING) && isQuantizedLater(view, reader.output())));
    }

    static Optional<Fault> sensitiveInput(QdqView view, Node node) {
        return view.pair(node.input(0))
                .map(_ -> Fault.warning(
                        node.op().type().name() + " computes in float and magnifies the error of rounding its input",
                        "remove the Q/DQ pair on its input"));
    }

    static Optional<Fault> requantize(QdqView view, Node quantize) {
        Optional<Node> before = view.dequantize(quantize.input(0)).filter(node -> !view.isConstant(node.output()));
        return before.map(node -> view.sameGrid(node, quantize)
                ? Fault.note("the second of two equal pairs changes nothing", "remove one of the pairs")
                : Fault.warning(
                        "values are rounded twice, and changing the scale is one more pass over memory",
                        "keep one of the two pairs"));
    }

    static Optional<Fault> degenerateScale(QdqView view, Node qdq) {
        return view.scale(qdq).flatMap(scale -> {
            for (long i = 0; i < scale.elementCount(); i++) {
                double value = scale.getDouble(i);
                boolean usable = value >= Float.MIN_NORMAL && value < Double.POSITIVE_INFINITY;
                if (!usable) {
                    return Optional.of(Fault.error(
                            "scale " + i + " is " + value + ", so quotients are not finite",
                            "recalibrate; a tensor of zeros has scale 1"));
                }
            }
            return Optional.empty();
        });
    }

    static Optional<Fault> equalScales(QdqView view, Node dequantize) {
        return view.scale(dequantize)
                .filter(scale -> scale.elementCount() > 1 && allEqual(scale))
                .map(scale -> Fault.note(
                        "all " + scale.elementCount() + " scales of the axis are equal: per-channel in name only",
                        "take one scale a channel from the weights, or one scale for the tensor"));
    }

    private static boolean allEqual(Tensor scale) {
        for (long i = 1; i < scale.elementCount(); i++) {
            if (scale.getDouble(i) != scale.getDouble(0)) {
                return false;
            }
        }
        return true;
    }

    static Optional<Fault> asymmetric(QdqView view, Node quantize) {
        return view.isAsymmetric(quantize)
                ? Optional.of(Fault.error(
                        "TensorRT takes zero point 0 only", "quantize with --for tensorrt or --activations symmetric"))
                : Optional.empty();
    }

    static Optional<Fault> unsigned(QdqView view, Node quantize) {
        return view.graph().dtype(quantize.output()) == DType.U8 && !view.isAsymmetric(quantize)
                ? Optional.of(Fault.error(
                        "TensorRT takes int8 only, this is uint8", "quantize with --for tensorrt: int8, zero point 0"))
                : Optional.empty();
    }
}
