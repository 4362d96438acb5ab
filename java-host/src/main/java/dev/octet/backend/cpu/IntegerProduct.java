package dev.octet.backend.cpu;

import dev.octet.graph.op.Epilogue;
import dev.octet.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An integer product or depthwise convolution as native code takes it: {@code octet_qproduct}, with the weights packed
 * where they are constant.
 */
final class IntegerProduct {
    /** {@code OCTET_PANEL}: columns that native kernels take together. */
    static final int PANEL = 16;

    /** A product of this and any int32 is finite. */
    static final float MAX_MULTIPLIER = 0x1p90f;

    private static final int SIZE_BYTES = NativeWindow.SIZE_BYTES + 15 * Long.BYTES;

    /**
     * What the product is, its weights aside.
     *
     * @param rowStride elements of the output from row to row
     * @param firstChannel the epilogue's channel of the first column
     */
    record Form(
            NativeWindow window, long rowStride, DType xType, int xZeroPoint, Epilogue epilogue, long firstChannel) {}

    private final MemorySegment struct;

    private IntegerProduct(MemorySegment struct) {
        this.struct = struct;
    }

    /**
     * Packs weights.
     *
     * @param bias s32, one a column, in native memory, or {@link MemorySegment#NULL}
     * @param arena owns the packed weights
     */
    static NativeLibrary.Packed pack(
            NativeLibrary.Family family, Form form, NativeWeights weights, MemorySegment bias, Arena arena) {
        long bytes = family.packedBytes(weights.columns(), weights.taps(), weights.depth());
        NativeLibrary.Packed packed = new NativeLibrary.Packed(
                arena.allocate(Math.max(1, bytes), 64), arena.allocate(roundUp(weights.columns()) * Integer.BYTES, 64));
        try (Arena scratch = Arena.ofConfined()) {
            family.pack(weights.struct(scratch), bias, kind(form.xType), form.xZeroPoint, packed);
        }
        return packed;
    }

    /** A product with packed weights. */
    static IntegerProduct of(Form form, long columns, NativeLibrary.Packed packed, Arena arena) {
        return of(form, columns, packed, multipliers(form, columns, arena), arena);
    }

    /** The same with multipliers of the caller's, one a column in whole panels. */
    static IntegerProduct of(
            Form form, long columns, NativeLibrary.Packed packed, MemorySegment multipliers, Arena arena) {
        return new IntegerProduct(struct(form, columns, packed, multipliers, arena));
    }

    private static MemorySegment multipliers(Form form, long columns, Arena arena) {
        float[] values = switch (form.epilogue) {
            case Epilogue.ToInt8 e -> e.multipliers();
            case Epilogue.ToFloat e -> e.scales();
        };
        return perColumn(values, form.firstChannel, columns, arena);
    }

    /** A product whose weights are packed in each run. */
    static IntegerProduct unpacked(Form form, long columns, Arena arena) {
        return of(form, columns, new NativeLibrary.Packed(MemorySegment.NULL, MemorySegment.NULL), arena);
    }

    /** The structure, for calls. */
    MemorySegment struct() {
        return struct;
    }

    private static MemorySegment struct(
            Form form, long columns, NativeLibrary.Packed packed, MemorySegment multipliers, Arena arena) {
        NativeStruct struct = new NativeStruct(arena, SIZE_BYTES);
        form.window.write(struct);
        struct.longs(columns, form.rowStride).address(packed.weights()).address(packed.bias());
        struct.address(multipliers);
        switch (form.epilogue) {
            case Epilogue.ToInt8 e -> {
                struct.longs(kind(form.xType), form.xZeroPoint, kind(e.dtype()));
                struct.longs(e.zeroPoint(), e.qmin(), e.qmax());
                struct.longs(e.residual().map(r -> kind(r.dtype())).orElse(-1L));
                struct.longs(e.residual().map(Epilogue.Residual::zeroPoint).orElse(0));
                struct.floats(e.residual().map(Epilogue.Residual::multiplier).orElse(0f), 0, 0, 0);
            }
            case Epilogue.ToFloat e -> {
                struct.longs(kind(form.xType), form.xZeroPoint, kind(DType.F32));
                struct.longs(0, 0, 0, -1, 0).floats(0, e.min(), e.max(), 0);
            }
        }
        return struct.done();
    }

    /** Values for columns rounded up to whole panels, from one value a channel or one for all. */
    static MemorySegment perColumn(float[] values, long first, long columns, Arena arena) {
        MemorySegment copies = arena.allocate(roundUp(columns) * Float.BYTES, 64);
        for (long i = 0; i < columns; i++) {
            float value = values[values.length == 1 ? 0 : Math.toIntExact(first + i)];
            copies.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        }
        return copies;
    }

    static long roundUp(long columns) {
        return Math.max(1, Math.ceilDiv(columns, PANEL)) * PANEL;
    }

    /** {@code OCTET_U8}, {@code OCTET_S8} or {@code OCTET_F32}. */
    static long kind(DType dtype) {
        if (dtype == DType.U8) {
            return 0;
        }
        if (dtype == DType.S8) {
            return 1;
        }
        if (dtype == DType.F32) {
            return 2;
        }
        throw new IllegalArgumentException("native kernels do not know " + dtype.label());
    }

    /** Whether native code can take the epilogue: what it computes differs from Java only where products overflow. */
    static boolean canStore(Epilogue epilogue) {
        float[] multipliers = switch (epilogue) {
            case Epilogue.ToInt8 e -> e.multipliers();
            case Epilogue.ToFloat e -> e.scales();
        };
        float residual = epilogue instanceof Epilogue.ToInt8 e
                ? e.residual().map(Epilogue.Residual::multiplier).orElse(0f)
                : 0;
        boolean fits = Math.abs(residual) <= MAX_MULTIPLIER;
        for (float multiplier : multipliers) {
            fits &= Math.abs(multiplier) <= MAX_MULTIPLIER;
        }
        return fits && (epilogue instanceof Epilogue.ToFloat || isByte(epilogue.dtype()));
    }

    static boolean isByte(DType dtype) {
        return dtype == DType.U8 || dtype == DType.S8;
    }
}
