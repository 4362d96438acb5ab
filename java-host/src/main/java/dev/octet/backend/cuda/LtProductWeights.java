package dev.octet.backend.cuda;

import dev.octet.graph.op.Epilogue;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What {@link LtProductStep} needs of a product's constants, on the device.
 *
 * @param weights s8 [columns padded to 16, depth padded to 64], padding 0
 * @param bias s32, one a column: the node's bias, less what zero point and shift of x add to the sums, modulo 2^32
 * @param multipliers f32, one a column
 */
record LtProductWeights(MemorySegment weights, MemorySegment bias, MemorySegment multipliers) {
    static final int COLUMNS = 16;
    static final int DEPTH = 64;

    private static final int SHIFT = 128;

    static long padded(long extent, long granule) {
        return Math.ceilDiv(extent, granule) * granule;
    }

    /** Those of a node, uploaded once for all input shapes. */
    static LtProductWeights of(CudaDevice device, KernelSpec spec, QProduct product) {
        return spec.shared().get(spec.node().name() + "\ncublasLt", LtProductWeights.class, arena -> pack(device, product, arena));
    }

    private static LtProductWeights pack(CudaDevice device, QProduct product, Arena arena) {
        QProduct.Sizes sizes = product.sizes();
        long stride = padded(sizes.depth(), DEPTH);
        int columns = Math.toIntExact(sizes.columns());
        int[] bias = new int[columns];
        // Shifted x is x - shift; the sums lack (shift - zeroPoint) * the sum of a column's weights.
        int missing = (product.x().isSigned() ? 0 : SHIFT) - product.x().zeroPoint();
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment packed = scratch.allocate(padded(sizes.columns(), COLUMNS) * stride, COLUMNS);
            for (int column = 0; column < columns; column++) {
                int sum = 0;
                for (long k = 0; k < sizes.depth(); k++) {
                    byte weight = product.weight(column, k);
                    packed.set(ValueLayout.JAVA_BYTE, column * stride + k, weight);
                    sum += weight;
                }
                bias[column] = missing * sum + givenBias(product, column);
            }
            return new LtProductWeights(
                    device.upload(packed, arena),
                    device.upload(MemorySegment.ofArray(bias), arena),
                    device.upload(MemorySegment.ofArray(multipliers(product.epilogue(), columns)), arena));
        }
    }

    private static int givenBias(QProduct product, int column) {
        return product.bias()
                .map(bias -> bias.data().get(Tensor.S32_LAYOUT, (long) column * Integer.BYTES))
                .orElse(0);
    }

    private static float[] multipliers(Epilogue epilogue, int columns) {
        float[] given = switch (epilogue) {
            case Epilogue.ToInt8 to8 -> to8.multipliers();
            case Epilogue.ToFloat toFloat -> toFloat.scales();
        };
        float[] all = new float[columns];
        for (int column = 0; column < columns; column++) {
            all[column] = given.length == 1 ? given[0] : given[column];
        }
        return all;
    }
}
