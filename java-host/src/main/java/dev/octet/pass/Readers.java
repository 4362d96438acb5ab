package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import java.util.List;

/**
 * The readers of a value, for rules that compare one with the others. Each of many readers that looks at all the others
 * would take time in the square of their number, so such rules look no further than {@link #MANY}.
 */
final class Readers {
    static final int MANY = 128;

    private Readers() {}

    static boolean areMany(Graph graph, String value) {
        return graph.consumers(value).size() > MANY;
    }

    /** The first ones. */
    static List<Node> first(Graph graph, String value) {
        return graph.consumers(value).stream().limit(MANY).toList();
    }
}
