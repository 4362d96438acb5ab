package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.QBinary;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** {@link QBinary}. */
final class NativeQBinary implements Kernel {
    private static final String FUNCTION = "octet_qbinary";
    private static final FunctionDescriptor DESCRIPTOR = FunctionDescriptor.of(
            JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final int STRUCT_BYTES = (13 + 3 * NativeMove.MAX_AXES) * Long.BYTES + 2 * Float.BYTES;

    private final MethodHandle function;
    private final MemorySegment struct;
    private final long rows;
    private final long length;

    private NativeQBinary(MethodHandle function, MemorySegment struct, Broadcast broadcast) {
        this.function = function;
        this.struct = struct;
        this.rows = broadcast.rows();
        this.length = broadcast.rowLength();
    }

    static boolean supports(KernelSpec spec) {
        QBinary op = (QBinary) spec.node().op();
        return (op.function() == BinaryFunction.ADD || op.function() == BinaryFunction.MUL)
                && IntegerProduct.isByte(op.dtype())
                && Math.abs(op.aMultiplier()) <= IntegerProduct.MAX_MULTIPLIER
                && Math.abs(op.bMultiplier()) <= IntegerProduct.MAX_MULTIPLIER
                && broadcast(spec).outerAxes() <= NativeMove.MAX_AXES;
    }

    private static Broadcast broadcast(KernelSpec spec) {
        return Broadcast.of(
                spec.outputs().get(0).shape(),
                List.of(spec.inputs().shape(0), spec.inputs().shape(1)));
    }

    static NativeQBinary prepare(NativeLibrary library, KernelSpec spec) {
        QBinary op = (QBinary) spec.node().op();
        DType a = spec.inputs().dtype(0);
        DType b = spec.inputs().dtype(1);
        Broadcast broadcast = broadcast(spec);
        NativeStruct struct = new NativeStruct(spec.arena(), STRUCT_BYTES);
        struct.longs(op.function() == BinaryFunction.ADD ? 0 : 1);
        struct.longs(IntegerProduct.kind(a), op.aZeroPoint(), IntegerProduct.kind(b), op.bZeroPoint());
        struct.longs(IntegerProduct.kind(op.dtype()), op.zeroPoint(), op.qmin(), op.qmax());
        struct.longs(broadcast.rowLength(), broadcast.step(0), broadcast.step(1), broadcast.outerAxes());
        struct.longs(broadcast.outerExtents(NativeMove.MAX_AXES));
        struct.longs(broadcast.outerStrides(0, NativeMove.MAX_AXES));
        struct.longs(broadcast.outerStrides(1, NativeMove.MAX_AXES));
        struct.floats(op.aMultiplier(), op.bMultiplier());
        return new NativeQBinary(library.handle(FUNCTION, DESCRIPTOR), struct.done(), broadcast);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment a = args.in(0).data();
        MemorySegment b = args.in(1).data();
        MemorySegment y = args.out(0).data();
        if (rows == 1) {
            Chunks.forEach(workers, length, (from, to) -> call(a, b, y, new Part(0, 1, from, to - from)));
            return;
        }
        long perTask = Math.max(1, Chunks.SIZE / Math.max(1, length));
        workers.forEach(Math.toIntExact(Math.ceilDiv(rows, perTask)), task -> {
            long first = task * perTask;
            call(a, b, y, new Part(first, Math.min(perTask, rows - first), 0, length));
        });
    }

    /** Elements {@code first} to {@code first + count} of some rows. */
    private record Part(long firstRow, long rows, long first, long count) {}

    private void call(MemorySegment a, MemorySegment b, MemorySegment y, Part part) {
        NativeLibrary.call(FUNCTION, () ->
                (int) function.invokeExact(struct, a, b, y, part.firstRow, part.rows, part.first, part.count));
    }
}
