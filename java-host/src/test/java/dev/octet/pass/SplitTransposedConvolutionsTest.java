package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.op.ConvTranspose;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Transposed convolutions as convolutions: the same results, of floats and of integers. */
class SplitTransposedConvolutionsTest {
    /** Up to 50 products of up to 16 are added in either order, each sum rounded. */
    private static final float TOLERANCE = 50 * 50 * 16 * 0x1p-24f;

    private static final long[][] WINDOWS = { // kernel, stride, dilation, begin, end, output padding
        {2, 2, 1, 0, 0, 0}, {4, 2, 1, 1, 1, 0}, {3, 2, 1, 1, 1, 1}, {3, 2, 1, 0, 0, 0}, {5, 3, 1, 2, 1, 0},
        {3, 1, 1, 1, 1, 0}, {3, 1, 2, 0, 2, 0}, {2, 3, 1, 0, 0, 0}, {5, 2, 1, 2, 2, 1}, {1, 2, 1, 0, 0, 1},
        {4, 4, 1, 1, 0, 2}
    };

    private static ConvTranspose conv(long[] form, long group) {
        SpatialWindow window = new SpatialWindow(
                new long[0],
                new long[] {form[1], form[1]},
                new long[] {form[2], form[2]},
                new long[] {form[3], 0, form[4], 0},
                SpatialWindow.AutoPad.NOTSET);
        return new ConvTranspose(window, group, new long[] {form[5], 0}, new long[0]);
    }

    private static Graph graph(TestGraph test, long[] form, long group, boolean quantized, Random random) {
        long outputs = 1 + random.nextInt(3);
        String x = test.input("x", 2, 2 * group, 3 + random.nextInt(4), 5);
        Shape shape = Shape.of(2 * group, outputs, form[0], form[0]);
        String weight = test.constant("w", TestGraph.randomTensor(random, shape.dims()));
        String bias = test.constant("b", TestGraph.randomTensor(random, outputs * group));
        if (quantized) {
            byte[] bytes = new byte[Math.toIntExact(shape.elementCount())];
            random.nextBytes(bytes);
            float[] scales = new float[Math.toIntExact(outputs)];
            for (int i = 0; i < scales.length; i++) {
                scales[i] = 0.01f + random.nextFloat() * 0.02f;
            }
            String integers = test.constant("wq", Tensor.ofBytes(DType.S8, shape, bytes));
            String scale = test.constant("ws", Tensor.ofFloats(Shape.of(outputs), scales));
            String step = test.constant("step", Tensor.scalar(0.02f));
            weight = test.node("w/real", dev.octet.graph.op.DequantizeLinear.along(1), integers, scale);
            x = test.node("x/real", "DequantizeLinear", test.node("x/bytes", "QuantizeLinear", x, step), step);
        }
        return test.output(test.node("y", conv(form, group), x, weight, bias));
    }

    @Test
    void lower_eachWindow_computesTheSame() {
        for (int seed = 0; seed < 4 * WINDOWS.length; seed++) {
            Random random = new Random(seed);
            boolean quantized = seed / WINDOWS.length % 2 == 1;
            long group = seed < 2 * WINDOWS.length ? 1 : 2;
            Graph graph = graph(new TestGraph(), WINDOWS[seed % WINDOWS.length], group, quantized, random);

            Graph lowered = PassRunner.run(Pipelines.lower(GraphRun.EVALUATOR), graph);

            assertThat(lowered.nodes()).as("seed %d", seed).map(Node::op).noneMatch(ConvTranspose.class::isInstance);
            assertSame(graph, lowered, random, seed);
        }
    }

    @Test
    void lower_unequalStrides_stays() {
        TestGraph test = new TestGraph();
        String x = test.input("x", 1, 2, 3, 4);
        String weight = test.constant("w", TestGraph.randomTensor(new Random(1), 2, 3, 2, 2));
        SpatialWindow window = new SpatialWindow(
                new long[0], new long[] {2, 1}, new long[0], new long[0], SpatialWindow.AutoPad.NOTSET);
        ConvTranspose op = new ConvTranspose(window, 1, new long[0], new long[0]);
        Graph graph = test.output(test.node("y", op, x, weight));

        assertThat(PassRunner.run(List.of(new SplitTransposedConvolutions(GraphRun.EVALUATOR)), graph))
                .isSameAs(graph);
    }

    private static void assertSame(Graph graph, Graph lowered, Random random, int seed) {
        Tensor x = TestGraph.randomTensor(
                random,
                graph.inputs().get(0).dims().orElseThrow().stream()
                        .mapToLong(dim -> ((dev.octet.graph.Dim.Known) dim).size())
                        .toArray());
        Tensor expected =
                GraphRun.outputs(graph, Map.of("x", x)).values().iterator().next();
        Tensor actual =
                GraphRun.outputs(lowered, Map.of("x", x)).values().iterator().next();
        assertThat(actual.shape()).isEqualTo(expected.shape());
        for (long i = 0; i < actual.elementCount(); i++) {
            float want = expected.getFloat(i);
            assertThat(Math.abs(actual.getFloat(i) - want))
                    .as("seed %d element %d: %s", seed, i, want)
                    .isLessThanOrEqualTo(TOLERANCE);
        }
    }
}
