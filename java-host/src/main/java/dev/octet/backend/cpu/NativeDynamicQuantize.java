package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.runtime.BoundKernel;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.Workers;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link DynamicQuantizeLinear}: one pass over the floats for their range, one to quantize. */
final class NativeDynamicQuantize implements Kernel {
    private static final String RANGE_FUNCTION = "octet_range";
    private static final FunctionDescriptor RANGE_DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS);
    private static final long RANGE_BYTES = 2 * Float.BYTES;

    private final MethodHandle range;
    private final NativeQuantize quantize;

    private NativeDynamicQuantize(MethodHandle range, NativeQuantize quantize) {
        this.range = range;
        this.quantize = quantize;
    }

    static NativeDynamicQuantize prepare(NativeLibrary library) {
        return new NativeDynamicQuantize(
                library.handle(RANGE_FUNCTION, RANGE_DESCRIPTOR), NativeQuantize.toUnsigned(library));
    }

    @Override
    public BoundKernel bind(KernelArgs args) {
        Tensor x = args.in(0);
        long chunks = Math.ceilDiv(x.elementCount(), Chunks.SIZE);
        MemorySegment ranges = Arena.ofAuto().allocate(Math.max(1, chunks * RANGE_BYTES), Float.BYTES);
        return workers -> {
            findRanges(x.data(), x.elementCount(), ranges, workers);
            float min = 0;
            float max = 0;
            for (long i = 0; i < chunks; i++) {
                min = Math.min(min, ranges.getAtIndex(JAVA_FLOAT, 2 * i));
                max = Math.max(max, ranges.getAtIndex(JAVA_FLOAT, 2 * i + 1));
            }
            DynamicQuantizeKernel.Params params = DynamicQuantizeKernel.Params.of(min, max);
            params.write(args);
            if (args.wants(0)) {
                quantize.run(x, args.out(0), params.scale(), params.zeroPoint(), workers);
            }
        };
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        bind(args).run(workers);
    }

    private void findRanges(MemorySegment x, long count, MemorySegment ranges, Workers workers) {
        Chunks.forEach(workers, count, (from, to) -> {
            MemorySegment found = ranges.asSlice(from / Chunks.SIZE * RANGE_BYTES, RANGE_BYTES);
            NativeLibrary.call(RANGE_FUNCTION, () ->
                    (int) range.invokeExact(x.asSlice(from * Float.BYTES), to - from, found));
        });
    }
}
