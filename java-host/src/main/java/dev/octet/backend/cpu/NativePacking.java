package dev.octet.backend.cpu;

import dev.octet.runtime.KernelSpec;
import java.lang.foreign.Arena;
import java.util.function.Function;

/** Packs the constant weight and bias of a node once for all plans. */
final class NativePacking {
    private NativePacking() {}

    /** What {@code pack} makes of the node's weights; nothing it makes may depend on the shape of input 0. */
    static <T> T once(KernelSpec spec, NativeLibrary.Family family, Class<T> type, Function<Arena, T> pack) {
        return spec.shared().get(spec.node().name() + "\n" + family.name(), type, pack);
    }
}
