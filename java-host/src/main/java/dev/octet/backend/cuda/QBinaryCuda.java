package dev.octet.backend.cuda;

import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.QBinary;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;

/** Sum or product of two 8-bit tensors with broadcasting. */
final class QBinaryCuda implements CudaStep {
    static final Row ROW = new Row("octet_simt_qbinary_b8", QBinaryCuda::supports, QBinaryCuda::new);

    private static final int VECTOR_BYTES = 16;
    private static final int SIGN_BIT = 0x80;

    private final QBinary op;
    private final KernelFunction function;
    private final StridedAxes axes;
    private final DType a;
    private final DType b;

    private QBinaryCuda(CudaDevice device, KernelSpec spec) {
        this.op = (QBinary) spec.node().op();
        this.a = spec.inputs().dtype(0);
        this.b = spec.inputs().dtype(1);
        StridedAxes all = axes(spec);
        boolean wide = all.innerExtent() % VECTOR_BYTES == 0;
        this.axes = wide ? all.inUnitsOf(VECTOR_BYTES) : all;
        this.function = device.function(wide ? "octet_simt_qbinary_b8_x16" : "octet_simt_qbinary_b8");
    }

    private static boolean supports(KernelSpec spec) {
        BinaryFunction function = ((QBinary) spec.node().op()).function();
        return (function == BinaryFunction.ADD || function == BinaryFunction.MUL)
                && axes(spec).rank() <= StridedAxes.MAX_RANK;
    }

    private static StridedAxes axes(KernelSpec spec) {
        return StridedAxes.broadcast(
                spec.outputs().get(0).shape(),
                spec.inputs().shape(0),
                spec.inputs().shape(1));
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        long units = axes.count();
        if (units == 0) {
            return;
        }
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(args.in(1))
                .pointer(args.out(0))
                .structure(axes.fields())
                .s64(units);
        operand(params, a, op.aZeroPoint(), op.aMultiplier());
        operand(params, b, op.bZeroPoint(), op.bMultiplier());
        params.s32(op.zeroPoint()).s32(op.qmin()).s32(op.qmax()).s32(op.function() == BinaryFunction.ADD ? 1 : 0);
        function.launch(stream, Grid.elements(units, 1), params);
    }

    private static void operand(KernelParams params, DType dtype, int zeroPoint, float multiplier) {
        int flip = dtype.isSigned() ? SIGN_BIT : 0;
        params.s32(flip).s32(flip + zeroPoint).f32(multiplier);
    }
}
