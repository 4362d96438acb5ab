package dev.octet.graph.op;

import dev.octet.graph.Attributes;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import java.util.Arrays;
import java.util.Locale;

/**
 * How a window slides over the spatial axes of a convolution or pooling.
 *
 * @param kernel extents of the window; empty for a convolution that takes them from its weight
 * @param strides one an axis, or empty for ones
 * @param dilations one an axis, or empty for ones
 * @param pads begins then ends, or empty for zeros; used with {@link AutoPad#NOTSET} only
 */
public record SpatialWindow(long[] kernel, long[] strides, long[] dilations, long[] pads, AutoPad autoPad) {
    /** How padding is chosen (ONNX {@code auto_pad}). */
    public enum AutoPad {
        NOTSET,
        VALID,
        SAME_UPPER,
        SAME_LOWER
    }

    public SpatialWindow {
        kernel = kernel.clone();
        strides = strides.clone();
        dilations = dilations.clone();
        pads = pads.clone();
        requirePositive("kernel_shape", kernel);
        requirePositive("strides", strides);
        requirePositive("dilations", dilations);
        requireBounded("kernel_shape", kernel);
        requireBounded("strides", strides);
        requireBounded("dilations", dilations);
        requireBounded("pads", pads);
    }

    /** Bounds that keep the arithmetic on extents within a long. */
    private static void requireBounded(String name, long[] values) {
        for (long value : values) {
            if (value > Integer.MAX_VALUE) {
                throw ModelException.limit("attribute " + name + " " + Arrays.toString(values) + " exceeds the limit "
                        + Integer.MAX_VALUE);
            }
        }
    }

    private static void requirePositive(String name, long[] values) {
        for (long value : values) {
            if (value < 1) {
                throw ModelException.invalid("attribute " + name + " " + Arrays.toString(values) + " must be positive");
            }
        }
    }

    static SpatialWindow read(Attributes attributes) {
        String autoPad = attributes.string("auto_pad", "NOTSET");
        AutoPad mode = Arrays.stream(AutoPad.values())
                .filter(value -> value.name().equals(autoPad.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        ModelException.invalid("attribute auto_pad has the unknown value " + Names.escape(autoPad)));
        return new SpatialWindow(
                attributes.integersOrEmpty("kernel_shape"),
                attributes.integersOrEmpty("strides"),
                attributes.integersOrEmpty("dilations"),
                attributes.integersOrEmpty("pads"),
                mode);
    }

    Attributes.Builder write(Attributes.Builder builder) {
        putIfPresent(builder, "kernel_shape", kernel);
        putIfPresent(builder, "strides", strides);
        putIfPresent(builder, "dilations", dilations);
        if (autoPad == AutoPad.NOTSET) {
            putIfPresent(builder, "pads", pads);
        } else {
            builder.put("auto_pad", autoPad.name());
        }
        return builder;
    }

    private static void putIfPresent(Attributes.Builder builder, String name, long[] values) {
        if (values.length > 0) {
            builder.put(name, values);
        }
    }

    /**
     * The same window with every default filled in and the padding of {@code auto_pad} computed.
     *
     * @param input spatial extents of the input
     * @param weightKernel extents of the window, which {@code kernel} must repeat unless it is empty
     * @throws ModelException if a list has the wrong length, a pad is negative, or kernel and weight differ
     */
    public SpatialWindow resolve(long[] input, long[] weightKernel) {
        int rank = input.length;
        if (kernel.length > 0 && !Arrays.equals(kernel, weightKernel)) {
            throw ModelException.invalid("attribute kernel_shape " + Arrays.toString(kernel)
                    + " does not fit a weight with a window of " + Arrays.toString(weightKernel));
        }
        long[] k = orDefault("kernel_shape", kernel, weightKernel, rank);
        long[] ones = new long[rank];
        Arrays.fill(ones, 1);
        long[] s = orDefault("strides", strides, ones, rank);
        long[] d = orDefault("dilations", dilations, ones, rank);
        long[] p = orDefault("pads", pads, new long[2 * rank], 2 * rank);
        for (long pad : p) {
            if (pad < 0) {
                throw ModelException.invalid("attribute pads " + Arrays.toString(p) + " must not be negative");
            }
        }
        for (int i = 0; i < rank && autoPad != AutoPad.NOTSET; i++) {
            long total = autoPad == AutoPad.VALID
                    ? 0
                    : Math.max(0, (Math.ceilDiv(input[i], s[i]) - 1) * s[i] + (k[i] - 1) * d[i] + 1 - input[i]);
            p[i] = autoPad == AutoPad.SAME_LOWER ? total - total / 2 : total / 2;
            p[rank + i] = total - p[i];
        }
        return new SpatialWindow(k, s, d, p, AutoPad.NOTSET);
    }

    private static long[] orDefault(String name, long[] given, long[] absent, int length) {
        long[] values = given.length == 0 ? absent : given;
        if (values.length != length) {
            throw ModelException.invalid("attribute " + name + " " + Arrays.toString(values) + " has " + values.length
                    + " entries, expected " + length);
        }
        return values.clone();
    }

    /**
     * Output extents of a resolved window.
     *
     * @param ceil round up as pooling's {@code ceil_mode} asks; a last window that would start in the end padding is
     *     left out
     * @throws ModelException if the window does not fit the padded input
     */
    public long[] outputExtents(long[] input, boolean ceil) {
        int rank = input.length;
        long[] output = new long[rank];
        for (int i = 0; i < rank; i++) {
            long span = input[i] + pads[i] + pads[rank + i] - ((kernel[i] - 1) * dilations[i] + 1);
            if (span < 0) {
                throw ModelException.invalid("the window " + Arrays.toString(kernel) + " does not fit the padded input "
                        + Arrays.toString(input));
            }
            output[i] = (ceil ? Math.ceilDiv(span, strides[i]) : span / strides[i]) + 1;
            if (ceil && (output[i] - 1) * strides[i] >= input[i] + pads[i]) {
                output[i]--;
            }
        }
        return output;
    }
}
