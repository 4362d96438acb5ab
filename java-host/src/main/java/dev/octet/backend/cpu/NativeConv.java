package dev.octet.backend.cpu;

import dev.octet.graph.op.FusedConv;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@link FusedConv} in channels-last layout over at most two axes, with constant weights: one product a group, or a
 * depthwise convolution.
 */
final class NativeConv implements Kernel {
    private final NativeLibrary library;
    private final ConvGeometry geometry;
    private final List<FloatProduct> groups;

    private NativeConv(NativeLibrary library, ConvGeometry geometry, List<FloatProduct> groups) {
        this.library = library;
        this.geometry = geometry;
        this.groups = groups;
    }

    static boolean supports(KernelSpec spec) {
        FusedConv op = (FusedConv) spec.node().op();
        return op.layout() == Layout.CHANNELS_LAST
                && spec.inputs().shape(0).rank() <= 4
                && spec.inputs().dtype(0) == DType.F32
                && Known.value(spec, 1).isPresent()
                && (!spec.inputs().has(2) || Known.value(spec, 2).isPresent());
    }

    static boolean supportsDepthwise(KernelSpec spec) {
        if (!supports(spec)) {
            return false;
        }
        ConvGeometry geometry = geometry(spec);
        return geometry.isDepthwise() && geometry.taps() <= NativeQDepthwise.MAX_TAPS;
    }

    private static ConvGeometry geometry(KernelSpec spec) {
        FusedConv op = (FusedConv) spec.node().op();
        return ConvGeometry.of(
                spec.inputs().shape(0), spec.inputs().shape(1), op.window(), op.group(), Layout.CHANNELS_LAST);
    }

    private static FloatProduct.Form form(KernelSpec spec, ConvGeometry g, long firstChannel) {
        FusedConv op = (FusedConv) spec.node().op();
        return new FloatProduct.Form(
                NativeWindow.of(g),
                g.outChannels(),
                Known.value(spec, 2),
                firstChannel,
                spec.inputs().has(3),
                op.min(),
                op.max());
    }

    static NativeConv prepare(NativeLibrary library, KernelSpec spec) {
        ConvGeometry g = geometry(spec);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment weight = NativeWeights.inNative(Known.value(spec, 1).orElseThrow(), scratch);
            List<FloatProduct> groups = IntStream.range(0, g.group())
                    .mapToObj(group -> FloatProduct.pack(
                            library.fgemm(),
                            form(spec, g, (long) group * g.groupOutChannels()),
                            NativeWeights.ofConv(weight, g, group),
                            spec.arena()))
                    .toList();
            return new NativeConv(library, g, groups);
        }
    }

    static Kernel prepareDepthwise(NativeLibrary library, KernelSpec spec) {
        ConvGeometry g = geometry(spec);
        FloatProduct product;
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment weight = NativeWeights.inNative(Known.value(spec, 1).orElseThrow(), scratch);
            product = FloatProduct.pack(
                    library.fdepthwise(), form(spec, g, 0), NativeWeights.ofDepthwise(weight, g), spec.arena());
        }
        long rows = (long) g.batch() * g.pixels();
        return (args, workers) -> {
            NativeLibrary.Operands operands = operands(args, 0, 0);
            ProductTasks.forEachRows(
                    workers,
                    rows,
                    (long) g.channels() * g.taps(),
                    (from, count) -> library.fdepthwise().run(product.struct(), operands, from, count));
        };
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        long rows = (long) geometry.batch() * geometry.pixels();
        for (int i = 0; i < groups.size() && rows > 0; i++) {
            NativeLibrary.Operands operands =
                    operands(args, (long) i * geometry.groupChannels(), (long) i * geometry.groupOutChannels());
            MemorySegment struct = groups.get(i).struct();
            ProductTasks.forEach(
                    workers,
                    rows,
                    geometry.groupOutChannels(),
                    geometry.depth(),
                    (first, count, panels) -> library.fgemm().run(struct, operands, first, count, panels));
        }
    }

    private static NativeLibrary.Operands operands(KernelArgs args, long inChannel, long outChannel) {
        return new NativeLibrary.Operands(
                args.in(0).data().asSlice(inChannel * Float.BYTES),
                args.has(3) ? args.in(3).data().asSlice(outChannel * Float.BYTES) : MemorySegment.NULL,
                args.out(0).data().asSlice(outChannel * Float.BYTES));
    }
}
