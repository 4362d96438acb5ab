package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.runtime.ThreadPlacement;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Places threads by {@code octet_keep_apart}. */
final class NativePlacement implements ThreadPlacement {
    private final MethodHandle thread;
    private final MethodHandle processor;
    private final MethodHandle keepApart;

    NativePlacement(NativeSymbols symbols) {
        thread = symbols.handle("octet_thread_id", FunctionDescriptor.of(JAVA_INT));
        processor = symbols.handle("octet_processor", FunctionDescriptor.of(JAVA_INT));
        keepApart = symbols.handle("octet_keep_apart", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    @Override
    public int currentThread() {
        try {
            return (int) thread.invokeExact();
        } catch (Throwable e) {
            throw NativeLibrary.unexpected("octet_thread_id", e);
        }
    }

    @Override
    public int currentProcessor() {
        try {
            return (int) processor.invokeExact();
        } catch (Throwable e) {
            throw NativeLibrary.unexpected("octet_processor", e);
        }
    }

    @Override
    public void keepApart(int[] threads, int current) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocateFrom(JAVA_INT, threads);
            long count = threads.length;
            NativeLibrary.call("octet_keep_apart", () -> (int) keepApart.invokeExact(numbers, count, current));
        }
    }
}
