package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.Mod;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.List;

/** {@link Mod} for every numeric type. */
final class ModKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_mod", spec -> new ModKernel(((Mod) spec.node().op()).fmod()));

    private final boolean fmod;

    private ModKernel(boolean fmod) {
        this.fmod = fmod;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor a = args.in(0);
        Tensor b = args.in(1);
        Tensor y = args.out(0);
        Broadcast broadcast = Broadcast.of(y.shape(), List.of(a.shape(), b.shape()));
        int aStep = broadcast.step(0);
        int bStep = broadcast.step(1);
        broadcast.forEachRow(workers, (out, starts, count) -> {
            for (int i = 0; i < count; i++) {
                long left = starts[0] + (long) i * aStep;
                long right = starts[1] + (long) i * bStep;
                if (y.dtype().isFloat()) {
                    y.setDouble(out + i, remainder(a.getDouble(left), b.getDouble(right)));
                } else {
                    y.setLong(out + i, remainder(a.getLong(left), b.getLong(right), y.dtype()));
                }
            }
        });
    }

    private double remainder(double a, double b) {
        double remainder = a % b;
        return fmod || remainder == 0 || (remainder < 0) == (b < 0) ? remainder : remainder + b;
    }

    private long remainder(long a, long b, DType dtype) {
        if (b == 0) {
            throw ModelException.data("integer division by zero");
        }
        if (dtype == DType.U64) {
            return Long.remainderUnsigned(a, b);
        }
        return fmod ? a % b : Math.floorMod(a, b);
    }
}
