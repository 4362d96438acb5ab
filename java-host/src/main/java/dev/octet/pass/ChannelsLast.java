package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.QConv;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes convolutions compute on channels-last tensors, between Transposes that {@link SinkTransposes} then moves out of
 * the way.
 */
public final class ChannelsLast implements Pass {
    @Override
    public Graph apply(Graph graph) {
        return Rewriting.everywhere(graph, ChannelsLast::wrap);
    }

    private static Optional<Graph> wrap(Graph graph, Node node) {
        Optional<Op> op = switch (node.op()) {
            case QConv conv
            when conv.layout() == Layout.CHANNELS_FIRST ->
                Optional.of(new QConv(
                        conv.window(), conv.group(), conv.xZeroPoint(), Layout.CHANNELS_LAST, conv.epilogue()));
            case FusedConv conv
            when conv.layout() == Layout.CHANNELS_FIRST ->
                Optional.of(new FusedConv(conv.window(), conv.group(), Layout.CHANNELS_LAST, conv.min(), conv.max()));
            default -> Optional.empty();
        };
        Optional<Tensor> weight = graph.constant(node.input(1));
        if (op.isEmpty() || weight.isEmpty()) {
            return Optional.empty();
        }
        int rank = weight.get().shape().rank();
        GraphEdit edit = new GraphEdit(graph);
        List<String> inputs = new ArrayList<>(node.inputs());
        for (int data : new int[] {0, 3}) {
            if (node.hasInput(data)) {
                String value = node.input(data);
                inputs.set(
                        data,
                        edit.addNode(
                                value + "/channelsLast",
                                Permutation.toChannelsLast(rank).operator(),
                                value));
            }
        }
        String last = edit.freshName(node.output() + "/channelsLast");
        edit.put(new Node(node.name(), op.get(), inputs, List.of(last)));
        String name = edit.freshName(node.output() + "/Transpose");
        edit.put(new Node(name, Permutation.toChannelsFirst(rank).operator(), List.of(last), List.of(node.output())));
        return Optional.of(edit.apply());
    }
}
