package dev.octet.runtime;

import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Says where each value of a program lives, on the host and on a device. */
final class Bindings {
    private final LiveNodes live;
    private final ConstantStore constants;
    private final Arena arena;

    /**
     * Prepares.
     *
     * @param arena takes copies of values that are known beforehand but are no constants of the graph
     */
    Bindings(LiveNodes live, ConstantStore constants, Arena arena) {
        this.live = live;
        this.constants = constants;
        this.arena = arena;
    }

    /**
     * Places in host memory.
     *
     * @param steps those that the host computes
     * @param here whether a value has a place in the layout
     */
    List<Binding> onHost(List<? extends Step> steps, ArenaLayout layout, Predicate<String> here) {
        Set<Integer> read = constantsRead(steps);
        live.outputsByStep().get(0).forEach(output -> read.add(output.number()));
        return live.values().stream()
                .map(value -> {
                    if (!live.isKnown(value)) {
                        return placed(value, layout, here);
                    }
                    if (!read.contains(live.number(value))) {
                        return new Binding.Constant(live.known(value));
                    }
                    return new Binding.Constant(
                            constants.has(value) ? constants.get(value) : Kernels.nativeCopy(live.known(value), arena));
                })
                .toList();
    }

    /**
     * Places in a device's memory.
     *
     * @param steps those that the device computes
     */
    List<Binding> onDevice(List<? extends Step> steps, ArenaLayout layout, Predicate<String> here, Device device) {
        Set<Integer> read = constantsRead(steps);
        return live.values().stream()
                .map(value -> {
                    if (!live.isKnown(value)) {
                        return placed(value, layout, here);
                    }
                    if (!read.contains(live.number(value))) {
                        return new Binding.Constant(live.known(value));
                    }
                    Tensor known = live.known(value);
                    return new Binding.Constant(
                            constants.has(value)
                                    ? constants.get(value, device)
                                    : Tensor.wrap(known.dtype(), known.shape(), device.upload(known.data(), arena)));
                })
                .toList();
    }

    private Binding placed(String value, ArenaLayout layout, Predicate<String> here) {
        return live.type(value)
                .filter(_ -> here.test(value))
                .<Binding>map(type -> new Binding.Placed(type, layout.offset(value)))
                .orElseGet(Binding.AtRunTime::new);
    }

    /** The values that some step reads, whether constants or not. */
    private static Set<Integer> constantsRead(List<? extends Step> steps) {
        Set<Integer> read = new HashSet<>();
        for (Step step : steps) {
            for (int i = 0; i < step.inputs().length; i++) {
                if (step.readsConstant(i)) {
                    read.add(step.inputs()[i]);
                }
            }
        }
        return read;
    }
}
