package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SinkTransposesTest {
    private final SinkTransposes pass = new SinkTransposes();
    private final TestGraph test = new TestGraph();
    private final Random random = new Random(5);

    private String toFirst(String name, String x) {
        return test.node(name, Permutation.toChannelsFirst(4).operator(), x);
    }

    private String toLast(String name, String x) {
        return test.node(name, Permutation.toChannelsLast(4).operator(), x);
    }

    private void assertOperators(Graph graph, String... operators) {
        Graph result = pass.apply(graph);

        List<String> found =
                result.nodes().stream().map(node -> node.op().type().name()).toList();
        assertThat(found).containsExactlyInAnyOrder(operators);
        assertThat(pass.apply(result)).isSameAs(result);
        Map<String, Tensor> input = Map.of("x", TestGraph.randomTensor(random, 2, 4, 5, 3));
        Map<String, Tensor> expected = GraphRun.outputs(graph, input);
        GraphRun.outputs(result, input)
                .forEach((name, tensor) -> assertThat(tensor.contentEquals(Objects.requireNonNull(expected.get(name))))
                        .as(name)
                        .isTrue());
    }

    @Test
    void apply_channelConstantBetween_isPermuted() {
        String first = toFirst("first", test.input("x", 2, 4, 5, 3));
        String sum = test.node("sum", "Add", first, test.random("c", random, 3, 1, 1));

        assertOperators(test.output(toLast("y", sum)), "Add");
    }

    @Test
    void apply_poolsConcatAndPad_changeTheirAxes() {
        String first = toFirst("first", test.input("x", 2, 4, 5, 3));
        Attributes window = Attributes.builder()
                .put("kernel_shape", new long[] {2, 1})
                .put("pads", new long[] {0, 0, 1, 0})
                .build();
        String max = test.node("max", "MaxPool", window, first);
        String average = test.node("average", "AveragePool", window, first);
        String joined = test.node(
                "join", "Concat", Attributes.builder().put("axis", -3L).build(), max, average);
        String padded = test.node("pad", "Pad", joined, test.constant("pads", Tensor.vector(0, 1, 2, 3, 0, 0, 1, 2)));

        assertOperators(test.output(toLast("y", padded)), "MaxPool", "AveragePool", "Concat", "Pad");
    }

    @Test
    void apply_spatialMean_needsNoTransposeBehind() {
        String first = toFirst("first", test.input("x", 2, 4, 5, 3));
        Attributes drop = Attributes.builder().put("keepdims", 0L).build();
        Graph graph =
                test.output(test.node("y", "ReduceMean", drop, first, test.constant("axes", Tensor.vector(2, 3))));

        assertThat(pass.apply(graph).nodes()).hasSize(1);
        // The same terms in another order: the mean of 20 floats, a few units in the last place.
        Map<String, Tensor> input = Map.of("x", TestGraph.randomTensor(random, 2, 4, 5, 3));
        Tensor wanted = Objects.requireNonNull(GraphRun.outputs(graph, input).get("y"));
        Tensor actual = Objects.requireNonNull(
                GraphRun.outputs(pass.apply(graph), input).get("y"));
        LoweringContract.assertClose(actual, wanted, 1e-5, "mean");
    }

    @Test
    void apply_reshapeOfSeveralPositions_keepsTheTranspose() {
        String first = toFirst("first", test.input("x", 2, 4, 5, 3));

        assertOperators(test.output(test.node("y", "Flatten", first)), "Transpose", "Flatten");
    }

    @Test
    void apply_flattenOfPooled_dropsTheTranspose() {
        String first = toFirst("first", test.input("x", 2, 4, 5, 3));
        String pooled = test.node("pooled", "GlobalMaxPool", first);

        assertOperators(test.output(test.node("y", "Flatten", pooled)), "GlobalMaxPool", "Flatten");
    }

    @Test
    void apply_oneOperandInOtherOrder_stays() {
        String first = toFirst("first", test.input("x", 2, 4, 5, 3));
        String other = test.node("other", "Softmax", first);

        assertOperators(test.output(test.node("y", "Add", first, other)), "Transpose", "Softmax", "Add");
    }

    @Test
    void apply_transposedOutput_keepsItsName() {
        Graph graph = test.output(toFirst("y", test.node("relu", "Relu", test.input("x", 2, 4, 5, 3))));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }

    @Test
    void apply_transposedLimitOfAClip_stays() {
        String limit = toFirst("limit", test.input("x", 1, 1, 1, 1));
        String clip = test.node("clip", "Clip", test.constant("c", Tensor.scalar(2)), limit);
        Graph graph = test.output(toLast("y", clip));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }
}
