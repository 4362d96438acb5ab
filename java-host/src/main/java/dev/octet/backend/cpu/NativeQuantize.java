package dev.octet.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.octet.graph.op.QuantizeLinear;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.KernelSpec;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link QuantizeLinear} of f32 with one scale to 8-bit integers. */
final class NativeQuantize implements Kernel {
    private static final String FUNCTION = "octet_quantize";
    private static final FunctionDescriptor DESCRIPTOR =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_FLOAT);

    private static final String PLANES_FUNCTION = "octet_quantize_planes";
    private static final FunctionDescriptor PLANES_DESCRIPTOR = FunctionDescriptor.of(
            JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_FLOAT);

    /** The planes that native code quantizes and interleaves at once. */
    private static final int COLOURS = 3;

    private final MethodHandle function;
    private final long kind;
    private final boolean channelsLast;

    private NativeQuantize(MethodHandle function, long kind, boolean channelsLast) {
        this.function = function;
        this.kind = kind;
        this.channelsLast = channelsLast;
    }

    static boolean supports(KernelSpec spec) {
        QuantizeLinear op = (QuantizeLinear) spec.node().op();
        DType y = spec.outputs().get(0).dtype();
        return spec.inputs().dtype(0) == DType.F32
                && op.precision().orElse(spec.inputs().dtype(1)) == DType.F32
                && op.blockSize() == 0
                && spec.inputs().shape(1).elementCount() == 1
                && (y == DType.U8 || y == DType.S8);
    }

    static KernelFactory.OutputPlace output(KernelSpec spec) {
        Shape x = spec.inputs().shape(0);
        return x.rank() > 2 && x.dim(1) == COLOURS
                ? KernelFactory.OutputPlace.CHANNELS_LAST
                : KernelFactory.OutputPlace.OWN;
    }

    static NativeQuantize prepare(NativeLibrary library, KernelSpec spec) {
        boolean last = spec.channelsLast();
        return new NativeQuantize(
                last ? library.handle(PLANES_FUNCTION, PLANES_DESCRIPTOR) : library.handle(FUNCTION, DESCRIPTOR),
                IntegerProduct.kind(spec.outputs().get(0).dtype()),
                last);
    }

    /** Of any floats to u8. */
    static NativeQuantize toUnsigned(NativeLibrary library) {
        return new NativeQuantize(library.handle(FUNCTION, DESCRIPTOR), IntegerProduct.kind(DType.U8), false);
    }

    /** The one scale and zero point. */
    private record Step(float scale, long zeroPoint) {}

    @Override
    public void run(KernelArgs args, Workers workers) {
        Step step = new Step(args.in(1).getFloat(0), args.has(2) ? args.in(2).getLong(0) : 0);
        if (channelsLast) {
            images(args.in(0).shape(), args.in(0).data(), args.out(0).data(), step, workers);
            return;
        }
        run(args.in(0), args.out(0), step.scale, step.zeroPoint, workers);
    }

    /** Quantizes all elements in their order. */
    void run(Tensor from, Tensor to, float scale, long zeroPoint, Workers workers) {
        MemorySegment x = from.data();
        MemorySegment y = to.data();
        Chunks.forEach(workers, from.elementCount(), (first, end) -> {
            NativeLibrary.call(FUNCTION, () -> (int) function.invokeExact(
                    x.asSlice(first * Float.BYTES), y.asSlice(first), end - first, kind, zeroPoint, scale));
        });
    }

    private void images(Shape shape, MemorySegment x, MemorySegment y, Step step, Workers workers) {
        long planes = shape.dim(1);
        long pixels = shape.product(2, shape.rank());
        long perTask = Chunks.SIZE / COLOURS;
        long tasks = Math.ceilDiv(pixels, perTask);
        workers.forEach(Math.toIntExact(shape.dim(0) * tasks), task -> {
            long image = task / tasks * planes * pixels;
            MemorySegment from = x.asSlice(image * Float.BYTES);
            MemorySegment to = y.asSlice(image);
            long first = task % tasks * perTask;
            long count = Math.min(perTask, pixels - first);
            NativeLibrary.call(PLANES_FUNCTION, () -> (int)
                    function.invokeExact(from, to, planes, pixels, first, count, kind, step.zeroPoint, step.scale));
        });
    }
}
