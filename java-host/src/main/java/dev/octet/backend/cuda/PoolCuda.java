package dev.octet.backend.cuda;

import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.PoolWindow;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** {@link MaxPool} without indices and {@link AveragePool}: {@code pool.cu}. */
final class PoolCuda implements CudaStep {
    static final Row MAX = new Row("octet_simt_maxpool", PoolCuda::isPlainMax, PoolCuda::max);
    static final Row AVERAGE = new Row("octet_simt_averagepool", spec -> FloatTypes.isReal(spec, 0), PoolCuda::average);

    private static final int MAX_WIDTH = 4;

    private final KernelFunction function;
    private final PoolWindow window;
    private final Optional<MemorySegment> divisors;
    private final long outputs;

    private PoolCuda(KernelFunction function, PoolWindow window, Optional<MemorySegment> divisors, int width) {
        this.function = function;
        this.window = window;
        this.divisors = divisors;
        this.outputs = (long) window.batch() * window.channels() * window.outPixels() / width;
    }

    private static PoolCuda max(CudaDevice device, KernelSpec spec) {
        MaxPool op = (MaxPool) spec.node().op();
        PoolWindow window = window(spec, op.window(), op.layout());
        DType type = spec.inputs().dtype(0);
        boolean wide = op.layout() == Layout.CHANNELS_LAST && !type.isFloat() && window.channels() % MAX_WIDTH == 0;
        String name = "octet_simt_maxpool_" + type.label() + (wide ? "_4_nhwc" : "");
        return new PoolCuda(device.function(name), window, Optional.empty(), wide ? MAX_WIDTH : 1);
    }

    private static PoolCuda average(CudaDevice device, KernelSpec spec) {
        AveragePool op = (AveragePool) spec.node().op();
        PoolWindow window = window(spec, op.window(), op.layout());
        float[] divisors = new float[window.outPixels()];
        for (int pixel = 0; pixel < divisors.length; pixel++) {
            divisors[pixel] = op.countPadding() ? window.paddedTaps(pixel) : window.insideTaps(pixel);
        }
        MemorySegment uploaded = device.upload(
                Tensor.ofFloats(Shape.of(divisors.length), divisors).data(), spec.arena());
        KernelFunction function = device.function(
                "octet_simt_averagepool_" + spec.inputs().dtype(0).label());
        return new PoolCuda(function, window, Optional.of(uploaded), 1);
    }

    private static PoolWindow window(KernelSpec spec, SpatialWindow window, Layout layout) {
        Shape output = spec.outputs().getFirst().shape();
        return PoolWindow.of(spec.inputs().shape(0), output, window, layout);
    }

    private static boolean isPlainMax(KernelSpec spec) {
        DType type = spec.inputs().dtype(0);
        boolean known = FloatTypes.isReal(type) || type == DType.S8 || type == DType.U8;
        return known && spec.node().outputs().size() == 1;
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (outputs == 0) {
            return;
        }
        KernelParams params = new KernelParams().pointer(args.in(0)).pointer(args.out(0));
        divisors.ifPresent(params::pointer);
        params.structure(WindowParams.of(window))
                .s64(window.batch())
                .s32(window.channels())
                .s32(window.layout() == Layout.CHANNELS_LAST ? 1 : 0);
        function.launch(stream, Grid.elements(outputs, 1), params);
    }
}
