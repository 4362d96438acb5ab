package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.SmallFloat;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** QuantizeLinear of every type it allows; the quotient is rounded to the precision that the operator asks for. */
final class QuantizeKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_quantize", QuantizeKernel::new);

    /** Elements a task, a multiple of 64 so that tasks never share a byte of packed types. */
    private static final long CHUNK = 1 << 14;

    private final QuantizeLinear op;
    private final ScaleRuns runs;
    private final DType type;
    private final DType precision;

    private QuantizeKernel(KernelSpec spec) {
        op = (QuantizeLinear) spec.node().op();
        runs = ScaleRuns.of(spec.inputs().shape(0), spec.inputs().shape(1).elementCount(), op.axis(), op.blockSize());
        type = spec.outputs().get(0).dtype();
        precision = op.precision().orElse(spec.inputs().dtype(1));
        if (!precision.isFloat() || precision.bits() < 16) {
            throw ModelException.unsupported("a division in " + precision.label());
        }
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor scales = args.in(1);
        Optional<Tensor> zeroPoints = args.has(2) ? Optional.of(args.in(2)) : Optional.empty();
        long count = x.elementCount();
        workers.forEach(Math.toIntExact(Math.ceilDiv(count, CHUNK)), task -> {
            long from = task * CHUNK;
            long to = Math.min(count, from + CHUNK);
            for (long i = from; i < to; ) {
                long run = i / runs.length();
                long end = Math.min(to, (run + 1) * runs.length());
                long scale = runs.scale(run);
                if (runs.stepped()) {
                    for (; i < end; i++) {
                        long at = scale + i % runs.length();
                        quantize(x, args.out(0), i, i + 1, Step.of(scales, zeroPoints, at));
                    }
                } else {
                    quantize(x, args.out(0), i, end, Step.of(scales, zeroPoints, scale));
                    i = end;
                }
            }
        });
    }

    /** The scale and zero point of some elements. */
    private record Step(float scale, double zeroPoint) {
        static Step of(Tensor scales, Optional<Tensor> zeroPoints, long index) {
            return new Step(
                    scales.getFloat(index),
                    zeroPoints.map(zeros -> zeros.getDouble(index)).orElse(0.0));
        }
    }

    private void quantize(Tensor x, Tensor out, long from, long to, Step step) {
        if (type.isFloat()) {
            for (long i = from; i < to; i++) {
                float value = divide(x.getFloat(i), step.scale()) + (float) step.zeroPoint();
                out.setBits(i, SmallFloat.encode(type, value, op.saturate()));
            }
            return;
        }
        int zeroPoint = (int) step.zeroPoint();
        int qmin = (int) type.minInteger();
        int qmax = (int) type.maxInteger();
        if (type.bits() == 8 && x.dtype() == DType.F32 && precision == DType.F32) {
            for (long i = from; i < to; i++) {
                float value = x.data().get(Tensor.F32_LAYOUT, i * 4);
                int q = Quantizer.quantize(value, step.scale(), zeroPoint, qmin, qmax);
                out.data().set(Tensor.S8_LAYOUT, i, (byte) q);
            }
            return;
        }
        for (long i = from; i < to; i++) {
            out.setLong(i, Quantizer.quantize(divide(x.getFloat(i), step.scale()), 1, zeroPoint, qmin, qmax));
        }
    }

    private float divide(float value, float scale) {
        float quotient = value / scale;
        return switch (precision) {
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(quotient));
            case BF16 -> Float.intBitsToFloat(roundToBfloat16(quotient) << 16);
            default -> quotient;
        };
    }

    private static int roundToBfloat16(float value) {
        Tensor rounded = Tensor.scalar(DType.BF16, value);
        return rounded.data().get(Tensor.S16_LAYOUT, 0);
    }
}
