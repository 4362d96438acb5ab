package dev.octet.backend.cuda;

import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.Set;

/** QuantizeLinear and DequantizeLinear with one scale or one an index of an axis: {@code quantize.cu}. */
final class QuantizeCuda implements CudaStep {
    static final Row QUANTIZE = new Row("octet_simt_quantize", QuantizeCuda::canQuantize, (device, spec) ->
            new QuantizeCuda(device, spec, "octet_simt_quantize_", ((QuantizeLinear) spec.node().op()).axis()));
    static final Row DEQUANTIZE = new Row("octet_simt_dequantize", QuantizeCuda::canDequantize, (device, spec) ->
            new QuantizeCuda(device, spec, "octet_simt_dequantize_", ((DequantizeLinear) spec.node().op()).axis()));

    private static final Set<String> QUANTIZED = Set.of("f32s8", "f32u8", "f16s8", "f16u8");
    private static final Set<String> DEQUANTIZED = Set.of("s8f32", "u8f32", "s8f16", "u8f16", "s32f32");
    private static final int SCALE = 1;
    private static final int ZERO_POINT = 2;
    private static final int VECTOR_BYTES = 16;

    private final KernelFunction function;
    private final long count;
    private final long channels;
    private final long inner;
    private final int width;

    private QuantizeCuda(CudaDevice device, KernelSpec spec, String stem, long axis) {
        Shape shape = spec.inputs().shape(0);
        this.count = shape.elementCount();
        this.channels = spec.inputs().shape(SCALE).elementCount();
        this.inner = channels == 1 ? 1 : shape.product(shape.axis(axis) + 1, shape.rank());
        this.width = channels == 1 ? VECTOR_BYTES * Byte.SIZE / spec.inputs().dtype(SCALE).bits() : 1;
        this.function = device.function(stem + types(spec) + (channels == 1 ? "_tensor" : "_axis"));
    }

    private static boolean canQuantize(KernelSpec spec) {
        QuantizeLinear op = (QuantizeLinear) spec.node().op();
        DType real = spec.inputs().dtype(0);
        return op.blockSize() == 0
                && QUANTIZED.contains(types(spec))
                && spec.inputs().dtype(SCALE) == real
                && op.precision().orElse(real) == real;
    }

    private static boolean canDequantize(KernelSpec spec) {
        DequantizeLinear op = (DequantizeLinear) spec.node().op();
        return op.blockSize() == 0
                && DEQUANTIZED.contains(types(spec))
                && spec.inputs().dtype(SCALE) == spec.outputs().get(0).dtype();
    }

    private static String types(KernelSpec spec) {
        return spec.inputs().dtype(0).label() + spec.outputs().get(0).dtype().label();
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (count == 0) {
            return;
        }
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
        function.launch(stream, Grid.elements(count, width), params);
    }
}
