package dev.octet.runtime;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One way to compute one operator: a row in a backend's table.
 *
 * @param name the kernel's name in plans, reports and profiles, such as {@code java_conv_f32}
 * @param supports whether {@code prepare} can take this; the first row that can is used
 * @param prepare packs weights and fixes sizes
 * @param output where the kernel's output may lie
 */
public record KernelFactory(
        String name,
        Predicate<KernelSpec> supports,
        Function<KernelSpec, Kernel> prepare,
        Function<KernelSpec, OutputPlace> output) {
    /** Where a kernel's only output may lie. */
    public enum OutputPlace {
        /** In memory of its own, dense. */
        OWN,
        /** Also in memory where its rows, along the last axis, are apart: see {@link KernelSpec#rowStride}. */
        ROWS,
        /** Also with its second axis moved to the end: see {@link KernelSpec#channelsLast}. */
        CHANNELS_LAST,
        /** Also in the first input's memory, whose bytes it has: then there is nothing to run. */
        FIRST_INPUT
    }

    /** A kernel whose outputs are dense. */
    public KernelFactory(String name, Predicate<KernelSpec> supports, Function<KernelSpec, Kernel> prepare) {
        this(name, supports, prepare, _ -> OutputPlace.OWN);
    }

    /** A kernel that takes whatever its operator allows. */
    public static KernelFactory of(String name, Function<KernelSpec, Kernel> prepare) {
        return new KernelFactory(name, _ -> true, prepare);
    }

    /** The same kernel with an output that may lie elsewhere. */
    public KernelFactory withOutput(Function<KernelSpec, OutputPlace> place) {
        return new KernelFactory(name, supports, prepare, place);
    }
}
