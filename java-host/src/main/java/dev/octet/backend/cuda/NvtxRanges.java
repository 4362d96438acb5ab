package dev.octet.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.octet.io.ResourceFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Names of what is enqueued, for profilers that read NVTX ranges, such as Nsight Systems. Loaded only where a profiler has
 * announced itself by {@value #LISTENER}. Thread-safe: ranges belong to the thread that opens them.
 */
final class NvtxRanges {
    /** How a profiler tells NVTX which library listens; without it NVTX does nothing. */
    static final String LISTENER = "NVTX_INJECTION64_PATH";

    private static final String LIBRARY = "native/cuda/liboctet_nvtx.so";

    private final MethodHandle push;
    private final MethodHandle pop;

    @SuppressWarnings("restricted") // our own library
    private NvtxRanges(SymbolLookup symbols) {
        Linker linker = Linker.nativeLinker();
        push = linker.downcallHandle(symbols.findOrThrow("octet_nvtx_push"), FunctionDescriptor.of(JAVA_INT, ADDRESS));
        pop = linker.downcallHandle(symbols.findOrThrow("octet_nvtx_pop"), FunctionDescriptor.of(JAVA_INT));
    }

    /** The ranges, if a profiler listens and the build has the library. */
    @SuppressWarnings("restricted") // our own library
    static Optional<NvtxRanges> find() {
        if (System.getenv(LISTENER) == null) {
            return Optional.empty();
        }
        try {
            return ResourceFile.use(LIBRARY, path -> new NvtxRanges(SymbolLookup.libraryLookup(path, Arena.ofAuto())));
        } catch (IOException | IllegalArgumentException e) {
            System.getLogger(NvtxRanges.class.getName())
                    .log(System.Logger.Level.WARNING, "steps are not marked for profilers: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    void open(String name) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) push.invokeExact(arena.allocateFrom(name));
        } catch (Throwable e) {
            throw new IllegalStateException("octet_nvtx_push", e);
        }
    }

    void close() {
        try {
            int _ = (int) pop.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("octet_nvtx_pop", e);
        }
    }
}
