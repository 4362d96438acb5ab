package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.Transpose;
import dev.octet.onnx.OnnxReader;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Tensor;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pre-trained networks through every pipeline. */
class RealModelsTest {
    static List<String> models() throws IOException {
        try (Stream<Path> files = Files.list(SharedData.data().resolve("models"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".onnx"))
                    .sorted()
                    .toList();
        }
    }

    private static Graph floatGraph(String name) {
        Graph graph = OnnxReader.read(SharedData.data().resolve("models").resolve(name));
        return PassRunner.run(Pipelines.floatGraph(GraphRun.EVALUATOR), graph);
    }

    /** With made-up ranges: where Q/DQ go does not depend on them. */
    private static Graph lowered(String name, QuantizationOptions options) {
        Graph graph = floatGraph(name);
        Graph quantized = QuantizationGraphs.quantize(
                graph, options, QuantizationGraphs.ranges(Placement.of(graph, options), -1, 6));
        return PassRunner.run(Pipelines.lower(GraphRun.EVALUATOR), quantized);
    }

    private static Set<String> operators(Graph graph) {
        return graph.nodes().stream().map(node -> node.op().type().name()).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("models")
    void lower_everyModel_leavesNoLinearLayerInFloat(String name) {
        Graph graph = lowered(name, QuantizationOptions.DEFAULT);

        assertThat(graph.nodes()).noneMatch(Operators::isLinear);
        assertThat(operators(graph)).doesNotContain("FusedConv", "BatchNormalization");
        assertThat(graph.nodes().stream()
                        .map(Node::op)
                        .filter(QConv.class::isInstance)
                        .map(op -> ((QConv) op).layout()))
                .containsOnly(Layout.CHANNELS_LAST);
    }

    @Test
    void lower_mobileNetV2_isIntegersBetweenItsBorders() {
        Graph graph = lowered("mobilenet_v2_1.0_224_tf.onnx", QuantizationOptions.DEFAULT);

        assertThat(operators(graph))
                .containsExactlyInAnyOrder(
                        "QuantizeLinear", "Transpose", "QConv", "QGlobalAveragePool", "Flatten", "QMatMul");
        assertThat(graph.nodes().stream().filter(node -> node.op() instanceof Transpose))
                .hasSize(1);
        assertThat(graph.nodes().stream().filter(node -> node.op() instanceof QConv))
                .hasSize(52);
    }

    @Test
    void lower_resNetWithPaddedShortcuts_isIntegersBetweenItsBorders() {
        Graph graph = lowered("cifar10_resnet20.onnx", QuantizationOptions.DEFAULT);

        assertThat(operators(graph))
                .containsExactlyInAnyOrder(
                        "QuantizeLinear",
                        "Transpose",
                        "QConv",
                        "Slice",
                        "Pad",
                        "QGlobalAveragePool",
                        "Flatten",
                        "QMatMul");
        assertThat(graph.nodes().stream().filter(node -> node.op() instanceof Transpose))
                .hasSize(1);
    }

    @Test
    void lower_keywordSpotting_isWithinOneStepNodeByNode() {
        Graph graph = floatGraph("mlperf_kws_dscnn.onnx");
        QuantizationOptions options = QuantizationOptions.DEFAULT;
        Map<String, Tensor> input = Map.of("input", TestGraph.randomTensor(new Random(1), 1, 1, 49, 10));

        Graph quantized = QuantizationGraphs.quantize(graph, options, GraphRun.ranges(graph, input));

        LoweringContract.check(quantized, input, "seed 1");
    }
}
