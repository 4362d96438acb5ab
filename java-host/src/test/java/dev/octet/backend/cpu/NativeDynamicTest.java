package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.MatMulIntegerToFloat;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native kernels with scales found in the run against the Java kernels, bit for bit. */
class NativeDynamicTest {
    private static final int CASES = 12;

    private static ValueInfo value(String name, DType dtype) {
        return new ValueInfo(name, dtype, Optional.empty());
    }

    private static Map<String, Tensor> run(Graph graph, String kernels, int threads, Tensor x) {
        SessionOptions options = SessionOptions.defaults().withThreads(threads);
        try (Session session = Session.open(graph, NativeHarness.backend(kernels), options)) {
            assertThat(session.plan(Map.of("x", x.shape())).steps())
                    .allMatch(step -> step.kernel().startsWith(kernels));
            session.run(Map.of("x", x)); // a second run starts from what the first has written
            return session.run(Map.of("x", x));
        }
    }

    private static void assertSame(Graph graph, String set, int seed, Tensor x) {
        Map<String, Tensor> expected = run(graph, "java", 1, x);
        run(graph, set, 1 + seed % 2, x)
                .forEach((name, tensor) -> assertThat(tensor.contentEquals(
                                Optional.ofNullable(expected.get(name)).orElseThrow()))
                        .as("seed %d: %s", seed, name)
                        .isTrue());
    }

    private static Graph graph(long depth, List<Node> nodes, List<ValueInfo> outputs, Map<String, Tensor> constants) {
        List<Dim> dims = List.of(new Dim.Symbol("rows"), new Dim.Known(depth));
        return new Graph("test", List.of(new ValueInfo("x", DType.F32, Optional.of(dims))), outputs, nodes, constants);
    }

    private static Node quantize() {
        return new Node("dynamic", new DynamicQuantizeLinear(), List.of("x"), List.of("q", "s", "z"));
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void dynamicQuantize_equalsJavaKernel(String set) {
        List<ValueInfo> outputs = Stream.of(value("q", DType.U8), value("s", DType.F32), value("z", DType.U8))
                .toList();
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int depth = 1 + random.nextInt(70);
            Tensor x = NativeHarness.randomFloats(Shape.of(seed == 1 ? 900 : random.nextInt(9), depth), random);
            for (long i = 0; i < x.elementCount() && seed % 4 == 2; i += 5) {
                x.setFloat(i, i % 2 == 0 ? Float.NaN : 0);
            }

            assertSame(graph(depth, List.of(quantize()), outputs, Map.of()), set, seed, x);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void matMulIntegerToFloat_equalsJavaKernel(String set) {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int depth = 1 + random.nextInt(90);
            int columns = 1 + random.nextInt(70);
            Map<String, Tensor> constants = Map.of(
                    "w",
                    NativeHarness.randomBytes(DType.S8, Shape.of(depth, columns), random),
                    "w.scale",
                    NativeHarness.randomFloats(seed % 3 == 0 ? Shape.SCALAR : Shape.of(columns), random));
            Node product = new Node(
                    "product", new MatMulIntegerToFloat(), List.of("q", "w", "s", "z", "w.scale"), List.of("y"));
            Tensor x = NativeHarness.randomFloats(Shape.of(1 + random.nextInt(40), depth), random);
            Graph graph = graph(depth, List.of(quantize(), product), List.of(value("y", DType.F32)), constants);

            assertSame(graph, set, seed, x);
        }
    }
}
