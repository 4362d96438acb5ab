package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.DequantizeLinear;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link DequantizeLinear} of 8-bit integers with one scale to f32. */
final class NativeDequantize implements Kernel {
    private static final String FUNCTION = "octet_dequantize";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_FLOAT);

    private final MethodHandle function;
    private final long kind;

    private NativeDequantize(MethodHandle function, long kind) {
        this.function = function;
        this.kind = kind;
    }

    static boolean supports(KernelSpec spec) {
        DequantizeLinear op = (DequantizeLinear) spec.node().op();
        return IntegerProduct.isByte(spec.inputs().dtype(0))
                && spec.inputs().dtype(1) == DType.F32
                && spec.outputs().get(0).dtype() == DType.F32
                && op.blockSize() == 0
                && spec.inputs().shape(1).elementCount() == 1;
    }

    static NativeDequantize prepare(NativeLibrary library, KernelSpec spec) {
        long kind = IntegerProduct.kind(spec.inputs().dtype(0));
        return new NativeDequantize(library.handle(FUNCTION, DESCRIPTOR), kind);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        float scale = args.in(1).getFloat(0);
        long zeroPoint = args.has(2) ? args.in(2).getLong(0) : 0;
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        Chunks.forEach(workers, args.in(0).elementCount(), (from, to) -> {
            NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(
                    x.asSlice(from), y.asSlice(from * Float.BYTES), to - from, kind, zeroPoint, scale));
        });
    }
}
