package dev.octet.bench.gpu;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jcuda.driver.JCudaDriver;

/** Quantize and dequantize against a copy on the device: bytes read plus bytes written, a second. */
final class BandwidthBench {
    private static final long SEED = 13;

    private BandwidthBench() {}

    /**
     * One measurement.
     *
     * @param shareOfCopy of the bandwidth that the copy of the same run reached
     */
    record Entry(String what, String kernel, long bytes, double gbs, double shareOfCopy, DeviceClock.Timing timing) {}

    static List<Entry> run(Gpu gpu, BenchSizes sizes) {
        List<Entry> entries = new ArrayList<>();
        Entry copy = copy(gpu, sizes.copyBytes());
        entries.add(copy);
        int elements = sizes.elements();
        float[] reals = new float[elements];
        byte[] bytes = new byte[elements];
        Random random = new Random(SEED);
        random.nextBytes(bytes);
        for (int i = 0; i < elements; i++) {
            reals[i] = random.nextFloat() * 4 - 2;
        }
        Shape shape = Shape.of(elements);
        entries.add(
                step("quantize f32 to s8", QuantizeLinear.along(0), Tensor.ofFloats(shape, reals), DType.S8, copy.gbs));
        entries.add(step(
                "dequantize s8 to f32",
                DequantizeLinear.along(0),
                Tensor.ofBytes(DType.S8, shape, bytes),
                DType.F32,
                copy.gbs));
        return entries;
    }

    private static Entry copy(Gpu gpu, int bytes) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment from = gpu.randomBytes(bytes, SEED, arena);
            MemorySegment to = gpu.room(bytes, arena);
            DeviceAddress source = new DeviceAddress(from);
            DeviceAddress target = new DeviceAddress(to);
            DeviceClock.Timing timing = DeviceClock.time(
                    () -> DeviceClock.check(JCudaDriver.cuMemcpyDtoD(target, source, bytes), "cuMemcpyDtoD"));
            double gbs = 2.0 * bytes / timing.medianNanos();
            return new Entry("copy", "cuMemcpyDtoD", 2L * bytes, gbs, 1, timing);
        }
    }

    private static Entry step(String what, Op op, Tensor x, DType type, double copyGbs) {
        long count = x.elementCount();
        Graph graph = new Graph(
                what,
                List.of(ValueInfo.of("x", x.dtype(), count)),
                List.of(ValueInfo.of("y", type, count)),
                List.of(new Node(what, op, List.of("x", "scale", "zero"), List.of("y"))),
                Map.of("scale", Tensor.scalar(0.02f), "zero", Tensor.scalar(DType.S8, 0)));
        StepTimes.Measured measured = StepTimes.of(graph, Map.of("x", x));
        long bytes = x.dtype().sizeBytes(count) + type.sizeBytes(count);
        double gbs = bytes / measured.timing().medianNanos();
        return new Entry(what, measured.kernel(), bytes, gbs, gbs / copyGbs, measured.timing());
    }
}
