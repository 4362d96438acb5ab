package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.QMatMul;
import dev.octet.quant.ActivationScheme;
import dev.octet.quant.QuantRange;
import dev.octet.tensor.Tensor;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One layer of a transformer, spelt as exporters spell it, through quantization and lowering. */
class TransformerPipelineTest {
    private static final long BATCH = 2;
    private static final long TOKENS = 5;
    private static final long WIDTH = 6;
    private static final long HEADS = 2;

    private final TestGraph test = new TestGraph();

    private String dense(String name, Random random, String x, long in, long out) {
        String product = test.node(name + ".product", "MatMul", x, test.random(name + ".w", random, in, out));
        return test.node(name, "Add", test.random(name + ".b", random, out), product);
    }

    private String heads(String name, String x, long... perm) {
        String shape = test.constant(name + ".split", Tensor.vector(0, 0, HEADS, WIDTH / HEADS));
        String split = test.node(name + ".heads", "Reshape", x, shape);
        return test.node(name, "Transpose", Attributes.builder().put("perm", perm).build(), split);
    }

    private String gelu(String name, String x) {
        String erf = test.node(
                name + ".erf",
                "Erf",
                test.node(name + ".div", "Div", x, test.constant(name + ".sqrt2", Tensor.scalar(1.4142135f))));
        String sum = test.node(name + ".sum", "Add", erf, test.constant(name + ".one", Tensor.scalar(1)));
        String product = test.node(name + ".mul", "Mul", x, sum);
        return test.node(name, "Mul", product, test.constant(name + ".half", Tensor.scalar(0.5f)));
    }

    private String norm(String name, Random random, String x) {
        return test.node(
                name,
                "LayerNormalization",
                x,
                test.random(name + ".scale", random, WIDTH),
                test.random(name + ".bias", random, WIDTH));
    }

    private Graph layer(Random random) {
        String x = norm("norm0", random, test.input("x", BATCH, TOKENS, WIDTH));
        String q = heads("q.heads", dense("q", random, x, WIDTH, WIDTH), 0, 2, 1, 3);
        String k = heads("k.heads", dense("k", random, x, WIDTH, WIDTH), 0, 2, 3, 1);
        String v = heads("v.heads", dense("v", random, x, WIDTH, WIDTH), 0, 2, 1, 3);
        String scores = test.node("scores", "MatMul", q, k);
        String scaled = test.node("scaled", "Div", scores, test.constant("root", Tensor.scalar(1.7320508f)));
        String mixed = test.node("mixed", "MatMul", test.node("attention", "Softmax", scaled), v);
        Attributes back = Attributes.builder().put("perm", new long[] {0, 2, 1, 3}).build();
        String joined = test.node(
                "joined",
                "Reshape",
                test.node("back", "Transpose", back, mixed),
                test.constant("joined.shape", Tensor.vector(0, 0, WIDTH)));
        String sum = test.node("sum", "Add", dense("o", random, joined, WIDTH, WIDTH), x);
        String normed = norm("norm1", random, sum);
        String inner = gelu("gelu", dense("up", random, normed, WIDTH, 11));
        return test.output(test.node("y", "Add", dense("down", random, inner, 11, WIDTH), normed));
    }

    private static Map<String, Tensor> input(long seed) {
        return Map.of("x", TestGraph.randomTensor(new Random(~seed), BATCH, TOKENS, WIDTH));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void lower_inputsQuantized_everyProductIsIntegerAndWithinOneStep(long seed) {
        Graph graph = PassRunner.run(Pipelines.floatGraph(GraphRun.EVALUATOR), layer(new Random(seed)));
        QuantizationOptions options =
                QuantizationOptions.DEFAULT.withActivations(ActivationScheme.values()[(int) (seed % 3)]);
        Map<String, QuantRange> ranges = GraphRun.ranges(graph, input(seed));

        Graph quantized = QuantizationGraphs.quantize(graph, options, ranges);

        LoweringContract.check(quantized, input(seed), "seed " + seed);
        Graph lowered = PassRunner.run(Pipelines.lower(GraphRun.EVALUATOR), quantized);
        assertThat(lowered.nodes().stream().filter(node -> node.op() instanceof QMatMul)).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void lower_quantizedEverywhere_isWithinOneStep(long seed) {
        Graph graph = PassRunner.run(Pipelines.floatGraph(GraphRun.EVALUATOR), layer(new Random(seed)));
        QuantizationOptions options =
                QuantizationOptions.DEFAULT.withActivations(ActivationScheme.values()[(int) (seed % 3)]);
        Map<String, QuantRange> ranges = GraphRun.ranges(graph, input(seed));

        Graph quantized = QuantizedEverywhere.of(graph, options, ranges);

        LoweringContract.check(quantized, input(seed), "seed " + seed);
        Graph lowered = PassRunner.run(Pipelines.lower(GraphRun.EVALUATOR), quantized);
        assertThat(lowered.nodes()).anyMatch(node -> node.op() instanceof QLookup);
    }
}
