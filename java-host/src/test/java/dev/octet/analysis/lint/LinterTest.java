package dev.octet.analysis.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.octet.graph.Graph;
import dev.octet.graph.op.BatchNormalization;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinterTest {
    private static final Tensor ZERO = Tensor.scalar(DType.S8, 0);
    private final QdqNet net = new QdqNet();

    private static Binary add() {
        return new Binary(BinaryFunction.ADD);
    }

    private static List<String> rules(Graph graph, LintTarget target) {
        return Linter.check(graph, target).stream().map(Finding::rule).toList();
    }

    /** Exactly one finding: of this rule, of this severity, at this node. */
    private static void assertOnly(Graph graph, String rule, Severity severity, String node) {
        assertOnly(graph, LintTarget.OCTET, rule, severity, node);
    }

    private static void assertOnly(Graph graph, LintTarget target, String rule, Severity severity, String node) {
        List<Finding> findings = Linter.check(graph, target);
        assertThat(findings).hasSize(1);
        Finding finding = findings.get(0);
        assertThat(finding.rule()).isEqualTo(rule);
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.node()).isEqualTo(node);
        assertThat(finding.cost()).isNotBlank();
        assertThat(finding.edit()).isNotBlank();
    }

    @Test
    void check_wellPlacedChainAndResidual_findsNothing() {
        String shared = net.pair("shared", "x");
        String main = net.conv("b", net.pair("mid", net.relu("r", net.conv("a", shared))));
        String sum = net.relu("positive", net.node("add", add(), main, shared));
        Graph graph = net.build(net.conv("c", net.pair("next", sum)));

        for (LintTarget target : LintTarget.values()) {
            assertThat(rules(graph, target)).as(target.name()).isEmpty();
        }
    }

    @Test
    void check_floatGraph_findsNothing() {
        net.constant("weight", Tensor.allocate(DType.F32, Shape.of(16, 16, 1, 1)));
        Graph graph = net.build(net.relu("r", net.node("a", QdqNet.convolution(1), "x", "weight")));

        assertThat(rules(graph, LintTarget.TENSORRT)).isEmpty();
    }

    @Test
    void check_pairBetweenConvAndAdd_isFound() {
        String shared = net.pair("shared", "x");
        String main = net.pair("planted", net.conv("a", shared));
        String sum = net.node("add", add(), main, shared);

        assertOnly(net.build(net.conv("c", net.pair("next", sum))), "conv-qdq-add", Severity.WARNING, "add");
    }

    @Test
    void check_floatResidual_isFound() {
        String sum = net.node("add", add(), net.conv("a", net.pair("p", "x")), "x");

        assertOnly(net.build(net.conv("c", net.pair("next", sum))), "residual-float", Severity.WARNING, "add");
    }

    @Test
    void check_pairBetweenConvAndRelu_isFound() {
        String value = net.relu("r", net.pair("planted", net.conv("a", net.pair("p", "x"))));

        assertOnly(net.build(net.conv("c", net.pair("next", value))), "conv-qdq-relu", Severity.WARNING, "r");
    }

    @Test
    void check_batchNormalizationBehindConv_isFound() {
        Tensor ones = QdqNet.channelScales(QdqNet.CHANNELS);
        for (String name : List.of("gamma", "beta", "mean", "variance")) {
            net.constant(name, ones);
        }
        String value = net.conv("a", net.pair("p", "x"));
        String normal = net.node("bn", new BatchNormalization(1e-5f), value, "gamma", "beta", "mean", "variance");

        assertOnly(net.build(normal), "batchnorm-left", Severity.WARNING, "bn");
    }

    @Test
    void check_concatOfTwoScales_isFound() {
        String left = net.pair("left", "x", 0.1f, ZERO);
        String right = net.pair("right", net.conv("a", net.pair("p", "x")), 0.2f, ZERO);
        String both = net.node("cat", new Concat(1), left, right);

        assertOnly(
                net.build(net.conv("c", net.pair("next", both), net.weight("c", 16, 32), 1)),
                "concat-scales",
                Severity.WARNING,
                "cat");
    }

    @Test
    void check_concatOfFloatAndInt8_isFound() {
        String both = net.node("cat", new Concat(1), net.pair("left", "x"), "x");

        assertOnly(
                net.build(net.conv("c", net.pair("next", both), net.weight("c", 16, 32), 1)),
                "concat-mixed",
                Severity.WARNING,
                "cat");
    }

    @Test
    void check_quantizeWithoutReader_isFound() {
        net.quantize("planted", "x", 0.1f, ZERO);

        assertOnly(net.build(net.conv("a", net.pair("p", "x"))), "dangling-quantize", Severity.ERROR, "planted.q");
    }

    @Test
    void check_pairBeforeOutput_isFound() {
        String value = net.pair("planted", net.conv("a", net.pair("p", "x")));

        assertOnly(net.build(value), "dangling-dequantize", Severity.WARNING, "planted.dq");
    }

    @Test
    void check_pairBeforeSoftmax_isFound() {
        String value = net.pair("planted", net.conv("a", net.pair("p", "x")));

        assertOnly(
                net.build(net.node("soft", new Softmax(SoftmaxFunction.SOFTMAX, -1), value)),
                "sensitive-input",
                Severity.WARNING,
                "soft");
    }

    @Test
    void check_pairBehindPairOfAnotherScale_isFound() {
        String value = net.pair("second", net.pair("first", "x", 0.1f, ZERO), 0.2f, ZERO);

        assertOnly(net.build(net.conv("a", value)), "requantize", Severity.WARNING, "second.q");
    }

    @Test
    void check_equalPairTwice_isANote() {
        assertOnly(
                net.build(net.conv("a", net.pair("second", net.pair("first", "x")))),
                "requantize",
                Severity.NOTE,
                "second.q");
    }

    @Test
    void check_subnormalScale_isAnErrorAtBothNodes() {
        Graph graph = net.build(net.conv("a", net.pair("p", "x", Float.MIN_VALUE, ZERO)));

        assertThat(Linter.check(graph, LintTarget.OCTET))
                .extracting(Finding::rule, Finding::severity, Finding::node)
                .containsExactly(
                        tuple("scale-degenerate", Severity.ERROR, "p.q"),
                        tuple("scale-degenerate", Severity.ERROR, "p.dq"));
    }

    @Test
    void check_equalScalesOnAnAxis_isANote() {
        float[] equal = new float[16];
        Arrays.fill(equal, 0.1f);
        String weight = net.weight(
                "a",
                Shape.of(16, 16, 1, 1),
                Tensor.ofFloats(Shape.of(16), equal),
                Tensor.allocate(DType.S8, Shape.of(16)));

        assertOnly(net.build(net.conv("a", net.pair("p", "x"), weight, 1)), "scales-all-equal", Severity.NOTE, "a.wdq");
    }

    @Test
    void check_asymmetricActivation_isAnErrorForTensorRtOnly() {
        Graph graph = net.build(net.conv("a", net.pair("p", "x", 0.1f, Tensor.scalar(DType.U8, 3))));

        assertOnly(graph, LintTarget.TENSORRT, "activation-asymmetric", Severity.ERROR, "p.q");
        assertThat(rules(graph, LintTarget.OCTET)).isEmpty();
    }

    @Test
    void check_unsignedActivation_isAnErrorForTensorRtOnly() {
        Graph graph = net.build(net.conv("a", net.pair("p", "x", 0.1f, Tensor.scalar(DType.U8, 0))));

        assertOnly(graph, LintTarget.TENSORRT, "type-uint8", Severity.ERROR, "p.q");
        assertThat(rules(graph, LintTarget.ONNXRUNTIME)).isEmpty();
    }

    @Test
    void check_missingPairBetweenInt8Layers_isFound() {
        String value = net.conv("a", net.pair("p", "x"));

        assertOnly(net.build(net.conv("b", value)), "weight-only", Severity.WARNING, "b");
    }

    @Test
    void check_floatWeightBehindPair_isFound() {
        net.constant("weight", Tensor.allocate(DType.F32, Shape.of(16, 16, 1, 1)));

        assertOnly(net.build(net.conv("a", net.pair("p", "x"), "weight", 1)), "weight-float", Severity.WARNING, "a");
    }

    @Test
    void check_floatLayerBetweenInt8Layers_isFound() {
        net.constant("weight", Tensor.allocate(DType.F32, Shape.of(16, 16, 1, 1)));
        String island = net.conv("b", net.relu("r", net.conv("a", net.pair("p", "x"))), "weight", 1);

        assertOnly(net.build(net.conv("c", net.pair("next", island))), "float-between-int8", Severity.WARNING, "b");
    }

    @Test
    void check_asymmetricWeight_isFound() {
        Tensor zeroPoints = Tensor.allocate(DType.S8, Shape.of(16));
        zeroPoints.setLong(5, 1);
        String weight = net.weight("a", Shape.of(16, 16, 1, 1), QdqNet.channelScales(16), zeroPoints);

        assertOnly(net.build(net.conv("a", net.pair("p", "x"), weight, 1)), "weight-asymmetric", Severity.WARNING, "a");
    }

    @Test
    void check_perTensorDepthwise_isFound() {
        String weight = net.weight("a", Shape.of(16, 1, 1, 1), Tensor.scalar(0.1f), ZERO);

        assertOnly(
                net.build(net.conv("a", net.pair("p", "x"), weight, 16)),
                "depthwise-per-tensor",
                Severity.WARNING,
                "a");
    }

    @Test
    void check_perTensorWeight_isANote() {
        String weight = net.weight("a", Shape.of(16, 16, 1, 1), Tensor.scalar(0.1f), ZERO);

        assertOnly(net.build(net.conv("a", net.pair("p", "x"), weight, 1)), "weight-per-tensor", Severity.NOTE, "a");
    }

    @Test
    void check_biasOfEightBits_isFound() {
        net.constant("bias", Tensor.allocate(DType.F32, Shape.of(16)));
        String bias = net.pair("b", "bias");
        String conv = net.node("a", QdqNet.convolution(1), net.pair("p", "x"), net.weight("a", 16, 16), bias);

        assertOnly(net.build(conv), "bias-8bit", Severity.WARNING, "a");
    }

    @Test
    void check_biasOfAnotherScale_isFound() {
        assertOnly(net.build(convWithBias(net, 2)), "bias-scale", Severity.WARNING, "a");
    }

    @Test
    void check_biasOfTheProductScale_findsNothing() {
        assertThat(rules(net.build(convWithBias(net, 1)), LintTarget.OCTET)).isEmpty();
    }

    private static String convWithBias(QdqNet net, float factor) {
        float[] scales = QdqNet.channelScales(16).toFloats();
        for (int i = 0; i < scales.length; i++) {
            scales[i] *= 0.1f * factor;
        }
        net.constant("bias", Tensor.allocate(DType.S32, Shape.of(16)));
        net.constant("biasScale", Tensor.ofFloats(Shape.of(16), scales));
        String bias = net.node("bdq", DequantizeLinear.along(0), "bias", "biasScale");
        return net.node("a", QdqNet.convolution(1), net.pair("p", "x", 0.1f, ZERO), net.weight("a", 16, 16), bias);
    }

    @Test
    void check_firstLayerOfThreeChannels_isANote() {
        String conv = net.withInputChannels(3).conv("a", net.pair("p", "x"), net.weight("a", 16, 3), 1);

        assertOnly(net.build(conv), "first-layer-channels", Severity.NOTE, "a");
    }

    @Test
    void check_channelsNotAligned_isANote() {
        String value = net.pair("next", net.conv("a", net.pair("p", "x")));

        assertOnly(
                net.build(net.conv("b", value, net.weight("b", 18, 16), 1)), "channels-unaligned", Severity.NOTE, "b");
    }

    @Test
    void check_groupsOfSeveralChannels_isANote() {
        String value = net.conv("a", net.pair("p", "x"), net.weight("a", 16, 4), 4);

        assertOnly(net.build(value), "group-not-depthwise", Severity.NOTE, "a");
    }

    @Test
    void check_tinyProduct_isANote() {
        net.constant("m.w", Tensor.allocate(DType.S8, Shape.of(8, 4)));
        net.constant("m.ws", QdqNet.channelScales(4));
        String weight = net.node("m.wdq", DequantizeLinear.along(1), "m.w", "m.ws");

        assertOnly(
                net.build(net.node("m", new MatMul(), net.pair("p", "x"), weight)), "product-tiny", Severity.NOTE, "m");
    }
}
