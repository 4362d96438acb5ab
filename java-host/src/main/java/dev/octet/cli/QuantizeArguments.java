package dev.octet.cli;

import dev.octet.QuantizeOptions;
import dev.octet.calib.Calibrators;
import dev.octet.pass.Precision;
import dev.octet.pass.WeightGranularity;
import dev.octet.quant.ActivationScheme;
import dev.octet.tensor.ConfigException;
import java.util.regex.PatternSyntaxException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** The options of {@code quantize} that decide how, and their reading. */
final class QuantizeArguments {
    static final String PER_CHANNEL = "per-channel";
    static final String OCTET = "octet";
    private static final String PER_BLOCK = "per-block:";
    private static final String TENSORRT = "tensorrt";
    private static final String ONNXRUNTIME = "onnxruntime";

    private QuantizeArguments() {}

    static void add(Options options) {
        options.addOption(Option.builder("o")
                        .longOpt("output")
                        .hasArg()
                        .argName("FILE")
                        .desc("the Q/DQ model to write")
                        .get())
                .addOption(RunOptions.valued(
                        "calibrator", "NAME", "max (default), entropy, percentile:P (such as percentile:99.99) or mse"))
                .addOption(RunOptions.valued("weights", "NAME", "per-channel (default), per-tensor or per-block:N"))
                .addOption(RunOptions.valued(
                        "activations",
                        "NAME",
                        "auto (default): the tighter of the others for each tensor; symmetric (uint8 where nothing is negative);"
                                + " affine (uint8)"))
                .addOption(RunOptions.valued(
                        "for", "TARGET", "octet (default), tensorrt (int8 symmetric only) or onnxruntime"))
                .addOption(rule("int8"))
                .addOption(rule("fp16"))
                .addOption(rule("fp32"))
                .addOption(RunOptions.flag("no-bias-correction", "leave biases as they are"))
                .addOption(RunOptions.valued("ranges", "FILE", "take ranges from a file instead of calibrating"))
                .addOption(RunOptions.valued(
                        "save-ranges", "FILE", "write the ranges: JSON, or a TensorRT cache if it ends in .cache"))
                .addOption(RunOptions.valued("report", "FILE", "write a report: .html, .md or .json"));
    }

    private static Option rule(String precision) {
        return Option.builder()
                .longOpt(precision)
                .hasArg()
                .argName("REGEX")
                .desc("nodes that must run in " + precision + "; may be given again")
                .get();
    }

    static QuantizeOptions read(Invocation invocation) {
        QuantizeOptions options = QuantizeOptions.DEFAULT
                .withActivations(activations(invocation))
                .withWeights(weights(invocation.value("weights", PER_CHANNEL)))
                .withCorrectBias(!invocation.has("no-bias-correction"));
        if (invocation.has("calibrator")) {
            options = options.withCalibrator(Calibrators.parse(invocation.value("calibrator", "")));
        }
        for (Precision precision : Precision.values()) {
            for (String regex : invocation.values(precision.name().toLowerCase(java.util.Locale.ROOT))) {
                options = withRule(options, regex, precision);
            }
        }
        return options;
    }

    private static QuantizeOptions withRule(QuantizeOptions options, String regex, Precision precision) {
        try {
            return options.withRule(regex, precision);
        } catch (PatternSyntaxException e) {
            throw new ConfigException("\"" + regex + "\" is not a regular expression: " + e.getDescription(), e);
        }
    }

    private static ActivationScheme activations(Invocation invocation) {
        String target = invocation.value("for", OCTET);
        String wanted = invocation.value("activations", "auto");
        return switch (target) {
            case TENSORRT -> {
                if (wanted.equals("affine")) {
                    throw new ConfigException("--for tensorrt takes symmetric activations only, not " + wanted);
                }
                yield ActivationScheme.SYMMETRIC;
            }
            case OCTET, ONNXRUNTIME ->
                switch (wanted) {
                    case "auto" -> ActivationScheme.AUTO;
                    case "symmetric" -> ActivationScheme.SIGN_AWARE;
                    case "affine" -> ActivationScheme.AFFINE;
                    default ->
                        throw new ConfigException("--activations \"" + wanted + "\": choose auto, symmetric or affine");
                };
            default -> throw new ConfigException("--for \"" + target + "\": choose octet, tensorrt or onnxruntime");
        };
    }

    private static WeightGranularity weights(String text) {
        if (text.equals(PER_CHANNEL)) {
            return new WeightGranularity.PerChannel();
        }
        if (text.equals("per-tensor")) {
            return new WeightGranularity.PerTensor();
        }
        if (text.matches(PER_BLOCK + "[1-9][0-9]{0,6}")) {
            return new WeightGranularity.PerBlock(Integer.parseInt(text.substring(PER_BLOCK.length())));
        }
        throw new ConfigException("--weights \"" + text + "\": choose per-channel, per-tensor or per-block:N");
    }
}
