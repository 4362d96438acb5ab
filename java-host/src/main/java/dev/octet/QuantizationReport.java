package dev.octet;

import dev.octet.analysis.Comparison.TensorError;
import dev.octet.analysis.LayerWorkload;
import dev.octet.analysis.Workload;
import dev.octet.calib.RangeTable;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.pass.NodePrecision;
import dev.octet.pass.Precision;
import dev.octet.pass.WeightGranularity;
import dev.octet.quant.QuantParams;
import dev.octet.quant.QuantRange;
import dev.octet.report.ActivationReport;
import dev.octet.report.ActivationReport.BinCounts;
import dev.octet.report.LayerPrecision;
import dev.octet.report.LayerReport;
import dev.octet.report.LayerReport.OutputQuantization;
import dev.octet.report.LayerReport.WeightQuantization;
import dev.octet.report.Provenance;
import dev.octet.report.QuantizeReport;
import dev.octet.report.QuantizeSettings;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together what a quantization did. */
public final class QuantizationReport {
    private final ModelQuantizer quantizer;
    private final Model quantized;
    private final RangeTable ranges;
    private final Map<String, Double> sqnrDb = new HashMap<>();
    private final Map<String, Long> macs = new HashMap<>();

    public QuantizationReport(ModelQuantizer quantizer, Model quantized, RangeTable ranges) {
        this.quantizer = quantizer;
        this.quantized = quantized;
        this.ranges = ranges;
    }

    /** Adds the measured errors of the layers; see {@link LayerErrors}. */
    public QuantizationReport withErrors(List<TensorError> errors) {
        errors.forEach(
                error -> sqnrDb.put(error.names().first(), error.metrics().sqnrDb()));
        return this;
    }

    /** Adds what each layer computes for one sample. */
    public QuantizationReport withWorkload(Workload workload) {
        for (LayerWorkload layer : workload.layers()) {
            macs.put(layer.node(), layer.macs());
        }
        return this;
    }

    /** The report. */
    public QuantizeReport build(String model, QuantizeReport.FileSizes sizes, QuantizeSettings settings) {
        Map<String, QuantParams.PerTensor> params = quantizer.activationParams(ranges);
        List<LayerReport> layers = new ArrayList<>();
        for (NodePrecision node : quantizer.placement().nodes()) {
            layers.add(layer(node, params));
        }
        List<ActivationReport> activations = new ArrayList<>();
        params.keySet().forEach(value -> activation(value).ifPresent(activations::add));
        Provenance provenance = ranges.provenance()
                .map(p -> new Provenance(p.octetVersion(), p.modelSha256(), p.dataSha256(), p.samples()))
                .orElse(new Provenance(Version.current(), "", "", 0));
        return new QuantizeReport(model, sizes, settings, provenance, layers, activations, List.of(), warnings());
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (quantizer.options().weights() instanceof WeightGranularity.PerTensor) {
            warnings.add("weights have one scale a tensor: networks with depthwise convolutions or folded batch"
                    + " normalization usually lose most of their accuracy this way; use --weights per-channel");
        }
        if (quantizer.options().correctBias() && ranges.channelMeans().isEmpty()) {
            warnings.add("biases are not corrected: the ranges come without channel means");
        }
        return warnings;
    }

    private LayerReport layer(NodePrecision decision, Map<String, QuantParams.PerTensor> params) {
        Graph graph = quantizer.floatModel().graph();
        Node node = graph.find(decision.node()).orElseThrow();
        LayerReport layer = decision.precision() == Precision.INT8
                ? LayerReport.int8(decision.node(), decision.op())
                : LayerReport.wider(decision.node(), decision.op(), label(decision.precision()), decision.reason());
        Double sqnr = sqnrDb.get(node.output());
        if (sqnr != null) {
            layer = layer.withSqnrDb(sqnr);
        }
        Long count = macs.get(node.name());
        if (count != null) {
            layer = layer.withMacs(count);
        }
        QuantParams.PerTensor grid = params.get(node.output());
        if (grid != null) {
            layer = layer.withOutput(output(node.output(), grid));
        }
        Optional<WeightQuantization> weights = weights(node);
        return weights.isPresent() ? layer.withWeights(weights.get()) : layer;
    }

    private static LayerPrecision label(Precision precision) {
        return switch (precision) {
            case INT8 -> LayerPrecision.INT8;
            case FP16 -> LayerPrecision.FP16;
            case FP32 -> LayerPrecision.FP32;
        };
    }

    private OutputQuantization output(String value, QuantParams.PerTensor grid) {
        QuantRange range = Optional.ofNullable(ranges.ranges().get(value)).orElse(new QuantRange(0, 0));
        return new OutputQuantization(
                value,
                range.amin(),
                range.amax(),
                grid.scale(),
                grid.zeroPoint(),
                grid.dtype().label());
    }

    /** The scales of a layer's weight, read from the quantized graph. */
    private Optional<WeightQuantization> weights(Node node) {
        return quantized
                .graph()
                .find(node.name())
                .flatMap(now -> now.inputs().stream()
                        .flatMap(input -> quantized.graph().producer(input).stream())
                        .filter(dequantize -> quantized.graph().isConstant(dequantize.input(0))
                                && quantized.graph().dtype(dequantize.input(0)).bits() <= 8)
                        .findFirst()
                        .flatMap(dequantize -> quantized.graph().constant(dequantize.input(1)))
                        .map(QuantizationReport::weights));
    }

    private static WeightQuantization weights(Tensor scales) {
        float min = Float.POSITIVE_INFINITY;
        float max = 0;
        for (float scale : scales.toFloats()) {
            min = Math.min(min, scale);
            max = Math.max(max, scale);
        }
        String granularity = switch (scales.shape().rank()) {
            case 0 -> "per-tensor";
            case 1 -> "per-axis";
            default -> "per-block";
        };
        return new WeightQuantization(granularity, Math.toIntExact(scales.elementCount()), min, max);
    }

    private Optional<ActivationReport> activation(String value) {
        return ranges.find(value)
                .flatMap(entry -> entry.observed()
                        .flatMap(observed -> observed.histogram()
                                .map(bins -> new ActivationReport(
                                        value,
                                        observed.range(),
                                        entry.range(),
                                        new BinCounts(
                                                bins.amin(),
                                                bins.amax(),
                                                bins.counts().stream()
                                                        .mapToLong(Long::longValue)
                                                        .toArray(),
                                                false)))));
    }
}
