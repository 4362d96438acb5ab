package dev.octet.backend.cuda;

import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;

/** Where with broadcasting, by the size of an element. */
final class WhereCuda implements CudaStep {
    static final Row ROW = new Row(
            "octet_simt_where",
            spec -> spec.inputs().dtype(1).bits() >= Byte.SIZE && axes(spec).rank() <= StridedAxes.MAX_RANK,
            WhereCuda::new);

    private final KernelFunction function;
    private final StridedAxes axes;
    private final long count;

    private WhereCuda(CudaDevice device, KernelSpec spec) {
        this.function =
                device.function("octet_simt_where_b" + spec.inputs().dtype(1).bits());
        this.axes = axes(spec);
        this.count = axes.count();
    }

    private static StridedAxes axes(KernelSpec spec) {
        return StridedAxes.broadcast(
                spec.outputs().get(0).shape(),
                spec.inputs().shape(0),
                spec.inputs().shape(1),
                spec.inputs().shape(2));
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (count == 0) {
            return;
        }
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(args.in(1))
                .pointer(args.in(2))
                .pointer(args.out(0))
                .structure(axes.fields())
                .s64(count);
        function.launch(stream, Grid.elements(count, 1), params);
    }
}
