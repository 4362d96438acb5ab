package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.op.Cast;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.QMatMul;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Corners of lowering that drawn networks do not meet. */
class LoweringTest {
    private static final long SEED = 11;

    private final TestGraph test = new TestGraph();

    private String dequantized(String name, Tensor values, Tensor scale, Tensor zeroPoint, long axis) {
        return test.node(
                name,
                "DequantizeLinear",
                Attributes.builder().put("axis", axis).build(),
                test.constant(name + ".q", values),
                test.constant(name + ".s", scale),
                test.constant(name + ".z", zeroPoint));
    }

    private String pair(String name, String x, float scale, int zeroPoint) {
        String s = test.constant(name + ".s", Tensor.scalar(scale));
        String z = test.constant(name + ".z", Tensor.scalar(DType.U8, zeroPoint));
        return test.node(name, "DequantizeLinear", test.node(name + ".q", "QuantizeLinear", x, s, z), s, z);
    }

    private static Graph lower(Graph graph) {
        List<Pass> passes = Pipelines.lower(GraphRun.EVALUATOR);
        return PassRunner.run(passes, graph, LoweringContract.indexAfter(passes, "LowerArithmetic"));
    }

    private static Map<String, Tensor> input(long... dims) {
        return Map.of("x", TestGraph.randomTensor(new Random(SEED), dims));
    }

    private static List<String> operators(Graph graph) {
        return graph.nodes().stream().map(node -> node.op().type().name()).toList();
    }

    @Test
    void lower_unsignedWeightWithMiddleZeroPoint_becomesSigned() {
        Tensor values = TestTensors.integers(DType.U8, Shape.of(3, 2, 1, 1), SEED);
        String w = dequantized("w", values, Tensor.scalar(0.01f), Tensor.scalar(DType.U8, 128), 0);
        Graph graph = test.output(test.node("y", "Conv", pair("a", test.input("x", 1, 2, 3, 3), 0.02f, 7), w));

        Graph result = lower(graph);

        Node conv = result.find("y.node").orElseThrow();
        assertThat(conv.op()).isInstanceOf(QConv.class);
        Tensor signed = result.constant(conv.input(1)).orElseThrow();
        for (long i = 0; i < values.elementCount(); i++) {
            assertThat(signed.getLong(i)).isEqualTo(values.getLong(i) - 128);
        }
        LoweringContract.check(graph, input(1, 2, 3, 3), "seed " + SEED);
    }

    @Test
    void lower_asymmetricConvWeight_staysFloat() {
        Tensor values = TestTensors.integers(DType.S8, Shape.of(3, 2, 1, 1), SEED);
        String w = dequantized("w", values, Tensor.scalar(0.01f), Tensor.scalar(DType.S8, 5), 0);
        Graph graph = test.output(test.node("y", "Conv", pair("a", test.input("x", 1, 2, 3, 3), 0.02f, 7), w));

        assertThat(operators(lower(graph))).contains("Conv").doesNotContain("QConv");
    }

    @Test
    void lower_asymmetricMatMulWeight_usesItsZeroPoint() {
        Tensor values = TestTensors.integers(DType.U8, Shape.of(4, 3), SEED);
        String w = dequantized("w", values, Tensor.scalar(0.01f), Tensor.scalar(DType.U8, 31), 0);
        Graph graph = test.output(test.node("y", "MatMul", pair("a", test.input("x", 2, 4), 0.02f, 7), w));

        assertThat(lower(graph).find("y.node").orElseThrow().op())
                .isInstanceOfSatisfying(
                        QMatMul.class, op -> assertThat(op.bZeroPoint()).isEqualTo(31));
        LoweringContract.check(graph, input(2, 4), "seed " + SEED);
    }

    @Test
    void lower_transposedGemmWithAlphaAndBias_isWithinOneStep() {
        Tensor values = TestTensors.integers(DType.S8, Shape.of(3, 4), SEED);
        Tensor scales = Tensor.ofFloats(Shape.of(3), 0.01f, 0.02f, 0.005f);
        String w = dequantized("w", values, scales, Tensor.allocate(DType.S8, Shape.of(3)), 0);
        Attributes attributes = Attributes.builder()
                .put("alpha", 0.75f)
                .put("beta", 3f)
                .put("transA", 1L)
                .put("transB", 1L)
                .build();
        String bias = test.random("b", new Random(SEED), 3);
        Graph graph = test.output(pair(
                "out",
                test.node("y", "Gemm", attributes, pair("a", test.input("x", 4, 2), 0.02f, 9), w, bias),
                0.1f,
                77));

        assertThat(operators(lower(graph))).contains("QMatMul", "Transpose").doesNotContain("Gemm");
        LoweringContract.check(graph, input(4, 2), "seed " + SEED);
    }

    @Test
    void lower_biasThatCouldOverflowTheAccumulator_staysFloat() {
        Tensor values = TestTensors.integers(DType.S8, Shape.of(1, 2, 1, 1), SEED);
        String w = dequantized("w", values, Tensor.scalar(0.01f), Tensor.scalar(DType.S8, 0), 0);
        String bias = test.constant("b", Tensor.ofFloats(Shape.of(1), Integer.MAX_VALUE * 0.0001f));
        Graph graph = test.output(test.node("y", "Conv", pair("a", test.input("x", 1, 2, 3, 3), 0.01f, 0), w, bias));

        assertThat(operators(lower(graph))).contains("Conv").doesNotContain("QConv");
    }

    @Test
    void lower_clipBehindConv_becomesLimits() {
        Tensor values = TestTensors.integers(DType.S8, Shape.of(2, 2, 1, 1), SEED);
        String w = dequantized("w", values, Tensor.scalar(0.01f), Tensor.scalar(DType.S8, 0), 0);
        String conv = test.node("conv", "Conv", pair("a", test.input("x", 1, 2, 3, 3), 0.02f, 0), w);
        String clip = test.node(
                "clip",
                "Clip",
                conv,
                test.constant("low", Tensor.scalar(-0.5f)),
                test.constant("high", Tensor.scalar(1)));
        Graph graph = test.output(pair("y", clip, 0.1f, 20));

        assertThat(lower(graph).find("conv.node").orElseThrow().op())
                .isInstanceOfSatisfying(
                        QConv.class,
                        op -> assertThat(op.epilogue()).isInstanceOfSatisfying(Epilogue.ToInt8.class, to -> {
                            assertThat(to.qmin()).isEqualTo(15);
                            assertThat(to.qmax()).isEqualTo(30);
                        }));
        LoweringContract.check(graph, input(1, 2, 3, 3), "seed " + SEED);
    }

    @Test
    void lower_convReadTwice_keepsItsRealResult() {
        Tensor values = TestTensors.integers(DType.S8, Shape.of(2, 2, 1, 1), SEED);
        String w = dequantized("w", values, Tensor.scalar(0.01f), Tensor.scalar(DType.S8, 0), 0);
        String conv = test.node("conv", "Conv", pair("a", test.input("x", 1, 2, 3, 3), 0.02f, 0), w);
        Graph graph = test.output(pair("y", conv, 0.1f, 20), conv);

        assertThat(lower(graph).find("conv.node").orElseThrow().op())
                .isInstanceOfSatisfying(
                        QConv.class, op -> assertThat(op.epilogue()).isInstanceOf(Epilogue.ToFloat.class));
        LoweringContract.check(graph, input(1, 2, 3, 3), "seed " + SEED);
    }

    @Test
    void lower_spatialMeanWithoutKeptAxes_poolsAndSqueezes() {
        Attributes drop = Attributes.builder().put("keepdims", 0L).build();
        String axes = test.constant("axes", Tensor.vector(-2, -1));
        String mean = test.node("mean", "ReduceMean", drop, pair("a", test.input("x", 2, 3, 4, 5), 0.02f, 99), axes);
        Graph graph = test.output(pair("y", mean, 0.01f, 120));

        assertThat(operators(lower(graph)))
                .containsExactlyInAnyOrder("QuantizeLinear", "QGlobalAveragePool", "Squeeze", "DequantizeLinear");
        LoweringContract.check(graph, input(2, 3, 4, 5), "seed " + SEED);
    }

    @Test
    void lower_elementwiseGraph_becomesOneTableWithEveryBit() {
        String a = pair("a", test.input("x", 64), 0.03f, 128);
        String gate =
                test.node("gate", "Sigmoid", test.node("twice", "Mul", a, test.constant("two", Tensor.scalar(2))));
        Graph graph = test.output(pair("y", test.node("silu", "Mul", a, gate), 0.02f, 3));

        Graph result = lower(graph);

        assertThat(operators(result)).containsExactly("QuantizeLinear", "QLookup", "DequantizeLinear");
        Tensor wanted = GraphRun.outputs(graph, input(64)).get("y");
        assertThat(wanted).isNotNull();
        assertThat(GraphRun.outputs(result, input(64)).get("y"))
                .satisfies(actual -> assertThat(wanted.contentEquals(actual)).isTrue());
    }

    @Test
    void lower_changeOfScale_becomesATable() {
        Graph graph = test.output(pair("y", pair("a", test.input("x", 64), 0.03f, 128), 0.02f, 3));

        Graph result = lower(graph);

        assertThat(result.nodes()).anyMatch(node -> node.op() instanceof QLookup);
        LoweringContract.check(graph, input(64), "seed " + SEED);
    }

    @Test
    void lower_halfConvAndReluBetweenCasts_isOneConvInHalf() {
        Tensor weights = TestTensors.integers(DType.S2, Shape.of(3, 2, 2, 2), SEED);
        Tensor half = Tensor.allocate(DType.F16, weights.shape());
        for (long i = 0; i < half.elementCount(); i++) {
            half.setLong(i, weights.getLong(i));
        }
        String conv = test.node("c", "Conv", halved(test.input("x", 1, 2, 4, 4)), test.constant("w", half));
        String relu = test.node("r", "Relu", halved(test.node("c.f32", new Cast(DType.F32), conv)));
        Graph graph = test.output(test.node("y", new Cast(DType.F32), relu));
        Tensor x = Tensor.allocate(DType.F32, Shape.of(1, 2, 4, 4));
        for (long i = 0; i < x.elementCount(); i++) {
            x.setFloat(i, i % 7 - 3);
        }

        Graph result = PassRunner.run(Pipelines.lower(GraphRun.EVALUATOR), graph);

        assertThat(operators(result)).containsOnlyOnce("FusedConv").doesNotContain("Conv", "Relu");
        Map<String, Tensor> inputs = Map.of("x", x);
        assertThat(GraphRun.outputs(result, inputs).get("y").toFloats())
                .isEqualTo(GraphRun.outputs(graph, inputs).get("y").toFloats());
    }

    private String halved(String value) {
        return test.node(value + ".f16", new Cast(DType.F16), value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Conv", "Add"})
    void lower_scalesTooFarApart_stayFloat(String operator) {
        String a = pair("a", test.input("x", 1, 2, 3, 3), 0.02f, 0);
        Tensor values = TestTensors.integers(DType.S8, Shape.of(2, 2, 1, 1), SEED);
        String b = operator.equals("Conv")
                ? dequantized("w", values, Tensor.scalar(0.01f), Tensor.scalar(DType.S8, 0), 0)
                : pair("b", a, 0.03f, 0);
        Graph graph = test.output(pair("y", test.node("real", operator, a, b), Float.MIN_VALUE, 0));

        assertThat(operators(lower(graph))).contains(operator);
    }

    @Test
    void lower_productTimesANegativeNumber_staysFloat() {
        String a = pair("a", test.input("x", 3, 3), 0.02f, 0);
        Attributes negative = Attributes.builder().put("alpha", -0.5f).build();
        Graph graph = test.output(pair("y", test.node("real", "Gemm", negative, a, a), 0.1f, 128));

        assertThat(operators(lower(graph))).contains("Gemm");
    }
}
