package dev.octet.backend.cuda;

import dev.octet.graph.op.ArgExtreme;
import dev.octet.graph.op.ArgFunction;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Shape;

/** {@link ArgExtreme} of floats: {@code argextreme.cu}. */
final class ArgExtremeCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_argextreme", spec -> FloatTypes.isReal(spec, 0), ArgExtremeCuda::new);

    private final ArgExtreme op;
    private final KernelFunction function;
    private final Grid grid;
    private final long rows;
    private final int length;
    private final long stride;

    private ArgExtremeCuda(CudaDevice device, KernelSpec spec) {
        op = (ArgExtreme) spec.node().op();
        Shape x = spec.inputs().shape(0);
        int axis = x.axis(op.axis());
        length = Math.toIntExact(x.dim(axis));
        stride = x.product(axis + 1, x.rank());
        rows = x.elementCount() / length;
        RowTeam team = stride > 1 ? RowTeam.THREAD : RowTeam.WARP;
        grid = team.grid(rows);
        function = device.function(
                "octet_simt_argextreme_" + spec.inputs().dtype(0).label() + team.suffix());
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (rows == 0) {
            return;
        }
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(args.out(0))
                .s64(rows)
                .s32(length)
                .s64(stride)
                .s32(op.function() == ArgFunction.MIN ? 1 : 0)
                .s32(op.selectLastIndex() ? 1 : 0);
        function.launch(stream, grid, params);
    }
}
