package dev.octet.backend.cpu;

import dev.octet.graph.op.Gemm;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** MatMul and Gemm of f32, f16 or bf16, summed in fp32. */
final class MatMulKernel implements Kernel {
    static final KernelFactory MATMUL = new KernelFactory(
            "java_matmul_float",
            MatMulKernel::isFloat,
            spec -> new MatMulKernel(
                    spec, MatrixSizes.of(spec.inputs().shape(0), spec.inputs().shape(1)), Optional.empty()));
    static final KernelFactory GEMM = new KernelFactory("java_gemm_float", MatMulKernel::isFloat, spec -> {
        Gemm gemm = (Gemm) spec.node().op();
        MatrixSizes sizes =
                MatrixSizes.ofGemm(spec.inputs().shape(0), spec.inputs().shape(1), gemm.transA(), gemm.transB());
        return new MatMulKernel(spec, sizes, Optional.of(gemm));
    });

    private static final Set<DType> TYPES = EnumSet.of(DType.F32, DType.F16, DType.BF16);
    private static final float[] NO_BIAS = {};

    private final MatrixSizes sizes;
    private final MatrixProduct product;
    private final FloatReader reader;
    private final Optional<float[][][]> constant;
    private final Optional<Gemm> gemm;

    private MatMulKernel(KernelSpec spec, MatrixSizes sizes, Optional<Gemm> gemm) {
        this.sizes = sizes;
        this.gemm = gemm;
        product = new MatrixProduct(sizes, false);
        reader = FloatReader.of(spec.inputs().dtype(0));
        constant = Known.value(spec, 1).map(b -> pack(b, Workers.SINGLE));
    }

    private static boolean isFloat(KernelSpec spec) {
        return TYPES.contains(spec.inputs().dtype(0));
    }

    private float[][][] pack(Tensor b, Workers workers) {
        return product.pack(b, reader, MatrixZeros.NONE, workers);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        float[][][] packed = constant.orElseGet(() -> pack(args.in(1), workers));
        product.run(args.in(0).data(), (_, _) -> reader, packed, sink(args), workers);
    }

    private RowSink sink(KernelArgs args) {
        if (gemm.isEmpty()) {
            return FloatSink.of(args.out(0), NO_BIAS);
        }
        FloatWriter writer = FloatWriter.of(args.out(0));
        float alpha = gemm.get().alpha();
        if (!args.has(2)) {
            return new GemmSink(writer, sizes.n(), alpha, GemmSink.Addend.NONE);
        }
        Tensor c = args.in(2);
        float[] values = c.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= gemm.get().beta();
        }
        return new GemmSink(
                writer, sizes.n(), alpha, GemmSink.Addend.of(values, c.shape(), Shape.of(sizes.m(), sizes.n())));
    }
}
