package dev.octet.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.Model;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.SpatialWindow.AutoPad;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.profile.peak.Gpus;
import dev.octet.profile.peak.PeakPrecision;
import dev.octet.profile.roofline.Bound;
import dev.octet.profile.roofline.Roofline;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerGeometryTest {
    private static final List<String> GPUS = List.of("T4", "A100", "H100 SXM");

    @ParameterizedTest
    @CsvSource({
        "cifar10_resnet20.onnx, 3, 32, 32",
        "cifar10_resnet56.onnx, 3, 32, 32",
        "mlperf_kws_dscnn.onnx, 1, 49, 10",
        "mobilenet_v1_1.0_224_qatdeq.onnx, 3, 224, 224",
        "mobilenet_v2_1.0_224_tf.onnx, 3, 224, 224",
        "squeezenet1.1_224.onnx, 3, 224, 224"
    })
    void of_sharedModel_hasTheIndependentlyCountedMacsAndParameters(String name, long channels, long height, long width)
            throws IOException {
        Path file = SharedData.data().resolve("models/" + name);
        Model model = Model.load(file);

        for (long batch : new long[] {1, 3}) {
            Shape input = Shape.of(batch, channels, height, width);
            List<LayerGeometry> layers = LayerGeometry.of(
                    model.graph(), model.infer(Map.of(model.inputs().getFirst().name(), input)));

            CountedModel counted = CountedModel.of(file, batch, channels, height, width);
            assertThat(layers.stream().mapToLong(layer -> layer.work().macs()).sum())
                    .isEqualTo(counted.macs());
            assertThat(layers.stream()
                            .mapToLong(layer -> layer.work().parameters())
                            .sum())
                    .isEqualTo(counted.parameters());
        }
    }

    /** The kinds that the roofline is to tell apart, in the networks that have them, on three GPUs. */
    @Test
    void of_mobileNet_kindsHaveTheirBounds() {
        List<LayerGeometry> layers = layers("mobilenet_v2_1.0_224_tf.onnx", Shape.of(64, 3, 224, 224));

        for (String name : GPUS) {
            Roofline roofline = Roofline.of(Gpus.find(name).orElseThrow(), PeakPrecision.INT8);
            assertThat(layers)
                    .filteredOn(layer -> layer.kind().startsWith("depthwise"))
                    .as("depthwise on %s", name)
                    .hasSize(17)
                    .allSatisfy(layer -> {
                        assertThat(layer.matrix()).isFalse();
                        assertThat(roofline.bound(layer.cost(1))).isEqualTo(Bound.MEMORY);
                        assertThat(layer.cost(1).intensity()).isLessThan(18);
                    });
            assertThat(layers)
                    .filteredOn(layer -> layer.kind().equals("reshape"))
                    .allSatisfy(layer -> assertThat(roofline.attainableSeconds(layer.cost(1)))
                            .isZero());
        }
    }

    @Test
    void of_largerBatch_raisesTheIntensityOfTheFullyConnectedLayer() {
        double one = fullyConnected(1).cost(1).intensity();
        double many = fullyConnected(256).cost(1).intensity();

        assertThat(one).as("each weight is read for one product").isLessThan(2);
        assertThat(many).isGreaterThan(100 * one);
    }

    private static LayerGeometry fullyConnected(long batch) {
        return layers("mobilenet_v2_1.0_224_tf.onnx", Shape.of(batch, 3, 224, 224)).stream()
                .filter(layer -> layer.kind().equals("fully connected"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void of_residualNetwork_countsEachSumWithItsConvolution() {
        List<LayerGeometry> layers = layers("cifar10_resnet20.onnx", Shape.of(1, 3, 32, 32));

        assertThat(layers).extracting(layer -> layer.work().op()).doesNotContain("BatchNormalization", "Relu", "Add");
        assertThat(layers)
                .filteredOn(layer -> layer.work().op().equals("Conv"))
                .hasSize(19)
                .filteredOn(layer -> layer.fused().size() == 3)
                .as("normalization, sum and activation behind every second convolution of a block")
                .hasSize(9);
        LayerGeometry second = layers.stream()
                .filter(layer -> layer.fused().size() == 3)
                .findFirst()
                .orElseThrow();
        long map = 16 * 32 * 32;
        assertThat(second.readElements())
                .as("its input, its weights and the residual; the normalization folds")
                .isEqualTo(2 * map + 16 * 16 * 3 * 3);
        assertThat(second.writtenElements()).isEqualTo(map);
    }

    @Test
    void of_convolution_growsWithKernelChannelsAndOutput() {
        long base = conv(3, 8, 8, 16).work().macs();

        assertThat(conv(5, 8, 8, 16).work().macs()).isEqualTo(base * 25 / 9);
        assertThat(conv(3, 16, 8, 16).work().macs()).isEqualTo(base * 2);
        assertThat(conv(3, 8, 24, 16).work().macs()).isEqualTo(base * 3);
        assertThat(conv(3, 8, 8, 32).work().macs()).isEqualTo(base * 4);
        assertThat(conv(3, 8, 8, 16).work().macs()).isEqualTo(16 * 16 * 8 * 8 * 9);
        assertThat(conv(1, 8, 8, 16).kind()).isEqualTo("1x1");
    }

    private static LayerGeometry conv(long kernel, long inputs, long outputs, long size) {
        long pad = kernel / 2;
        SpatialWindow same = new SpatialWindow(
                new long[0], new long[] {1, 1}, new long[0], new long[] {pad, pad, pad, pad}, AutoPad.NOTSET);
        Graph graph = new Graph(
                "test",
                List.of(ValueInfo.of("x", DType.F32, 1, inputs, size, size)),
                List.of(ValueInfo.of("y", DType.F32, 1, outputs, size, size)),
                List.of(new Node("conv", new Conv(same, 1), List.of("x", "w"), List.of("y"))),
                Map.of("w", Tensor.allocate(DType.F32, Shape.of(outputs, inputs, kernel, kernel))));
        return layers(graph, Shape.of(1, inputs, size, size)).getFirst();
    }

    @Test
    void of_gatedActivation_isOneLayerAndSharedValueIsNot() {
        Op sigmoid = new Unary(UnaryFunction.SIGMOID);
        Op relu = new Unary(UnaryFunction.RELU);
        Graph graph = new Graph(
                "test",
                List.of(ValueInfo.of("x", DType.F32, 7, 5)),
                List.of(ValueInfo.of("y", DType.F32, 7, 5), ValueInfo.of("z", DType.F32, 7, 5)),
                List.of(
                        new Node("a", relu, List.of("x"), List.of("va")),
                        new Node("b", sigmoid, List.of("va"), List.of("y")),
                        new Node("c", relu, List.of("va"), List.of("vc")),
                        new Node("d", sigmoid, List.of("vc"), List.of("z"))),
                Map.of());

        List<LayerGeometry> layers = layers(graph, Shape.of(7, 5));

        assertThat(layers).extracting(layer -> layer.work().node()).containsExactly("a", "b", "c");
        assertThat(layers.getLast().fused()).containsExactly("d");
        assertThat(layers.getLast().readElements()).isEqualTo(35);
        assertThat(layers.getLast().writtenElements()).isEqualTo(35);
    }

    private static List<LayerGeometry> layers(Graph graph, Shape input) {
        return LayerGeometry.of(
                graph, ShapeInference.infer(graph, Map.of("x", input), (node, inputs, outputs) -> List.of()));
    }

    private static List<LayerGeometry> layers(String name, Shape input) {
        Model model = Model.load(SharedData.data().resolve("models/" + name));
        return LayerGeometry.of(
                model.graph(), model.infer(Map.of(model.inputs().getFirst().name(), input)));
    }
}
