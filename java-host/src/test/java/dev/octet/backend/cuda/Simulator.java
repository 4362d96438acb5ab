package dev.octet.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Assumptions;

/** The simulated device's settings, where the driver is the simulator. */
@SuppressWarnings("restricted") // calls into the driver's library
final class Simulator {
    private static final String DRIVER = "libcuda.so.1";

    private Simulator() {}

    /** Runs something on a device of a compute capability, such as 75; skips the test where the device is a real one. */
    static void atCapability(int capability, Runnable body) {
        CudaTests.requireDevice();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment function = SymbolLookup.libraryLookup(DRIVER, arena)
                    .find("octet_simulator_set")
                    .orElseGet(() -> Assumptions.abort("the device is no simulated one"));
            MethodHandle set = Linker.nativeLinker()
                    .downcallHandle(
                            function,
                            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
            set(set, arena, "CAPABILITY", capability);
            try {
                body.run();
            } finally {
                set(set, arena, "CAPABILITY", 80);
            }
        }
    }

    private static void set(MethodHandle set, Arena arena, String name, int value) {
        try {
            set.invokeExact(arena.allocateFrom(name), arena.allocateFrom("" + value));
        } catch (Throwable e) {
            throw new AssertionError("octet_simulator_set", e);
        }
    }
}
