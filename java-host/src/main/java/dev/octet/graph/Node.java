package dev.octet.graph;

import java.util.List;

/**
 * One application of an operator. An empty string among the inputs or outputs stands for an absent optional one.
 *
 * @param name unique in its graph
 */
public record Node(String name, Op op, List<String> inputs, List<String> outputs) {
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The value at an input, empty if it is absent. */
    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    public boolean hasInput(int index) {
        return !input(index).isEmpty();
    }

    /** The first output. */
    public String output() {
        return outputs.get(0);
    }

    /** The node's place in a message: {@code node "conv1" (Conv)}. */
    public String describe() {
        return "node \"" + Names.escape(name) + "\" (" + op.type().name() + ")";
    }
}
