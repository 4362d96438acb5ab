package dev.octet.backend.cuda.lt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Makes the library's descriptors and layouts and sets their attributes; they are destroyed when the arena closes. */
@SuppressWarnings("restricted") // gives the library's objects a lifetime
final class LtObjects {
    private final LtLibrary library;
    private final Arena arena;

    LtObjects(LtLibrary library, Arena arena) {
        this.library = library;
        this.arena = arena;
    }

    MemorySegment matmul(LtKind kind) {
        return make("cublasLtMatmulDesc", kind.computeType(), kind.scaleType());
    }

    /** A column-major matrix; the stride is in elements. */
    MemorySegment layout(int type, long rows, long columns, long columnStride) {
        return make("cublasLtMatrixLayout", type, rows, columns, columnStride);
    }

    MemorySegment preference() {
        return make("cublasLtMatmulPreference");
    }

    private MemorySegment make(String what, Object... arguments) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(ADDRESS);
            Object[] all = new Object[arguments.length + 1];
            all[0] = out;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            library.call(what + "Create", all);
            return out.get(ADDRESS, 0).reinterpret(arena, object -> library.release(what + "Destroy", object));
        }
    }

    void setMatmul(MemorySegment matmul, int attribute, int value) {
        try (Arena scratch = Arena.ofConfined()) {
            set("cublasLtMatmulDescSetAttribute", matmul, attribute, scratch.allocateFrom(JAVA_INT, value));
        }
    }

    void setPreference(MemorySegment preference, int attribute, int value) {
        try (Arena scratch = Arena.ofConfined()) {
            set("cublasLtMatmulPreferenceSetAttribute", preference, attribute, scratch.allocateFrom(JAVA_INT, value));
        }
    }

    void setPreference(MemorySegment preference, int attribute, long value) {
        try (Arena scratch = Arena.ofConfined()) {
            set("cublasLtMatmulPreferenceSetAttribute", preference, attribute, scratch.allocateFrom(JAVA_LONG, value));
        }
    }

    private void set(String function, MemorySegment object, int attribute, MemorySegment value) {
        library.call(function, object, attribute, value, value.byteSize());
    }
}
