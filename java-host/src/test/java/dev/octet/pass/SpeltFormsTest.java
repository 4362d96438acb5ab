package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.backend.cpu.CpuBackend;
import dev.octet.graph.Graph;
import dev.octet.graph.op.BatchNormalization;
import dev.octet.graph.op.Einsum;
import dev.octet.graph.op.LocalResponseNormalization;
import dev.octet.graph.op.Resize;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.graph.op.Transpose;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Operators that plans spell with others: what is left of them, and that results stay. */
class SpeltFormsTest {
    /** Some 20 roundings of values up to 8, or 24 products of up to 4. */
    private static final float TOLERANCE = 20 * 8 * 0x1p-24f;

    private final TestGraph test = new TestGraph();
    private final Random random = new Random(21);

    private static Graph lowered(Graph graph) {
        return PassRunner.run(Pipelines.lower(GraphRun.EVALUATOR), graph);
    }

    private void assertSame(Graph graph, Graph other, long... dims) {
        Tensor x = TestGraph.randomTensor(random, dims);
        Tensor expected =
                GraphRun.outputs(graph, Map.of("x", x)).values().iterator().next();
        Tensor actual =
                GraphRun.outputs(other, Map.of("x", x)).values().iterator().next();
        assertThat(actual.shape()).isEqualTo(expected.shape());
        for (long i = 0; i < actual.elementCount(); i++) {
            assertThat(Math.abs(actual.getFloat(i) - expected.getFloat(i)))
                    .as("element %d", i)
                    .isLessThanOrEqualTo(TOLERANCE);
        }
    }

    @Test
    void lower_localResponseNormalization_isAPoolOfSquares() {
        for (float beta : new float[] {0.25f, 0.5f, 0.75f, 1}) {
            for (long size = 1; size <= 6; size++) {
                TestGraph fresh = new TestGraph();
                LocalResponseNormalization op = new LocalResponseNormalization(size, 0.3f, beta, 1.5f);
                Graph graph = fresh.output(fresh.node("y", op, fresh.input("x", 2, 7, 3, 5)));

                Graph lowered = lowered(graph);

                assertThat(lowered.nodes()).noneMatch(node -> node.op() instanceof LocalResponseNormalization);
                assertSame(graph, lowered, 2, 7, 3, 5);
            }
        }
    }

    @Test
    void lower_localResponseNormalizationOfAnotherPower_stays() {
        LocalResponseNormalization op = new LocalResponseNormalization(3, 0.3f, 0.6f, 1);
        Graph graph = test.output(test.node("y", op, test.input("x", 2, 7, 3, 5)));

        assertThat(lowered(graph).nodes()).hasSize(1);
    }

    @Test
    void lower_batchNormalizationAfterAPool_isAProductAndASum() {
        String x = test.input("x", 2, 5, 4, 3);
        Tensor variance = Tensor.ofFloats(Shape.of(5), 1, 2, 0.5f, 3, 1.25f);
        Graph graph = test.output(test.node(
                "y",
                new BatchNormalization(1e-5f),
                test.node("abs", "Abs", x),
                test.random("scale", random, 5),
                test.random("bias", random, 5),
                test.random("mean", random, 5),
                test.constant("variance", variance)));

        Graph lowered = lowered(graph);

        assertThat(lowered.nodes()).hasSize(3).noneMatch(node -> node.op() instanceof BatchNormalization);
        assertSame(graph, lowered, 2, 5, 4, 3);
    }

    @Test
    void fuse_softmaxOverChannels_isOverTheLastAxis() {
        Assumptions.assumeTrue(new CpuBackend().isFusing(), "no native kernels here");
        Graph graph = test.output(test.node("y", new Softmax(SoftmaxFunction.SOFTMAX, 1), test.input("x", 2, 5, 4, 3)));

        Graph fused = PassRunner.run(Pipelines.fuse(GraphRun.EVALUATOR), graph);

        assertThat(fused.nodes())
                .filteredOn(node -> node.op() instanceof Transpose)
                .hasSize(2);
        assertSame(graph, fused, 2, 5, 4, 3);
    }

    @Test
    void lower_resizeBetweenConvolutions_worksOnChannelsLast() {
        String first = test.node("first", "Conv", test.input("x", 1, 3, 5, 4), test.random("w1", random, 6, 3, 1, 1));
        Resize op = new Resize(
                Resize.Mode.LINEAR,
                Resize.CoordinateMode.HALF_PIXEL,
                Resize.NearestMode.FLOOR,
                Resize.AspectPolicy.STRETCH,
                false,
                false,
                -0.75f,
                0,
                new long[0]);
        String scales = test.constant("scales", Tensor.ofFloats(Shape.of(4), 1, 1, 2, 3));
        String larger = test.node("larger", op, first, "", scales);
        Graph graph = test.output(test.node("y", "Conv", larger, test.random("w2", random, 2, 6, 1, 1)));

        Graph lowered = lowered(graph);

        assertThat(lowered.nodes())
                .filteredOn(node -> node.op() instanceof Transpose)
                .hasSize(2);
        assertSame(graph, lowered, 1, 3, 5, 4);
    }

    @Test
    void floatGraph_einsumWithAWeight_isAMatrixProduct() {
        for (String equation :
                List.of("bnc,chd->bhnd", "bnc,hdc->bnhd", "bnc,cd->bnd", "bnc,dc->dbn", "bcn,cd->bnd", "nbc,cbd->nd")) {
            TestGraph fresh = new TestGraph();
            String weight = equation.substring(equation.indexOf(',') + 1, equation.indexOf('-'));
            long[] dims = weight.chars().mapToLong(SpeltFormsTest::extent).toArray();
            long[] x = equation.substring(0, equation.indexOf(','))
                    .chars()
                    .mapToLong(SpeltFormsTest::extent)
                    .toArray();
            Graph graph = fresh.output(
                    fresh.node("y", new Einsum(equation), fresh.input("x", x), fresh.random("w", random, dims)));

            assertIsMatMul(graph, x);
        }
    }

    /** Labels stand for these extents. */
    private static long extent(int label) {
        return switch (label) {
            case 'b' -> 2;
            case 'n' -> 5;
            case 'c' -> 4;
            case 'h' -> 3;
            default -> 6;
        };
    }

    @Test
    void floatGraph_einsumOfActivations_isAMatrixProduct() {
        for (String equation : List.of("bhnd,bhcd->bhnc", "bnhd,bchd->bhnc", "bhnd,hbdc->nhbc", "nd,dc->cn")) {
            TestGraph fresh = new TestGraph();
            String[] terms = equation.substring(0, equation.indexOf('-')).split(",", -1);
            long[] x = terms[0].chars().mapToLong(SpeltFormsTest::extent).toArray();
            long[] other = terms[1].chars().mapToLong(SpeltFormsTest::extent).toArray();
            String moved = fresh.node("moved", "Abs", fresh.random("c", random, other));
            String sum = fresh.node("sum", "Mul", moved, fresh.node("one", "ReduceMean", fresh.input("x", x)));
            Graph graph = fresh.output(fresh.node("y", new Einsum(equation), "x", sum));

            assertIsMatMul(graph, x);
        }
    }

    private void assertIsMatMul(Graph graph, long... dims) {
        Graph canonical = PassRunner.run(Pipelines.floatGraph(GraphRun.EVALUATOR), graph);

        assertThat(canonical.nodes()).noneMatch(node -> node.op() instanceof Einsum);
        assertSame(graph, canonical, dims);
    }

    @Test
    void floatGraph_einsumThatIsNoMatrixProduct_stays() {
        for (String equation : List.of("bn,bn->bn", "bn,nc->b", "...n,nc->...c", "nn,nc->nc")) {
            TestGraph fresh = new TestGraph();
            long[] dims = equation.startsWith("bn,bn") ? new long[] {5, 5} : new long[] {5, 4};
            Graph graph = fresh.output(
                    fresh.node("y", new Einsum(equation), fresh.input("x", 5, 5), fresh.random("w", random, dims)));

            assertThat(PassRunner.run(Pipelines.floatGraph(GraphRun.EVALUATOR), graph)
                            .nodes())
                    .as(equation)
                    .anyMatch(node -> node.op() instanceof Einsum);
        }
    }
}
