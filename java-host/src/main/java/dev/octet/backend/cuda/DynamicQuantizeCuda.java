package dev.octet.backend.cuda;

import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import java.lang.foreign.MemorySegment;

/** DynamicQuantizeLinear: ranges of parts, the scale of their union, then the tensor by that scale. */
final class DynamicQuantizeCuda implements CudaStep {
    static final Row ROW = new Row(
            "octet_simt_dynamic_scale_f32u8", spec -> spec.node().outputs().size() == 3, DynamicQuantizeCuda::new);

    /** Up to here one block looks at the tensor itself. */
    private static final long FEW = 4096;

    private static final int MAX_PARTS = 1024;
    private static final int THREADS = 256;
    private static final int ELEMENTS_PER_THREAD = 4;

    private final KernelFunction range;
    private final KernelFunction scale;
    private final KernelFunction quantize;
    private final long count;

    private DynamicQuantizeCuda(CudaDevice device, KernelSpec spec) {
        this.range = device.function("octet_simt_range_f32");
        this.scale = device.function("octet_simt_dynamic_scale_f32u8");
        this.quantize = device.function("octet_simt_quantize_f32u8_tensor");
        this.count = spec.inputs().shape(0).elementCount();
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        MemorySegment values = args.in(0).data();
        long valueCount = count;
        if (count > FEW) {
            int parts = (int) Math.min(MAX_PARTS, count / FEW);
            values = stream.workspace(2L * parts * Float.BYTES);
            valueCount = 2L * parts;
            KernelParams params =
                    new KernelParams().pointer(args.in(0)).pointer(values).s64(count);
            range.launch(stream, new Grid(parts, 1, 1, THREADS, 0), params);
        }
        KernelParams params = new KernelParams()
                .pointer(values)
                .pointer(args.out(1))
                .pointer(args.out(2))
                .s64(valueCount);
        scale.launch(stream, new Grid(1, 1, 1, THREADS, 0), params);
        if (count > 0) {
            quantize(args, stream);
        }
    }

    private void quantize(KernelArgs args, CudaStream stream) {
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(args.out(1))
                .pointer(args.out(2))
                .pointer(args.out(0))
                .s64(count);
        quantize.launch(stream, Grid.elements(count, ELEMENTS_PER_THREAD), params);
    }
}
