package dev.octet.backend.cuda;

import dev.octet.graph.op.GroupNormalization;
import dev.octet.graph.op.InstanceNormalization;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.RmsNormalization;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;

/** Layer, RMS, instance and group normalization of floats: {@code normalize.cu}. */
final class NormalizeCuda implements CudaStep {
    static final Row LAYER = new Row("octet_simt_normalize", NormalizeCuda::isLayer, NormalizeCuda::layer);
    static final Row RMS = new Row("octet_simt_normalize", NormalizeCuda::isRms, NormalizeCuda::rms);
    static final Row GROUP = new Row(
            "octet_simt_normalize",
            FloatTypes::areOneReal,
            (device, spec) ->
                    channels(device, spec, (GroupNormalization) spec.node().op()));
    static final Row INSTANCE = new Row(
            "octet_simt_normalize",
            FloatTypes::areOneReal,
            (device, spec) -> channels(
                    device,
                    spec,
                    new GroupNormalization(
                            Math.max(1, spec.inputs().shape(0).dim(1)),
                            ((InstanceNormalization) spec.node().op()).epsilon())));

    /**
     * How rows meet their scales and biases, see {@code normalize.cu}.
     *
     * @param groups rows after which the parameters repeat
     * @param scaleRun neighbours that share a scale
     * @param biasRun neighbours that share a bias
     */
    private record Parameters(int groups, int scaleRun, int biasRun, float epsilon, boolean centered) {}

    private final KernelFunction function;
    private final Grid grid;
    private final long rows;
    private final int length;
    private final Parameters parameters;

    private NormalizeCuda(CudaDevice device, DType type, long rows, int length, Parameters parameters) {
        this.rows = rows;
        this.length = length;
        this.parameters = parameters;
        RowTeam team = RowTeam.of(length, 1);
        grid = team.grid(rows);
        function = device.function("octet_simt_normalize_" + type.label() + team.suffix());
    }

    private static NormalizeCuda layer(CudaDevice device, KernelSpec spec) {
        LayerNormalization op = (LayerNormalization) spec.node().op();
        return trailing(device, spec, op.axis(), op.epsilon(), true);
    }

    private static NormalizeCuda rms(CudaDevice device, KernelSpec spec) {
        RmsNormalization op = (RmsNormalization) spec.node().op();
        return trailing(device, spec, op.axis(), op.epsilon(), false);
    }

    private static NormalizeCuda trailing(
            CudaDevice device, KernelSpec spec, long axis, float epsilon, boolean centered) {
        Shape x = spec.inputs().shape(0);
        int from = x.axis(axis);
        int length = Math.toIntExact(x.product(from, x.rank()));
        Parameters parameters = new Parameters(1, run(spec, 1, length), run(spec, 2, length), epsilon, centered);
        return new NormalizeCuda(device, spec.inputs().dtype(0), x.product(0, from), length, parameters);
    }

    /** How many neighbours share an entry of a parameter that has one for all of them or one for each. */
    private static int run(KernelSpec spec, int input, int length) {
        boolean single = spec.inputs().has(input) && spec.inputs().shape(input).elementCount() == 1;
        return single ? Math.max(1, length) : 1;
    }

    private static NormalizeCuda channels(CudaDevice device, KernelSpec spec, GroupNormalization op) {
        Shape x = spec.inputs().shape(0);
        int groups = Math.toIntExact(op.groups());
        long spatial = x.product(2, x.rank());
        int length = Math.toIntExact(x.dim(1) / groups * spatial);
        int run = Math.max(1, Math.toIntExact(spatial));
        Parameters parameters = new Parameters(groups, run, run, op.epsilon(), true);
        return new NormalizeCuda(device, spec.inputs().dtype(0), x.dim(0) * groups, length, parameters);
    }

    private static boolean isLayer(KernelSpec spec) {
        LayerNormalization op = (LayerNormalization) spec.node().op();
        return op.stashType() == DType.F32 && isTrailing(spec, op.axis());
    }

    private static boolean isRms(KernelSpec spec) {
        return isTrailing(spec, ((RmsNormalization) spec.node().op()).axis());
    }

    /** Whether every parameter is one number, or has one for each element of a row, the same for all rows. */
    private static boolean isTrailing(KernelSpec spec, long axis) {
        Shape x = spec.inputs().shape(0);
        long length = x.product(x.axis(axis), x.rank());
        for (int i = 1; i < spec.inputs().count(); i++) {
            if (spec.inputs().has(i)) {
                Shape parameter = spec.inputs().shape(i);
                int outer = Math.max(0, parameter.rank() - (x.rank() - x.axis(axis)));
                boolean fits = parameter.elementCount() == 1
                        || (parameter.elementCount() == length && parameter.product(0, outer) == 1);
                if (!fits) {
                    return false;
                }
            }
        }
        return FloatTypes.areOneReal(spec);
    }

    @Override
    public void enqueue(KernelArgs args, CudaStream stream) {
        if (rows == 0 || length == 0) {
            return;
        }
        KernelParams params = new KernelParams().pointer(args.in(0)).pointer(args.in(1));
        (args.has(2) ? params.pointer(args.in(2)) : params.nullPointer()).pointer(args.out(0));
        for (int output = 1; output <= 2; output++) {
            if (args.wants(output)) {
                params.pointer(args.out(output));
            } else {
                params.nullPointer();
            }
        }
        params.s64(rows)
                .s32(length)
                .s32(parameters.groups)
                .s32(parameters.scaleRun)
                .s32(parameters.biasRun)
                .f32(parameters.epsilon)
                .s32(parameters.centered ? 1 : 0);
        function.launch(stream, grid, params);
    }
}
