package dev.octet.backend.cuda;

import dev.octet.graph.op.Conv;
import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.FusedConv;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * A float convolution with everything resolved, {@link Conv} or {@link FusedConv}, and its packed weights on the device.
 *
 * @param weights packed as {@link Order} says
 */
record FloatConv(ConvGeometry geometry, MemorySegment weights, float min, float max, DType type, Order order) {
    private static final int CHUNK_BYTES = 16;

    /** The order of packed weights, outermost axis first. A group's depth counts taps, then channels. */
    enum Order {
        /** Groups, depth, outputs of a group. */
        DEPTH_COLUMNS,
        /** Groups, outputs of a group, depth. */
        COLUMNS_DEPTH,
        /** Taps, outputs of all groups; for groups of one channel. */
        TAPS_CHANNELS;

        /** Where the weight of an output channel goes. */
        private long index(ConvGeometry g, int output, long k) {
            long columns = g.groupOutChannels();
            long depth = g.depth();
            long group = output / columns * columns * depth;
            long column = output % columns;
            return switch (this) {
                case DEPTH_COLUMNS -> group + k * columns + column;
                case COLUMNS_DEPTH -> group + column * depth + k;
                case TAPS_CHANNELS -> k * g.outChannels() + output;
            };
        }
    }

    static FloatConv of(CudaDevice device, KernelSpec spec, Order order) {
        ConvGeometry geometry = geometry(spec);
        boolean fused = spec.node().op() instanceof FusedConv;
        float min = fused ? ((FusedConv) spec.node().op()).min() : Float.NEGATIVE_INFINITY;
        float max = fused ? ((FusedConv) spec.node().op()).max() : Float.POSITIVE_INFINITY;
        MemorySegment weights = spec.shared()
                .get(
                        "cuda float conv " + order + " " + spec.node().name(),
                        MemorySegment.class,
                        arena -> device.upload(
                                pack(KnownInput.of(spec, 1).orElseThrow(), geometry, order)
                                        .data(),
                                arena));
        return new FloatConv(geometry, weights, min, max, spec.inputs().dtype(0), order);
    }

    static ConvGeometry geometry(KernelSpec spec) {
        Shape x = spec.inputs().shape(0);
        Shape weight = spec.inputs().shape(1);
        return switch (spec.node().op()) {
            case Conv op -> ConvGeometry.of(x, weight, op.window(), op.group(), Layout.CHANNELS_FIRST);
            case FusedConv op -> ConvGeometry.of(x, weight, op.window(), op.group(), op.layout());
            default -> throw new IllegalStateException(spec.node().describe());
        };
    }

    static boolean hasKnownWeights(KernelSpec spec) {
        return KnownInput.of(spec, 1).isPresent() && FloatTypes.areOneReal(spec);
    }

    /** Packs weights [outputs, groupChannels, taps]. */
    private static Tensor pack(Tensor weight, ConvGeometry g, Order order) {
        Tensor packed = Tensor.allocate(weight.dtype(), Shape.of(weight.elementCount()));
        long from = 0;
        for (int output = 0; output < g.outChannels(); output++) {
            for (int channel = 0; channel < g.groupChannels(); channel++) {
                for (int tap = 0; tap < g.taps(); tap++) {
                    long k = (long) tap * g.groupChannels() + channel;
                    packed.setFloat(order.index(g, output, k), weight.getFloat(from));
                    from++;
                }
            }
        }
        return packed;
    }

    boolean isEmpty() {
        return (long) geometry.batch() * geometry.outChannels() * geometry.pixels() == 0;
    }

    private boolean isChannelsLast() {
        return geometry.layout() == Layout.CHANNELS_LAST;
    }

    /** A grid of one block a tile, group and, channels first, image; pixels are the rows of tiles channels last. */
    Grid grid(int tileRows, int tileColumns, int threads) {
        long pixels = isChannelsLast() ? (long) geometry.batch() * geometry.pixels() : geometry.pixels();
        long columns = geometry.groupOutChannels();
        long tiles = isChannelsLast()
                ? Math.ceilDiv(pixels, tileRows) * Math.ceilDiv(columns, tileColumns)
                : Math.ceilDiv(columns, tileRows) * Math.ceilDiv(pixels, tileColumns);
        long products = isChannelsLast() ? geometry.group() : (long) geometry.batch() * geometry.group();
        return new Grid(Math.toIntExact(tiles), 1, (int) Math.min(products, Grid.MAX_YZ), threads, 0);
    }

    /** The parameters of an implicit GEMM. */
    KernelParams params(KernelArgs args) {
        int chunk = CHUNK_BYTES / (type.bits() / Byte.SIZE);
        boolean wholeChunks =
                isChannelsLast() && geometry.channels() % chunk == 0 && geometry.groupChannels() % chunk == 0;
        int innermost = order == Order.DEPTH_COLUMNS ? geometry.groupOutChannels() : geometry.depth();
        return pointers(args)
                .structure(WindowParams.of(geometry))
                .structure(
                        geometry.batch(),
                        geometry.channels(),
                        geometry.group(),
                        geometry.groupChannels(),
                        geometry.groupOutChannels(),
                        wholeChunks ? 1 : 0,
                        innermost % chunk == 0 ? 1 : 0,
                        Float.floatToRawIntBits(min),
                        Float.floatToRawIntBits(max));
    }

    /** Input, weights, bias, residual and output. */
    KernelParams pointers(KernelArgs args) {
        KernelParams params = new KernelParams().pointer(args.in(0)).pointer(weights);
        for (int input = 2; input <= 3; input++) {
            if (args.has(input)) {
                params.pointer(args.in(input));
            } else {
                params.nullPointer();
            }
        }
        return params.pointer(args.out(0));
    }
}
