package dev.octet.report;

import dev.octet.quant.QuantRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Made-up reports of any size. */
final class SampleReports {
    static final long SEED = 20260;

    private SampleReports() {}

    /** A report of {@code count} layers, every seventh not INT8; deterministic. */
    static QuantizeReport quantize(int count) {
        Random random = new Random(SEED);
        List<LayerReport> layers = new ArrayList<>();
        List<ActivationReport> activations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String node = "/encoder/layer." + i + "/attention/self/query/MatMul";
            layers.add(i % 7 == 3 ? wider(node, i) : int8(node, random));
            activations.add(activation(node + "_output_0", random, i % 2 == 0));
        }
        return report(layers, activations, List.of("per-tensor weights: expect collapse"));
    }

    static QuantizeReport report(List<LayerReport> layers, List<ActivationReport> activations, List<String> warnings) {
        return new QuantizeReport(
                "sample",
                new QuantizeReport.FileSizes(14_000_000, 3_700_000),
                new QuantizeSettings("entropy", "per-channel", "symmetric", "octet", Map.of("fp32", "head.*")),
                new Provenance("0.1.0", "00ff".repeat(16), "ab12".repeat(16), 500),
                layers,
                activations,
                List.of(new Fact("Top-1", "76.9 %")),
                warnings);
    }

    private static LayerReport int8(String node, Random random) {
        return LayerReport.int8(node, "MatMul")
                .withSqnrDb(15 + 25 * random.nextDouble())
                .withMacs(1_000_000 + random.nextInt(9_000_000))
                .withOutput(new LayerReport.OutputQuantization(node + "_output_0", -3.2f, 3.2f, 0.0252f, 0, "s8"))
                .withWeights(new LayerReport.WeightQuantization("per-axis", 384, 0.0004f, 0.0081f));
    }

    private static LayerReport wider(String node, int index) {
        LayerReport layer = LayerReport.wider(node, "Softmax", LayerPrecision.FP32, "Softmax has no INT8 kernel");
        return index % 2 == 0 ? layer : layer.withSqnrDb(Double.POSITIVE_INFINITY);
    }

    static ActivationReport activation(String tensor, Random random, boolean absolute) {
        long[] counts = new long[2048];
        for (int sample = 0; sample < 200_000; sample++) {
            double value = random.nextGaussian() / 6 * (sample % 1000 == 0 ? 3 : 1);
            double position = absolute ? Math.abs(value) : (value + 1) / 2;
            counts[(int) Math.clamp(Math.floor(position * counts.length), 0, counts.length - 1)]++;
        }
        QuantRange observed = new QuantRange(-4, 4);
        QuantRange chosen = new QuantRange(-2.5f, 2.5f);
        return new ActivationReport(
                tensor, observed, chosen, new ActivationReport.BinCounts(absolute ? 0 : -4, 4, counts, absolute));
    }
}
