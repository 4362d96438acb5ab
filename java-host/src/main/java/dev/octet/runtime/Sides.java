package dev.octet.runtime;

import dev.octet.graph.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which values of a program have a place in host memory, which on the device, and what is copied when. A value is copied
 * to the other side as soon as it is made, if a step there reads it or it is an output; then each side's memory can be
 * used again after the last step that reads the value. Outputs stay in host memory until the run ends.
 */
final class Sides {
    private final LiveNodes live;
    private final Set<Integer> onHost = new HashSet<>();
    private final Set<Integer> onDevice = new HashSet<>();
    private final Set<String> outputs = new HashSet<>();
    private final List<List<Transfer>> transfers = new ArrayList<>();

    /** A value to be copied to the device or from it. */
    record Transfer(int value, boolean toDevice) {}

    /**
     * Decides.
     *
     * @param computedByDevice which nodes the device computes, by their index
     */
    Sides(LiveNodes live, BitSet computedByDevice) {
        this.live = live;
        onHost.addAll(live.inputs().values());
        live.outputsByStep()
                .forEach(list -> list.forEach(output -> {
                    onHost.add(output.number());
                    outputs.add(output.name());
                }));
        List<Node> nodes = live.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            Set<Integer> side = computedByDevice.get(i) ? onDevice : onHost;
            add(side, live.numbers(nodes.get(i).inputs()));
            add(side, live.numbers(nodes.get(i).outputs()));
        }
        transfers.add(transfers(List.copyOf(live.inputs().keySet()), true));
        for (int i = 0; i < nodes.size(); i++) {
            transfers.add(transfers(nodes.get(i).outputs(), !computedByDevice.get(i)));
        }
    }

    private static void add(Set<Integer> side, int[] values) {
        for (int value : values) {
            if (value >= 0) {
                side.add(value);
            }
        }
    }

    private List<Transfer> transfers(List<String> made, boolean toDevice) {
        return made.stream()
                .filter(value -> !value.isEmpty() && !live.isKnown(value) && onHost(value) && onDevice(value))
                .map(value -> new Transfer(live.number(value), toDevice))
                .toList();
    }

    boolean onHost(String value) {
        return onHost.contains(live.number(value));
    }

    boolean onDevice(String value) {
        return onDevice.contains(live.number(value));
    }

    /** What is copied after each step; one more entry in front for what is copied before the first. */
    List<List<Transfer>> transfers() {
        return transfers;
    }

    List<ArenaLayout.Lifetime> hostLifetimes() {
        int end = live.nodes().size();
        return live.lifetimes().stream()
                .filter(lifetime -> onHost(lifetime.value()))
                .map(lifetime -> outputs.contains(lifetime.value())
                        ? new ArenaLayout.Lifetime(lifetime.value(), lifetime.sizeBytes(), lifetime.first(), end)
                        : lifetime)
                .toList();
    }

    List<ArenaLayout.Lifetime> deviceLifetimes() {
        return live.lifetimes().stream()
                .filter(lifetime -> onDevice(lifetime.value()))
                .toList();
    }
}
