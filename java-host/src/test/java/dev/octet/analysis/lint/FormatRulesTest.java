package dev.octet.analysis.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.octet.graph.Graph;
import dev.octet.graph.op.Binary;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.Transpose;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormatRulesTest {
    private static final Tensor ZERO = Tensor.scalar(DType.S8, 0);
    private static final Transpose SWAPPED = new Transpose(new long[] {0, 1, 3, 2});
    private final QdqNet net = new QdqNet();

    private static void assertOnly(Graph graph, LintTarget target, String rule, Severity severity, String node) {
        assertThat(Linter.check(graph, target))
                .extracting(Finding::rule, Finding::severity, Finding::node)
                .containsExactly(tuple(rule, severity, node));
    }

    @Test
    void check_otherScaleBehindTranspose_isFound() {
        String moved = net.node("t", SWAPPED, net.pair("before", "x", 0.1f, ZERO));
        Graph graph = net.build(net.conv("c", net.pair("behind", moved, 0.2f, ZERO)));

        assertOnly(graph, LintTarget.OCTET, "moved-scales", Severity.WARNING, "t");
    }

    @Test
    void check_sameScaleBehindTranspose_findsNothing() {
        String moved = net.node("t", SWAPPED, net.pair("before", "x"));
        Graph graph = net.build(net.conv("c", net.pair("behind", moved)));

        assertThat(Linter.check(graph, LintTarget.TENSORRT)).isEmpty();
    }

    @Test
    void check_otherScaleBehindConcatOfOneScale_isFound() {
        String shared = net.pair("shared", "x", 0.1f, ZERO);
        String both = net.node("cat", new Concat(1), shared, shared);
        String behind = net.pair("behind", both, 0.3f, ZERO);

        assertOnly(
                net.build(net.conv("c", behind, net.weight("c", 16, 32), 1)),
                LintTarget.OCTET,
                "concat-output-scale",
                Severity.WARNING,
                "cat");
    }

    @Test
    void check_pairBeforeSigmoidOfAGate_isFoundForTensorRtOnly() {
        String value = net.pair("planted", net.conv("a", net.pair("p", "x")));
        String gate = net.node("s", new Unary(UnaryFunction.SIGMOID), value);
        String gated = net.node("m", new Binary(BinaryFunction.MUL), value, gate);
        Graph graph = net.build(net.conv("c", net.pair("next", gated)));

        assertOnly(graph, LintTarget.TENSORRT, "conv-qdq-gate", Severity.WARNING, "s");
        assertThat(Linter.check(graph, LintTarget.OCTET)).isEmpty();
    }

    @Test
    void check_weightScalesAlongInputs_isFound() {
        net.constant("planted.w", Tensor.allocate(DType.S8, Shape.of(8, 24)));
        net.constant("planted.ws", QdqNet.channelScales(8));
        net.constant("planted.wz", Tensor.allocate(DType.S8, Shape.of(8)));
        String weight = net.node("planted.wdq", DequantizeLinear.along(0), "planted.w", "planted.ws", "planted.wz");
        Graph graph = net.build(net.node("product", new MatMul(), net.pair("p", "x"), weight));

        assertThat(Linter.check(graph, LintTarget.ONNXRUNTIME))
                .extracting(Finding::rule, Finding::severity, Finding::node)
                .containsExactly(tuple("weight-axis", Severity.WARNING, "product"));
    }

    @Test
    void check_unsignedWeight_isAnErrorForTensorRt() {
        net.constant("u.w", Tensor.allocate(DType.U8, Shape.of(16, 16, 1, 1)));
        net.constant("u.ws", QdqNet.channelScales(16));
        net.constant("u.wz", Tensor.allocate(DType.U8, Shape.of(16)));
        String weight = net.node("u.wdq", DequantizeLinear.along(0), "u.w", "u.ws", "u.wz");
        Graph graph = net.build(net.conv("a", net.pair("p", "x"), weight, 1));

        assertOnly(graph, LintTarget.TENSORRT, "weight-uint8", Severity.ERROR, "a");
    }

    @Test
    void check_sixteenBitActivation_isFound() {
        Graph graph = net.build(net.conv("a", net.pair("wide", "x", 0.01f, Tensor.scalar(DType.S16, 0))));

        assertOnly(graph, LintTarget.OCTET, "type-16bit", Severity.WARNING, "wide.q");
    }

    @Test
    void check_activationScalesByChannel_isFound() {
        net.constant("s", QdqNet.channelScales(16));
        net.constant("z", Tensor.allocate(DType.S8, Shape.of(16)));
        String quantized = net.node("planted.q", QuantizeLinear.along(1), "x", "s", "z");
        String value = net.node("planted.dq", DequantizeLinear.along(1), quantized, "s", "z");

        assertOnly(
                net.build(net.conv("a", value)),
                LintTarget.OCTET,
                "activation-per-channel",
                Severity.WARNING,
                "planted.q");
    }

    @Test
    void check_scaleThatIsComputed_isAnErrorForTensorRt() {
        net.constant("half", Tensor.scalar(0.5f));
        net.constant("z", ZERO);
        String scale = net.node("scale", new Unary(UnaryFunction.ABS), "half");
        String quantized = net.node("planted.q", QuantizeLinear.along(1), "x", scale, "z");
        String value = net.node("planted.dq", DequantizeLinear.along(1), quantized, scale, "z");

        assertThat(Linter.check(net.build(net.conv("a", value)), LintTarget.TENSORRT))
                .extracting(Finding::rule, Finding::node)
                .contains(tuple("scale-computed", "planted.q"), tuple("scale-computed", "planted.dq"));
    }

    @Test
    void check_operatorOnIntegers_isAnErrorForTensorRt() {
        String dynamic = net.node("planted", new DynamicQuantizeLinear(), "x");
        Graph graph = net.build(net.relu("r", dynamic));

        assertThat(Linter.check(graph, LintTarget.TENSORRT))
                .extracting(Finding::rule)
                .containsExactly("integer-operator");
        assertThat(Linter.check(graph, LintTarget.ONNXRUNTIME)).isEmpty();
    }

    @Test
    void check_quantizedBias_isFoundForTensorRtOnly() {
        float[] products = new float[16];
        Tensor scales = QdqNet.channelScales(16);
        for (int i = 0; i < products.length; i++) {
            products[i] = (float) (0.05f * scales.getDouble(i));
        }
        net.constant("b", Tensor.allocate(DType.S32, Shape.of(16)));
        net.constant("bs", Tensor.ofFloats(Shape.of(16), products));
        String bias = net.node("bdq", DequantizeLinear.along(0), "b", "bs");
        String value = net.pair("p", "x");
        String weight = net.weight("a", 16, 16);
        Graph graph = net.build(net.node("a", QdqNet.convolution(1), value, weight, bias));

        assertOnly(graph, LintTarget.TENSORRT, "bias-quantized", Severity.ERROR, "a");
        assertThat(Linter.check(graph, LintTarget.OCTET)).isEqualTo(List.of());
    }
}
