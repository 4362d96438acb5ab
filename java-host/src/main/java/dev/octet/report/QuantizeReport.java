package dev.octet.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a quantization did to a model.
 *
 * @param model its name, for people
 * @param sizes of the files
 * @param layers one entry a node, in the model's order
 * @param activations one entry a calibrated activation, in the model's order
 * @param facts further results to show
 * @param warnings what the user should know, such as a scheme known to lose accuracy
 */
public record QuantizeReport(
        String model,
        FileSizes sizes,
        QuantizeSettings settings,
        Provenance provenance,
        List<LayerReport> layers,
        List<ActivationReport> activations,
        List<Fact> facts,
        List<String> warnings)
        implements RunReport {
    public QuantizeReport {
        layers = List.copyOf(layers);
        activations = List.copyOf(activations);
        facts = List.copyOf(facts);
        warnings = List.copyOf(warnings);
    }

    /** Sizes of the model's file, external data included. */
    public record FileSizes(long beforeBytes, long afterBytes) {}

    /** The same report with more facts. */
    public QuantizeReport withFacts(List<Fact> more) {
        List<Fact> all = Stream.concat(facts.stream(), more.stream()).toList();
        return new QuantizeReport(model, sizes, settings, provenance, layers, activations, all, warnings);
    }

    /** How many nodes run in INT8. */
    @JsonProperty
    public int int8Nodes() {
        return (int) layers.stream()
                .filter(layer -> layer.precision() == LayerPrecision.INT8)
                .count();
    }

    /** How many nodes run wider. */
    @JsonProperty
    public int floatNodes() {
        return layers.size() - int8Nodes();
    }

    /** Multiply-accumulates of the layers that run in INT8, as far as they are known. */
    @JsonProperty
    public long int8Macs() {
        return layers.stream()
                .filter(layer -> layer.precision() == LayerPrecision.INT8)
                .mapToLong(layer -> layer.macs().orElse(0))
                .sum();
    }

    /** Multiply-accumulates of all layers, as far as they are known. */
    @JsonProperty
    public long macs() {
        return layers.stream().mapToLong(layer -> layer.macs().orElse(0)).sum();
    }

    /** The INT8 layers with the lowest SQNR, worst first; NaN counts as worst. */
    public List<LayerReport> worstLayers(int count) {
        return layers.stream()
                .filter(layer -> layer.precision() == LayerPrecision.INT8
                        && layer.sqnrDb().isPresent())
                .sorted(Comparator.comparingDouble(QuantizeReport::sortableSqnr))
                .limit(count)
                .toList();
    }

    private static double sortableSqnr(LayerReport layer) {
        double sqnrDb = layer.sqnrDb().orElseThrow();
        return Double.isNaN(sqnrDb) ? Double.NEGATIVE_INFINITY : sqnrDb;
    }
}
