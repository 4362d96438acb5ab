package dev.octet.cli;

import dev.octet.data.DataOptions;
import dev.octet.data.Dataset;
import dev.octet.data.Datasets;
import dev.octet.data.Preprocess;
import dev.octet.data.ResizeRule;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;

/** The options of commands that read data. */
final class DataArguments {
    private DataArguments() {}

    static Options add(Options options) {
        return options.addOption(RunOptions.valued(
                        "data",
                        "PATH",
                        "images with labels.csv (unreadable ones are left out if fewer than 5%), inputs.npy with"
                                + " labels.npy, numbered .npz or TensorProto sets"))
                .addOption(RunOptions.valued("preprocess", "NAME", "images: tf, torch (default), raw or unit"))
                .addOption(RunOptions.valued("resize", "NAME", "images: crop (default) or stretch"))
                .addOption(RunOptions.valued("label-offset", "N", "added to every label"))
                .addOption(RunOptions.valued("limit", "N", "use at most N samples"))
                .addOption(RunOptions.valued("seed", "N", "choose the samples of --limit at random"));
    }

    /** Opens {@code --data} and tells what had to be left out. */
    static Dataset open(Invocation invocation, List<ValueInfo> inputs) {
        DataOptions options = DataOptions.defaults()
                .withPreprocess(choice(Preprocess.class, "preprocess", invocation, Preprocess.TORCH))
                .withResize(choice(ResizeRule.class, "resize", invocation, ResizeRule.CROP))
                .withLabelOffset(invocation.integer("label-offset", 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
        if (invocation.has("limit")) {
            options = options.withLimit((int) invocation.integer("limit", 1, 1, Integer.MAX_VALUE));
        }
        if (invocation.has("seed")) {
            options = options.withSeed(invocation.integer("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
        }
        Dataset dataset = Datasets.open(invocation.requiredPath("data"), options, inputs);
        dataset.skipped().forEach(line -> invocation.console().remark("skipped " + line));
        return dataset;
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String option, Invocation invocation, E absent) {
        String text = invocation.value(option, absent.name());
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new ConfigException("--" + option + " \"" + text + "\" is unknown; choose "
                        + Arrays.stream(type.getEnumConstants())
                                .map(value -> value.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }
}
