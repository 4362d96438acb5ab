package dev.octet.backend.cpu;

import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Erf and exact Gelu in fp32, by {@link ErfTable}. */
final class ErfF32 implements Kernel {
    static final KernelFactory ERF = new KernelFactory(
            "java_erf_f32",
            spec -> spec.inputs().dtype(0) == DType.F32 && ((Unary) spec.node().op()).function() == UnaryFunction.ERF,
            _ -> new ErfF32(false));
    static final KernelFactory GELU = new KernelFactory(
            "java_gelu_f32",
            spec -> spec.inputs().dtype(0) == DType.F32 && !((Gelu) spec.node().op()).tanh(),
            _ -> new ErfF32(true));

    private static final double INVERSE_ROOT_2 = Math.sqrt(0.5);

    private final boolean gelu;
    private final ErfTable table = new ErfTable();

    private ErfF32(boolean gelu) {
        this.gelu = gelu;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.out(0).data();
        Chunks.forEach(workers, args.in(0).elementCount(), (from, to) -> {
            if (gelu) {
                gelu(x, y, from, (int) (to - from));
            } else {
                erf(x, y, from, (int) (to - from));
            }
        });
    }

    private void erf(MemorySegment x, MemorySegment y, long from, int count) {
        for (int i = 0; i < count; i++) {
            long at = (from + i) * Float.BYTES;
            y.set(Tensor.F32_LAYOUT, at, (float) table.erf(x.get(Tensor.F32_LAYOUT, at)));
        }
    }

    private void gelu(MemorySegment x, MemorySegment y, long from, int count) {
        for (int i = 0; i < count; i++) {
            long at = (from + i) * Float.BYTES;
            double value = x.get(Tensor.F32_LAYOUT, at);
            y.set(Tensor.F32_LAYOUT, at, (float) (0.5 * value * (1 + table.erf(value * INVERSE_ROOT_2))));
        }
    }
}
