package dev.octet.backend.cuda;

import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Set;

/** QuantizeLinear and DequantizeLinear between fp32 or fp16 and 8 bits, with one scale or one an index of an axis. */
final class QuantizeCuda implements CudaStep {
    static final Row QUANTIZE = new Row("octet_simt_quantize", QuantizeCuda::supportsQuantize, QuantizeCuda::quantize);
    static final Row DEQUANTIZE =
            new Row("octet_simt_dequantize", QuantizeCuda::supportsDequantize, QuantizeCuda::dequantize);

    private static final Set<DType> EIGHT_BITS = Set.of(DType.S8, DType.U8);
    private static final Set<DType> REAL = Set.of(DType.F32, DType.F16);
    private static final int SCALE = 1;
    private static final int ZERO_POINT = 2;
    private static final int BYTES_PER_THREAD = 16;

    private final KernelFunction function;
    private final int perThread;
    private final long inner;
    private final long channels;

    private QuantizeCuda(CudaDevice device, KernelSpec spec, long axis, String kernel) {
        Shape shape = spec.inputs().shape(0);
        this.channels = spec.inputs().shape(SCALE).elementCount();
        boolean perTensor = channels == 1;
        this.function = device.function(kernel + (perTensor ? "_tensor" : "_axis"));
        this.perThread =
                perTensor ? BYTES_PER_THREAD * 8 / spec.inputs().dtype(SCALE).bits() : 1;
        long behind = 1;
        for (int i = perTensor ? shape.rank() : shape.axis(axis) + 1; i < shape.rank(); i++) {
            behind *= shape.dim(i);
        }
        this.inner = behind;
    }

    private static boolean supportsQuantize(KernelSpec spec) {
        QuantizeLinear op = (QuantizeLinear) spec.node().op();
        DType real = spec.inputs().dtype(0);
        return op.blockSize() == 0
                && REAL.contains(real)
                && spec.inputs().dtype(SCALE) == real
                && op.precision().orElse(real) == real
                && EIGHT_BITS.contains(spec.outputs().get(0).dtype());
    }

    private static boolean supportsDequantize(KernelSpec spec) {
        DequantizeLinear op = (DequantizeLinear) spec.node().op();
        DType real = spec.outputs().get(0).dtype();
        DType quantized = spec.inputs().dtype(0);
        return op.blockSize() == 0
                && REAL.contains(real)
                && spec.inputs().dtype(SCALE) == real
                && (EIGHT_BITS.contains(quantized) || (quantized == DType.S32 && real == DType.F32));
    }

    private static CudaStep quantize(CudaDevice device, KernelSpec spec) {
        String types =
                spec.inputs().dtype(0).label() + spec.outputs().get(0).dtype().label();
        long axis = ((QuantizeLinear) spec.node().op()).axis();
        return new QuantizeCuda(device, spec, axis, "octet_simt_quantize_" + types);
    }

    private static CudaStep dequantize(CudaDevice device, KernelSpec spec) {
        String types =
                spec.inputs().dtype(0).label() + spec.outputs().get(0).dtype().label();
        long axis = ((DequantizeLinear) spec.node().op()).axis();
        return new QuantizeCuda(device, spec, axis, "octet_simt_dequantize_" + types);
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        long count = args.in(0).elementCount();
        KernelParams params = new KernelParams().pointer(args.in(0)).pointer(args.in(SCALE));
        if (args.has(ZERO_POINT)) {
            params.pointer(args.in(ZERO_POINT));
        } else {
            params.nullPointer();
        }
        params.pointer(args.out(0)).s64(count);
        if (channels > 1) {
            params.s64(inner).s64(channels);
        }
        function.launch(stream, Grid.elements(count, perThread), params);
    }
}
