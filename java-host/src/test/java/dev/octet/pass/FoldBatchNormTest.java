package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FoldBatchNormTest {
    /** Sums of fewer than 100 products whose terms are rounded once more, relative to the largest result. */
    private static final double TOLERANCE = 1e-5;

    private final FoldBatchNorm pass = new FoldBatchNorm(GraphRun.EVALUATOR);
    private final TestGraph test = new TestGraph();
    private final Random random = new Random(42);

    private String norm(String name, String x, long channels) {
        Tensor variance = TestGraph.randomTensor(random, channels);
        for (long i = 0; i < channels; i++) {
            variance.setFloat(i, 0.1f + Math.abs(variance.getFloat(i)));
        }
        return test.node(
                name,
                "BatchNormalization",
                x,
                test.random(name + ".gamma", random, channels),
                test.random(name + ".beta", random, channels),
                test.random(name + ".mean", random, channels),
                test.constant(name + ".var", variance));
    }

    private static List<String> operators(Graph graph) {
        return graph.nodes().stream().map(node -> node.op().type().name()).toList();
    }

    private void assertFolds(Graph graph, String... operators) {
        Graph result = pass.apply(graph);

        assertThat(operators(result)).containsExactly(operators);
        assertThat(pass.apply(result)).isSameAs(result);
        assertSame(graph, result);
    }

    private static void assertSame(Graph graph, Graph result) {
        Tensor x = TestGraph.randomTensor(
                new Random(1), graph.inputs().get(0).staticShape().orElseThrow().dims());
        Map<String, Tensor> expected = GraphRun.outputs(graph, Map.of("x", x));
        GraphRun.outputs(result, Map.of("x", x)).forEach((name, tensor) -> {
            Tensor wanted = expected.get(name);
            assertThat(wanted).isNotNull();
            LoweringContract.assertClose(tensor, wanted, TOLERANCE, name);
        });
    }

    @Test
    void apply_behindGroupedConvWithoutBias_folds() {
        String w = test.random("w", random, 6, 2, 3, 3);
        String conv = test.node("conv", "Conv", QuantizationGraphs.same3x3(2), test.input("x", 1, 4, 5, 5), w);

        assertFolds(test.output(norm("y", conv, 6)), "Conv");
    }

    @Test
    void apply_behindGroupedConvTranspose_folds() {
        String w = test.random("w", random, 4, 3, 2, 2);
        Attributes attributes = Attributes.builder()
                .put("kernel_shape", new long[] {2, 2})
                .put("strides", new long[] {2, 2})
                .put("group", 2L)
                .build();
        String conv = test.node("conv", "ConvTranspose", attributes, test.input("x", 1, 4, 5, 5), w);

        assertFolds(test.output(norm("y", conv, 6)), "ConvTranspose");
    }

    @Test
    void apply_behindGemmWithBeta_folds() {
        Attributes attributes = Attributes.builder()
                .put("alpha", 0.5f)
                .put("beta", 2f)
                .put("transB", 1L)
                .build();
        String gemm = test.node(
                "gemm",
                "Gemm",
                attributes,
                test.input("x", 3, 4),
                test.random("w", random, 5, 4),
                test.random("c", random, 5));

        assertFolds(test.output(norm("y", gemm, 5)), "Gemm");
    }

    @Test
    void apply_aheadOfUnpaddedConv_folds() {
        String norm = norm("norm", test.input("x", 1, 4, 5, 5), 4);
        Attributes attributes = Attributes.builder()
                .put("kernel_shape", new long[] {3, 3})
                .put("group", 2L)
                .build();

        assertFolds(
                test.output(test.node("y", "Conv", attributes, norm, test.random("w", random, 6, 2, 3, 3))), "Conv");
    }

    @Test
    void apply_aheadOfPaddedConv_stays() {
        String norm = norm("norm", test.input("x", 1, 4, 5, 5), 4);
        Graph graph = test.output(
                test.node("y", "Conv", QuantizationGraphs.same3x3(1), norm, test.random("w", random, 6, 4, 3, 3)));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }

    @Test
    void apply_convWithTwoReaders_stays() {
        String w = test.random("w", random, 3, 4, 3, 3);
        String conv = test.node("conv", "Conv", QuantizationGraphs.same3x3(1), test.input("x", 1, 4, 5, 5), w);
        Graph graph = test.output(norm("y", conv, 3), test.node("z", "Relu", conv));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }

    @Test
    void apply_convThatIsAnOutput_stays() {
        String w = test.random("w", random, 3, 4, 3, 3);
        String conv = test.node("conv", "Conv", QuantizationGraphs.same3x3(1), test.input("x", 1, 4, 5, 5), w);
        Graph graph = test.output(norm("y", conv, 3), conv);

        assertThat(pass.apply(graph)).isSameAs(graph);
    }

    @Test
    void apply_weightOfTwoConvs_foldsEachIntoItsOwn() {
        String w = test.random("w", random, 4, 4, 3, 3);
        String x = test.input("x", 1, 4, 5, 5);
        String first = norm("n1", test.node("c1", "Conv", QuantizationGraphs.same3x3(1), x, w), 4);
        String second = norm("n2", test.node("c2", "Conv", QuantizationGraphs.same3x3(1), first, w), 4);

        assertFolds(test.output(first, second), "Conv", "Conv");
    }

    @Test
    void apply_folded_keepsTheNodesNameAndTheOutputs() {
        String w = test.random("w", random, 3, 4, 3, 3);
        String conv = test.node("conv", "Conv", QuantizationGraphs.same3x3(1), test.input("x", 1, 4, 5, 5), w);

        Graph result = pass.apply(test.output(norm("y", conv, 3)));

        Node node = result.nodes().get(0);
        assertThat(node.name()).isEqualTo("conv.node");
        assertThat(node.outputs()).containsExactly("y");
    }

    @Test
    void apply_manyShareOneWeight_computesNoMoreThanItsBudget() {
        String w = test.random("w", random, 500, 500, 1, 1);
        String value = test.input("x", 1, 500, 1, 1);
        for (int i = 0; i < 60; i++) {
            value = norm("y" + i, test.node("conv" + i, "Conv", Attributes.NONE, value, w), 500);
        }

        List<String> operators = operators(pass.apply(test.output(value)));

        assertThat(operators).hasSizeLessThan(90).contains("BatchNormalization");
    }

    @Test
    void apply_statisticsOfAnotherLength_stays() {
        String conv = test.node("conv", "Conv", test.input("x", 1, 4, 5, 5), test.random("w", random, 6, 4, 1, 1));
        String six = test.random("six", random, 6);
        Graph graph =
                test.output(test.node("y", "BatchNormalization", conv, six, six, test.random("one", random, 1), six));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }

    @Test
    void apply_groupsThatDoNotShareTheWeights_stays() {
        String conv = test.node(
                "conv",
                "Conv",
                QuantizationGraphs.same3x3(4),
                test.input("x", 1, 4, 5, 5),
                test.random("w", random, 3, 1, 3, 3));
        Graph graph = test.output(norm("y", conv, 3));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }
}
