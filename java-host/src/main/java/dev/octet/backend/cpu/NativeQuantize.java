package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.QuantizeLinear;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link QuantizeLinear} of f32 with one scale to 8-bit integers. */
final class NativeQuantize implements Kernel {
    private static final String FUNCTION = "octet_quantize";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_FLOAT);

    private final MethodHandle function;
    private final DType dtype;

    private NativeQuantize(MethodHandle function, DType dtype) {
        this.function = function;
        this.dtype = dtype;
    }

    static boolean supports(KernelSpec spec) {
        QuantizeLinear op = (QuantizeLinear) spec.node().op();
        DType y = spec.outputs().get(0).dtype();
        return spec.inputs().dtype(0) == DType.F32
                && op.precision().orElse(spec.inputs().dtype(1)) == DType.F32
                && op.blockSize() == 0
                && spec.inputs().shape(1).elementCount() == 1
                && (y == DType.U8 || y == DType.S8);
    }

    static NativeQuantize prepare(NativeLibrary library, KernelSpec spec) {
        return new NativeQuantize(
                library.handle(FUNCTION, DESCRIPTOR), spec.outputs().get(0).dtype());
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        float scale = args.in(1).getFloat(0);
        long zeroPoint = args.has(2) ? args.in(2).getLong(0) : 0;
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        Chunks.forEach(workers, args.in(0).elementCount(), (from, to) -> {
            NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(
                    x.asSlice(from * Float.BYTES),
                    y.asSlice(from),
                    to - from,
                    IntegerProduct.kind(dtype),
                    zeroPoint,
                    scale));
        });
    }
}
