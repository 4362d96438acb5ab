package dev.octet.pass;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.quant.QuantParams;
import dev.octet.quant.QuantRange;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Float graphs that several tests quantize. */
final class QuantizationGraphs {
    private QuantizationGraphs() {}

    static Attributes same3x3(long group) {
        return Attributes.builder()
                .put("kernel_shape", new long[] {3, 3})
                .put("pads", new long[] {1, 1, 1, 1})
                .put("group", group)
                .build();
    }

    static String conv(TestGraph test, String output, Random random, String x, long in, long out) {
        return test.node(
                output,
                "Conv",
                same3x3(1),
                x,
                test.random(output + ".w", random, out, in, 3, 3),
                test.random(output + ".b", random, out));
    }

    /** conv1, relu1, conv2, add with relu1, relu2, conv3. */
    static Graph residualBlock(Random random) {
        TestGraph test = new TestGraph();
        String x = test.input("x", 1, 3, 5, 7);
        String relu1 = test.node("relu1", "Relu", conv(test, "conv1", random, x, 3, 5));
        String conv2 = conv(test, "conv2", random, relu1, 5, 5);
        String relu2 = test.node("relu2", "Relu", test.node("add", "Add", conv2, relu1));
        return test.output(conv(test, "conv3", random, relu2, 5, 2));
    }

    /** The same range for every value that needs one. */
    static Map<String, QuantRange> ranges(Placement placement, float amin, float amax) {
        Map<String, QuantRange> ranges = new HashMap<>();
        placement.values().keySet().forEach(value -> ranges.put(value, new QuantRange(amin, amax)));
        return ranges;
    }

    static Graph quantize(Graph graph, QuantizationOptions options, Map<String, QuantRange> ranges) {
        Map<String, QuantParams.PerTensor> params =
                ActivationParams.of(Placement.of(graph, options), ranges, options.activations());
        return PassRunner.run(java.util.List.of(new InsertQdq(options, params)), graph);
    }
}
