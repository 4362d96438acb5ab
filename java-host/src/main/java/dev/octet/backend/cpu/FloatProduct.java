package dev.octet.backend.cpu;

import dev.octet.graph.op.MatrixBatches;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A float product or depthwise convolution as native code takes it: {@code octet_fproduct}. */
final class FloatProduct {
    private static final int SIZE_BYTES = NativeWindow.SIZE_BYTES + 6 * Long.BYTES;

    /**
     * What the product is, its weights aside.
     *
     * @param rowStride elements of the output from row to row
     * @param bias f32, one value a channel
     * @param firstChannel the bias' channel of the first column
     */
    record Form(
            NativeWindow window,
            long rowStride,
            Optional<Tensor> bias,
            long firstChannel,
            boolean residual,
            float min,
            float max) {
        /** A matrix product and nothing else. */
        static Form ofMatrix(MatrixBatches m, Optional<Tensor> bias) {
            float infinity = Float.POSITIVE_INFINITY;
            return new Form(NativeWindow.matrix(m.rows(), m.depth()), m.columns(), bias, 0, false, -infinity, infinity);
        }
    }

    private final MemorySegment struct;

    private FloatProduct(MemorySegment struct) {
        this.struct = struct;
    }

    /** Packs weights into {@code arena}. */
    static MemorySegment pack(NativeLibrary.Family family, NativeWeights weights, Arena arena) {
        long bytes = family.packedBytes(weights.columns(), weights.taps(), weights.depth());
        MemorySegment packed = arena.allocate(Math.max(1, bytes), 64);
        try (Arena scratch = Arena.ofConfined()) {
            family.pack(weights.struct(scratch), packed);
        }
        return packed;
    }

    /** A product with packed weights. */
    static FloatProduct of(Form form, long columns, MemorySegment packed, Arena arena) {
        return new FloatProduct(struct(form, columns, packed, arena));
    }

    /** A product whose weights are packed in each run. */
    static FloatProduct unpacked(Form form, long columns, Arena arena) {
        return new FloatProduct(struct(form, columns, MemorySegment.NULL, arena));
    }

    MemorySegment struct() {
        return struct;
    }

    private static MemorySegment struct(Form form, long columns, MemorySegment packed, Arena arena) {
        float[] bias = form.bias.map(Tensor::toFloats).orElse(new float[1]);
        NativeStruct struct = new NativeStruct(arena, SIZE_BYTES);
        form.window.write(struct);
        return struct.longs(columns, form.rowStride)
                .address(packed)
                .address(IntegerProduct.perColumn(bias, form.firstChannel, columns, arena))
                .longs(form.residual ? 1 : 0)
                .floats(form.min, form.max)
                .done();
    }
}
