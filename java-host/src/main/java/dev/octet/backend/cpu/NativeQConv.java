package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QConv;
import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * {@link QConv} in channels-last layout over at most two axes, with constant weights, as one product a group; or by
 * Winograd's method, which gives the same results.
 */
final class NativeQConv implements PackedKernel {
    private final NativeLibrary.Family family;
    private final ConvGeometry geometry;
    private final List<IntegerProduct> groups;
    private final int outBytes;
    private final boolean winograd;

    private NativeQConv(
            NativeLibrary.Family family,
            ConvGeometry geometry,
            List<IntegerProduct> groups,
            DType outType,
            boolean winograd) {
        this.family = family;
        this.winograd = winograd;
        this.geometry = geometry;
        this.groups = groups;
        this.outBytes = outType.bits() / 8;
    }

    /** Whether native code can compute the node at all, depthwise or not. */
    static boolean supports(KernelSpec spec) {
        QConv op = (QConv) spec.node().op();
        boolean residual =
                op.epilogue() instanceof Epilogue.ToInt8 e && e.residual().isPresent();
        return op.layout() == Layout.CHANNELS_LAST
                && spec.inputs().shape(0).rank() <= 4
                && IntegerProduct.isByte(spec.inputs().dtype(0))
                && Known.value(spec, 1).filter(w -> w.dtype() == DType.S8).isPresent()
                && (!spec.inputs().has(2) || Known.value(spec, 2).isPresent())
                && residual == spec.inputs().has(3)
                && IntegerProduct.canStore(op.epilogue());
    }

    /** A residual's rows are as far apart as the output's, so that one keeps them dense. */
    static KernelFactory.OutputPlace output(KernelSpec spec) {
        return spec.inputs().has(3) ? KernelFactory.OutputPlace.OWN : KernelFactory.OutputPlace.ROWS;
    }

    /** {@code OCTET_WINOGRAD_DEPTH}. */
    private static final int WINOGRAD_DEPTH = 1024;

    /** Transformed weights take 32 bytes for 9: more than this only pays where many tiles share them. */
    private static final long WINOGRAD_BYTES = 1 << 20;

    private static final int WINOGRAD_TILES = 48;

    /** Whether a node is {@linkplain #supports supported} and Winograd's method takes less time. */
    static boolean isForWinograd(KernelSpec spec) {
        if (!supports(spec)) {
            return false;
        }
        ConvGeometry g = geometry(spec);
        boolean form = g.kernel()[1] == 3
                && g.kernel()[2] == 3
                && g.strides()[1] * g.strides()[2] == 1
                && g.dilations()[1] * g.dilations()[2] == 1
                && g.groupChannels() % IntegerProduct.PANEL == 0
                && g.groupChannels() <= WINOGRAD_DEPTH;
        long tiles = (long) g.batch() * linePairs(g) * Math.ceilDiv(g.out()[2], 2);
        long bytes = 2L * 16 * g.groupChannels() * g.groupOutChannels();
        return form && (bytes <= WINOGRAD_BYTES || tiles >= WINOGRAD_TILES);
    }

    private static long linePairs(ConvGeometry g) {
        return Math.ceilDiv(g.out()[1], 2);
    }

    static NativeQConv prepare(NativeLibrary library, KernelSpec spec) {
        return prepare(library.qgemm(), spec, false);
    }

    static NativeQConv prepareWinograd(NativeLibrary library, KernelSpec spec) {
        return prepare(library.qwinograd().orElseThrow(), spec, true);
    }

    private static NativeQConv prepare(NativeLibrary.Family family, KernelSpec spec, boolean winograd) {
        QConv op = (QConv) spec.node().op();
        ConvGeometry g = geometry(spec);
        IntegerDepth.require(g.depth(), DType.S8, false);
        NativeLibrary.Packed[] packed = NativePacking.once(spec, family, NativeLibrary.Packed[].class, arena -> {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment weight =
                        NativeWeights.inNative(Known.value(spec, 1).orElseThrow(), scratch);
                MemorySegment bias = bias(spec, scratch);
                return IntStream.range(0, g.group())
                        .mapToObj(group -> IntegerProduct.pack(
                                family,
                                form(spec, g, group),
                                NativeWeights.ofConv(weight, g, group),
                                ofGroup(bias, g, group),
                                arena))
                        .toArray(NativeLibrary.Packed[]::new);
            }
        });
        List<IntegerProduct> groups = IntStream.range(0, g.group())
                .mapToObj(group ->
                        IntegerProduct.of(form(spec, g, group), g.groupOutChannels(), packed[group], spec.arena()))
                .toList();
        return new NativeQConv(family, g, groups, op.epilogue().dtype(), winograd);
    }

    private static IntegerProduct.Form form(KernelSpec spec, ConvGeometry g, int group) {
        QConv op = (QConv) spec.node().op();
        return new IntegerProduct.Form(
                NativeWindow.of(g),
                spec.rowStride().orElse(g.outChannels()),
                spec.inputs().dtype(0),
                op.xZeroPoint(),
                op.epilogue(),
                (long) group * g.groupOutChannels());
    }

    private static MemorySegment ofGroup(MemorySegment bias, ConvGeometry g, int group) {
        long first = (long) group * g.groupOutChannels();
        return bias.equals(MemorySegment.NULL) ? bias : bias.asSlice(first * Integer.BYTES);
    }

    static ConvGeometry geometry(KernelSpec spec) {
        QConv op = (QConv) spec.node().op();
        return ConvGeometry.of(
                spec.inputs().shape(0), spec.inputs().shape(1), op.window(), op.group(), Layout.CHANNELS_LAST);
    }

    /** The constant bias in native memory, or {@link MemorySegment#NULL}. */
    static MemorySegment bias(KernelSpec spec, Arena arena) {
        Optional<Tensor> bias = Known.value(spec, 2);
        return bias.map(tensor -> NativeWeights.inNative(tensor, arena)).orElse(MemorySegment.NULL);
    }

    @Override
    public BoundKernel bind(KernelArgs args) {
        return BoundKernel.inTurn(IntStream.range(0, groups.size())
                .mapToObj(group -> bind(groups.get(group).struct(), operands(args, group)))
                .toList());
    }

    private BoundKernel bind(MemorySegment struct, NativeLibrary.Operands operands) {
        long columns = geometry.groupOutChannels();
        if (winograd) {
            long pairProducts = 2L * geometry.out()[2] * columns * geometry.depth();
            long lines = geometry.batch() * linePairs(geometry);
            return ProductTasks.lines(lines, pairProducts, part -> family.runRows(struct, operands, part));
        }
        long rows = (long) geometry.batch() * geometry.pixels();
        return ProductTasks.tiles(rows, columns, geometry.depth(), part -> family.run(struct, operands, part));
    }

    private NativeLibrary.Operands operands(KernelArgs args, int group) {
        long column = (long) group * geometry.groupOutChannels();
        return new NativeLibrary.Operands(
                args.in(0).data().asSlice((long) group * geometry.groupChannels()),
                args.has(3) ? args.in(3).data().asSlice(column) : MemorySegment.NULL,
                args.out(0).data().asSlice(column * outBytes));
    }
}
