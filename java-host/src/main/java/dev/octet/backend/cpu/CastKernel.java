package dev.octet.backend.cpu;

import dev.octet.graph.op.Cast;
import dev.octet.graph.op.CastLike;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.SmallFloat;
import dev.octet.tensor.SmallFloat.PowerRounding;
import dev.octet.tensor.Tensor;

/**
 * Cast and CastLike between all types. Every conversion rounds once; floats truncate toward zero to integers and what is
 * out of range wraps around (undefined in ONNX); NaN becomes 0, or true.
 */
final class CastKernel implements Kernel {
    static final KernelFactory CAST = KernelFactory.of("java_cast", spec -> {
        Cast cast = (Cast) spec.node().op();
        return new CastKernel(cast.saturate(), cast.roundMode());
    });
    static final KernelFactory CAST_LIKE = KernelFactory.of("java_cast", spec -> {
        CastLike cast = (CastLike) spec.node().op();
        return new CastKernel(cast.saturate(), cast.roundMode());
    });

    private final boolean saturate;
    private final PowerRounding roundMode;

    private CastKernel(boolean saturate, PowerRounding roundMode) {
        this.saturate = saturate;
        this.roundMode = roundMode;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        if (x.dtype() == y.dtype()) {
            y.data().copyFrom(x.data());
            return;
        }
        if (y.dtype().bits() < Byte.SIZE && y.elementCount() > 0) {
            // The padding of the last byte is part of the output and must not vary.
            y.data().set(Tensor.S8_LAYOUT, y.data().byteSize() - 1, (byte) 0);
        }
        Chunks.forEach(workers, x.elementCount(), conversion(x, y));
    }

    private Chunks.Body conversion(Tensor x, Tensor y) {
        boolean fromFloat = x.dtype().isFloat();
        return switch (y.dtype()) {
            case F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F4E2M1, F8E8M0 ->
                (from, to) -> {
                    for (long i = from; i < to; i++) {
                        y.setBits(i, encode(y.dtype(), SmallFloat.roundToOdd(x.getDouble(i))));
                    }
                };
            case F32 ->
                (from, to) -> {
                    for (long i = from; i < to; i++) {
                        y.setFloat(i, x.getFloat(i));
                    }
                };
            case F64, F16, BF16 -> (from, to) -> copyAsDouble(x, y, from, to);
            case S64, S32, S16, S8, S4, S2, U64, U32, U16, U8, U4, U2, BOOL ->
                fromFloat
                        ? (from, to) -> copyAsDouble(x, y, from, to)
                        : (from, to) -> {
                            for (long i = from; i < to; i++) {
                                y.setLong(i, x.getLong(i));
                            }
                        };
        };
    }

    private static void copyAsDouble(Tensor x, Tensor y, long from, long to) {
        for (long i = from; i < to; i++) {
            y.setDouble(i, x.getDouble(i));
        }
    }

    private int encode(DType dtype, float value) {
        return dtype == DType.F8E8M0
                ? SmallFloat.encodePower(value, saturate, roundMode)
                : SmallFloat.encode(dtype, value, saturate);
    }
}
