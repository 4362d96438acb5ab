package dev.octet.onnx;

import dev.octet.tensor.ConfigException;
import java.util.function.Consumer;

/**
 * How a model is read.
 *
 * @param maxBytes the most that its file, its external data and its tensors in memory may have, each together
 * @param warnings gets what is odd but harmless, a line each; the model's file is named
 */
public record ReadOptions(long maxBytes, Consumer<String> warnings) {
    /** 8 GiB. The model file itself cannot exceed protobuf's 2 GiB whatever the option. */
    public static final long DEFAULT_MAX_BYTES = 8L << 30;

    private static final System.Logger LOG = System.getLogger(OnnxReader.class.getName());

    public ReadOptions {
        if (maxBytes < 1) {
            throw new ConfigException("the greatest model size is " + maxBytes + " bytes, must be positive");
        }
    }

    /** Up to 8 GiB; warnings are logged. */
    public static ReadOptions defaults() {
        return new ReadOptions(DEFAULT_MAX_BYTES, warning -> LOG.log(System.Logger.Level.WARNING, warning));
    }

    public ReadOptions withMaxBytes(long sizeBytes) {
        return new ReadOptions(sizeBytes, warnings);
    }

    public ReadOptions withWarnings(Consumer<String> consumer) {
        return new ReadOptions(maxBytes, consumer);
    }
}
