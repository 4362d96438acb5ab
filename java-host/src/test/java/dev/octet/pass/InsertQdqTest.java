package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.quant.Weights;
import dev.octet.tensor.ConfigException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InsertQdqTest {
    private static final QuantizationOptions DEFAULT = QuantizationOptions.DEFAULT;

    private static long count(Graph graph, String op) {
        return graph.nodes().stream()
                .filter(node -> node.op().type().name().equals(op))
                .count();
    }

    private static Graph quantize(Graph graph, QuantizationOptions options) {
        return QuantizationGraphs.quantize(
                graph, options, QuantizationGraphs.ranges(Placement.of(graph, options), -1, 2));
    }

    @Test
    void apply_residualBlock_onePairAValueAndNoneBehindTheOutput() {
        Graph result = quantize(QuantizationGraphs.residualBlock(new Random(1)), DEFAULT);

        assertThat(count(result, "QuantizeLinear")).isEqualTo(3);
        // Three activations, three weights, three biases.
        assertThat(count(result, "DequantizeLinear")).isEqualTo(9);
        assertThat(result.producer("conv3").orElseThrow().name()).isEqualTo("conv3.node");
        Node add = result.find("add.node").orElseThrow();
        assertThat(add.inputs()).containsExactly("conv2", "relu1/dequantized");
    }

    @Test
    void apply_ownResult_changesNothing() {
        Graph graph = QuantizationGraphs.residualBlock(new Random(2));
        Map<String, dev.octet.quant.QuantRange> ranges = QuantizationGraphs.ranges(Placement.of(graph, DEFAULT), -1, 2);
        InsertQdq pass = new InsertQdq(
                DEFAULT, ActivationParams.of(Placement.of(graph, DEFAULT), ranges, DEFAULT.activations()));

        Graph result = pass.apply(graph);

        assertThat(pass.apply(result)).isSameAs(result);
    }

    @Test
    void apply_dedicatedPairs_onePairAConsumer() {
        Graph result = quantize(QuantizationGraphs.residualBlock(new Random(3)), DEFAULT.withDedicatedPairs(true));

        assertThat(count(result, "QuantizeLinear")).isEqualTo(4);
    }

    @Test
    void apply_conv_storesInt8WeightAndInt32BiasWithScaleOfTheAccumulator() {
        Graph result = quantize(QuantizationGraphs.residualBlock(new Random(4)), DEFAULT);

        Node conv = result.find("conv1.node").orElseThrow();
        Node weight = result.producer(conv.input(1)).orElseThrow();
        Node bias = result.producer(conv.input(2)).orElseThrow();
        Tensor weightScale = result.constant(weight.input(1)).orElseThrow();
        Tensor biasScale = result.constant(bias.input(1)).orElseThrow();
        float inputScale = result.constant("x/scale").orElseThrow().getFloat(0);
        assertThat(result.dtype(weight.input(0))).isEqualTo(DType.S8);
        assertThat(result.dtype(bias.input(0))).isEqualTo(DType.S32);
        assertThat(weight.op().attributes().integer("axis", 1)).isZero();
        for (int c = 0; c < 5; c++) {
            assertThat(biasScale.getFloat(c)).isEqualTo(inputScale * weightScale.getFloat(c));
        }
    }

    @Test
    void apply_biasTooLargeForInt32_raisesTheWeightScale() {
        TestGraph test = new TestGraph();
        String w = test.constant("w", Tensor.ofFloats(Shape.of(2, 1, 1, 1), 1e-6f, 1));
        String b = test.constant("b", Tensor.ofFloats(Shape.of(2), 1000, 1));
        Graph graph = test.output(test.node("y", "Conv", test.input("x", 1, 1, 2, 2), w, b));

        Graph result = quantize(graph, DEFAULT);

        Tensor quantized = result.constant("b/quantized").orElseThrow();
        float scale = result.constant("b/scale").orElseThrow().getFloat(0);
        assertThat(quantized.getLong(0)).isLessThan(Integer.MAX_VALUE);
        assertThat(quantized.getLong(0) * scale).isCloseTo(1000, org.assertj.core.data.Percentage.withPercentage(0.01));
    }

    @Test
    void apply_weightOfTwoNodes_isStoredOnce() {
        TestGraph test = new TestGraph();
        Random random = new Random(5);
        String w = test.random("w", random, 3, 4);
        String y = test.node("y", "MatMul", test.input("a", 2, 3), w);
        Graph graph = test.output(y, test.node("z", "MatMul", test.input("b", 2, 3), w));

        Graph result = quantize(graph, DEFAULT);

        assertThat(result.constants().values().stream().filter(t -> t.dtype() == DType.S8 && t.elementCount() == 12))
                .hasSize(1);
    }

    @Test
    void apply_blockWeights_scalesAlongInputChannels() {
        TestGraph test = new TestGraph();
        String w = test.random("w", new Random(6), 7, 4);
        Graph graph = test.output(test.node("y", "MatMul", test.input("a", 2, 7), w));

        Graph result = quantize(graph, DEFAULT.withWeights(new WeightGranularity.PerBlock(3), Weights.Method.MAX));

        assertThat(result.constant("w/scale").orElseThrow().shape()).isEqualTo(Shape.of(3, 4));
    }

    @Test
    void apply_valueWithoutParameters_failsNamingTheNode() {
        Graph graph = QuantizationGraphs.residualBlock(new Random(7));

        assertThatThrownBy(() -> new InsertQdq(DEFAULT, Map.of()).apply(graph))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("node \"conv1.node\" (Conv)")
                .hasMessageContaining("no scale is given for input \"x\"");
    }
}
