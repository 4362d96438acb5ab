package dev.octet.backend.cpu;

import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Where of every type of at least a byte: elements are copied bit by bit. */
final class WhereKernel implements Kernel {
    static final KernelFactory FACTORY =
            new KernelFactory("java_where", spec -> spec.inputs().dtype(1).bits() >= Byte.SIZE, _ -> new WhereKernel());

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor condition = args.in(0);
        Tensor a = args.in(1);
        Tensor b = args.in(2);
        Tensor y = args.out(0);
        Broadcast broadcast = Broadcast.of(y.shape(), List.of(condition.shape(), a.shape(), b.shape()));
        int conditionStep = broadcast.step(0);
        int aStep = broadcast.step(1);
        int bStep = broadcast.step(2);
        int width = y.dtype().bits() / Byte.SIZE;
        broadcast.forEachRow(workers, (out, starts, count) -> {
            for (int i = 0; i < count; i++) {
                boolean first = condition.data().get(Tensor.S8_LAYOUT, starts[0] + (long) i * conditionStep) != 0;
                MemorySegment from = first ? a.data() : b.data();
                long at = first ? starts[1] + (long) i * aStep : starts[2] + (long) i * bStep;
                copy(from, at, y.data(), out + i, width);
            }
        });
    }

    private static void copy(MemorySegment from, long fromIndex, MemorySegment to, long toIndex, int width) {
        switch (width) {
            case 1 -> to.set(Tensor.S8_LAYOUT, toIndex, from.get(Tensor.S8_LAYOUT, fromIndex));
            case 2 -> to.set(Tensor.S16_LAYOUT, toIndex * 2, from.get(Tensor.S16_LAYOUT, fromIndex * 2));
            case 4 -> to.set(Tensor.S32_LAYOUT, toIndex * 4, from.get(Tensor.S32_LAYOUT, fromIndex * 4));
            default -> to.set(Tensor.S64_LAYOUT, toIndex * 8, from.get(Tensor.S64_LAYOUT, fromIndex * 8));
        }
    }
}
