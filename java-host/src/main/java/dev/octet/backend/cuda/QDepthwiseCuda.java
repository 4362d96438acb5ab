package dev.octet.backend.cuda;

import dev.octet.graph.op.ConvGeometry;
import dev.octet.graph.op.QConv;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import java.lang.foreign.MemorySegment;

/** {@link QConv} of each channel alone, in channels-last layout, on CUDA cores. */
final class QDepthwiseCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_qdepthwise", QDepthwiseCuda::supports, QDepthwiseCuda::new);

    /** Channels, and output pixels along the last axis, of a thread: {@code kChannels} and {@code kPixels}. */
    private static final int PER_THREAD = 4;

    private final ConvGeometry geometry;
    private final int xZeroPoint;
    private final PackedProduct packed;
    private final ProductEpilogue epilogue;
    private final KernelFunction function;

    private QDepthwiseCuda(CudaDevice device, KernelSpec spec) {
        QConv op = (QConv) spec.node().op();
        geometry = QConvCuda.geometry(spec);
        xZeroPoint = op.xZeroPoint();
        packed = PackedProduct.onceByTap(device, spec, WeightOrder.ofConv(geometry), xZeroPoint, op.epilogue());
        int channels = geometry.channels();
        epilogue = packed.epilogue(op.epilogue(), channels, channels);
        String x = spec.inputs().dtype(0) == DType.U8 ? "u8" : "s8";
        function = device.function("octet_simt_qdepthwise_" + x + "s8_nhwc");
    }

    private static boolean supports(KernelSpec spec) {
        return QConvCuda.isSupported(spec) && QConvCuda.geometry(spec).isDepthwise();
    }

    @Override
    public boolean readsConstant(int input) {
        return ProductArguments.readsConstant(input);
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        MemorySegment x = args.in(0).data();
        int channels = geometry.channels();
        KernelParams input = new KernelParams()
                .pointer(x)
                .pointer(packed.weights())
                .s32(geometry.batch())
                .s32(channels)
                .s32(ProductEpilogue.access(x.address(), channels))
                .s32(xZeroPoint);
        long width = geometry.out()[ConvGeometry.AXES - 1];
        long lines = width == 0 ? 0 : geometry.batch() * (geometry.pixels() / width);
        long runs = lines * Math.ceilDiv(width, PER_THREAD) * Math.ceilDiv(channels, PER_THREAD);
        KernelParams params =
                new KernelParams().structure(input).structure(epilogue.of(args)).structure(WindowParams.of(geometry));
        function.launch(stream, Grid.elements(runs, 1), params);
    }
}
