package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Erf in fp32 by {@code octet_ferf}. */
final class NativeErf implements Kernel {
    private static final String FUNCTION = "octet_ferf";

    private final MethodHandle function;

    NativeErf(NativeLibrary library) {
        function = library.handle(FUNCTION, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    }

    static boolean supports(KernelSpec spec) {
        return spec.inputs().dtype(0) == DType.F32 && ((Unary) spec.node().op()).function() == UnaryFunction.ERF;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        Chunks.forEach(workers, args.in(0).elementCount(), (from, to) -> {
            long at = from * Float.BYTES;
            long bytes = (to - from) * Float.BYTES;
            call(x.asSlice(at, bytes), y.asSlice(at, bytes), to - from);
        });
    }

    private void call(MemorySegment x, MemorySegment y, long count) {
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(x, y, count));
    }
}
