package dev.octet.backend.cuda.lt;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A handle of cuBLASLt in the CUDA context that was current when it was opened. Safe to use from several threads; closed
 * after everything that was prepared with it and before the context.
 */
public final class CublasLt implements AutoCloseable {
    private final LtLibrary library;
    private final MemorySegment handle;

    private CublasLt(LtLibrary library, MemorySegment handle) {
        this.library = library;
        this.handle = handle;
    }

    /**
     * Opens a handle in the current context.
     *
     * @throws dev.octet.tensor.BackendException if the library refuses this device
     */
    public static CublasLt open(LtLibrary library) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(ADDRESS);
            library.call("cublasLtCreate", out);
            return new CublasLt(library, out.get(ADDRESS, 0));
        }
    }

    public LtLibrary library() {
        return library;
    }

    MemorySegment handle() {
        return handle;
    }

    @Override
    public void close() {
        library.release("cublasLtDestroy", handle);
    }
}
