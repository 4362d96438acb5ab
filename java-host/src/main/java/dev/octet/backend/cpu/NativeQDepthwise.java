package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.QConv;
import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** {@link QConv} of each channel alone, in channels-last layout. */
final class NativeQDepthwise implements PackedKernel {
    /** {@code OCTET_MAX_TAPS}. */
    static final int MAX_TAPS = 256;

    private final NativeLibrary.Family family;
    private final ConvGeometry geometry;
    private final IntegerProduct product;

    private NativeQDepthwise(NativeLibrary.Family family, ConvGeometry geometry, IntegerProduct product) {
        this.family = family;
        this.geometry = geometry;
        this.product = product;
    }

    static boolean supports(KernelSpec spec) {
        if (!NativeQConv.supports(spec)) {
            return false;
        }
        ConvGeometry geometry = NativeQConv.geometry(spec);
        return geometry.isDepthwise() && geometry.taps() <= MAX_TAPS;
    }

    static NativeQDepthwise prepare(NativeLibrary library, KernelSpec spec) {
        QConv op = (QConv) spec.node().op();
        ConvGeometry g = NativeQConv.geometry(spec);
        IntegerProduct.Form form = new IntegerProduct.Form(
                NativeWindow.of(g), g.channels(), spec.inputs().dtype(0), op.xZeroPoint(), op.epilogue(), 0);
        NativeLibrary.Packed packed =
                NativePacking.once(spec, library.qdepthwise(), NativeLibrary.Packed.class, arena -> {
                    try (Arena scratch = Arena.ofConfined()) {
                        MemorySegment weight =
                                NativeWeights.inNative(Known.value(spec, 1).orElseThrow(), scratch);
                        return IntegerProduct.pack(
                                library.qdepthwise(),
                                form,
                                NativeWeights.ofDepthwise(weight, g),
                                NativeQConv.bias(spec, scratch),
                                arena);
                    }
                });
        return new NativeQDepthwise(
                library.qdepthwise(), g, IntegerProduct.of(form, g.channels(), packed, spec.arena()));
    }

    @Override
    public BoundKernel bind(KernelArgs args) {
        NativeLibrary.Operands operands = new NativeLibrary.Operands(
                args.in(0).data(),
                args.has(3) ? args.in(3).data() : MemorySegment.NULL,
                args.out(0).data());
        long rows = (long) geometry.batch() * geometry.pixels();
        return ProductTasks.rows(
                rows,
                geometry.out()[2],
                (long) geometry.channels() * geometry.taps(),
                part -> family.runRows(product.struct(), operands, part));
    }
}
