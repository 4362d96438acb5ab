package dev.octet.runtime;

/** One way to compute one operator: a row in a backend's table. */
public interface KernelFactory {
    /** Whether {@link #prepare} can take this; the first row of a backend's table that can is used. */
    default boolean supports(KernelSpec spec) {
        return true;
    }

    /** Packs weights and fixes sizes. */
    Kernel prepare(KernelSpec spec);

    /** The kernel's name in plans, reports and profiles, such as {@code java_conv_f32}. */
    String name();
}
