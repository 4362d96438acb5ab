package dev.octet.backend.cpu;

import dev.octet.graph.op.Epilogue;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** The integer matrix products whose zero points and scales are inputs: MatMulInteger and kin, QLinearMatMul. */
final class IntegerMatMulKernel implements Kernel {
    private static final int ABSENT = 5;
    static final KernelFactory MATMUL_INTEGER = KernelFactory.of(
            "java_matmul_integer",
            spec -> new IntegerMatMulKernel(
                    spec,
                    new Inputs(1, 2, 3),
                    (args, _) -> new IntSink(args.out(0).data())));
    static final KernelFactory QLINEAR = KernelFactory.of(
            "java_qlinear_matmul",
            spec -> new IntegerMatMulKernel(spec, new Inputs(3, 2, 5), IntegerMatMulKernel::requantize));

    static final KernelFactory TO_FLOAT = KernelFactory.of(
            "java_matmul_integer_to_float",
            spec -> new IntegerMatMulKernel(spec, new Inputs(1, 3, ABSENT), IntegerMatMulKernel::dequantize));

    /** Which inputs hold b and the zero points. */
    private record Inputs(int b, int aZero, int bZero) {}

    /** Makes the sink of a run. */
    private interface SinkSource {
        RowSink make(KernelArgs args, MatrixSizes sizes);
    }

    private final MatrixSizes sizes;
    private final MatrixProduct product;
    private final Inputs inputs;
    private final SinkSource sinks;
    private final Optional<float[][][]> constant;

    private IntegerMatMulKernel(KernelSpec spec, Inputs inputs, SinkSource sinks) {
        this.inputs = inputs;
        this.sinks = sinks;
        sizes = MatrixSizes.of(spec.inputs().shape(0), spec.inputs().shape(inputs.b()));
        IntegerDepth.require(spec, sizes.k(), spec.inputs().dtype(inputs.b()), inputs.bZero());
        product = new MatrixProduct(sizes, true);
        Optional<Tensor> zero = Known.value(spec, inputs.bZero());
        boolean knowsZero = zero.isPresent() || !spec.inputs().has(inputs.bZero());
        constant = Known.value(spec, inputs.b())
                .filter(_ -> knowsZero)
                .map(b -> pack(b, zeros(zero, sizes.n()), Workers.SINGLE));
    }

    private float[][][] pack(Tensor b, MatrixZeros zeros, Workers workers) {
        return product.pack(b, FloatReader.of(b.dtype(), 0), zeros, workers);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        float[][][] packed = constant.orElseGet(() ->
                pack(args.in(inputs.b()), zeros(input(args, inputs.bZero()), sizes.n()), workers));
        product.run(args.in(0).data(), readers(args), packed, sinks.make(args, sizes), workers);
    }

    private static Optional<Tensor> input(KernelArgs args, int input) {
        return args.has(input) ? Optional.of(args.in(input)) : Optional.empty();
    }

    private static MatrixZeros zeros(Optional<Tensor> zeroPoints, int perMatrix) {
        return zeroPoints.map(zeros -> MatrixZeros.of(zeros, perMatrix)).orElse(MatrixZeros.NONE);
    }

    private MatrixProduct.RowReaders readers(KernelArgs args) {
        MatrixZeros zeros = zeros(input(args, inputs.aZero()), sizes.m());
        DType type = args.in(0).dtype();
        if (zeros.isUniform()) {
            FloatReader reader = FloatReader.of(type, zeros.at(0, 0));
            return (_, _) -> reader;
        }
        return (product, row) -> FloatReader.of(type, zeros.at(sizes.aMatrix()[product], row));
    }

    private static RowSink dequantize(KernelArgs args, MatrixSizes sizes) {
        return new DequantizeSink(
                args.out(0).data(),
                new Epilogue.ToFloat(scales(args), Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY),
                new int[0]);
    }

    /** The products of a's scale and b's scales, inputs 2 and 4. */
    static float[] scales(KernelArgs args) {
        float[] scales = args.in(4).toFloats();
        for (int i = 0; i < scales.length; i++) {
            scales[i] *= args.in(2).getFloat(0);
        }
        return scales;
    }

    private static RowSink requantize(KernelArgs args, MatrixSizes sizes) {
        return new LinearSink(
                args.out(0),
                sizes,
                new Scales(args.in(1).toFloats(), sizes.m()),
                new Scales(args.in(4).toFloats(), sizes.n()),
                new Scales(args.in(6).toFloats(), sizes.m()),
                MatrixZeros.of(args.in(7), sizes.m()));
    }

    /** One scale, one a row or column of a matrix, or one of every row or column of a batch. */
    private record Scales(float[] values, int perMatrix) {
        float at(int matrix, int index) {
            if (values.length == 1) {
                return values[0];
            }
            return values[values.length == perMatrix ? index : matrix * perMatrix + index];
        }
    }

    /** Requantizes with scales that may differ by row of a and y and by column of b. */
    private record LinearSink(
            Tensor out, MatrixSizes sizes, Scales aScales, Scales bScales, Scales yScales, MatrixZeros yZeros)
            implements RowSink {
        @Override
        public void store(RowAccumulator row, long outIndex, int channel, int channelStep) {
            int[] sums = row.integers();
            int at = Math.toIntExact(outIndex / sizes.n());
            int product = at / sizes.m();
            int line = at % sizes.m();
            float aScale = aScales.at(sizes.aMatrix()[product], line);
            float yScale = yScales.at(product, line);
            int zeroPoint = yZeros.at(product, line);
            int qmin = (int) out.dtype().minInteger();
            int qmax = (int) out.dtype().maxInteger();
            for (int j = 0; j < row.width(); j++) {
                float bScale = bScales.at(sizes.bMatrix()[product], channel + j * channelStep);
                float multiplier = Quantizer.multiplier(aScale, bScale, yScale);
                out.setLong(outIndex + j, Quantizer.requantize(sums[j], multiplier, zeroPoint, qmin, qmax));
            }
        }
    }
}
