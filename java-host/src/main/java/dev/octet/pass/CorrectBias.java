package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.quant.Granularity;
import dev.octet.quant.QuantScheme;
import dev.octet.quant.QuantizedTensor;
import dev.octet.quant.Quantizer;
import dev.octet.quant.Weights;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Takes out of each bias the mean error that rounding the weights will cause:
 * {@code bias -= sum((quantized - weight) * mean(input))} for every output channel. Runs on the float graph, right before
 * {@link InsertQdq} quantizes the same weights in the same way. At the border of a padded convolution the mean is that of
 * the whole input. Source: Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction",
 * arXiv 1906.04721, section 4.2, with means that calibration measured.
 */
public final class CorrectBias implements Pass {
    private static final String CORRECTED = "/corrected";

    private final QuantizationOptions options;
    private final Map<String, float[]> means;

    /**
     * Creates the pass.
     *
     * @param means one mean a channel, by value; see {@link #channelAxes}
     */
    public CorrectBias(QuantizationOptions options, Map<String, float[]> means) {
        this.options = options;
        this.means = Map.copyOf(means);
    }

    /** The values whose channel means are wanted, with the axis of their channels. */
    public static Map<String, Integer> channelAxes(Graph graph, Placement placement) {
        Map<String, Integer> axes = new TreeMap<>();
        for (String name : placement.integerProducts()) {
            Node node = graph.find(name).orElseThrow();
            if (graph.isConstant(node.input(1)) && !Operators.is(node, "ConvTranspose")) {
                axes.put(node.input(0), Operators.is(node, "Conv") ? 1 : -1);
            }
        }
        return axes;
    }

    @Override
    public Graph apply(Graph graph) {
        GraphEdit edit = new GraphEdit(graph);
        for (String name : Placement.of(graph, options).integerProducts()) {
            Node node = graph.find(name).orElseThrow();
            Optional.ofNullable(means.get(node.input(0))).ifPresent(mean -> correct(graph, edit, node, mean));
        }
        return edit.changed() ? edit.apply() : graph;
    }

    private void correct(Graph graph, GraphEdit edit, Node node, float[] mean) {
        Optional<Tensor> weight = graph.constant(node.input(1));
        if (weight.isEmpty() || !Operators.is(node, "Conv", "Gemm", "MatMul")) {
            return;
        }
        double[] shift = shift(node, weight.get(), mean);
        if (Operators.is(node, "MatMul")) {
            graph.onlyConsumer(node.output())
                    .filter(add -> Operators.is(add, "Add"))
                    .ifPresent(add -> correctInput(edit, add, add.input(0).equals(node.output()) ? 1 : 0, shift));
        } else if (node.hasInput(2)) {
            correctInput(edit, node, 2, shift);
        } else {
            String bias = edit.addConstant(node.output() + "/bias" + CORRECTED, bias(new float[shift.length], shift));
            List<String> inputs = new ArrayList<>(node.inputs().subList(0, 2));
            inputs.add(bias);
            edit.put(new Node(node.name(), node.op(), inputs, node.outputs()));
        }
    }

    private static void correctInput(GraphEdit edit, Node node, int input, double[] shift) {
        String name = node.input(input);
        Optional<Tensor> constant = edit.constant(name);
        if (constant.isPresent()
                && constant.get().elementCount() == shift.length
                && constant.get().shape().rank() == 1
                && !name.endsWith(CORRECTED)) {
            Tensor corrected = bias(constant.get().toFloats(), shift);
            edit.setInput(node.name(), input, edit.addConstant(name + CORRECTED, corrected));
        }
    }

    private static Tensor bias(float[] bias, double[] shift) {
        float[] corrected = new float[bias.length];
        for (int c = 0; c < bias.length; c++) {
            corrected[c] = (float) (bias[c] - shift[c]);
        }
        return Tensor.ofFloats(Shape.of(corrected.length), corrected);
    }

    /** The mean error of each output channel, summed in fp64 in the weight's order. */
    private double[] shift(Node node, Tensor weight, float[] mean) {
        Granularity granularity = QdqWeights.granularity(options.weights(), node, 1, weight.shape());
        QuantizedTensor quantized =
                Weights.quantize(weight, granularity, QuantScheme.SYMMETRIC_S8, options.weightMethod());
        float[] restored =
                Quantizer.dequantize(quantized.values(), quantized.params()).toFloats();
        float[] original = weight.toFloats();
        boolean conv = Operators.is(node, "Conv");
        boolean outputFirst = conv || node.op().attributes().flag("transB", false);
        int outputs = Math.toIntExact(weight.shape().dim(outputFirst ? 0 : -1));
        int inputs = Math.toIntExact(weight.shape().dim(outputFirst ? 1 : -2));
        int taps =
                conv ? Math.toIntExact(weight.shape().product(2, weight.shape().rank())) : 1;
        long group = conv ? node.op().attributes().integer("group", 1) : 1;
        double[] shift = new double[outputs];
        if (mean.length != inputs * group || original.length != outputs * inputs * taps) {
            return shift;
        }
        for (int o = 0; o < outputs; o++) {
            int firstInput = (int) (o / (outputs / group)) * inputs;
            for (int i = 0; i < inputs; i++) {
                int at = outputFirst ? (o * inputs + i) * taps : i * outputs + o;
                double error = 0;
                for (int t = 0; t < taps; t++) {
                    error += (double) restored[at + t] - original[at + t];
                }
                shift[o] += error * mean[firstInput + i];
            }
        }
        return shift;
    }
}
