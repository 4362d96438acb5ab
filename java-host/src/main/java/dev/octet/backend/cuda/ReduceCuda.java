package dev.octet.backend.cuda;

import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.GlobalMaxPool;
import dev.octet.graph.op.Reduce;
import dev.octet.graph.op.ReduceFunction;
import dev.octet.graph.op.ReducedAxes;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** {@link Reduce} and global pooling of floats: {@code reduce.cu}. */
final class ReduceCuda implements CudaStep {
    /** The maximum that passes over NaN, in {@code reduce.cu}. */
    private static final int MAX_NUMBER = 10;

    static final Row REDUCE = new Row("octet_simt_reduce", ReduceCuda::isKnown, ReduceCuda::reduce);
    static final Row GLOBAL_AVERAGE = new Row(
            "octet_simt_reduce",
            spec -> FloatTypes.isReal(spec, 0),
            (device, spec) -> new ReduceCuda(
                    device,
                    spec,
                    space(spec, ((GlobalAveragePool) spec.node().op()).layout()),
                    code(ReduceFunction.MEAN)));
    static final Row GLOBAL_MAX = new Row(
            "octet_simt_reduce",
            spec -> FloatTypes.isReal(spec, 0),
            (device, spec) -> new ReduceCuda(
                    device, spec, space(spec, ((GlobalMaxPool) spec.node().op()).layout()), MAX_NUMBER));

    private final KernelFunction function;
    private final Grid grid;
    private final ReducedAxes axes;
    private final Tensor pairs;
    private final int code;

    private ReduceCuda(CudaDevice device, KernelSpec spec, boolean[] reduced, int code) {
        this.code = code;
        DType type = spec.inputs().dtype(0);
        axes = ReducedAxes.of(spec.inputs().shape(0), reduced);
        RowTeam team = RowTeam.of(axes.count(), axes.runStride());
        if (team == RowTeam.BLOCK && type == DType.F16) {
            team = RowTeam.WARP;
        }
        grid = team.grid(axes.outputs());
        function = device.function("octet_simt_reduce_" + type.label() + team.suffix());
        Tensor host = Tensor.vector(axes.pairs());
        pairs = Tensor.wrap(DType.S64, host.shape(), device.upload(host.data(), spec.arena()));
    }

    private static ReduceCuda reduce(CudaDevice device, KernelSpec spec) {
        Reduce op = (Reduce) spec.node().op();
        Optional<long[]> given = KnownInput.of(spec, 1).map(Tensor::toLongs);
        return new ReduceCuda(device, spec, op.reducedAxes(spec.inputs().shape(0), given), code(op.function()));
    }

    private static boolean isKnown(KernelSpec spec) {
        return FloatTypes.isReal(spec, 0) && KnownInput.isAbsentOrKnown(spec, 1);
    }

    private static boolean[] space(KernelSpec spec, Layout layout) {
        Shape x = spec.inputs().shape(0);
        boolean[] reduced = new boolean[x.rank()];
        int from = layout.spatialAxis();
        Arrays.fill(reduced, from, from + x.rank() - 2, true);
        return reduced;
    }

    /** The number of a function in {@code reduce.cu}. */
    private static int code(ReduceFunction function) {
        return switch (function) {
            case SUM -> 0;
            case MEAN -> 1;
            case MAX -> 2;
            case MIN -> 3;
            case PROD -> 4;
            case L1 -> 5;
            case L2 -> 6;
            case SUM_SQUARE -> 7;
            case LOG_SUM -> 8;
            case LOG_SUM_EXP -> 9;
        };
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (axes.outputs() == 0) {
            return;
        }
        KernelParams params = new KernelParams()
                .pointer(args.in(0))
                .pointer(args.out(0))
                .pointer(pairs)
                .s32(axes.keptAxes())
                .s32(axes.runAxes())
                .s64(axes.outputs())
                .s64(axes.runs())
                .s64(axes.runLength())
                .s64(axes.runStride())
                .s32(code);
        function.launch(stream, grid, params);
    }

    @Override
    public boolean readsConstant(int input) {
        return input == 0;
    }
}
