package dev.octet.backend.cpu;

import dev.octet.quant.Quantizer;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;

/**
 * DynamicQuantizeLinear: {@code scale = (max - min) / 255} over the range that holds zero, {@code zeroPoint =
 * clamp(rint(-min / scale))}; an all-zero tensor has scale 1. NaN does not take part in the range.
 */
final class DynamicQuantizeKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_dynamic_quantize", _ -> new DynamicQuantizeKernel());

    private static final int QMAX = 255;
    private static final long CHUNK = 1 << 14;

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        float min = 0;
        float max = 0;
        for (long i = 0; i < x.elementCount(); i++) {
            float value = x.data().get(Tensor.F32_LAYOUT, i * 4);
            min = value < min ? value : min;
            max = value > max ? value : max;
        }
        Params params = Params.of(min, max);
        params.write(args);
        if (args.wants(0)) {
            quantize(x, args.out(0), params.scale, params.zeroPoint, workers);
        }
    }

    /** How a tensor is quantized: outputs 1 and 2. */
    record Params(float scale, int zeroPoint) {
        /** Of a range that holds zero. */
        static Params of(float min, float max) {
            float scale = max == min ? 1 : (max - min) / QMAX;
            return new Params(scale, Quantizer.quantize(-min, scale, 0, 0, QMAX));
        }

        void write(KernelArgs args) {
            if (args.wants(1)) {
                args.out(1).setFloat(0, scale);
            }
            if (args.wants(2)) {
                args.out(2).setLong(0, zeroPoint);
            }
        }
    }

    private static void quantize(Tensor x, Tensor out, float scale, int zeroPoint, Workers workers) {
        long count = x.elementCount();
        workers.forEach(Math.toIntExact(Math.ceilDiv(count, CHUNK)), task -> {
            long to = Math.min(count, (task + 1) * CHUNK);
            for (long i = task * CHUNK; i < to; i++) {
                float value = x.data().get(Tensor.F32_LAYOUT, i * 4);
                out.data().set(Tensor.S8_LAYOUT, i, (byte) Quantizer.quantize(value, scale, zeroPoint, 0, QMAX));
            }
        });
    }
}
