package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** Reads QuantizeLinear and DequantizeLinear nodes whose parameters are constant and whose real side is f32. */
final class Qdq {
    private Qdq() {}

    /**
     * A real value that a DequantizeLinear makes.
     *
     * @param value the integers
     * @param params per tensor or per axis
     */
    record Dequantized(Node node, String value, QuantParams params) {
        /** The parameters if they are one pair for a tensor of 8-bit integers. */
        Optional<QuantParams.PerTensor> bytePerTensor() {
            return params instanceof QuantParams.PerTensor tensor && isByte(tensor.dtype())
                    ? Optional.of(tensor)
                    : Optional.empty();
        }
    }

    static boolean isByte(DType dtype) {
        return dtype == DType.S8 || dtype == DType.U8;
    }

    /** What a value was dequantized from. */
    static Optional<Dequantized> source(Graph graph, String value) {
        Optional<Node> producer = graph.producer(value).filter(node -> node.op() instanceof DequantizeLinear);
        if (producer.isEmpty() || graph.dtype(value) != DType.F32) {
            return Optional.empty();
        }
        Node node = producer.get();
        DequantizeLinear op = (DequantizeLinear) node.op();
        return op.blockSize() > 0
                ? Optional.empty()
                : params(graph, node, graph.dtype(node.input(0)), (int) op.axis())
                        .map(params -> new Dequantized(node, node.input(0), params));
    }

    /** What a value was dequantized from if that is one scale for a tensor of 8-bit integers. */
    static Optional<Dequantized> byteSource(Graph graph, String value) {
        return source(graph, value).filter(source -> source.bytePerTensor().isPresent());
    }

    /** The parameters of a QuantizeLinear from f32 to 8-bit integers with one scale. */
    static Optional<QuantParams.PerTensor> target(Graph graph, Node node) {
        if (!(node.op() instanceof QuantizeLinear op)
                || op.blockSize() > 0
                || graph.dtype(node.input(0)) != DType.F32
                || !isByte(graph.dtype(node.output()))) {
            return Optional.empty();
        }
        return params(graph, node, graph.dtype(node.output()), (int) op.axis())
                .filter(QuantParams.PerTensor.class::isInstance)
                .map(QuantParams.PerTensor.class::cast);
    }

    private static Optional<QuantParams> params(Graph graph, Node node, DType dtype, int axis) {
        Optional<Tensor> scale = graph.constant(node.input(1)).filter(tensor -> tensor.dtype() == DType.F32);
        Optional<Tensor> zeroPoint = graph.constant(node.input(2));
        if (scale.isEmpty() || (node.hasInput(2) && zeroPoint.isEmpty()) || !dtype.isInteger() || dtype.bits() > 32) {
            return Optional.empty();
        }
        float[] scales = scale.get().toFloats();
        int[] zeroPoints = new int[scales.length];
        for (int i = 0; i < scales.length && zeroPoint.isPresent(); i++) {
            zeroPoints[i] = (int) zeroPoint.get().getLong(i);
        }
        return Optional.of(
                scales.length == 1
                        ? new QuantParams.PerTensor(dtype, scales[0], zeroPoints[0])
                        : new QuantParams.PerAxis(dtype, axis, scales, zeroPoints));
    }
}
