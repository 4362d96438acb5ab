package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.Pad;
import dev.octet.graph.op.Transpose;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves DequantizeLinear forward and QuantizeLinear backward across operators that only move elements, so that 8-bit
 * integers flow through them; merges equal nodes that read the same value, and drops a QuantizeLinear that undoes a
 * DequantizeLinear. A Shape that reads the same value as one of them is no obstacle: it reads their result. Results stay
 * the same to the bit.
 */
public final class PropagateQdq implements Pass {
    @Override
    public Graph apply(Graph graph) {
        return Rewriting.everywhere(graph, PropagateQdq::rewrite);
    }

    private static Optional<Graph> rewrite(Graph graph, Node node) {
        if (Operators.is(node, "QuantizeLinear", "DequantizeLinear")) {
            Optional<Graph> simpler = merge(graph, node).or(() -> cancel(graph, node));
            return simpler.isPresent() ? simpler : quantizeEarlier(graph, node);
        }
        return Commuting.is(graph, node) ? dequantizeLater(graph, node) : ShapeReads.defer(graph, node);
    }

    private static Optional<QuantParams.PerTensor> perTensor(Graph graph, Node node) {
        return node.op() instanceof DequantizeLinear
                ? Qdq.source(graph, node.output()).flatMap(Qdq.Dequantized::bytePerTensor)
                : Qdq.target(graph, node);
    }

    private static Optional<Graph> merge(Graph graph, Node node) {
        Optional<QuantParams.PerTensor> params = perTensor(graph, node);
        if (params.isEmpty() || graph.isOutput(node.output())) {
            return Optional.empty();
        }
        for (Node other : Readers.first(graph, node.input(0))) {
            if (other.name().equals(node.name())) {
                return Optional.empty();
            }
            boolean same = other.op().getClass() == node.op().getClass()
                    && other.input(0).equals(node.input(0))
                    && perTensor(graph, other).equals(params);
            if (same) {
                GraphEdit edit = new GraphEdit(graph);
                edit.replaceUses(node.output(), other.output());
                return Optional.of(edit.apply());
            }
        }
        return Optional.empty();
    }

    private static Optional<Graph> cancel(Graph graph, Node node) {
        Optional<QuantParams.PerTensor> target = Qdq.target(graph, node);
        Optional<Qdq.Dequantized> source = Qdq.byteSource(graph, node.input(0));
        if (target.isEmpty() || source.isEmpty() || !source.get().params().equals(target.get())) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        edit.replaceUses(node.output(), source.get().value());
        return Optional.of(edit.apply());
    }

    private static Optional<Graph> dequantizeLater(Graph graph, Node node) {
        List<String> integers = new ArrayList<>(node.inputs());
        Optional<Qdq.Dequantized> first = Qdq.source(graph, node.input(0));
        if (first.isEmpty() || !Qdq.isByte(first.get().params().dtype()) || !takesBytes(node)) {
            return Optional.empty();
        }
        Optional<DequantizeLinear> op = behind(node, first.get());
        for (int input : Commuting.data(node)) {
            Optional<Qdq.Dequantized> source = Qdq.source(graph, node.input(input));
            if (op.isEmpty() || source.isEmpty() || (input > 0 && !sameTensorParams(source.get(), first.get()))) {
                return Optional.empty();
            }
            integers.set(input, source.get().value());
        }
        GraphEdit edit = new GraphEdit(graph);
        first.get().bytePerTensor().ifPresent(params -> padZeroPoint(edit, node, params, integers));
        List<String> outputs = new ArrayList<>();
        for (String output : node.outputs()) {
            if (output.isEmpty()) {
                outputs.add("");
                continue;
            }
            String quantized = edit.freshName(output + "/quantized");
            outputs.add(quantized);
            List<String> inputs = new ArrayList<>(first.get().node().inputs());
            inputs.set(0, quantized);
            String name = edit.freshName(output + "/DequantizeLinear");
            edit.put(new Node(name, op.orElseThrow(), inputs, List.of(output)));
        }
        edit.put(new Node(node.name(), node.op(), integers, outputs));
        return Optional.of(edit.apply());
    }

    /** A Pad of zeros adds the integers that stand for them. */
    private static void padZeroPoint(GraphEdit edit, Node node, QuantParams.PerTensor params, List<String> inputs) {
        if (!(node.op() instanceof Pad(Pad.Mode mode)) || mode != Pad.Mode.CONSTANT) {
            return;
        }
        Tensor zeroPoint = Tensor.scalar(params.dtype(), params.zeroPoint());
        String name = edit.addConstant(node.name() + "/zeroPoint", zeroPoint);
        if (inputs.size() == Commuting.PAD_VALUE) {
            inputs.add(name);
        } else {
            inputs.set(Commuting.PAD_VALUE, name);
        }
    }

    /** MaxPool is the one operator here that computes: its integer kernels know one layout of windows. */
    private static boolean takesBytes(Node node) {
        return !(node.op() instanceof MaxPool pool) || !pool.columnMajor();
    }

    private static boolean sameTensorParams(Qdq.Dequantized a, Qdq.Dequantized b) {
        return a.bytePerTensor().isPresent() && a.bytePerTensor().equals(b.bytePerTensor());
    }

    /** The DequantizeLinear to put behind a node: scales along an axis survive a Transpose only. */
    private static Optional<DequantizeLinear> behind(Node node, Qdq.Dequantized source) {
        DequantizeLinear op = (DequantizeLinear) source.node().op();
        if (source.params() instanceof QuantParams.PerTensor) {
            return Optional.of(op);
        }
        if (!(node.op() instanceof Transpose) || Commuting.data(node).size() != 1) {
            return Optional.empty();
        }
        long[] perm = node.op().attributes().integersOrEmpty("perm");
        for (int to = 0; to < perm.length; to++) {
            if (perm[to] == (op.axis() < 0 ? op.axis() + perm.length : op.axis())) {
                return Optional.of(new DequantizeLinear(to, 0, op.outputDType()));
            }
        }
        return Optional.empty();
    }

    private static Optional<Graph> quantizeEarlier(Graph graph, Node node) {
        Optional<QuantParams.PerTensor> target = Qdq.target(graph, node);
        Optional<Node> mover = graph.producer(node.input(0))
                .filter(producer ->
                        graph.onlyConsumer(node.input(0)).isPresent() && commutesBackward(graph, producer, target));
        if (target.isEmpty() || mover.isEmpty()) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        List<String> inputs = new ArrayList<>(mover.get().inputs());
        for (int input : Commuting.data(mover.get())) {
            List<String> quantizer = new ArrayList<>(node.inputs());
            quantizer.set(0, inputs.get(input));
            inputs.set(
                    input, edit.addNode(inputs.get(input) + "/quantized", node.op(), quantizer.toArray(String[]::new)));
        }
        target.ifPresent(params -> padZeroPoint(edit, mover.get(), params, inputs));
        edit.remove(node);
        edit.put(new Node(mover.get().name(), mover.get().op(), inputs, node.outputs()));
        return Optional.of(edit.apply());
    }

    /** Selecting first and quantizing less is better unless the whole value is quantized for nothing else anyway. */
    private static boolean commutesBackward(Graph graph, Node mover, Optional<QuantParams.PerTensor> target) {
        boolean selects = Operators.is(mover, "Gather", "Slice");
        return Commuting.is(graph, mover)
                && mover.outputs().size() == 1
                && takesBytes(mover)
                && (!selects || isQuantizedAnyway(graph, mover, target));
    }

    /** Whether all other consumers of what a node selects from quantize it alike, or there are none. */
    private static boolean isQuantizedAnyway(Graph graph, Node mover, Optional<QuantParams.PerTensor> target) {
        String source = mover.input(0);
        return !graph.isOutput(source)
                && !Readers.areMany(graph, source)
                && graph.consumers(source).stream()
                        .allMatch(consumer -> consumer.equals(mover)
                                || Qdq.target(graph, consumer).equals(target));
    }
}
