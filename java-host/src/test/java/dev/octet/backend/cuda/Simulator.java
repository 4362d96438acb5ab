package dev.octet.backend.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * The simulated device: faults it is to have from now on, and what it found. Closing it takes the faults away. Its settings
 * belong to the process, so tests that use it must not run at the same time.
 */
@SuppressWarnings("restricted") // calls into the driver's library
public final class Simulator implements AutoCloseable {
    private static final String NEVER = "1000000000";
    private static final String USUAL_CAPABILITY = "80";

    /** Files that the simulator writes into the folder it is given. */
    static final Path LEAKS = Path.of("leaks.txt");

    static final Path VIOLATIONS = Path.of("violations.txt");

    private final MethodHandle set;
    private final Path leaks;
    private final Path violations;

    private Simulator(MethodHandle set, Path folder) {
        this.set = set;
        this.leaks = folder.resolve(LEAKS);
        this.violations = folder.resolve(VIOLATIONS);
        set("LEAKS", leaks.toString());
        set("LOG", violations.toString());
    }

    /** The simulator that stands in for the driver; a test on a real device is skipped. */
    public static Simulator require(Path folder) {
        return new Simulator(setter(), folder);
    }

    /** Runs something on a device of a compute capability, such as 75; skips the test where a real device has another. */
    static void atCapability(int capability, Runnable body) {
        CudaTests.requireDevice();
        Optional<MemorySegment> function = function();
        if (function.isEmpty()) {
            String real = CudaLoader.devices().getFirst().computeCapability();
            String wanted = capability / 10 + "." + capability % 10;
            Assumptions.assumeTrue(real.equals(wanted), "the device is of " + real + ", not " + wanted);
            body.run();
            return;
        }
        MethodHandle set = setter();
        set(set, "CAPABILITY", Integer.toString(capability));
        try {
            body.run();
        } finally {
            set(set, "CAPABILITY", USUAL_CAPABILITY);
        }
    }

    private static Optional<MemorySegment> function() {
        return SymbolLookup.libraryLookup("libcuda.so.1", Arena.global()).find("octet_simulator_set");
    }

    private static MethodHandle setter() {
        CudaTests.requireDevice();
        Optional<MemorySegment> function = function();
        Assumptions.assumeTrue(function.isPresent(), "faults can be injected into the simulated device only");
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
        return Linker.nativeLinker().downcallHandle(function.orElseThrow(), type);
    }

    /** Changes a setting; native-kernels/src/test/cuda/driver/settings.h lists them. */
    public void set(String name, String value) {
        set(set, name, value);
    }

    private static void set(MethodHandle set, String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            int result = (int) set.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value));
            if (result != 0) {
                throw new AssertionError("the simulator knows no setting " + name);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Takes all faults away. */
    public void heal() {
        set("DEVICES", "1");
        set("CAPABILITY", USUAL_CAPABILITY);
        set("INIT", "0");
        set("LOAD", "0");
        set("FAIL_ALLOCATION", NEVER);
        set("FAIL_LAUNCH", NEVER);
        set("FAIL_COPY", NEVER);
        set("LOST_AT", NEVER);
    }

    /** What contexts still held when they ended, since the simulator was asked for. */
    public List<String> leaks() {
        return lines(leaks);
    }

    /** Accesses that the simulator objected to. */
    public List<String> violations() {
        return lines(violations);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        heal();
        set("LEAKS", "");
        set("LOG", "");
    }
}
