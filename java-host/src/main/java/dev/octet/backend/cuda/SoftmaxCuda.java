package dev.octet.backend.cuda;

import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Shape;

/** {@link Softmax} but for Hardmax, along any axis: {@code softmax.cu}. */
final class SoftmaxCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_softmax", SoftmaxCuda::supports, SoftmaxCuda::new);

    private final KernelFunction function;
    private final Grid grid;
    private final long rows;
    private final long length;
    private final long stride;
    private final boolean logarithm;

    private SoftmaxCuda(CudaDevice device, KernelSpec spec) {
        Softmax op = (Softmax) spec.node().op();
        Shape x = spec.inputs().shape(0);
        int axis = x.axis(op.axis());
        length = x.dim(axis);
        stride = x.product(axis + 1, x.rank());
        rows = length == 0 ? 0 : x.elementCount() / length;
        logarithm = op.function() == SoftmaxFunction.LOG_SOFTMAX;
        RowTeam team = RowTeam.of(length, stride);
        grid = team.grid(rows);
        function =
                device.function("octet_simt_softmax_" + spec.inputs().dtype(0).label() + team.suffix());
    }

    private static boolean supports(KernelSpec spec) {
        Softmax op = (Softmax) spec.node().op();
        return FloatTypes.isReal(spec, 0) && op.function() != SoftmaxFunction.HARDMAX;
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
                .s64(length)
                .s64(stride)
                .s32(logarithm ? 1 : 0);
        function.launch(stream, grid, params);
    }
}
