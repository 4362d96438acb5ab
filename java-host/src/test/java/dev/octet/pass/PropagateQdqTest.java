package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PropagateQdqTest {
    private final PropagateQdq pass = new PropagateQdq();
    private final TestGraph test = new TestGraph();

    private String quantize(String name, String x, float scale, int zeroPoint) {
        return test.node(
                name,
                "QuantizeLinear",
                x,
                test.constant(name + ".scale", Tensor.scalar(scale)),
                test.constant(name + ".zp", Tensor.scalar(DType.U8, zeroPoint)));
    }

    private String dequantize(String name, String x, float scale, int zeroPoint) {
        return test.node(
                name,
                "DequantizeLinear",
                x,
                test.constant(name + ".scale", Tensor.scalar(scale)),
                test.constant(name + ".zp", Tensor.scalar(DType.U8, zeroPoint)));
    }

    private String pair(String name, String x) {
        return dequantize(name, quantize(name + ".q", x, 0.05f, 100), 0.05f, 100);
    }

    private List<String> check(Graph graph) {
        Graph result = pass.apply(graph);

        assertThat(pass.apply(result)).isSameAs(result);
        Tensor x = TestGraph.randomTensor(
                new Random(3), graph.inputs().get(0).staticShape().orElseThrow().dims());
        Map<String, Tensor> expected = GraphRun.outputs(graph, Map.of("x", x));
        GraphRun.outputs(result, Map.of("x", x))
                .forEach((name, tensor) -> assertThat(tensor.contentEquals(Objects.requireNonNull(expected.get(name))))
                        .as(name)
                        .isTrue());
        return result.nodes().stream().map(node -> node.op().type().name()).toList();
    }

    @Test
    void apply_maxPoolBetweenPairs_worksOnIntegers() {
        Attributes window =
                Attributes.builder().put("kernel_shape", new long[] {2, 2}).build();
        String pooled = test.node("pool", "MaxPool", window, pair("in", test.input("x", 1, 2, 4, 5)));

        assertThat(check(test.output(pair("y", pooled))))
                .containsExactly("QuantizeLinear", "MaxPool", "DequantizeLinear");
    }

    @Test
    void apply_paddingWithZeros_addsTheZeroPoint() {
        String pads = test.constant("pads", Tensor.vector(0, 1, 0, 0, 2, 0));
        String padded = test.node("pad", "Pad", pair("in", test.input("x", 1, 2, 3)), pads);

        Graph graph = test.output(pair("y", padded));

        assertThat(check(graph)).containsExactly("QuantizeLinear", "Pad", "DequantizeLinear");
        Node pad = pass.apply(graph).find("pad.node").orElseThrow();
        assertThat(pass.apply(graph).constant(pad.input(2)).orElseThrow().getLong(0))
                .isEqualTo(100);
    }

    @Test
    void apply_paddingWithOnes_stays() {
        String pads = test.constant("pads", Tensor.vector(0, 1, 0, 0, 2, 0));
        String one = test.constant("one", Tensor.scalar(1));
        String padded = test.node("pad", "Pad", pair("in", test.input("x", 1, 2, 3)), pads, one);
        Graph graph = test.output(pair("y", padded));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }

    @Test
    void apply_quantizeBehindConcat_movesToEveryInput() {
        String a = test.node("a", "Relu", test.input("x", 1, 2, 3));
        String b = test.node("b", "Sigmoid", "x");
        String joined =
                test.node("join", "Concat", Attributes.builder().put("axis", 1L).build(), a, b);

        assertThat(check(test.output(pair("y", joined))))
                .containsExactlyInAnyOrder(
                        "Relu", "Sigmoid", "QuantizeLinear", "QuantizeLinear", "Concat", "DequantizeLinear");
    }

    @Test
    void apply_concatOfDifferentScales_stays() {
        String x = test.input("x", 1, 2, 3);
        String a = dequantize("a", quantize("aq", x, 0.05f, 100), 0.05f, 100);
        String b = dequantize("b", quantize("bq", x, 0.06f, 100), 0.06f, 100);
        Graph graph = test.output(
                test.node("y", "Concat", Attributes.builder().put("axis", 1L).build(), a, b));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }

    @Test
    void apply_twoPairsOfOneValue_becomeOne() {
        String x = test.input("x", 2, 3);
        String y = test.node("y", "Relu", pair("a", x));

        assertThat(check(test.output(y, test.node("z", "Sigmoid", pair("b", x)))))
                .containsExactlyInAnyOrder("QuantizeLinear", "DequantizeLinear", "Relu", "Sigmoid");
    }

    @Test
    void apply_dequantizedOutput_keepsItsName() {
        String flat = test.node("y", "Flatten", pair("in", test.input("x", 2, 3, 4)));

        assertThat(check(test.output(flat))).containsExactly("QuantizeLinear", "Flatten", "DequantizeLinear");
    }

    @Test
    void apply_weightPerAxisBeforeTranspose_movesTheAxis() {
        String w = test.constant(
                "w",
                Tensor.ofBytes(DType.S8, Shape.of(2, 3), (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6));
        String scale = test.constant("s", Tensor.ofFloats(Shape.of(2), 0.5f, 2));
        Attributes first = Attributes.builder().put("axis", 0L).build();
        Attributes swap = Attributes.builder().put("perm", new long[] {1, 0}).build();
        String real = test.node("dq", "DequantizeLinear", first, w, scale);
        String product = test.node("y", "MatMul", test.input("x", 4, 3), test.node("t", "Transpose", swap, real));

        Graph graph = test.output(product);

        check(graph);
        Node moved = pass.apply(graph).producer("t").orElseThrow();
        assertThat(moved.op().type().name()).isEqualTo("DequantizeLinear");
        assertThat(moved.op().attributes().integer("axis", 0)).isEqualTo(1);
    }

    @Test
    void apply_sliceOfAValueThatIsReadInFloat_stays() {
        String relu = test.node("relu", "Relu", test.input("x", 4, 3));
        String part = test.node(
                "part", "Slice", relu, test.constant("from", Tensor.vector(1)), test.constant("to", Tensor.vector(2)));
        Graph graph = test.output(pair("y", part), test.node("z", "Sigmoid", relu));

        assertThat(pass.apply(graph)).isSameAs(graph);
    }
}
