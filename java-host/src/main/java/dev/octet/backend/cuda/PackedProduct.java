package dev.octet.backend.cuda;

import dev.octet.graph.op.Epilogue;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/**
 * The constants of an integer product on the device: weights as its kernels take them, the bias with x's zero point in
 * it, one multiplier a column, and 16 bytes of x's zero point for padding.
 */
record PackedProduct(MemorySegment weights, MemorySegment bias, MemorySegment multipliers, MemorySegment padding) {
    /** Depth that tensor-core kernels take in a step, {@code kDepth}. */
    static final int DEPTH = 64;

    /** Columns are packed in multiples of this. */
    static final int COLUMNS = 16;

    /** Bytes of a row that kernels move at once at most, {@code kPiece}. */
    static final int PIECE = 16;

    /** How weights are laid out on the device. */
    private interface Packing {
        byte[] pack(byte[] weights, WeightOrder order);
    }

    /** Made once for a node, with each column's depth contiguous: taps, then channels, padded with zeros. */
    static PackedProduct once(
            CudaDevice device, KernelSpec spec, WeightOrder order, int xZeroPoint, Epilogue epilogue) {
        return once(device, spec, order, xZeroPoint, epilogue, PackedProduct::byColumn);
    }

    /** Made once for a depthwise convolution, as [taps, channels padded to 4]. */
    static PackedProduct onceByTap(
            CudaDevice device, KernelSpec spec, WeightOrder order, int xZeroPoint, Epilogue epilogue) {
        return once(device, spec, order, xZeroPoint, epilogue, PackedProduct::byTap);
    }

    private static PackedProduct once(
            CudaDevice device, KernelSpec spec, WeightOrder order, int xZeroPoint, Epilogue epilogue, Packing packing) {
        String key = spec.node().name() + "\ncuda product of x with zero point " + xZeroPoint;
        return spec.shared().get(key, PackedProduct.class, arena -> {
            byte[] weights = spec.inputs().known(1).orElseThrow().data().toArray(ValueLayout.JAVA_BYTE);
            int[] bias = bias(spec.inputs().known(2), weights, order, xZeroPoint);
            byte[] padding = new byte[PIECE];
            Arrays.fill(padding, (byte) xZeroPoint);
            return new PackedProduct(
                    device.upload(MemorySegment.ofArray(packing.pack(weights, order)), arena),
                    device.upload(MemorySegment.ofArray(bias), arena),
                    multipliers(device, epilogue, order.allColumns(), arena),
                    device.upload(MemorySegment.ofArray(padding), arena));
        });
    }

    /** The epilogue's multipliers, one a column, on the device. */
    static MemorySegment multipliers(CudaDevice device, Epilogue epilogue, int columns, Arena arena) {
        float[] given = switch (epilogue) {
            case Epilogue.ToInt8 e -> e.multipliers();
            case Epilogue.ToFloat e -> e.scales();
        };
        float[] all = given;
        if (given.length == 1) {
            all = new float[columns];
            Arrays.fill(all, given[0]);
        }
        return device.upload(MemorySegment.ofArray(all), arena);
    }

    /** How a product with these constants ends: {@link ProductEpilogue#rowStride} and columns of a group. */
    ProductEpilogue epilogue(Epilogue epilogue, int rowStride, int columns) {
        return new ProductEpilogue(epilogue, bias, multipliers, rowStride, columns);
    }

    static int roundUp(int value, int multiple) {
        return Math.multiplyExact(Math.ceilDiv(value, multiple), multiple);
    }

    private static int[] bias(Optional<Tensor> given, byte[] weights, WeightOrder order, int xZeroPoint) {
        int[] bias = new int[order.allColumns()];
        for (int column = 0; column < bias.length; column++) {
            int sum = 0;
            for (int tap = 0; tap < order.taps(); tap++) {
                for (int channel = 0; channel < order.channels(); channel++) {
                    sum += weights[index(order, column, tap, channel)];
                }
            }
            int start = given.isPresent() ? Math.toIntExact(given.get().getLong(column)) : 0;
            bias[column] = start - xZeroPoint * sum;
        }
        return bias;
    }

    private static int index(WeightOrder order, int column, int tap, int channel) {
        return Math.toIntExact(
                column * order.columnStride() + tap * order.tapStride() + channel * order.channelStride());
    }

    private static byte[] byColumn(byte[] weights, WeightOrder order) {
        int depth = roundUp(order.depth(), DEPTH);
        int columns = roundUp(order.columns(), COLUMNS);
        byte[] packed = new byte[Math.multiplyExact(Math.multiplyExact(order.groups(), columns), depth)];
        for (int column = 0; column < order.allColumns(); column++) {
            int group = column / order.columns();
            int at = (group * columns + column % order.columns()) * depth;
            for (int tap = 0; tap < order.taps(); tap++) {
                for (int channel = 0; channel < order.channels(); channel++) {
                    packed[at++] = weights[index(order, column, tap, channel)];
                }
            }
        }
        return packed;
    }

    private static byte[] byTap(byte[] weights, WeightOrder order) {
        int columns = roundUp(order.allColumns(), Integer.BYTES);
        byte[] packed = new byte[Math.multiplyExact(order.taps(), columns)];
        for (int tap = 0; tap < order.taps(); tap++) {
            for (int column = 0; column < order.allColumns(); column++) {
                packed[tap * columns + column] = weights[index(order, column, tap, 0)];
            }
        }
        return packed;
    }

    /** Whether constants and types of a node are such that its product can be packed. */
    static boolean canPack(KernelSpec spec) {
        return spec.inputs().known(1).filter(w -> w.dtype() == DType.S8).isPresent()
                && (!spec.inputs().has(2) || spec.inputs().known(2).isPresent());
    }
}
