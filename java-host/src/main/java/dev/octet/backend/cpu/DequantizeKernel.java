package dev.octet.backend.cpu;

import dev.octet.graph.op.DequantizeLinear;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** DequantizeLinear of every type it allows, computed in fp32 and rounded once to the output's type. */
final class DequantizeKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_dequantize", DequantizeKernel::new);

    private static final long CHUNK = 1 << 14;

    /** From here on a table of all 256 results is made. */
    private static final long LONG_RUN = 1024;

    private final ScaleRuns runs;

    private DequantizeKernel(KernelSpec spec) {
        DequantizeLinear op = (DequantizeLinear) spec.node().op();
        runs = ScaleRuns.of(spec.inputs().shape(0), spec.inputs().shape(1).elementCount(), op.axis(), op.blockSize());
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor scales = args.in(1);
        Optional<Tensor> zeroPoints = args.has(2) ? Optional.of(args.in(2)) : Optional.empty();
        long count = x.elementCount();
        workers.forEach(Math.toIntExact(Math.ceilDiv(count, CHUNK)), task -> {
            long to = Math.min(count, (task + 1) * CHUNK);
            for (long i = task * CHUNK; i < to; ) {
                long run = i / runs.length();
                long end = runs.stepped() ? i + 1 : Math.min(to, (run + 1) * runs.length());
                long at = runs.scale(run) + (runs.stepped() ? i % runs.length() : 0);
                double zeroPoint = zeroPoints.map(zeros -> zeros.getDouble(at)).orElse(0.0);
                dequantize(x, args.out(0), i, end, new Step(scales.getFloat(at), zeroPoint));
                i = end;
            }
        });
    }

    /** The scale and zero point of some elements. */
    private record Step(float scale, double zeroPoint) {}

    private static void dequantize(Tensor x, Tensor out, long from, long to, Step step) {
        if (x.dtype().isFloat()) {
            for (long i = from; i < to; i++) {
                out.setFloat(i, (x.getFloat(i) - (float) step.zeroPoint()) * step.scale());
            }
            return;
        }
        int zeroPoint = (int) step.zeroPoint();
        if (to - from >= LONG_RUN && x.dtype().bits() == 8 && out.dtype() == DType.F32) {
            float[] table = new float[256];
            boolean signed = x.dtype().isSigned();
            for (int bits = 0; bits < table.length; bits++) {
                table[bits] = Quantizer.dequantize(signed ? (byte) bits : bits, step.scale(), zeroPoint);
            }
            for (long i = from; i < to; i++) {
                out.data().set(Tensor.F32_LAYOUT, i * 4, table[x.data().get(Tensor.S8_LAYOUT, i) & 0xFF]);
            }
            return;
        }
        for (long i = from; i < to; i++) {
            out.setFloat(i, Quantizer.dequantize((int) x.getLong(i), step.scale(), zeroPoint));
        }
    }
}
