package dev.octet.backend.cuda;

import dev.octet.graph.op.Resampling;
import dev.octet.graph.op.Resize;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.stream.LongStream;

/** {@link Resize} along at most two neighbouring axes to known sizes: {@code resize.cu}. */
final class ResizeCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_resize", ResizeCuda::supports, ResizeCuda::new);

    private static final int MAX_ELEMENT_BYTES = 16;

    private final KernelFunction function;
    private final Resampling op;
    private final MemorySegment positions;
    private final MemorySegment weights;
    private final long run;
    private final long count;

    private ResizeCuda(CudaDevice device, KernelSpec spec) {
        op = resampling(spec).orElseThrow();
        boolean nearest = op.y().weights().length == 0;
        DType dtype = spec.inputs().dtype(0);
        int elementBytes = dtype.bits() / Byte.SIZE;
        int width = nearest ? StridedAxes.commonWidth(MAX_ELEMENT_BYTES / elementBytes, LongStream.of(op.run())) : 1;
        run = op.run() / width;
        count = spec.outputs().get(0).shape().elementCount() / width;
        function = device.function(
                "octet_simt_resize_" + (nearest ? "b" + width * elementBytes * Byte.SIZE : dtype.label()));
        int[] places = java.util.Arrays.copyOf(
                op.y().positions(), op.y().positions().length + op.x().positions().length);
        System.arraycopy(
                op.x().positions(), 0, places, op.y().positions().length, op.x().positions().length);
        float[] shares = java.util.Arrays.copyOf(
                op.y().weights(), op.y().weights().length + op.x().weights().length);
        System.arraycopy(
                op.x().weights(), 0, shares, op.y().weights().length, op.x().weights().length);
        positions = device.upload(MemorySegment.ofArray(places), spec.arena());
        weights = device.upload(MemorySegment.ofArray(shares), spec.arena());
    }

    private static boolean supports(KernelSpec spec) {
        DType dtype = spec.inputs().dtype(0);
        boolean nearest = ((Resize) spec.node().op()).mode() == Resize.Mode.NEAREST;
        return (nearest ? dtype.bits() >= Byte.SIZE : FloatTypes.isReal(dtype))
                && KnownInput.isAbsentOrKnown(spec, 2)
                && KnownInput.isAbsentOrKnown(spec, 3)
                && resampling(spec).isPresent();
    }

    private static Optional<Resampling> resampling(KernelSpec spec) {
        return Resampling.of(
                (Resize) spec.node().op(),
                spec.inputs().shape(0),
                KnownInput.of(spec, 2).map(Tensor::toFloats),
                KnownInput.of(spec, 3).map(Tensor::toLongs));
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (count == 0) {
            return;
        }
        KernelParams params =
                new KernelParams().pointer(args.in(0)).pointer(args.out(0)).pointer(positions);
        if (op.y().weights().length > 0) {
            params.pointer(weights);
        }
        params.structure(
                        op.y().extent(),
                        op.x().extent(),
                        (long) op.y().outputs(),
                        op.x().outputs(),
                        op.y().taps(),
                        op.x().taps(),
                        run)
                .s64(count);
        function.launch(stream, Grid.elements(count, 1), params);
    }

    @Override
    public boolean readsConstant(int input) {
        return input == 0;
    }
}
