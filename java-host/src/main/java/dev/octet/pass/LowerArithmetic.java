package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.QBinary;
import dev.octet.quant.QuantParams;
import dev.octet.quant.Quantizer;
import java.util.List;
import java.util.Optional;

/** Turns Add and Mul of two dequantized values, Relu or Clip and QuantizeLinear behind included, into {@link QBinary}. */
public final class LowerArithmetic implements Pass {
    @Override
    public Graph apply(Graph graph) {
        return Rewriting.everywhere(graph, LowerArithmetic::lower);
    }

    private static Optional<Graph> lower(Graph graph, Node node) {
        if (!(node.op() instanceof Binary(BinaryFunction function))
                || (function != BinaryFunction.ADD && function != BinaryFunction.MUL)) {
            return Optional.empty();
        }
        Optional<Qdq.Dequantized> a = Qdq.byteSource(graph, node.input(0));
        Optional<Qdq.Dequantized> b = Qdq.byteSource(graph, node.input(1));
        Tail tail = Tail.withoutResidual(graph, node.output());
        if (a.isEmpty() || b.isEmpty() || tail.target().isEmpty()) {
            return Optional.empty();
        }
        QBinary op = operator(
                function,
                a.get().bytePerTensor().orElseThrow(),
                b.get().bytePerTensor().orElseThrow(),
                tail);
        if (!Tail.isMultiplier(op.aMultiplier()) || !Tail.isMultiplier(op.bMultiplier())) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        tail.absorbed().forEach(edit::remove);
        edit.put(new Node(node.name(), op, List.of(a.get().value(), b.get().value()), List.of(tail.output())));
        return Optional.of(edit.apply());
    }

    private static QBinary operator(
            BinaryFunction function, QuantParams.PerTensor a, QuantParams.PerTensor b, Tail tail) {
        QuantParams.PerTensor to = tail.target().orElseThrow();
        boolean product = function == BinaryFunction.MUL;
        Clamps.Limits limits = tail.clamps().quantized(to);
        return new QBinary(
                function,
                a.zeroPoint(),
                product ? Quantizer.multiplier(a.scale(), b.scale(), to.scale()) : a.scale() / to.scale(),
                b.zeroPoint(),
                product ? 1 : b.scale() / to.scale(),
                to.dtype(),
                to.zeroPoint(),
                limits.qmin(),
                limits.qmax());
    }
}
