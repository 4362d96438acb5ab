package dev.octet.backend.cpu;

import dev.octet.graph.op.Activation;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.IsInf;
import dev.octet.graph.op.Unary;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleUnaryOperator;

/** A function of {@link RealFunctions} applied to every element of a float tensor; the output may be bool. */
final class RealMap implements Kernel {
    static final KernelFactory UNARY = new KernelFactory(
            "java_unary",
            spec -> spec.inputs().dtype(0).isFloat(),
            spec -> new RealMap(RealFunctions.of(((Unary) spec.node().op()).function())));
    static final KernelFactory ACTIVATION = KernelFactory.of(
            "java_activation",
            spec -> new RealMap(RealFunctions.of((Activation) spec.node().op())));
    static final KernelFactory GELU = KernelFactory.of(
            "java_gelu", spec -> new RealMap(RealFunctions.of((Gelu) spec.node().op())));
    static final KernelFactory IS_INF = KernelFactory.of(
            "java_is_inf",
            spec -> new RealMap(RealFunctions.of((IsInf) spec.node().op())));

    private final DoubleUnaryOperator function;

    private RealMap(DoubleUnaryOperator function) {
        this.function = function;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        if (x.dtype() == DType.F32 && y.dtype() == DType.F32) {
            Chunks.forEach(
                    workers, x.elementCount(), (from, to) -> mapF32(x.data(), y.data(), from, (int) (to - from)));
            return;
        }
        Chunks.forEach(workers, x.elementCount(), (from, to) -> {
            for (long i = from; i < to; i++) {
                y.setDouble(i, function.applyAsDouble(x.getDouble(i)));
            }
        });
    }

    private void mapF32(MemorySegment x, MemorySegment y, long from, int count) {
        DoubleUnaryOperator f = function;
        for (int i = 0; i < count; i++) {
            long at = (from + i) * Float.BYTES;
            y.set(Tensor.F32_LAYOUT, at, (float) f.applyAsDouble(x.get(Tensor.F32_LAYOUT, at)));
        }
    }
}
