package dev.octet.graph;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** The nodes at some places of a graph, looked up as they are asked for: having this takes no time, whatever the number. */
final class NodesByPlace extends AbstractCollection<Node> {
    private final Collection<Long> places;
    private final Map<Long, Node> nodes;

    NodesByPlace(Collection<Long> places, Map<Long, Node> nodes) {
        this.places = places;
        this.nodes = nodes;
    }

    @Override
    public int size() {
        return places.size();
    }

    @Override
    public Iterator<Node> iterator() {
        Iterator<Long> iterator = places.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public Node next() {
                return Optional.ofNullable(nodes.get(iterator.next())).orElseThrow();
            }
        };
    }
}
