package dev.octet.runtime;

import dev.octet.graph.Node;
import dev.octet.graph.TensorType;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.Transpose;
import dev.octet.runtime.KernelFactory.OutputPlace;
import dev.octet.tensor.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Values that need no memory of their own: those that a Concat joins along the last axis are written where they are joined,
 * those that a Transpose brings into channels-last layout are written so, and those that have the bytes of another value
 * share them. The steps that would copy have nothing left to do.
 */
final class SharedPlaces {
    private final LiveNodes live;
    private final List<OutputPlace> outputs;
    private final Map<String, Integer> producers = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Map<Integer, Long> rowStrides = new HashMap<>();
    private final Set<String> owners = new HashSet<>();
    private final BitSet channelsLast = new BitSet();
    private final BitSet idle = new BitSet();

    /** Where in another value a value lies. */
    private record Place(String owner, long offsetBytes) {}

    /**
     * Finds them.
     *
     * @param outputs for each live node where its kernel's output may lie
     */
    SharedPlaces(LiveNodes live, List<OutputPlace> outputs) {
        this.live = live;
        this.outputs = outputs;
        for (int step = 0; step < live.nodes().size(); step++) {
            Node node = live.nodes().get(step);
            for (String output : node.outputs()) {
                producers.put(output, step);
            }
            node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
        }
        for (int step = 0; step < live.nodes().size(); step++) {
            Node node = live.nodes().get(step);
            if (outputs.get(step) == OutputPlace.FIRST_INPUT && isPlaced(node.input(0))) {
                put(node.output(), new Place(node.input(0), 0));
                idle.set(step);
            } else if (node.op() instanceof Concat concat) {
                join(step, node, concat);
            } else if (node.op() instanceof Transpose transpose) {
                transpose(step, node, transpose);
            }
        }
    }

    private boolean isPlaced(String value) {
        return !live.isKnown(value) && live.type(value).isPresent();
    }

    private void transpose(int step, Node node, Transpose op) {
        String source = node.input(0);
        if (isWrittenForOne(source, OutputPlace.CHANNELS_LAST)
                && isToChannelsLast(
                        op.order(live.type(source).orElseThrow().shape().rank()))) {
            put(source, new Place(node.output(), 0));
            channelsLast.set(Optional.ofNullable(producers.get(source)).orElseThrow());
            idle.set(step);
        }
    }

    private static boolean isToChannelsLast(int[] order) {
        boolean last = order.length > 2 && order[0] == 0 && order[order.length - 1] == 1;
        for (int i = 1; i + 1 < order.length; i++) {
            last &= order[i] == i + 1;
        }
        return last;
    }

    private void join(int step, Node node, Concat concat) {
        Optional<TensorType> whole = live.type(node.output());
        if (whole.isEmpty() || !node.inputs().stream().allMatch(part -> isWrittenForOne(part, OutputPlace.ROWS))) {
            return;
        }
        Shape shape = whole.get().shape();
        int bits = whole.get().dtype().bits();
        if (shape.rank() == 0 || shape.axis(concat.axis()) != shape.rank() - 1 || bits % 8 != 0) {
            return;
        }
        long column = 0;
        for (String part : node.inputs()) {
            put(part, new Place(node.output(), column * bits / 8));
            rowStrides.put(producers.get(part), shape.dim(-1));
            column += live.type(part).orElseThrow().shape().dim(-1);
        }
        idle.set(step);
    }

    /** Whether a value is read once and its kernel can write it in some form. */
    private boolean isWrittenForOne(String value, OutputPlace form) {
        Integer producer = producers.get(value);
        return producer != null
                && isPlaced(value)
                && !live.isOutput(value)
                && uses.getOrDefault(value, 0) == 1
                && outputs.get(producer) == form
                && live.nodes().get(producer).outputs().size() == 1;
    }

    /** Whether a step has nothing to do. */
    boolean isIdle(int step) {
        return idle.get(step);
    }

    /** Whether other values lie in a value's memory. */
    boolean isOwner(String value) {
        return owners.contains(value);
    }

    /** How far apart a step is to write its output's rows, if not next to each other. */
    OptionalLong rowStride(int step) {
        Long stride = rowStrides.get(step);
        return stride == null ? OptionalLong.empty() : OptionalLong.of(stride);
    }

    /** Whether a step is to write its output with the second axis moved to the end. */
    boolean isChannelsLast(int step) {
        return channelsLast.get(step);
    }

    /** The lifetimes of the values that own memory, as long as anything in it is needed. */
    List<ArenaLayout.Lifetime> owners(List<ArenaLayout.Lifetime> lifetimes) {
        Map<String, ArenaLayout.Lifetime> owners = new HashMap<>();
        for (ArenaLayout.Lifetime lifetime : lifetimes) {
            owners.merge(root(lifetime.value()).owner, lifetime, ArenaLayout.Lifetime::union);
        }
        List<ArenaLayout.Lifetime> kept = new ArrayList<>();
        for (ArenaLayout.Lifetime lifetime : lifetimes) {
            if (!places.containsKey(lifetime.value())) {
                ArenaLayout.Lifetime needed =
                        Optional.ofNullable(owners.get(lifetime.value())).orElseThrow();
                kept.add(new ArenaLayout.Lifetime(
                        lifetime.value(), lifetime.sizeBytes(), needed.first(), needed.last()));
            }
        }
        return kept;
    }

    /** Tells a layout of the {@link #owners} where the other values are. */
    void addTo(ArenaLayout layout) {
        for (String value : places.keySet()) {
            Place place = root(value);
            layout.share(value, place.owner, place.offsetBytes);
        }
    }

    private void put(String value, Place place) {
        places.put(value, place);
        owners.add(place.owner);
    }

    /** Where a value lies in memory of its own: what it goes through on the way is remembered, so that chains are short. */
    private Place root(String value) {
        List<String> chain = new ArrayList<>();
        String owner = value;
        for (Place place = places.get(owner); place != null; place = places.get(owner)) {
            chain.add(owner);
            owner = place.owner;
        }
        long offset = 0;
        for (String link : chain.reversed()) {
            offset += Optional.ofNullable(places.get(link)).orElseThrow().offsetBytes;
            places.put(link, new Place(owner, offset));
        }
        return new Place(owner, offset);
    }
}
