package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Conv;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.SpatialWindow.AutoPad;
import dev.octet.quant.Granularity;
import dev.octet.quant.QuantizedTensor;
import dev.octet.quant.Quantizer;
import dev.octet.quant.Weights;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CorrectBiasTest {
    private static final long SEED = 90210;
    private static final double TOLERANCE = 1e-5;
    private static final SpatialWindow PLAIN =
            new SpatialWindow(new long[0], new long[0], new long[0], new long[0], AutoPad.NOTSET);

    @Test
    void apply_groupedConvolution_removesTheMeanErrorOfTheWeights() {
        Tensor weight = random(Shape.of(4, 3, 2, 2));
        Graph graph = graph(weight, List.of("x", "w", "b"));
        float[] mean = {0.5f, -1, 2, 3, 0.25f, -0.125f};

        Graph corrected = new CorrectBias(QuantizationOptions.DEFAULT, Map.of("x", mean)).apply(graph);

        QuantizedTensor quantized = Weights.quantize(weight, new Granularity.PerAxis(0));
        float[] restored =
                Quantizer.dequantize(quantized.values(), quantized.params()).toFloats();
        float[] original = weight.toFloats();
        Tensor bias = corrected.constant(corrected.nodes().get(0).input(2)).orElseThrow();
        for (int o = 0; o < 4; o++) {
            double meanOfFloat = o + 1;
            double meanOfQuantized = bias.getFloat(o);
            for (int k = 0; k < 12; k++) {
                meanOfFloat += (double) original[o * 12 + k] * mean[o / 2 * 3 + k / 4];
                meanOfQuantized += (double) restored[o * 12 + k] * mean[o / 2 * 3 + k / 4];
            }
            assertThat(meanOfQuantized)
                    .as("seed %d", SEED)
                    .isCloseTo(meanOfFloat, org.assertj.core.data.Offset.offset(TOLERANCE));
        }
    }

    @Test
    void apply_twice_changesNothingMore() {
        Graph graph = graph(random(Shape.of(4, 3, 2, 2)), List.of("x", "w"));
        CorrectBias pass = new CorrectBias(QuantizationOptions.DEFAULT, Map.of("x", new float[] {1, 1, 1, 1, 1, 1}));

        Graph once = pass.apply(graph);

        assertThat(once.nodes().get(0).inputs()).hasSize(3);
        assertThat(pass.apply(once)).isSameAs(once);
    }

    private static Graph graph(Tensor weight, List<String> inputs) {
        return new Graph(
                "test",
                List.of(ValueInfo.of("x", DType.F32, 1, 6, 5, 5)),
                List.of(ValueInfo.of("y", DType.F32, 1, 4, 4, 4)),
                List.of(new Node("conv", new Conv(PLAIN, 2), inputs, List.of("y"))),
                Map.of("w", weight, "b", Tensor.ofFloats(Shape.of(4), 1, 2, 3, 4)));
    }

    private static Tensor random(Shape shape) {
        Random random = new Random(SEED);
        Tensor tensor = Tensor.allocate(DType.F32, shape);
        for (long i = 0; i < tensor.elementCount(); i++) {
            tensor.setFloat(i, (float) random.nextGaussian());
        }
        return tensor;
    }
}
