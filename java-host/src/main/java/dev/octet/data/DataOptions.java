package dev.octet.data;

import dev.octet.tensor.ConfigException;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The data options of the command line.
 *
 * @param preprocess for images
 * @param resize for images
 * @param labelOffset added to every label
 * @param limit most samples taken
 * @param seed which samples a limit takes: a random choice, in their order; the first ones if empty
 */
public record DataOptions(
        Preprocess preprocess, ResizeRule resize, long labelOffset, OptionalInt limit, OptionalLong seed) {
    public DataOptions {
        if (limit.isPresent() && limit.getAsInt() < 1) {
            throw new ConfigException("--limit " + limit.getAsInt() + " must be positive");
        }
    }

    /** As most image classifiers exported to ONNX want it: torch, crop, all samples. */
    public static DataOptions defaults() {
        return new DataOptions(Preprocess.TORCH, ResizeRule.CROP, 0, OptionalInt.empty(), OptionalLong.empty());
    }

    public DataOptions withPreprocess(Preprocess value) {
        return new DataOptions(value, resize, labelOffset, limit, seed);
    }

    public DataOptions withResize(ResizeRule value) {
        return new DataOptions(preprocess, value, labelOffset, limit, seed);
    }

    public DataOptions withLabelOffset(long value) {
        return new DataOptions(preprocess, resize, value, limit, seed);
    }

    public DataOptions withLimit(int value) {
        return new DataOptions(preprocess, resize, labelOffset, OptionalInt.of(value), seed);
    }

    public DataOptions withSeed(long value) {
        return new DataOptions(preprocess, resize, labelOffset, limit, OptionalLong.of(value));
    }

    /** The indices, of {@code size} samples, that limit and seed leave: increasing. */
    int[] select(int size) {
        return Selection.indices(size, limit.orElse(size), seed);
    }
}
