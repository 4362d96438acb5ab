package dev.octet.bench.gpu;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QMatMul;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Integer products with bias, ReLU and requantization: the own fused kernel, that of
 * warpgroups where the device has it, cuBLASLt and one more kernel, the fastest.
 */
final class ProductBench {
    private static final String MODE = "octet.cuda.gemm";
    private static final long SEED = 11;

    private ProductBench() {}

    /** One way of computing one product. */
    record Entry(
            int rows, int columns, int depth, String mode, String kernel, double tops, DeviceClock.Timing timing) {}

    static List<Entry> run(BenchSizes sizes) {
        String before = System.getProperty(MODE, "");
        List<Entry> entries = new ArrayList<>();
        try {
            for (BenchSizes.Product size : sizes.products()) {
                Graph graph = graph(size);
                Map<String, Tensor> inputs = Map.of("x", random(Shape.of(size.rows(), size.depth()), SEED));
                for (String mode : List.of("own", "wgmma", "cublaslt", "auto")) {
                    System.setProperty(MODE, mode);
                    StepTimes.Measured measured = StepTimes.of(graph, inputs);
                    double operations = 2.0 * size.rows() * size.columns() * size.depth();
                    entries.add(new Entry(
                            size.rows(),
                            size.columns(),
                            size.depth(),
                            mode,
                            measured.kernel(),
                            operations / measured.timing().medianNanos() / 1000,
                            measured.timing()));
                }
            }
        } finally {
            restore(before);
        }
        return entries;
    }

    private static void restore(String before) {
        if (before.isEmpty()) {
            System.clearProperty(MODE);
        } else {
            System.setProperty(MODE, before);
        }
    }

    private static Graph graph(BenchSizes.Product size) {
        float[] multipliers = new float[size.columns()];
        Arrays.fill(multipliers, 1f / size.depth());
        int[] bias = new Random(SEED).ints(size.columns(), -1000, 1000).toArray();
        QMatMul op = new QMatMul(0, 0, new Epilogue.ToInt8(DType.S8, multipliers, -128, -128, 127, Optional.empty()));
        return new Graph(
                "product",
                List.of(ValueInfo.of("x", DType.S8, size.rows(), size.depth())),
                List.of(ValueInfo.of("y", DType.S8, size.rows(), size.columns())),
                List.of(new Node("product", op, List.of("x", "w", "b"), List.of("y"))),
                Map.of(
                        "w",
                        random(Shape.of(size.depth(), size.columns()), SEED + 1),
                        "b",
                        Tensor.ofInts(Shape.of(size.columns()), bias)));
    }

    private static Tensor random(Shape shape, long seed) {
        byte[] bytes = new byte[Math.toIntExact(shape.elementCount())];
        new Random(seed).nextBytes(bytes);
        return Tensor.ofBytes(DType.S8, shape, bytes);
    }
}
