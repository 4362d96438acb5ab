package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.graph.Node;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.quant.Bias;
import dev.octet.quant.Granularity;
import dev.octet.quant.QuantParams;
import dev.octet.quant.QuantScheme;
import dev.octet.quant.Quantizer;
import dev.octet.quant.Weights;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replaces the weights of linear nodes by int8 constants and their biases, unless the options leave these float, by int32
 * constants, each behind a DequantizeLinear. A weight that several nodes read is stored once as long as they agree on its
 * scales.
 */
final class QdqWeights {
    private final Graph graph;
    private final GraphEdit edit;
    private final QuantizationOptions options;
    private final Map<Key, String> stored = new HashMap<>();

    private record Key(String weight, List<Integer> scaleBits, Granularity granularity) {}

    QdqWeights(Graph graph, GraphEdit edit, QuantizationOptions options) {
        this.graph = graph;
        this.edit = edit;
        this.options = options;
    }

    /** Quantizes the constant inputs of one node; {@code activations} gives the scale of its other input. */
    void quantize(Node node, Map<String, QuantParams.PerTensor> activations) {
        Optional<Integer> input = LinearEligibility.weightInput(graph, node);
        if (input.isEmpty()) {
            return;
        }
        Tensor weight = graph.constant(node.input(input.get())).orElseThrow();
        Granularity granularity = granularity(options.weights(), node, input.get(), weight.shape());
        QuantParams params = Weights.params(weight, granularity, QuantScheme.SYMMETRIC_S8, options.weightMethod());
        QuantParams.PerTensor activation = activations.get(node.input(1 - input.get()));
        Optional<float[]> bias = bias(node);
        if (bias.isPresent() && activation != null && !(params instanceof QuantParams.PerBlock)) {
            int channels = bias.get().length;
            float[] scales = perOutput(scales(params), channels);
            float[] raised = Bias.weightScalesFor(activation.scale(), scales, bias.get());
            if (!Arrays.equals(scales, raised)) {
                params = withScales(params, raised);
            }
            if (options.integerBiases() && node.hasInput(2)) {
                storeBias(node, bias.get(), activation.scale(), params);
            }
        }
        edit.setInput(node.name(), input.get(), storeWeight(node.input(input.get()), weight, params, granularity));
    }

    /** How the weight at one input of a linear node is cut into groups of one scale. */
    static Granularity granularity(WeightGranularity wanted, Node node, int input, Shape weight) {
        if (weight.rank() < 2) {
            return Granularity.PER_TENSOR;
        }
        boolean outputFirst =
                Operators.is(node, "Conv") || node.op().attributes().flag("transB", false);
        int outputAxis = outputFirst ? 0 : Operators.is(node, "ConvTranspose") ? 1 : weight.rank() - 1;
        int inputAxis = outputFirst ? 1 : Operators.is(node, "ConvTranspose") ? 0 : weight.rank() - 2;
        return switch (wanted) {
            case WeightGranularity.PerTensor() -> Granularity.PER_TENSOR;
            case WeightGranularity.PerChannel() ->
                input == 1 ? new Granularity.PerAxis(outputAxis) : Granularity.PER_TENSOR;
            case WeightGranularity.PerBlock(int blockSize) ->
                new Granularity.PerBlock(input == 1 ? inputAxis : weight.rank() - 1, blockSize);
        };
    }

    /** One bias an output channel: the node's own, or what an Add of a constant vector gives a MatMul. */
    private Optional<float[]> bias(Node node) {
        if (node.hasInput(2)) {
            float[] own = graph.constant(node.input(2)).orElseThrow().toFloats();
            long channels = channels(node);
            if (own.length == channels) {
                return Optional.of(own);
            }
            float[] repeated = new float[Math.toIntExact(channels)];
            Arrays.fill(repeated, own[0]);
            return Optional.of(repeated);
        }
        if (!Operators.is(node, "MatMul")) {
            return Optional.empty();
        }
        return graph.onlyConsumer(node.output())
                .filter(add -> Operators.is(add, "Add"))
                .flatMap(add -> graph.constant(add.input(add.input(0).equals(node.output()) ? 1 : 0)))
                .filter(constant -> graph.isConstant(node.input(1))
                        && constant.shape().rank() == 1
                        && constant.elementCount() == channels(node))
                .map(Tensor::toFloats);
    }

    private long channels(Node node) {
        Shape weight = graph.constant(node.input(1)).map(Tensor::shape).orElse(Shape.SCALAR);
        if (weight.rank() < 2) {
            return 1;
        }
        return switch (node.op().type().name()) {
            case "Conv" -> weight.dim(0);
            case "ConvTranspose" -> weight.dim(1) * node.op().attributes().integer("group", 1);
            default -> weight.dim(node.op().attributes().flag("transB", false) ? 0 : -1);
        };
    }

    private static float[] scales(QuantParams params) {
        return switch (params) {
            case QuantParams.PerTensor tensor -> new float[] {tensor.scale()};
            case QuantParams.PerAxis axis -> axis.scales().clone();
            case QuantParams.PerBlock block -> block.scales().clone();
        };
    }

    /** One scale an output channel: those of a grouped ConvTranspose repeat for each group. */
    private static float[] perOutput(float[] scales, int channels) {
        if (scales.length == 1) {
            return scales;
        }
        float[] repeated = new float[channels];
        for (int c = 0; c < channels; c++) {
            repeated[c] = scales[c % scales.length];
        }
        return repeated;
    }

    /** The same parameters with the largest of the scales that fall to each entry. */
    private static QuantParams withScales(QuantParams params, float[] perOutput) {
        float[] scales = scales(params);
        for (int c = 0; c < perOutput.length; c++) {
            scales[c % scales.length] = Math.max(scales[c % scales.length], perOutput[c]);
        }
        return switch (params) {
            case QuantParams.PerTensor tensor -> new QuantParams.PerTensor(tensor.dtype(), scales[0], 0);
            case QuantParams.PerAxis axis ->
                new QuantParams.PerAxis(axis.dtype(), axis.axis(), scales, axis.zeroPoints());
            case QuantParams.PerBlock block -> block;
        };
    }

    private void storeBias(Node node, float[] bias, float inputScale, QuantParams weight) {
        float[] weightScales = perOutput(scales(weight), bias.length);
        int[] quantized = Bias.quantize(bias, inputScale, weightScales);
        float[] scales = new float[weightScales.length];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = Bias.scale(inputScale, weightScales[c]);
        }
        String base = node.input(2);
        String values = edit.addConstant(base + "/quantized", Tensor.ofInts(Shape.of(bias.length), quantized));
        String scale = edit.addConstant(
                base + "/scale",
                scales.length == 1 ? Tensor.scalar(scales[0]) : Tensor.ofFloats(Shape.of(scales.length), scales));
        edit.setInput(node.name(), 2, edit.addNode(base + "/dequantized", DequantizeLinear.along(0), values, scale));
    }

    private String storeWeight(String name, Tensor weight, QuantParams params, Granularity granularity) {
        List<Integer> bits = new ArrayList<>();
        for (float scale : scales(params)) {
            bits.add(Float.floatToRawIntBits(scale));
        }
        return stored.computeIfAbsent(new Key(name, bits, granularity), _ -> addWeight(name, weight, params));
    }

    private String addWeight(String name, Tensor weight, QuantParams params) {
        QuantScheme scheme = QuantScheme.SYMMETRIC_S8;
        Tensor quantized = Quantizer.quantize(weight, params, scheme.qmin(), scheme.qmax());
        String values = edit.addConstant(name + "/quantized", quantized);
        float[] scales = scales(params);
        DequantizeLinear op;
        Shape shape;
        switch (params) {
            case QuantParams.PerTensor _ -> {
                op = DequantizeLinear.along(QuantizeLinear.DEFAULT_AXIS);
                shape = Shape.SCALAR;
            }
            case QuantParams.PerAxis axis -> {
                op = DequantizeLinear.along(axis.axis());
                shape = Shape.of(scales.length);
            }
            case QuantParams.PerBlock block -> {
                op = new DequantizeLinear(block.axis(), block.blockSize(), Optional.empty());
                long[] dims = weight.shape().dims();
                dims[block.axis()] = Math.ceilDiv(dims[block.axis()], block.blockSize());
                shape = Shape.of(dims);
            }
        }
        String scale = edit.addConstant(name + "/scale", Tensor.ofFloats(shape, scales));
        String zeroPoint = edit.addConstant(name + "/zeroPoint", Tensor.allocate(params.dtype(), shape));
        return edit.addNode(name + "/dequantized", op, values, scale, zeroPoint);
    }
}
