package dev.octet.backend.cpu;

import dev.octet.graph.op.QMatMul;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.util.Optional;

/** Integer matrix product with its epilogue, see {@link QMatMul}. */
final class QMatMulKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_qmatmul_s8", QMatMulKernel::new);

    private final QMatMul op;
    private final MatrixProduct product;
    private final FloatReader aReader;
    private final FloatReader bReader;
    private final Optional<float[][][]> constant;

    private QMatMulKernel(KernelSpec spec) {
        op = (QMatMul) spec.node().op();
        MatrixSizes sizes = MatrixSizes.of(spec.inputs().shape(0), spec.inputs().shape(1));
        IntegerDepth.require(sizes.k(), spec.inputs().dtype(1), op.bZeroPoint() != 0);
        product = new MatrixProduct(sizes, true);
        aReader = FloatReader.of(spec.inputs().dtype(0), op.aZeroPoint());
        bReader = FloatReader.of(spec.inputs().dtype(1), op.bZeroPoint());
        constant = Known.value(spec, 1).map(b -> pack(b, Workers.SINGLE));
    }

    private float[][][] pack(Tensor b, Workers workers) {
        return product.pack(b, bReader, MatrixZeros.NONE, workers);
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        float[][][] packed = constant.orElseGet(() -> pack(args.in(1), workers));
        product.run(args.in(0).data(), (_, _) -> aReader, packed, Epilogues.sink(op.epilogue(), args), workers);
    }
}
