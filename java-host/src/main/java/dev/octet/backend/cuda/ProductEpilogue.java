package dev.octet.backend.cuda;

import dev.octet.graph.op.Epilogue;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * The end of an integer product as kernels take it: {@code octet::qproduct::Epilogue}.
 *
 * @param bias s32 on the device, one a column
 * @param multipliers f32 on the device, one a column
 * @param rowStride elements of the output from row to row
 * @param columns of a group
 */
record ProductEpilogue(Epilogue epilogue, MemorySegment bias, MemorySegment multipliers, int rowStride, int columns) {
    private static final int MOST_ACCESS = 16;
    private static final int BYTES = 0;
    private static final int FLOATS = 1;
    private static final int NONE = -1;

    /** Whether kernels can end the node's product: the output is bytes or fp32, and input 3 is what the epilogue says. */
    static boolean canStore(KernelSpec spec, Epilogue epilogue) {
        return switch (epilogue) {
            case Epilogue.ToInt8 e ->
                isByte(e.dtype())
                        && e.residual().isPresent() == spec.inputs().has(3)
                        && e.residual().map(r -> isByte(r.dtype())).orElse(true);
            case Epilogue.ToFloat _ -> !spec.inputs().has(3);
        };
    }

    static boolean isByte(DType dtype) {
        return dtype == DType.U8 || dtype == DType.S8;
    }

    /** The most bytes of 16, 8, 4 and 1 that divide all of some addresses and lengths. */
    static int access(long... values) {
        long common = MOST_ACCESS;
        for (long value : values) {
            common = Math.min(common, Long.lowestOneBit(value | MOST_ACCESS));
        }
        return common == 2 ? 1 : (int) common;
    }

    KernelParams of(KernelArgs args) {
        MemorySegment y = args.out(0).data();
        boolean adds = epilogue instanceof Epilogue.ToInt8 e && e.residual().isPresent();
        KernelParams params = new KernelParams().pointer(bias).pointer(multipliers);
        long residual = 0;
        if (adds) {
            params.pointer(args.in(3));
            residual = args.in(3).data().address();
        } else {
            params.nullPointer();
        }
        params.pointer(y).s64(rowStride);
        switch (epilogue) {
            case Epilogue.ToInt8 e -> {
                params.s32(BYTES)
                        .s32(e.zeroPoint())
                        .s32(e.qmin())
                        .s32(e.qmax())
                        .f32(0)
                        .f32(0);
                params.s32(e.residual().map(r -> r.dtype() == DType.S8 ? 1 : 0).orElse(NONE));
                params.s32(e.residual().map(Epilogue.Residual::zeroPoint).orElse(0));
                params.f32(e.residual().map(Epilogue.Residual::multiplier).orElse(0f));
            }
            case Epilogue.ToFloat e -> {
                params.s32(FLOATS).s32(0).s32(0).s32(0).f32(e.min()).f32(e.max());
                params.s32(NONE).s32(0).f32(0);
            }
        }
        return params.s32(access(y.address(), residual, rowStride, columns));
    }
}
