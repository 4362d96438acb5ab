package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.DataDependentShapeException;
import dev.octet.graph.OpInputs;
import dev.octet.graph.op.Pad;
import dev.octet.graph.op.Slice;
import dev.octet.graph.op.StridedMove;
import dev.octet.graph.op.StridedMove.Axis;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Shape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Strided copies of elements of whole bytes: Concat, Split, Slice, Pad with a constant and their kin. */
final class NativeMove implements Kernel {
    private static final String FUNCTION = "octet_move";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

    /** {@code OCTET_MAX_AXES}. */
    static final int MAX_AXES = 8;

    private static final int STRUCT_BYTES = (4 + 3 * MAX_AXES) * Long.BYTES;

    /** Runs closer together than this share cache lines; others had better be walked in tiles. */
    private static final long NEAR_BYTES = 64;

    /** The input of a Pad that holds what is added. */
    private static final int PAD_VALUE = 2;

    private static final long TASK_BYTES = 1 << 16;

    /** The input of a part that adds the default element, zero. */
    private static final int ZERO = -1;

    private final MethodHandle function;
    private final List<Part> parts = new ArrayList<>();
    private final MemorySegment zero;

    /** A copy as native code takes it: {@code octet_move}, with the number of its runs. */
    private record Part(int input, int output, MemorySegment struct, long runs, long runsPerTask) {}

    private NativeMove(MethodHandle function, KernelSpec spec, List<MovePart> moves) {
        this.function = function;
        this.zero = spec.arena().allocate(Long.BYTES, Long.BYTES);
        long elementBytes = elementBytes(spec);
        for (MovePart move : moves) {
            if (!move.move().isEmpty()) {
                parts.add(part(move, new Runs(move.move(), elementBytes), spec));
            }
        }
    }

    /** A move as runs of bytes. */
    private record Runs(long runBytes, List<Axis> axes, StridedMove move, long elementBytes) {
        Runs(StridedMove move, long elementBytes) {
            this(elementBytes, move.simplified().axes(), move, elementBytes);
        }

        Runs {
            if (!axes.isEmpty()
                    && axes.getLast().fromStride() == 1
                    && axes.getLast().toStride() == 1) {
                runBytes = axes.getLast().extent() * elementBytes;
                axes = axes.subList(0, axes.size() - 1);
            }
        }

        boolean fits() {
            return axes.size() <= MAX_AXES
                    && (axes.isEmpty()
                            || runBytes >= NEAR_BYTES / 4
                            || Math.abs(axes.getLast().fromStride()) * elementBytes <= NEAR_BYTES);
        }

        long count() {
            return axes.stream().mapToLong(Axis::extent).reduce(1, Math::multiplyExact);
        }

        void write(NativeStruct struct) {
            struct.longs(move.from() * elementBytes, move.to() * elementBytes, runBytes, axes.size());
            struct.longs(padded(axes.stream().mapToLong(Axis::extent).toArray()));
            struct.longs(padded(axes.stream()
                    .mapToLong(axis -> axis.fromStride() * elementBytes)
                    .toArray()));
            struct.longs(padded(axes.stream()
                    .mapToLong(axis -> axis.toStride() * elementBytes)
                    .toArray()));
        }

        private static long[] padded(long[] values) {
            return Arrays.copyOf(values, MAX_AXES);
        }
    }

    private static long elementBytes(KernelSpec spec) {
        return spec.inputs().dtype(0).bits() / 8;
    }

    private static Part part(MovePart move, Runs runs, KernelSpec spec) {
        NativeStruct struct = new NativeStruct(spec.arena(), STRUCT_BYTES);
        runs.write(struct);
        return new Part(
                move.input(), move.output(), struct.done(), runs.count(), Math.max(1, TASK_BYTES / runs.runBytes()));
    }

    static boolean supports(KernelSpec spec) {
        return isKnown(spec) && fit(MovePart.of(spec), spec);
    }

    static boolean supportsPad(KernelSpec spec) {
        return isKnown(spec) && ((Pad) spec.node().op()).mode() == Pad.Mode.CONSTANT && fit(padded(spec), spec);
    }

    /** Whether elements are whole bytes, and where they go does not depend on inputs of the run. */
    private static boolean isKnown(KernelSpec spec) {
        OpInputs in = spec.inputs();
        boolean slices = spec.node().op() instanceof Slice;
        boolean pads = spec.node().op() instanceof Pad;
        boolean known = in.dtype(0).bits() % 8 == 0;
        for (int i = 1; i < in.count() && (slices || pads); i++) {
            known &= !in.has(i) || in.known(i).isPresent() || (pads && i == PAD_VALUE);
        }
        return known;
    }

    private static boolean fit(List<MovePart> moves, KernelSpec spec) {
        return moves.stream().allMatch(move -> new Runs(move.move(), elementBytes(spec)).fits());
    }

    static NativeMove prepare(NativeLibrary library, KernelSpec spec) {
        return new NativeMove(library.handle(FUNCTION, DESCRIPTOR), spec, MovePart.of(spec));
    }

    static NativeMove preparePad(NativeLibrary library, KernelSpec spec) {
        return new NativeMove(library.handle(FUNCTION, DESCRIPTOR), spec, padded(spec));
    }

    /** The constant everywhere, then what is left of the input over it. */
    private static List<MovePart> padded(KernelSpec spec) {
        Shape x = spec.inputs().shape(0);
        Shape y = spec.outputs().get(0).shape();
        Pad.Amounts pads = amounts(spec.inputs(), x.rank());
        long from = 0;
        long to = 0;
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) {
            long first = Math.max(0, -pads.begins()[i]);
            long left = x.dim(i) - first - Math.max(0, -pads.ends()[i]);
            from += first * x.strides()[i];
            to += Math.max(0, pads.begins()[i]) * y.strides()[i];
            axes.add(new Axis(left, x.strides()[i], y.strides()[i]));
        }
        int constant = spec.inputs().has(PAD_VALUE) ? PAD_VALUE : ZERO;
        StridedMove fill = new StridedMove(0, 0, List.of(new Axis(y.elementCount(), 0, 1)));
        return List.of(new MovePart(constant, 0, fill), new MovePart(0, 0, new StridedMove(from, to, axes)));
    }

    private static Pad.Amounts amounts(OpInputs in, int rank) {
        try {
            return Pad.amounts(rank, in.longs(1), in.longsIfPresent(3));
        } catch (DataDependentShapeException e) {
            throw new IllegalStateException("a kernel is made once the output's shape is known", e);
        }
    }

    @Override
    public boolean readsConstant(int input) {
        return parts.stream().anyMatch(part -> part.input == input);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        for (Part part : parts) {
            if (args.wants(part.output)) {
                MemorySegment x =
                        part.input == ZERO ? zero : args.in(part.input).data();
                copy(part, x, args.out(part.output).data(), workers);
            }
        }
    }

    private void copy(Part part, MemorySegment x, MemorySegment y, Workers workers) {
        if (part.runs <= part.runsPerTask) {
            call(part, x, y, 0, part.runs);
            return;
        }
        workers.forEach(Math.toIntExact(Math.ceilDiv(part.runs, part.runsPerTask)), task -> {
            long first = task * part.runsPerTask;
            call(part, x, y, first, Math.min(part.runsPerTask, part.runs - first));
        });
    }

    private void call(Part part, MemorySegment x, MemorySegment y, long first, long count) {
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(part.struct, x, y, first, count));
    }
}
