package dev.octet.pass;

import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.FusedConv;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns an f32 or f16 Conv with constant weight, Relu and Clip that read its result alone, and before these an f32 Add of
 * a tensor of its output's shape, into {@link FusedConv}.
 */
public final class FuseConvActivation implements Pass {
    private final Evaluator evaluator;

    public FuseConvActivation(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.op() instanceof Conv)) {
            return graph;
        }
        TrialShapes shapes = TrialShapes.of(graph, evaluator);
        return Rewriting.everywhere(graph, (current, node) -> fuse(current, node, shapes));
    }

    private static Optional<Graph> fuse(Graph graph, Node node, TrialShapes shapes) {
        if (!(node.op() instanceof Conv conv) || !graph.isConstant(node.input(1))) {
            return Optional.empty();
        }
        DType type = graph.dtype(node.output());
        if (type != DType.F32 && type != DType.F16) {
            return Optional.empty();
        }
        GraphEdit edit = new GraphEdit(graph);
        List<String> inputs = new ArrayList<>(List.of(node.input(0), node.input(1)));
        inputs.add(node.input(2));
        String output = node.output();
        // In fp16 a sum of the unrounded product would have other bits than the Add has; limits are fp16 values
        // themselves.
        Optional<Node> add = type == DType.F32 ? residualAdd(graph, output, shapes) : Optional.empty();
        if (add.isPresent()) {
            inputs.add(add.get().input(add.get().input(0).equals(output) ? 1 : 0));
            edit.remove(add.get());
            output = add.get().output();
        } else if (inputs.getLast().isEmpty()) {
            inputs.removeLast();
        }
        Tail tail = Tail.clampsOnly(graph, output, type);
        tail.absorbed().forEach(edit::remove);
        FusedConv op = new FusedConv(
                conv.window(),
                conv.group(),
                Layout.CHANNELS_FIRST,
                tail.clamps().min(),
                tail.clamps().max());
        edit.put(new Node(node.name(), op, inputs, List.of(tail.output())));
        return Optional.of(edit.apply());
    }

    private static Optional<Node> residualAdd(Graph graph, String value, TrialShapes shapes) {
        return graph.onlyConsumer(value)
                .filter(node -> Operators.is(node, "Add") && !node.input(0).equals(node.input(1)))
                .filter(node -> shapes.sameShape(node.input(0), node.input(1))
                        && !graph.isConstant(node.input(node.input(0).equals(value) ? 1 : 0)));
    }
}
