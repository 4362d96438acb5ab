package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.FusedConv;
import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@link FusedConv} in channels-last layout over at most two axes, with constant weights: one product a group, or a
 * depthwise convolution.
 */
final class NativeConv implements PackedKernel {
    private final NativeLibrary library;
    private final ConvGeometry geometry;
    private final List<FloatProduct> groups;
    private final boolean depthwise;

    private NativeConv(NativeLibrary library, ConvGeometry geometry, List<FloatProduct> groups, boolean depthwise) {
        this.depthwise = depthwise;
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
                spec.rowStride().orElse(g.outChannels()),
                Known.value(spec, 2),
                firstChannel,
                spec.inputs().has(3),
                op.min(),
                op.max());
    }

    static NativeConv prepare(NativeLibrary library, KernelSpec spec) {
        ConvGeometry g = geometry(spec);
        MemorySegment[] packed = NativePacking.once(spec, library.fgemm(), MemorySegment[].class, arena -> {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment weight =
                        NativeWeights.inNative(Known.value(spec, 1).orElseThrow(), scratch);
                return IntStream.range(0, g.group())
                        .mapToObj(group ->
                                FloatProduct.pack(library.fgemm(), NativeWeights.ofConv(weight, g, group), arena))
                        .toArray(MemorySegment[]::new);
            }
        });
        List<FloatProduct> groups = IntStream.range(0, g.group())
                .mapToObj(group -> FloatProduct.of(
                        form(spec, g, (long) group * g.groupOutChannels()),
                        g.groupOutChannels(),
                        packed[group],
                        spec.arena()))
                .toList();
        return new NativeConv(library, g, groups, false);
    }

    static NativeConv prepareDepthwise(NativeLibrary library, KernelSpec spec) {
        ConvGeometry g = geometry(spec);
        MemorySegment packed = NativePacking.once(spec, library.fdepthwise(), MemorySegment.class, arena -> {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment weight =
                        NativeWeights.inNative(Known.value(spec, 1).orElseThrow(), scratch);
                return FloatProduct.pack(library.fdepthwise(), NativeWeights.ofDepthwise(weight, g), arena);
            }
        });
        FloatProduct product = FloatProduct.of(form(spec, g, 0), g.channels(), packed, spec.arena());
        return new NativeConv(library, g, List.of(product), true);
    }

    @Override
    public BoundKernel bind(KernelArgs args) {
        long rows = (long) geometry.batch() * geometry.pixels();
        if (depthwise) {
            NativeLibrary.Operands operands = operands(args, 0, 0);
            return ProductTasks.rows(
                    rows,
                    (long) geometry.channels() * geometry.taps(),
                    part -> library.fdepthwise().runRows(groups.get(0).struct(), operands, part));
        }
        List<BoundKernel> bound = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            NativeLibrary.Operands operands =
                    operands(args, (long) i * geometry.groupChannels(), (long) i * geometry.groupOutChannels());
            MemorySegment struct = groups.get(i).struct();
            bound.add(ProductTasks.tilesInPlace(
                    rows,
                    geometry.groupOutChannels(),
                    geometry.depth(),
                    part -> library.fgemm().run(struct, operands, part)));
        }
        return BoundKernel.inTurn(bound);
    }

    private static NativeLibrary.Operands operands(KernelArgs args, long inChannel, long outChannel) {
        return new NativeLibrary.Operands(
                args.in(0).data().asSlice(inChannel * Float.BYTES),
                args.has(3) ? args.in(3).data().asSlice(outChannel * Float.BYTES) : MemorySegment.NULL,
                args.out(0).data().asSlice(outChannel * Float.BYTES));
    }
}
