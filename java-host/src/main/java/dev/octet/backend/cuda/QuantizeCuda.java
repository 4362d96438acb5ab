package dev.octet.backend.cuda;

import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.lang.foreign.MemorySegment;

/** QuantizeLinear and DequantizeLinear between fp32 and 8 bits, with one scale or one an index of an axis. */
final class QuantizeCuda implements CudaStep {
    static final Row QUANTIZE =
            new Row("octet_simt_quantize", QuantizeCuda::supportsQuantize, QuantizeCuda::quantize);
    static final Row DEQUANTIZE =
            new Row("octet_simt_dequantize", QuantizeCuda::supportsDequantize, QuantizeCuda::dequantize);

    private static final int SCALE = 1;
    private static final int ZERO_POINT = 2;

    /** Elements a thread takes at a time where there is one scale. */
    private static final int PER_THREAD = 4;

    private final KernelFunction function;
    private final MemorySegment zeroPoints;
    private final DType quantized;
    private final boolean limits;
    private final long inner;
    private final long channels;

    private QuantizeCuda(CudaDevice device, KernelSpec spec, long axis, String kernel, DType quantized) {
        Shape shape = spec.inputs().shape(0);
        this.function = device.function(kernel);
        this.quantized = quantized;
        this.limits = spec.node().op() instanceof QuantizeLinear;
        this.channels = spec.inputs().shape(SCALE).elementCount();
        long behind = 1;
        if (channels > 1) {
            for (int i = shape.axis(axis) + 1; i < shape.rank(); i++) {
                behind *= shape.dim(i);
            }
        }
        this.inner = behind;
        String key = spec.node().name() + ": zero points";
        this.zeroPoints = spec.shared()
                .get(key, MemorySegment.class, arena -> device.upload(zeroPoints(spec, (int) channels), arena));
    }

    private static boolean supportsQuantize(KernelSpec spec) {
        QuantizeLinear op = (QuantizeLinear) spec.node().op();
        return op.blockSize() == 0
                && op.precision().orElse(DType.F32) == DType.F32
                && is8Bit(spec.outputs().get(0).dtype())
                && spec.inputs().dtype(0) == DType.F32
                && supportsSteps(spec);
    }

    private static boolean supportsDequantize(KernelSpec spec) {
        DequantizeLinear op = (DequantizeLinear) spec.node().op();
        return op.blockSize() == 0
                && is8Bit(spec.inputs().dtype(0))
                && spec.outputs().get(0).dtype() == DType.F32
                && supportsSteps(spec);
    }

    private static boolean supportsSteps(KernelSpec spec) {
        return spec.inputs().dtype(SCALE) == DType.F32 && KnownInput.isAbsentOrKnown(spec, ZERO_POINT);
    }

    private static boolean is8Bit(DType dtype) {
        return dtype == DType.S8 || dtype == DType.U8;
    }

    private static CudaStep quantize(CudaDevice device, KernelSpec spec) {
        DType type = spec.outputs().get(0).dtype();
        long axis = ((QuantizeLinear) spec.node().op()).axis();
        return new QuantizeCuda(device, spec, axis, "octet_simt_quantize_f32" + type.label(), type);
    }

    private static CudaStep dequantize(CudaDevice device, KernelSpec spec) {
        DType type = spec.inputs().dtype(0);
        long axis = ((DequantizeLinear) spec.node().op()).axis();
        return new QuantizeCuda(device, spec, axis, "octet_simt_dequantize_" + type.label() + "f32", type);
    }

    private static MemorySegment zeroPoints(KernelSpec spec, int count) {
        int[] values = new int[count];
        KnownInput.of(spec, ZERO_POINT).ifPresent(tensor -> {
            for (int i = 0; i < count; i++) {
                values[i] = (int) tensor.getLong(i);
            }
        });
        return MemorySegment.ofArray(values);
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        long count = args.in(0).elementCount();
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(args.in(SCALE))
                .pointer(zeroPoints)
                .pointer(args.out(0))
                .s64(count)
                .s64(inner)
                .s64(channels);
        if (limits) {
            params.s32((int) quantized.minInteger()).s32((int) quantized.maxInteger());
        }
        function.launch(stream, Grid.elements(count, PER_THREAD), params);
    }

    @Override
    public boolean readsConstant(int input) {
        return input != ZERO_POINT;
    }
}
