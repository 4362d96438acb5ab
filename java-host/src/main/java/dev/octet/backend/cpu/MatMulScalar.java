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
import java.util.Optional;

/** MatMul and Gemm of f64, summed in double, and of integers, summed in long and wrapping; plain loops. */
final class MatMulScalar implements Kernel {
    static final KernelFactory MATMUL = KernelFactory.of(
            "java_matmul_scalar",
            spec -> new MatMulScalar(
                    MatrixSizes.of(spec.inputs().shape(0), spec.inputs().shape(1)), Optional.empty()));
    static final KernelFactory GEMM = KernelFactory.of("java_gemm_scalar", MatMulScalar::gemm);

    private final MatrixSizes sizes;
    private final Optional<Gemm> gemm;

    private MatMulScalar(MatrixSizes sizes, Optional<Gemm> gemm) {
        this.sizes = sizes;
        this.gemm = gemm;
    }

    private static MatMulScalar gemm(KernelSpec spec) {
        Gemm gemm = (Gemm) spec.node().op();
        MatrixSizes sizes =
                MatrixSizes.ofGemm(spec.inputs().shape(0), spec.inputs().shape(1), gemm.transA(), gemm.transB());
        return new MatMulScalar(sizes, Optional.of(gemm));
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor a = args.in(0);
        Tensor b = args.in(1);
        Tensor out = args.out(0);
        workers.forEach(Math.multiplyExact(sizes.products(), sizes.m()), index -> {
            int product = index / sizes.m();
            int row = index % sizes.m();
            long aFrom = sizes.aIndex(product, row);
            long bFrom = (long) sizes.bMatrix()[product] * sizes.k() * sizes.n();
            for (int column = 0; column < sizes.n(); column++) {
                long at = (long) index * sizes.n() + column;
                if (a.dtype() == DType.F64) {
                    out.setDouble(at, finish(sumDoubles(a, b, aFrom, bFrom, column), args, at));
                } else {
                    long sum = sumLongs(a, b, aFrom, bFrom, column);
                    storeLong(out, at, sum, args);
                }
            }
        });
    }

    private void storeLong(Tensor out, long at, long sum, KernelArgs args) {
        boolean plain = gemm.isEmpty() || (gemm.get().alpha() == 1 && gemm.get().beta() == 1);
        if (plain) {
            out.setLong(
                    at, args.has(2) ? sum + args.in(2).getLong(addend(args.in(2).shape(), at)) : sum);
        } else {
            out.setDouble(at, finish(sum, args, at));
        }
    }

    private double finish(double sum, KernelArgs args, long at) {
        if (gemm.isEmpty()) {
            return sum;
        }
        double scaled = gemm.get().alpha() * sum;
        return args.has(2)
                ? scaled
                        + gemm.get().beta()
                                * args.in(2).getDouble(addend(args.in(2).shape(), at))
                : scaled;
    }

    private long addend(Shape c, long at) {
        GemmSink.Addend addend = GemmSink.Addend.of(new float[0], c, Shape.of(sizes.m(), sizes.n()));
        return at / sizes.n() * addend.rowStride() + at % sizes.n() * addend.columnStride();
    }

    private long bIndex(long from, int i, int column) {
        return sizes.transB() ? from + (long) column * sizes.k() + i : from + (long) i * sizes.n() + column;
    }

    private double sumDoubles(Tensor a, Tensor b, long aFrom, long bFrom, int column) {
        double sum = 0;
        for (int i = 0; i < sizes.k(); i++) {
            sum += a.getDouble(aFrom + i * sizes.aStride()) * b.getDouble(bIndex(bFrom, i, column));
        }
        return sum;
    }

    private long sumLongs(Tensor a, Tensor b, long aFrom, long bFrom, int column) {
        long sum = 0;
        for (int i = 0; i < sizes.k(); i++) {
            sum += a.getLong(aFrom + i * sizes.aStride()) * b.getLong(bIndex(bFrom, i, column));
        }
        return sum;
    }
}
