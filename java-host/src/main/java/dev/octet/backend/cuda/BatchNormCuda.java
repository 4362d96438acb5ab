package dev.octet.backend.cuda;

import dev.octet.graph.op.BatchNormalization;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.Shape;

/** {@link BatchNormalization} of floats: {@code normalize.cu}. */
final class BatchNormCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_batchnorm", FloatTypes::areOneReal, BatchNormCuda::new);

    private static final int INPUTS = 5;

    private final KernelFunction function;
    private final Shape x;
    private final float epsilon;

    private BatchNormCuda(CudaDevice device, KernelSpec spec) {
        x = spec.inputs().shape(0);
        epsilon = ((BatchNormalization) spec.node().op()).epsilon();
        function =
                device.function("octet_simt_batchnorm_" + spec.inputs().dtype(0).label());
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (x.elementCount() == 0) {
            return;
        }
        long planes = x.product(0, 2);
        KernelParams params = new KernelParams();
        for (int i = 0; i < INPUTS; i++) {
            params.pointer(args.in(i));
        }
        params.pointer(args.out(0))
                .s64(planes)
                .s32(Math.toIntExact(x.dim(1)))
                .s64(x.product(2, x.rank()))
                .f32(epsilon);
        function.launch(stream, RowTeam.BLOCK.grid(planes), params);
    }
}
