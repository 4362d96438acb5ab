package dev.octet.backend.cuda;

import dev.octet.graph.op.Gather;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import java.util.stream.LongStream;

/** Gather along an axis: runs of the axes inside of it are moved in elements as large as fit. */
final class GatherCuda implements CudaStep {
    static final Row ROW =
            new Row("octet_simt_gather", spec -> spec.inputs().dtype(0).bits() >= Byte.SIZE, GatherCuda::new);

    private static final int MAX_ELEMENT_BYTES = 16;

    private final KernelFunction function;
    private final String complaint;
    private final long count;
    private final long indices;
    private final long extent;
    private final long inner;

    private GatherCuda(CudaDevice device, KernelSpec spec) {
        Shape shape = spec.inputs().shape(0);
        int axis = shape.axis(((Gather) spec.node().op()).axis());
        long run = shape.product(axis + 1, shape.rank());
        int elementBytes = spec.inputs().dtype(0).bits() / Byte.SIZE;
        int width = StridedAxes.commonWidth(MAX_ELEMENT_BYTES / elementBytes, LongStream.of(run));
        String index = spec.inputs().dtype(1) == DType.S64 ? "_s64" : "_s32";
        this.inner = run / width;
        this.extent = shape.dim(axis);
        this.indices = spec.inputs().shape(1).elementCount();
        this.count = spec.outputs().get(0).shape().elementCount() / width;
        this.function = device.function("octet_simt_gather_b" + width * elementBytes * Byte.SIZE + index);
        this.complaint = spec.node().describe() + ": an index is outside an axis of extent " + extent;
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (count == 0) {
            return;
        }
        DataFaults faults = stream.faults();
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(args.in(1))
                .pointer(args.out(0))
                .pointer(faults.word())
                .s32(faults.number(complaint))
                .s64(count)
                .s64(indices)
                .s64(extent)
                .s64(inner);
        function.launch(stream, Grid.elements(count, 1), params);
    }
}
