package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.QuantizedGelu;
import dev.octet.quant.QuantParams;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Exact {@link Gelu} of f32, and {@link QuantizedGelu}, by {@code octet_fgelu}. */
final class NativeGelu implements Kernel {
    private static final String FUNCTION = "octet_fgelu";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

    private final MethodHandle function;
    private final MemorySegment grid;
    private final int outBytes;

    private NativeGelu(NativeLibrary library, KernelSpec spec, Optional<QuantParams.PerTensor> target) {
        function = library.handle(FUNCTION, DESCRIPTOR);
        grid = NativeGrid.struct(target, spec.arena());
        outBytes = NativeGrid.elementBytes(target);
    }

    static boolean supports(KernelSpec spec) {
        return spec.inputs().dtype(0) == DType.F32 && !((Gelu) spec.node().op()).tanh();
    }

    static NativeGelu prepare(NativeLibrary library, KernelSpec spec) {
        return new NativeGelu(library, spec, Optional.empty());
    }

    static NativeGelu prepareQuantized(NativeLibrary library, KernelSpec spec) {
        QuantizedGelu op = (QuantizedGelu) spec.node().op();
        return new NativeGelu(library, spec, Optional.of(op.target()));
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        Chunks.forEach(
                workers,
                args.in(0).elementCount(),
                (from, to) -> call(x.asSlice(from * Float.BYTES), y.asSlice(from * outBytes), to - from));
    }

    private void call(MemorySegment x, MemorySegment y, long count) {
        NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(x, grid, y, count));
    }
}
