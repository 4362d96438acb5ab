package dev.octet.runtime;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One way to compute one operator: a row in a backend's table.
 *
 * @param name the kernel's name in plans, reports and profiles, such as {@code java_conv_f32}
 * @param supports whether {@code prepare} can take this; the first row that can is used
 * @param prepare packs weights and fixes sizes
 */
public record KernelFactory(String name, Predicate<KernelSpec> supports, Function<KernelSpec, Kernel> prepare) {
    /** A kernel that takes whatever its operator allows. */
    public static KernelFactory of(String name, Function<KernelSpec, Kernel> prepare) {
        return new KernelFactory(name, _ -> true, prepare);
    }
}
