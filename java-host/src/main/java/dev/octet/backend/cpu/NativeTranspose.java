package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.Transpose;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link Transpose} that swaps two neighbouring groups of axes at the end, such as channels and space. */
final class NativeTranspose implements Kernel {
    private static final String FUNCTION = "octet_transpose";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private final MethodHandle function;
    private final Matrices matrices;
    private final int sizeBytes;

    /** A tensor as equal matrices one after the other, each of which is transposed. */
    private record Matrices(long count, long rows, long columns) {
        static Matrices of(Shape x, int[] order) {
            int rank = x.rank();
            int first = 0;
            while (order[first] == first) {
                first++;
            }
            int split = order[first];
            return new Matrices(x.product(0, first), x.product(first, split), x.product(split, rank));
        }
    }

    private NativeTranspose(MethodHandle function, Matrices matrices, int sizeBytes) {
        this.function = function;
        this.matrices = matrices;
        this.sizeBytes = sizeBytes;
    }

    static boolean supports(KernelSpec spec) {
        int bits = spec.inputs().dtype(0).bits();
        return (bits == 8 || bits == 32) && swapsGroups(order(spec));
    }

    private static int[] order(KernelSpec spec) {
        return ((Transpose) spec.node().op()).order(spec.inputs().shape(0).rank());
    }

    /** Whether after leading axes that stay, the others are rotated; false if all stay. */
    private static boolean swapsGroups(int[] order) {
        int first = 0;
        while (first < order.length && order[first] == first) {
            first++;
        }
        int rotated = order.length - first;
        if (rotated == 0) {
            return false;
        }
        for (int i = first; i < order.length; i++) {
            if (order[i] != first + (order[first] - first + i - first) % rotated) {
                return false;
            }
        }
        return true;
    }

    static NativeTranspose prepare(NativeLibrary library, KernelSpec spec) {
        Matrices matrices = Matrices.of(spec.inputs().shape(0), order(spec));
        return new NativeTranspose(
                library.handle(FUNCTION, DESCRIPTOR),
                matrices,
                spec.inputs().dtype(0).bits() / 8);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        long bytes = matrices.rows * matrices.columns * sizeBytes;
        for (long matrix = 0; matrix < matrices.count; matrix++) {
            MemorySegment from = x.asSlice(matrix * bytes, bytes);
            MemorySegment to = y.asSlice(matrix * bytes, bytes);
            long perTask = Math.max(1, Chunks.SIZE / Math.max(1, matrices.rows));
            int tasks = Math.toIntExact(Math.ceilDiv(matrices.columns, perTask));
            workers.forEach(tasks, task -> {
                long first = task * perTask;
                call(from, to, first, Math.min(perTask, matrices.columns - first));
            });
        }
    }

    private void call(MemorySegment x, MemorySegment y, long first, long count) {
        NativeLibrary.call(FUNCTION, () ->
                (int) function.invokeExact(x, y, (long) sizeBytes, matrices.rows, matrices.columns, first, count));
    }
}
