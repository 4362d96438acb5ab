package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.QLookup;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link QLookup}. */
final class NativeQLookup implements Kernel {
    private static final String FUNCTION = "octet_qlookup";

    private final MethodHandle function;
    private final MemorySegment table;

    private NativeQLookup(MethodHandle function, MemorySegment table) {
        this.function = function;
        this.table = table;
    }

    static NativeQLookup prepare(NativeLibrary library, KernelSpec spec) {
        byte[] table = ((QLookup) spec.node().op()).table();
        return new NativeQLookup(
                library.handle(FUNCTION, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG)),
                spec.arena().allocateFrom(Tensor.S8_LAYOUT, table));
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        Chunks.forEach(workers, x.byteSize(), (from, to) -> call(x.asSlice(from), y.asSlice(from), to - from));
    }

    private void call(MemorySegment x, MemorySegment y, long count) {
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(table, x, y, count));
    }
}
