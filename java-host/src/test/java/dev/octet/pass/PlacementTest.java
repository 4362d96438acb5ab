package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.quant.ActivationScheme;
import dev.octet.quant.QuantRange;
import dev.octet.tensor.ConfigException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final QuantizationOptions DEFAULT = QuantizationOptions.DEFAULT;

    @Test
    void of_residualBlock_quantizesInputsAndResidualOnly() {
        Placement placement = Placement.of(QuantizationGraphs.residualBlock(new Random(1)), DEFAULT);

        assertThat(placement.values()).containsOnlyKeys("x", "relu1", "relu2");
        assertThat(placement.uses().get("relu1"))
                .extracting(Placement.Use::node)
                .containsExactlyInAnyOrder("conv2.node", "add.node");
    }

    @Test
    void of_twoProductsIntoAdd_quantizesTheShorterPath() {
        TestGraph test = new TestGraph();
        Random random = new Random(2);
        String x = test.input("x", 1, 3, 5, 5);
        String shortcut = QuantizationGraphs.conv(test, "shortcut", random, x, 3, 4);
        String main = QuantizationGraphs.conv(
                test, "main2", random, QuantizationGraphs.conv(test, "main1", random, x, 3, 4), 4, 4);
        String add = test.node("add", "Add", shortcut, main);
        Graph graph = test.output(QuantizationGraphs.conv(test, "last", random, add, 4, 2));

        Placement placement = Placement.of(graph, DEFAULT);

        assertThat(placement.values()).containsOnlyKeys("x", "main1", "shortcut", "add");
        assertThat(placement.uses().get("shortcut"))
                .hasSize(1)
                .allMatch(use -> use.node().equals("add.node"));
    }

    @Test
    void of_addWhoseResultStaysFloat_leavesTheResidualFloat() {
        TestGraph test = new TestGraph();
        Random random = new Random(3);
        String x = test.input("x", 1, 3, 5, 5);
        String conv = QuantizationGraphs.conv(test, "conv", random, x, 3, 3);
        Graph graph = test.output(test.node("y", "Sigmoid", test.node("add", "Add", conv, test.node("r", "Tanh", x))));

        assertThat(Placement.of(graph, DEFAULT).values()).containsOnlyKeys("x");
    }

    @Test
    void of_floatAddOfValueQuantizedElsewhere_readsItQuantizedToo() {
        TestGraph test = new TestGraph();
        Random random = new Random(7);
        String r = test.node("r", "Tanh", test.input("x", 1, 3, 5, 5));
        String add = test.node("add", "Add", QuantizationGraphs.conv(test, "conv", random, r, 3, 3), r);
        Graph graph = test.output(test.node("y", "Sigmoid", add));

        Placement placement = Placement.of(graph, DEFAULT);

        assertThat(placement.values()).containsOnlyKeys("r");
        assertThat(placement.uses().get("r"))
                .extracting(Placement.Use::node)
                .containsExactlyInAnyOrder("conv.node", "add.node");
    }

    @Test
    void of_averagePoolBetweenProducts_quantizesItsInput() {
        TestGraph test = new TestGraph();
        Random random = new Random(8);
        String conv = QuantizationGraphs.conv(test, "conv", random, test.input("x", 1, 3, 5, 5), 3, 4);
        String pool = test.node("pool", "GlobalAveragePool", conv);
        Graph graph = test.output(QuantizationGraphs.conv(test, "last", random, pool, 4, 2));

        assertThat(Placement.of(graph, DEFAULT).values()).containsOnlyKeys("x", "conv", "pool");
        assertThat(Placement.of(graph, DEFAULT.withAveragePools(false)).values())
                .containsOnlyKeys("x", "pool");
    }

    @Test
    void of_productOfTwoActivations_quantizesBoth() {
        TestGraph test = new TestGraph();
        Graph graph = test.output(test.node("y", "MatMul", test.input("a", 2, 3), test.input("b", 3, 4)));

        assertThat(Placement.of(graph, DEFAULT).values()).containsOnlyKeys("a", "b");
    }

    @Test
    void of_nodeDeclaredFloat_getsNothing() {
        Graph graph = QuantizationGraphs.residualBlock(new Random(4));

        Placement placement = Placement.of(graph, DEFAULT.withDeclared(Map.of("conv2.node", Precision.FP32)));

        assertThat(placement.values()).containsOnlyKeys("x", "relu2");
        assertThat(placement.nodes())
                .contains(new NodePrecision("conv2.node", "Conv", Precision.FP32, "declared fp32"));
    }

    @Test
    void of_int8DeclaredForUnquantizableNode_failsNamingIt() {
        TestGraph test = new TestGraph();
        Graph graph = test.output(test.node("y", "Erf", test.input("x", 2)));

        assertThatThrownBy(() -> Placement.of(graph, DEFAULT.withDeclared(Map.of("y.node", Precision.INT8))))
                .isInstanceOf(ConfigException.class)
                .hasMessage("node \"y.node\" (Erf): int8 wanted, but no rule quantizes this Erf here");
    }

    @Test
    void of_convWithComputedWeight_staysFloatWithReason() {
        TestGraph test = new TestGraph();
        String weight = test.node("w2", "Relu", test.input("w", 2, 3, 1, 1));
        Graph graph = test.output(test.node("y", "Conv", Attributes.NONE, test.input("x", 1, 3, 4, 4), weight));

        Placement placement = Placement.of(graph, DEFAULT);

        assertThat(placement.values()).isEmpty();
        assertThat(placement.nodes())
                .contains(new NodePrecision("y.node", "Conv", Precision.FP32, "its weight is computed at run time"));
    }

    @Test
    void activationParams_concatenatedValues_shareTheUnionOfRanges() {
        TestGraph test = new TestGraph();
        Random random = new Random(5);
        String a = test.input("a", 1, 2, 4, 4);
        String b = test.input("b", 1, 2, 4, 4);
        String join =
                test.node("join", "Concat", Attributes.builder().put("axis", 1L).build(), a, b);
        String y = QuantizationGraphs.conv(test, "y", random, join, 4, 2);
        Graph graph = test.output(y, QuantizationGraphs.conv(test, "z", random, a, 2, 2));
        Placement placement = Placement.of(graph, DEFAULT);

        var params = ActivationParams.of(
                placement,
                Map.of("a", new QuantRange(0, 1), "join", new QuantRange(-3, 2)),
                ActivationScheme.SYMMETRIC);

        assertThat(params.get("a")).isEqualTo(params.get("join"));
        assertThat(params.values()).allMatch(p -> p.scale() == 3f / 127);
    }

    @Test
    void activationParams_missingRange_namesNodeAndValue() {
        Placement placement = Placement.of(QuantizationGraphs.residualBlock(new Random(6)), DEFAULT);

        assertThatThrownBy(() -> ActivationParams.of(placement, Map.of(), ActivationScheme.AFFINE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("node \"conv1.node\": int8 wanted, but no range was calibrated for \"x\"");
    }
}
