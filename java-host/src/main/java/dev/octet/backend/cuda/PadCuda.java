package dev.octet.backend.cuda;

import dev.octet.graph.op.Pad;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Pad with known amounts and a known fill, by the size of an element: neighbours move as one where all pads allow. */
final class PadCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_pad", PadCuda::supports, PadCuda::new);

    private static final int MAX_ELEMENT_BYTES = 16;

    private final KernelFunction function;
    private final MemorySegment fill;
    private final long[] axes;
    private final long[] pads;
    private final Pad.Mode mode;
    private final long first;
    private final long count;

    /**
     * An axis of the output.
     *
     * @param begin places in front of what is kept of the input
     * @param kept places of the input
     * @param skipped places of the input in front of what is kept
     */
    private record Axis(long extent, long begin, long kept, long stride, long skipped) {
        boolean isWhole() {
            return begin == 0 && extent == kept && skipped == 0;
        }
    }

    private PadCuda(CudaDevice device, KernelSpec spec) {
        this.mode = ((Pad) spec.node().op()).mode();
        int elementBytes = spec.inputs().dtype(0).bits() / Byte.SIZE;
        List<Axis> merged = axes(spec);
        int width = width(merged, mode, MAX_ELEMENT_BYTES / elementBytes);
        List<Axis> units = inUnitsOf(width, merged);
        StridedAxes walk = new StridedAxes(
                units.stream().mapToLong(Axis::extent).toArray(),
                new long[][] {units.stream().mapToLong(Axis::stride).toArray()});
        this.axes = walk.fields();
        this.count = walk.count();
        this.pads = new long[2 * StridedAxes.MAX_RANK];
        for (int i = 0; i < units.size(); i++) {
            pads[i] = units.get(i).begin;
            pads[StridedAxes.MAX_RANK + i] = units.get(i).kept;
        }
        this.first = elementBytes
                * merged.stream().mapToLong(axis -> axis.skipped * axis.stride).sum();
        this.function = device.function("octet_simt_pad_b" + width * elementBytes * Byte.SIZE);
        this.fill = spec.shared()
                .get(
                        spec.node().name() + ": fill",
                        MemorySegment.class,
                        arena -> device.upload(pattern(spec, arena), arena));
    }

    private static boolean supports(KernelSpec spec) {
        return spec.inputs().dtype(0).bits() >= Byte.SIZE
                && KnownInput.of(spec, 1).isPresent()
                && KnownInput.isAbsentOrKnown(spec, 2)
                && KnownInput.isAbsentOrKnown(spec, 3)
                && axes(spec).size() <= StridedAxes.MAX_RANK;
    }

    /** The output's axes; inner ones without pads are merged into the next outer one if that is filled or whole. */
    private static List<Axis> axes(KernelSpec spec) {
        Shape x = spec.inputs().shape(0);
        boolean constant = ((Pad) spec.node().op()).mode() == Pad.Mode.CONSTANT;
        long[] strides = x.strides();
        Pad.Amounts amounts = Pad.amounts(
                x.rank(),
                KnownInput.of(spec, 1).orElseThrow().toLongs(),
                KnownInput.of(spec, 3).map(Tensor::toLongs));
        List<Axis> axes = new ArrayList<>();
        axes.add(new Axis(1, 0, 1, 0, 0));
        for (int i = 0; i < x.rank(); i++) {
            long begin = amounts.begins()[i];
            long end = amounts.ends()[i];
            long skipped = Math.max(0, -begin);
            long kept = x.dim(i) - skipped - Math.max(0, -end);
            Axis axis = new Axis(
                    kept + Math.max(0, begin) + Math.max(0, end), Math.max(0, begin), kept, strides[i], skipped);
            Axis outer = axes.getLast();
            if (axis.isWhole() && (constant || outer.isWhole())) {
                axes.set(axes.size() - 1, joined(outer, axis));
            } else {
                axes.add(axis);
            }
        }
        return axes;
    }

    private static Axis joined(Axis outer, Axis inner) {
        long n = inner.extent;
        return new Axis(outer.extent * n, outer.begin * n, outer.kept * n, inner.stride, outer.skipped * n);
    }

    /** The mode as the kernel knows it. */
    private static int code(Pad.Mode mode) {
        return switch (mode) {
            case CONSTANT -> 0;
            case REFLECT -> 1;
            case EDGE -> 2;
            case WRAP -> 3;
        };
    }

    private static int width(List<Axis> axes, Pad.Mode mode, int limit) {
        Axis inner = axes.getLast();
        if (mode != Pad.Mode.CONSTANT && !inner.isWhole()) {
            return 1;
        }
        LongStream outer = axes.stream().limit(axes.size() - 1L).mapToLong(Axis::stride);
        LongStream distances =
                LongStream.concat(LongStream.of(inner.extent, inner.begin, inner.kept, inner.skipped), outer);
        return StridedAxes.commonWidth(limit, distances);
    }

    private static List<Axis> inUnitsOf(int width, List<Axis> axes) {
        List<Axis> units = new ArrayList<>();
        for (Axis axis : axes.subList(0, axes.size() - 1)) {
            units.add(new Axis(axis.extent, axis.begin, axis.kept, axis.stride / width, axis.skipped));
        }
        Axis inner = axes.getLast();
        units.add(new Axis(inner.extent / width, inner.begin / width, inner.kept / width, inner.stride, inner.skipped));
        return units;
    }

    /** The fill as often as it goes into the largest element. */
    private static MemorySegment pattern(KernelSpec spec, Arena arena) {
        MemorySegment pattern = arena.allocate(MAX_ELEMENT_BYTES);
        KnownInput.of(spec, 2).ifPresent(fill -> {
            for (long at = 0; at < MAX_ELEMENT_BYTES; at += fill.data().byteSize()) {
                MemorySegment.copy(fill.data(), 0, pattern, at, fill.data().byteSize());
            }
        });
        return pattern;
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (count == 0) {
            return;
        }
        KernelParams params = new KernelParams()
                .s64(args.in(0).data().address() + first)
                .pointer(args.out(0))
                .pointer(fill)
                .structure(axes)
                .structure(pads)
                .s64(count)
                .s32(code(mode));
        function.launch(stream, Grid.elements(count, 1), params);
    }

    @Override
    public boolean readsConstant(int input) {
        return input == 0;
    }
}
