package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Gelu;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spelt-out LayerNormalization and Gelu become one node, and what only looks like them does not. */
class FusedFormsTest {
    private static final long ROWS = 5;
    private static final long WIDTH = 7;

    /** Both forms round; the values here are of size one and the spelt-out forms have at most ten steps. */
    private static final float TOLERANCE = 20 * 0x1p-23f;

    private final TestGraph test = new TestGraph();
    private final Random random = new Random(1);

    private String scalar(String name, float value) {
        return test.constant(name, Tensor.scalar(value));
    }

    private String mean(String name, String x) {
        return test.node(name, "ReduceMean", x, test.constant(name + ".axes", Tensor.vector(-1)));
    }

    private String distance(String name, String x) {
        return test.node(name, "Sub", x, mean(name + ".mean", x));
    }

    /** Without the bias; {@code twice}: numerator and denominator each have a distance of their own. */
    private String norm(String x, boolean twice, float power, String scale) {
        String distance = distance("distance", x);
        String other = twice ? distance("other", x) : distance;
        String square = test.node("square", "Pow", other, scalar("power", power));
        String variance = test.node("variance", "Add", mean("meanSquare", square), scalar("epsilon", 1e-3f));
        String quotient = test.node("quotient", "Div", distance, test.node("root", "Sqrt", variance));
        return test.node("product", "Mul", scale, quotient);
    }

    private String erfPlusOne(String x, float root) {
        String erf = test.node("erf", "Erf", test.node("argument", "Div", x, scalar("root", root)));
        return test.node("sum", "Add", scalar("one", 1), erf);
    }

    private static Graph lowered(Graph graph) {
        return PassRunner.run(Pipelines.lower(GraphRun.EVALUATOR), graph);
    }

    private static void assertFused(Graph graph, Class<?> operator) {
        Graph fused = lowered(graph);
        assertThat(fused.nodes()).hasSize(1);
        assertThat(fused.nodes().get(0).op()).isInstanceOf(operator);
        assertSame(graph, fused);
    }

    private static void assertUnfused(Graph graph) {
        Graph same = lowered(graph);
        assertThat(same.nodes())
                .noneMatch(node -> node.op() instanceof LayerNormalization || node.op() instanceof Gelu);
        assertSame(graph, same);
    }

    private static void assertSame(Graph graph, Graph fused) {
        Map<String, Tensor> input = Map.of("x", TestGraph.randomTensor(new Random(3), ROWS, WIDTH));
        float[] expected =
                GraphRun.outputs(graph, input).values().iterator().next().toFloats();
        float[] actual =
                GraphRun.outputs(fused, input).values().iterator().next().toFloats();
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).as("element %d", i).isLessThanOrEqualTo(TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lower_layerNormSpeltOut_isOneNode(boolean twice) {
        String product = norm(test.input("x", ROWS, WIDTH), twice, 2, test.random("scale", random, WIDTH));
        String y = test.node("y", "Add", product, test.random("bias", random, WIDTH));

        assertFused(test.output(y), LayerNormalization.class);
    }

    @Test
    void lower_layerNormWithoutBias_isOneNode() {
        String y = norm(test.input("x", ROWS, WIDTH), false, 2, test.random("scale", random, WIDTH));

        assertFused(test.output(y), LayerNormalization.class);
    }

    @Test
    void lower_powerOfFour_staysSpeltOut() {
        assertUnfused(test.output(norm(test.input("x", ROWS, WIDTH), false, 4, test.random("scale", random, WIDTH))));
    }

    @Test
    void lower_scaleForEachRow_staysSpeltOut() {
        assertUnfused(test.output(norm(test.input("x", ROWS, WIDTH), false, 2, test.random("scale", random, ROWS, 1))));
    }

    @Test
    void lower_quotientReadElsewhere_staysSpeltOut() {
        String y = norm(test.input("x", ROWS, WIDTH), false, 2, test.random("scale", random, WIDTH));

        assertUnfused(test.output(test.node("both", "Add", "quotient", y)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x sum half", "x half sum", "sum half x"})
    void lower_geluInAnyOrder_isOneNode(String order) {
        String x = test.input("x", ROWS, WIDTH);
        String half = scalar("half", 0.5f);
        String sum = erfPlusOne(x, 1.4142135f);
        List<String> factors = List.of(order.split(" ")).stream()
                .map(name -> name.equals("half") ? half : name.equals("sum") ? sum : x)
                .toList();
        String first = test.node("first", "Mul", factors.get(0), factors.get(1));

        assertFused(test.output(test.node("y", "Mul", first, factors.get(2))), Gelu.class);
    }

    @Test
    void lower_erfOfAnotherScale_staysSpeltOut() {
        String x = test.input("x", ROWS, WIDTH);
        String first = test.node("first", "Mul", x, erfPlusOne(x, 1.5f));

        assertUnfused(test.output(test.node("y", "Mul", first, scalar("half", 0.5f))));
    }

    @Test
    void lower_geluOfTwoValues_staysSpeltOut() {
        String x = test.input("x", ROWS, WIDTH);
        String other = test.node("other", "Neg", x);
        String first = test.node("first", "Mul", other, erfPlusOne(x, 1.4142135f));

        assertUnfused(test.output(test.node("y", "Mul", first, scalar("half", 0.5f))));
    }

    @Test
    void lower_normOfAValueOfAnyRank_stays() {
        Graph known = test.output(norm(test.input("x", 4), false, 2, test.random("gamma", random, 4)));
        Graph graph = new Graph(
                "test",
                List.of(new ValueInfo("x", DType.F32, Optional.empty())),
                known.outputs(),
                known.nodes(),
                known.constants());

        assertThat(lowered(graph).nodes()).noneMatch(node -> node.op() instanceof LayerNormalization);
    }
}
