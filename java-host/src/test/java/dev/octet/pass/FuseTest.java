package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.backend.cpu.CpuBackend;
import dev.octet.graph.Attributes;
import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.FusedMatMul;
import dev.octet.graph.op.PermutedMatMul;
import dev.octet.graph.op.Pointwise;
import dev.octet.graph.op.ScaledSoftmax;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SumLayerNorm;
import dev.octet.graph.op.Transpose;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operators that fuse several: what they take in, what they leave, and that results stay. */
class FuseTest {
    static final long[] HEADS = {2, 5, 3, 4};
    static final float TOLERANCE = 20 * 0x1p-23f;

    private final TestGraph test = new TestGraph();

    @BeforeEach
    void needsNativeKernels() {
        Assumptions.assumeTrue(new CpuBackend().isFusing(), "no native kernels here");
    }

    private static Attributes perm(long... perm) {
        return Attributes.builder().put("perm", perm).build();
    }

    private String transpose(String name, String x, long... perm) {
        return test.node(name, "Transpose", perm(perm), x);
    }

    static Graph fused(Graph graph) {
        return PassRunner.run(Pipelines.fuse(GraphRun.EVALUATOR), graph);
    }

    private static Map<String, Tensor> inputs(Graph graph) {
        Random random = new Random(11);
        return graph.inputs().stream()
                .collect(Collectors.toMap(
                        ValueInfo::name,
                        input -> TestGraph.randomTensor(
                                random,
                                input.dims().orElseThrow().stream()
                                        .mapToLong(dim -> ((Dim.Known) dim).size())
                                        .toArray())));
    }

    static void assertSame(Graph graph, Graph fused, float tolerance) {
        Map<String, Tensor> inputs = inputs(graph);
        Map<String, Tensor> expected = GraphRun.outputs(graph, inputs);
        GraphRun.outputs(fused, inputs).forEach((name, actual) -> {
            Tensor other = expected.get(name);
            assertThat(actual.shape()).isEqualTo(other.shape());
            for (long i = 0; i < actual.elementCount(); i++) {
                assertThat(Math.abs(actual.getFloat(i) - other.getFloat(i)))
                        .as("%s element %d", name, i)
                        .isLessThanOrEqualTo(tolerance);
            }
        });
    }

    @Test
    void fuse_transposesAroundProduct_areFolded() {
        String q = transpose("q", test.input("a", HEADS), 0, 2, 1, 3);
        String k = transpose("k", test.input("b", HEADS), 0, 2, 3, 1);
        Graph graph = test.output(transpose("y", test.node("scores", "MatMul", q, k), 0, 2, 1, 3));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).hasSize(1);
        assertThat(fused.nodes().get(0).op()).isInstanceOf(PermutedMatMul.class);
        assertSame(graph, fused, 0);
    }

    @Test
    void fuse_transposeOfRowsAndColumnsOfLeftOperand_stays() {
        String q = transpose("q", test.input("a", HEADS), 0, 1, 3, 2);
        Graph graph = test.output(test.node("y", "MatMul", q, test.input("b", 2, 5, 3, 6)));

        assertThat(fused(graph).nodes()).anyMatch(node -> node.op() instanceof Transpose);
    }

    @Test
    void fuse_transposedResultReadElsewhere_keepsBoth() {
        String product = test.node("product", "MatMul", test.input("a", HEADS), test.input("b", 2, 5, 4, 6));
        Graph graph = test.output(transpose("y", product, 0, 2, 1, 3), test.node("other", "Neg", product));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).hasSize(3);
        assertSame(graph, fused, 0);
    }

    private String masked(String mask) {
        String scaled = test.node("scaled", "Div", test.input("x", HEADS), test.constant("d", Tensor.scalar(5.7f)));
        return test.node("masked", "Add", mask, scaled);
    }

    private String quantized(String x) {
        String scale = test.constant("scale", Tensor.scalar(1 / 255f));
        String zeroPoint = test.constant("zero", Tensor.ofBytes(DType.U8, Shape.SCALAR, new byte[1]));
        return test.node(
                "dequantized",
                "DequantizeLinear",
                test.node("q", "QuantizeLinear", x, scale, zeroPoint),
                scale,
                zeroPoint);
    }

    @Test
    void fuse_maskedSoftmax_isOneNode() {
        Graph graph = test.output(test.node("y", "Softmax", masked(test.input("mask", 2, 1, 1, 4))));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).hasSize(1);
        assertThat(fused.nodes().get(0).op()).isInstanceOf(ScaledSoftmax.class);
        assertSame(graph, fused, TOLERANCE);
    }

    @Test
    void fuse_quantizedSoftmax_isWithinOneStep() {
        Graph graph = test.output(quantized(test.node("y", "Softmax", masked(test.input("mask", 2, 1, 1, 4)))));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).hasSize(2);
        assertSame(graph, fused, 1.001f / 255);
    }

    @Test
    void fuse_sumOfTwoFullTensors_takesTheSum() {
        Graph graph = test.output(test.node("y", "Softmax", masked(test.input("other", HEADS))));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).noneMatch(node -> node.op() instanceof ScaledSoftmax);
        assertSame(graph, fused, 0);
    }

    @Test
    void fuse_softmaxAlongAnotherAxis_stays() {
        Attributes axis = Attributes.builder().put("axis", 1).build();
        Graph graph = test.output(test.node("y", "Softmax", axis, masked(test.input("mask", 2, 1, 1, 4))));

        assertThat(fused(graph).nodes()).anyMatch(node -> node.op() instanceof Softmax);
    }

    private String product(String x, long columns) {
        return test.node("product", "MatMul", x, test.random("w", new Random(2), 4, columns));
    }

    @Test
    void fuse_matMulWithBiasResidualAndRelu_isOneNode() {
        String biased =
                test.node("biased", "Add", test.random("b", new Random(3), 6), product(test.input("x", HEADS), 6));
        String sum = test.node("sum", "Add", biased, test.input("other", 2, 5, 3, 6));
        Graph graph = test.output(test.node("y", "Relu", sum));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).hasSize(1);
        assertThat(fused.nodes().get(0).op()).isInstanceOf(FusedMatMul.class);
        assertSame(graph, fused, TOLERANCE);
    }

    @Test
    void fuse_matMulWithResidualOnly_isOneNode() {
        Graph graph = test.output(
                test.node("sum", "Add", test.input("other", 2, 5, 3, 6), product(test.input("x", HEADS), 6)));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).hasSize(1);
        assertSame(graph, fused, TOLERANCE);
    }

    @Test
    void fuse_sumThatBroadcastsTheProduct_stays() {
        Graph graph = test.output(
                test.node("sum", "Add", test.random("b", new Random(3), 7), product(test.input("x", HEADS), 1)));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).hasSize(2);
        assertSame(graph, fused, 0);
    }

    private String norm(String x) {
        return test.node(
                "norm",
                "LayerNormalization",
                x,
                test.random("scale.norm", new Random(4), 4),
                test.random("bias.norm", new Random(5), 4));
    }

    private String toBytes(String x) {
        return toBytes(test, x);
    }

    static String toBytes(TestGraph test, String x) {
        String scale = test.constant("step", Tensor.scalar(0.02f));
        String zeroPoint = test.constant("origin", Tensor.ofBytes(DType.S8, Shape.SCALAR, new byte[] {3}));
        String integers = test.node("integers", "QuantizeLinear", x, scale, zeroPoint);
        return test.node("dequantized", "DequantizeLinear", integers, scale, zeroPoint);
    }

    @Test
    void fuse_normOfSumReadTwice_isOneNodeWithTwoOutputs() {
        String norm = norm(test.node("sum", "Add", test.input("x", HEADS), test.input("other", HEADS)));
        Graph graph = test.output(toBytes(norm), test.node("negative", "Neg", norm));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).hasSize(3);
        assertThat(fused.nodes().get(0).op()).isInstanceOf(SumLayerNorm.class);
        assertThat(fused.nodes().get(0).outputs()).hasSize(2);
        assertSame(graph, fused, 0);
    }

    @Test
    void fuse_normQuantizedOnly_isOneNodeWithOneOutput() {
        Graph graph = test.output(toBytes(norm(test.input("x", HEADS))));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).hasSize(2);
        assertThat(fused.nodes().get(0).outputs()).hasSize(1);
        assertSame(graph, fused, 0);
    }

    @Test
    void fuse_normOfSumThatIsAnOutput_computesTheSum() {
        String sum = test.node("sum", "Add", test.input("x", HEADS), test.input("other", HEADS));
        Graph graph = test.output(norm(sum), sum);

        assertThat(fused(graph).nodes()).hasSize(2);
    }

    @Test
    void fuse_quantizedGelu_isOneNode() {
        Graph graph = test.output(toBytes(test.node("gelu", "Gelu", test.input("x", HEADS))));

        Graph fused = fused(graph);

        assertThat(fused.nodes()).hasSize(2);
        assertThat(fused.nodes().get(0).op()).isInstanceOf(Pointwise.class);
        assertSame(graph, fused, 0);
    }

    @Test
    void fuse_geluReadElsewhere_stays() {
        String gelu = test.node("gelu", "Gelu", test.input("x", HEADS));
        Graph graph = test.output(toBytes(gelu), gelu);

        assertThat(fused(graph).nodes()).hasSize(3);
    }
}
