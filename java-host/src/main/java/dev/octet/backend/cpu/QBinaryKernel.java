package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.QBinary;
import dev.octet.quant.Quantizer;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Sum or product of two 8-bit tensors with broadcasting, see {@link QBinary}. */
final class QBinaryKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of("java_qbinary", QBinaryKernel::new);

    private final QBinary op;
    private final int[] a;
    private final int[] b;

    private QBinaryKernel(KernelSpec spec) {
        op = (QBinary) spec.node().op();
        if (op.function() != BinaryFunction.ADD && op.function() != BinaryFunction.MUL) {
            throw ModelException.unsupported("integer " + op.function());
        }
        a = steps(spec.inputs().dtype(0), op.aZeroPoint());
        b = steps(spec.inputs().dtype(1), op.bZeroPoint());
    }

    /** {@code value - zeroPoint} by the bits of the value. */
    private static int[] steps(DType dtype, int zeroPoint) {
        int[] steps = new int[256];
        for (int bits = 0; bits < steps.length; bits++) {
            steps[bits] = (dtype == DType.S8 ? (byte) bits : bits) - zeroPoint;
        }
        return steps;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        MemorySegment x = args.in(0).data();
        MemorySegment y = args.in(1).data();
        MemorySegment out = args.out(0).data();
        Broadcast broadcast = Broadcast.of(
                args.out(0).shape(), List.of(args.in(0).shape(), args.in(1).shape()));
        int xStep = broadcast.step(0);
        int yStep = broadcast.step(1);
        boolean sum = op.function() == BinaryFunction.ADD;
        broadcast.forEachRow(workers, (first, starts, count) -> {
            byte[] bytes = new byte[count];
            for (int i = 0; i < count; i++) {
                int p = a[x.get(Tensor.S8_LAYOUT, starts[0] + (long) i * xStep) & 0xFF];
                int q = b[y.get(Tensor.S8_LAYOUT, starts[1] + (long) i * yStep) & 0xFF];
                bytes[i] = (byte) (sum ? add(p, q) : multiply(p, q));
            }
            MemorySegment.copy(bytes, 0, out, Tensor.S8_LAYOUT, first, count);
        });
    }

    private int add(int p, int q) {
        return Quantizer.requantizeAdd(p, op.aMultiplier(), q, op.bMultiplier(), op.zeroPoint(), op.qmin(), op.qmax());
    }

    private int multiply(int p, int q) {
        return Quantizer.requantize(p * q, op.aMultiplier(), op.zeroPoint(), op.qmin(), op.qmax());
    }
}
