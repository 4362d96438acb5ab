package dev.octet.backend.cpu;

import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** {@code min(max(x, low), high)} in fp32, NaN staying NaN: Clip and Relu. */
final class ClipF32 implements Kernel {
    static final KernelFactory CLIP = new KernelFactory(
            "java_clip_f32", spec -> spec.inputs().dtype(0) == DType.F32, _ -> new ClipF32(Float.NEGATIVE_INFINITY));
    static final KernelFactory RELU = new KernelFactory(
            "java_relu_f32",
            spec -> spec.inputs().dtype(0) == DType.F32 && ((Unary) spec.node().op()).function() == UnaryFunction.RELU,
            _ -> new ClipF32(0));

    private final float lowest;

    private ClipF32(float lowest) {
        this.lowest = lowest;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        float low = args.has(1) ? args.in(1).getFloat(0) : lowest;
        float high = args.has(2) ? args.in(2).getFloat(0) : Float.POSITIVE_INFINITY;
        Chunks.forEach(workers, x.elementCount(), (from, to) -> {
            long at = from * Float.BYTES;
            long bytes = (to - from) * Float.BYTES;
            clip(x.data().asSlice(at, bytes), y.data().asSlice(at, bytes), low, high);
        });
    }

    private static void clip(MemorySegment x, MemorySegment y, float low, float high) {
        int count = (int) (x.byteSize() / Float.BYTES);
        for (int i = 0; i < count; i++) {
            float value = Math.min(Math.max(x.get(Tensor.F32_LAYOUT, 4L * i), low), high);
            y.set(Tensor.F32_LAYOUT, 4L * i, value);
        }
    }
}
