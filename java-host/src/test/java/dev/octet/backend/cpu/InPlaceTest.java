package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.Flatten;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.Identity;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.Transpose;
import dev.octet.runtime.PlanStep;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans whose values share memory: the same results as where each has its own, without the copies. */
class InPlaceTest {
    private static final int CASES = 12;

    private DType dtype = DType.U8;
    private final Map<String, Tensor> constants = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private void conv(String y, int kernel, long in, long out, Random random) {
        if (dtype == DType.F32) {
            constants.put(y + ".w", NativeHarness.randomFloats(Shape.of(out, in, kernel, kernel), random));
            FusedConv op = new FusedConv(window(kernel), 1, Layout.CHANNELS_LAST, 0, Float.POSITIVE_INFINITY);
            nodes.add(new Node(y, op, List.of("x", y + ".w"), List.of(y)));
            return;
        }
        constants.put(y + ".w", NativeHarness.randomBytes(DType.S8, Shape.of(out, in, kernel, kernel), random));
        float[] multipliers = new float[(int) out];
        for (int i = 0; i < out; i++) {
            multipliers[i] = 0.001f + random.nextFloat() * 0.01f;
        }
        Epilogue epilogue = new Epilogue.ToInt8(DType.U8, multipliers, 17, 3, 250, Optional.empty());
        QConv op = new QConv(window(kernel), 1, 9, Layout.CHANNELS_LAST, epilogue);
        nodes.add(new Node(y, op, List.of("x", y + ".w"), List.of(y)));
    }

    private static SpatialWindow window(int kernel) {
        long pad = kernel / 2;
        long[] ones = {1, 1};
        return new SpatialWindow(
                new long[] {kernel, kernel}, ones, ones, new long[] {pad, pad, pad, pad}, SpatialWindow.AutoPad.NOTSET);
    }

    private void node(String y, dev.octet.graph.Op op, String... inputs) {
        nodes.add(new Node(y, op, List.of(inputs), List.of(y)));
    }

    private Graph graph(long channels, List<String> outputs) {
        List<Dim> dims = List.of(new Dim.Symbol("n"), new Dim.Known(9), new Dim.Known(7), new Dim.Known(channels));
        return new Graph(
                "test",
                List.of(new ValueInfo("x", dtype, Optional.of(dims))),
                outputs.stream()
                        .map(name -> new ValueInfo(name, dtype, Optional.empty()))
                        .toList(),
                nodes,
                constants);
    }

    /** The outputs with these kernels and the kernels of the steps, by node. */
    private record Result(Map<String, Tensor> outputs, Map<String, String> kernels) {
        static Result of(Graph graph, String kernels, int threads, Tensor x) {
            SessionOptions options = SessionOptions.defaults().withThreads(threads);
            try (Session session = Session.open(graph, NativeHarness.backend(kernels), options)) {
                Map<String, String> names = new LinkedHashMap<>();
                for (PlanStep step : session.plan(Map.of("x", x.shape())).steps()) {
                    names.put(step.node(), step.kernel());
                }
                return new Result(session.run(Map.of("x", x)), names);
            }
        }
    }

    private static void assertSame(Result actual, Result expected, String about) {
        assertThat(actual.outputs.keySet()).isEqualTo(expected.outputs.keySet());
        actual.outputs.forEach((name, tensor) -> assertThat(tensor.contentEquals(
                        Optional.ofNullable(expected.outputs.get(name)).orElseThrow()))
                .as("%s: %s", about, name)
                .isTrue());
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void run_convolutionsThatAConcatJoins_writeIntoIt(String set) {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            nodes.clear();
            constants.clear();
            long channels = seed % 3 == 0 ? 32 : 1 + random.nextInt(40);
            conv("a", 1, channels, 1 + random.nextInt(70), random);
            conv("b", 3, channels, 1 + random.nextInt(70), random);
            conv("c", 1, channels, 1 + random.nextInt(40), random);
            node("joined", new Concat(-1), "a", "b", "c");
            node("copy", new Identity(), "joined");
            node("y", new Flatten(1), "copy");
            Tensor x = NativeHarness.randomBytes(DType.U8, Shape.of(1 + seed % 3, 9, 7, channels), random);

            Result actual = Result.of(graph(channels, List.of("y")), set, 1 + seed % 2, x);

            assertThat(actual.kernels)
                    .containsEntry("joined", "in_place")
                    .containsEntry("copy", "in_place")
                    .containsEntry("y", "in_place");
            assertSame(actual, Result.of(graph(channels, List.of("y")), "java", 1, x), "seed " + seed);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void run_floatConvolutionsThatAConcatJoins_writeIntoIt(String set) {
        dtype = DType.F32;
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            nodes.clear();
            constants.clear();
            long channels = 1 + random.nextInt(40);
            conv("a", 1, channels, 1 + random.nextInt(70), random);
            conv("b", 3, channels, 1 + random.nextInt(70), random);
            Tensor x = NativeHarness.randomFloats(Shape.of(1 + seed % 3, 9, 7, channels), random);
            Result apart = Result.of(graph(channels, List.of("a", "b")), set, 1, x);
            node("joined", new Concat(-1), "a", "b");

            Result actual = Result.of(graph(channels, List.of("joined")), set, 1 + seed % 2, x);

            assertThat(actual.kernels).containsEntry("joined", "in_place");
            nodes.removeIf(node -> !(node.op() instanceof Concat));
            assertSame(actual, joined(apart), "seed " + seed);
        }
    }

    /** What a Concat makes of the outputs a and b. */
    private Result joined(Result apart) {
        List<ValueInfo> parts = List.of("a", "b").stream()
                .map(name -> ValueInfo.of(
                        name,
                        dtype,
                        Optional.ofNullable(apart.outputs.get(name))
                                .orElseThrow()
                                .shape()
                                .dims()))
                .toList();
        Graph graph =
                new Graph("test", parts, List.of(new ValueInfo("joined", dtype, Optional.empty())), nodes, Map.of());
        try (Session session = Session.open(graph, NativeHarness.backend("java"), SessionOptions.defaults())) {
            return new Result(session.run(apart.outputs), Map.of());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void run_partThatOthersReadToo_staysItsOwn(String set) {
        Random random = new Random(1);
        conv("a", 3, 11, 21, random);
        conv("b", 1, 11, 5, random);
        node("joined", new Concat(3), "a", "b");
        node("again", new Concat(3), "joined", "b");
        Tensor x = NativeHarness.randomBytes(DType.U8, Shape.of(2, 9, 7, 11), random);
        Graph graph = graph(11, List.of("joined", "again", "a"));

        Result actual = Result.of(graph, set, 1, x);

        assertThat(actual.kernels).containsEntry("joined", set + "_concat").containsEntry("again", set + "_concat");
        assertSame(actual, Result.of(graph, "java", 1, x), "seed 1");
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void run_bytesReadBeforeAndAfterTheyAreShared_areKept(String set) {
        Random random = new Random(2);
        conv("a", 1, 13, 13, random);
        node("flat", new Flatten(1), "a");
        node("twice", new Concat(1), "flat", "flat");
        node("whole", new Concat(3), "a", "a");
        Tensor x = NativeHarness.randomBytes(DType.U8, Shape.of(1, 9, 7, 13), random);
        Graph graph = graph(13, List.of("flat", "twice", "whole"));

        Result actual = Result.of(graph, set, 2, x);

        assertThat(actual.kernels).containsEntry("flat", "in_place").containsEntry("twice", set + "_concat");
        assertSame(actual, Result.of(graph, "java", 1, x), "seed 2");
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void run_moveThatMovesNothing_sharesMemory(String set) {
        Random random = new Random(3);
        conv("a", 1, 1, 1, random);
        node("first", new Transpose(new long[] {0, 3, 1, 2}), "a");
        node("swapped", new Transpose(new long[] {0, 1, 3, 2}), "first");
        node("one", new Concat(1), "first");
        Tensor x = NativeHarness.randomBytes(DType.U8, Shape.of(3, 9, 7, 1), random);
        Graph graph = graph(1, List.of("first", "swapped", "one"));

        Result actual = Result.of(graph, set, 1, x);

        assertThat(actual.kernels)
                .containsEntry("first", "in_place")
                .containsEntry("one", "in_place")
                .containsEntry("swapped", set + "_transpose");
        assertSame(actual, Result.of(graph, "java", 1, x), "seed 3");
    }

    @ParameterizedTest
    @MethodSource("dev.octet.backend.cpu.NativeHarness#sets")
    void run_imageQuantizedAndBroughtToChannelsLast_isWrittenSoAtOnce(String set) {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            DType dtype = seed % 2 == 0 ? DType.U8 : DType.S8;
            long planes = seed % 4 == 3 ? 2 : 3;
            Shape shape = Shape.of(1 + seed % 3, planes, 1 + random.nextInt(90), 1 + random.nextInt(90));
            List<Dim> dims =
                    List.of(new Dim.Symbol("n"), new Dim.Known(planes), new Dim.Symbol("h"), new Dim.Symbol("w"));
            constants.put("scale", Tensor.scalar(0.004f + 0.01f * random.nextFloat()));
            constants.put("zero", NativeHarness.randomBytes(dtype, Shape.SCALAR, random));
            nodes.clear();
            node("q", QuantizeLinear.along(QuantizeLinear.DEFAULT_AXIS), "x", "scale", "zero");
            node("y", new Transpose(new long[] {0, 2, 3, 1}), "q");
            Graph graph = new Graph(
                    "test",
                    List.of(new ValueInfo("x", DType.F32, Optional.of(dims))),
                    List.of(new ValueInfo("y", dtype, Optional.empty())),
                    nodes,
                    constants);
            Tensor x = NativeHarness.randomFloats(shape, random);

            Result actual = Result.of(graph, set, 1 + seed % 2, x);

            assertThat(actual.kernels)
                    .containsEntry("q", set + "_quantize")
                    .containsEntry("y", planes == 3 ? "in_place" : set + "_transpose");
            assertSame(actual, Result.of(graph, "java", 1, x), "seed %d, %s".formatted(seed, shape));
        }
    }
}
