package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link Softmax} over the last axis in fp32 by {@code octet_fsoftmax}. */
final class NativeSoftmax implements Kernel {
    private static final String FUNCTION = "octet_fsoftmax";

    private final MethodHandle function;

    NativeSoftmax(NativeLibrary library) {
        function = library.handle(FUNCTION, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG));
    }

    static boolean supports(KernelSpec spec) {
        Softmax op = (Softmax) spec.node().op();
        Shape x = spec.inputs().shape(0);
        return spec.inputs().dtype(0) == DType.F32
                && op.function() == SoftmaxFunction.SOFTMAX
                && x.rank() > 0
                && x.axis(op.axis()) == x.rank() - 1;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Shape shape = args.in(0).shape();
        long length = shape.dim(-1);
        if (shape.elementCount() == 0) {
            return;
        }
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        long rows = shape.elementCount() / length;
        long rowsPerTask = Math.max(1, Chunks.SIZE / length);
        workers.forEach(Math.toIntExact(Math.ceilDiv(rows, rowsPerTask)), task -> {
            long first = task * rowsPerTask;
            long count = Math.min(rowsPerTask, rows - first);
            long at = first * length * Float.BYTES;
            long bytes = count * length * Float.BYTES;
            call(x.asSlice(at, bytes), y.asSlice(at, bytes), count, length);
        });
    }

    private void call(MemorySegment x, MemorySegment y, long rows, long length) {
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(x, y, rows, length));
    }
}
