package dev.octet;

import dev.octet.calib.CalibrationData;
import dev.octet.calib.CalibrationRun;
import dev.octet.calib.Histogram;
import dev.octet.calib.RangeTable;
import dev.octet.calib.SampleSource;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.pass.ActivationParams;
import dev.octet.pass.CorrectBias;
import dev.octet.pass.PassRunner;
import dev.octet.pass.Pipelines;
import dev.octet.pass.Placement;
import dev.octet.pass.Precision;
import dev.octet.pass.QuantizationOptions;
import dev.octet.quant.QuantParams;
import dev.octet.quant.Weights;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Quantizes a float model in two steps, so that the ranges can be kept: {@link #calibrate} observes the values that need
 * a range, {@link #quantize} writes Q/DQ around them.
 */
public final class ModelQuantizer {
    private final Model floatModel;
    private final QuantizeOptions options;
    private final QuantizationOptions placementOptions;
    private final Placement placement;

    /**
     * Decides where Q/DQ goes.
     *
     * @throws ConfigException if a node declared int8 cannot be, a rule matches no node, or the model is quantized
     *     already
     */
    public ModelQuantizer(Model model, QuantizeOptions options) {
        this.floatModel = model.canonical();
        this.options = options;
        requireFloat(floatModel.graph());
        this.placementOptions = QuantizationOptions.DEFAULT
                .withActivations(options.activations())
                .withWeights(options.weights(), Weights.Method.MAX)
                .withDeclared(declared(floatModel.graph(), options.rules()));
        this.placement = floatModel.placed(() -> Placement.of(floatModel.graph(), placementOptions));
    }

    private static void requireFloat(Graph graph) {
        for (Node node : graph.nodes()) {
            if (node.op().type().name().equals("DequantizeLinear")) {
                throw new ConfigException(
                        node.describe() + ": the model is quantized already; quantize the float model it came from");
            }
        }
    }

    private static Map<String, Precision> declared(Graph graph, List<QuantizeOptions.Rule> rules) {
        Map<String, Precision> declared = new HashMap<>();
        for (QuantizeOptions.Rule rule : rules) {
            List<Node> matches = graph.nodes().stream()
                    .filter(node -> rule.nodes().matcher(node.name()).matches())
                    .toList();
            if (matches.isEmpty()) {
                throw new ConfigException("no node's name matches \"" + rule.nodes() + "\"; octet inspect lists them");
            }
            matches.forEach(node -> declared.put(node.name(), rule.precision()));
        }
        return declared;
    }

    /** The float model with constants and batch normalizations folded: what the quantized one is compared with. */
    public Model floatModel() {
        return floatModel;
    }

    public QuantizeOptions options() {
        return options;
    }

    public Placement placement() {
        return placement;
    }

    /**
     * Observes the values that need a range. Runs the float model twice a sample, one sample at a time.
     *
     * @param origin the float model's hash and this program's version, for the table's provenance
     * @param progress called after each run
     */
    public RangeTable calibrate(
            SampleSource samples, SessionOptions session, CalibrationData.Origin origin, Runnable progress) {
        try (Session observed =
                observing(floatModel, placement.values().keySet()).open(session)) {
            Set<String> wanted = placement.values().keySet();
            CalibrationRun run = new CalibrationRun(
                    samples,
                    (inputs, sink) -> {
                        for (String input : wanted) {
                            Optional.ofNullable(inputs.get(input)).ifPresent(tensor -> sink.accept(input, tensor));
                        }
                        observed.run(inputs, (name, tensor) -> {
                            if (wanted.contains(name) && !inputs.containsKey(name)) {
                                sink.accept(name, tensor);
                            }
                        });
                    },
                    progress);
            CalibrationData data =
                    run.histograms(Histogram.DEFAULT_BINS, CorrectBias.channelAxes(floatModel.graph(), placement));
            return data.table(options.calibrator(), options.activations(), origin);
        }
    }

    /** The model with more values as outputs, in the order in which they are computed. */
    public static Model observing(Model model, Set<String> values) {
        Graph graph = model.graph();
        Set<String> present = new HashSet<>();
        graph.outputs().forEach(output -> present.add(output.name()));
        List<ValueInfo> outputs = new ArrayList<>(graph.outputs());
        for (Node node : graph.nodes()) {
            for (String output : node.outputs()) {
                if (values.contains(output) && present.add(output)) {
                    outputs.add(new ValueInfo(output, graph.dtype(output), Optional.empty()));
                }
            }
        }
        return model.with(new Graph(graph.name(), graph.inputs(), outputs, graph.nodes(), graph.constants()));
    }

    /** The scale and zero point of every quantized value. */
    public Map<String, QuantParams.PerTensor> activationParams(RangeTable ranges) {
        return ActivationParams.of(placement, ranges.ranges(), options.activations());
    }

    /**
     * Makes the Q/DQ model.
     *
     * @throws ConfigException naming the node whose input has no range
     */
    public Model quantize(RangeTable ranges) {
        Map<String, float[]> means = options.correctBias() ? ranges.channelMeans() : Map.of();
        return floatModel.with(floatModel.placed(() -> PassRunner.run(
                Pipelines.quantize(placementOptions, activationParams(ranges), means), floatModel.graph())));
    }
}
