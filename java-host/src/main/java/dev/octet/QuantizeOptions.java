package dev.octet;

import dev.octet.calib.Calibrator;
import dev.octet.calib.MaxCalibrator;
import dev.octet.pass.Precision;
import dev.octet.pass.WeightGranularity;
import dev.octet.quant.ActivationScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a model is quantized.
 *
 * @param rules which nodes run in which precision; of several that match a node's name the last counts
 * @param correctBias whether biases make up for the mean error of rounded weights
 */
public record QuantizeOptions(
        Calibrator calibrator,
        ActivationScheme activations,
        WeightGranularity weights,
        List<Rule> rules,
        boolean correctBias) {
    /** Exact ranges, the tighter grid for each activation, weights per channel, biases corrected. */
    public static final QuantizeOptions DEFAULT = new QuantizeOptions(
            new MaxCalibrator(), ActivationScheme.AUTO, new WeightGranularity.PerChannel(), List.of(), true);

    public QuantizeOptions {
        rules = List.copyOf(rules);
    }

    /** The precision of all nodes whose name matches a pattern as a whole. */
    public record Rule(Pattern nodes, Precision precision) {}

    public QuantizeOptions withCalibrator(Calibrator chosen) {
        return new QuantizeOptions(chosen, activations, weights, rules, correctBias);
    }

    public QuantizeOptions withActivations(ActivationScheme scheme) {
        return new QuantizeOptions(calibrator, scheme, weights, rules, correctBias);
    }

    public QuantizeOptions withWeights(WeightGranularity granularity) {
        return new QuantizeOptions(calibrator, activations, granularity, rules, correctBias);
    }

    public QuantizeOptions withCorrectBias(boolean correct) {
        return new QuantizeOptions(calibrator, activations, weights, rules, correct);
    }

    /** The same options with one more rule. */
    public QuantizeOptions withRule(String regex, Precision precision) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(Pattern.compile(regex), precision));
        return new QuantizeOptions(calibrator, activations, weights, more, correctBias);
    }
}
