package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.tensor.Shape;
import java.util.Arrays;
import java.util.Optional;

/**
 * The extents of a {@link Resize} and the scale of each axis.
 *
 * @param scales output over input extent as given or computed, before the output extent was rounded
 */
public record ResizeGeometry(Shape inputShape, Shape outputShape, double[] scales) {
    static ResizeGeometry of(Resize op, Shape input, Optional<float[]> scales, Optional<long[]> sizes) {
        if (scales.isPresent() == sizes.isPresent()) {
            throw ModelException.invalid("exactly one of scales and sizes must be given");
        }
        return scales.isPresent() ? ofScales(op, input, scales.get()) : ofSizes(op, input, sizes.orElseThrow());
    }

    private static ResizeGeometry ofScales(Resize op, Shape input, float[] scales) {
        int[] axes = op.affectedAxes(input.rank());
        if (scales.length != axes.length) {
            throw ModelException.invalid("scales " + Arrays.toString(scales) + " has " + scales.length
                    + " entries, expected " + axes.length);
        }
        long[] dims = input.dims();
        double[] all = new double[dims.length];
        Arrays.fill(all, 1);
        for (int i = 0; i < axes.length; i++) {
            if (!(scales[i] > 0) || Float.isInfinite(scales[i])) {
                throw ModelException.invalid("scales " + Arrays.toString(scales) + " must be positive");
            }
            all[axes[i]] = scales[i];
            // In fp32: 0.7f * 10 must give 7, though 0.7f is a little below 0.7.
            dims[axes[i]] = extent((float) dims[axes[i]] * scales[i]);
        }
        return new ResizeGeometry(input, Extents.shape(dims), all);
    }

    private static ResizeGeometry ofSizes(Resize op, Shape input, long[] sizes) {
        int[] axes = op.affectedAxes(input.rank());
        Extents.requireLength("sizes", sizes, axes.length);
        long[] dims = input.dims();
        double[] all = new double[dims.length];
        Arrays.fill(all, 1);
        double smallest = Double.POSITIVE_INFINITY;
        double largest = 0;
        for (int i = 0; i < axes.length; i++) {
            if (sizes[i] < 0 || (sizes[i] > 0 && dims[axes[i]] == 0)) {
                throw ModelException.invalid("cannot resize " + input + " to sizes " + Arrays.toString(sizes));
            }
            double scale = sizes[i] == 0 ? 1 : (double) sizes[i] / dims[axes[i]];
            smallest = Math.min(smallest, scale);
            largest = Math.max(largest, scale);
            all[axes[i]] = scale;
            dims[axes[i]] = sizes[i];
        }
        if (op.aspect() != Resize.AspectPolicy.STRETCH) {
            double scale = op.aspect() == Resize.AspectPolicy.NOT_LARGER ? smallest : largest;
            for (int axis : axes) {
                all[axis] = scale;
                dims[axis] = extent(scale * input.dim(axis) + 0.5);
            }
        }
        return new ResizeGeometry(input, Extents.shape(dims), all);
    }

    private static long extent(double value) {
        if (value > 0x1p62) {
            throw ModelException.limit("extent " + value + " is too large");
        }
        return (long) value;
    }

    /**
     * The input position of an output position of an axis, which may lie outside the input.
     *
     * @param roi start and end of the region, in shares of the input; read by TF_CROP_AND_RESIZE only
     */
    public double inputPosition(Resize.CoordinateMode mode, int axis, long output, double[] roi) {
        double scale = scales[axis];
        long inputExtent = inputShape.dim(axis);
        long outputExtent = outputShape.dim(axis);
        double last = inputExtent - 1.0;
        double halfPixel = (output + 0.5) / scale - 0.5;
        return switch (mode) {
            case HALF_PIXEL -> halfPixel;
            case HALF_PIXEL_SYMMETRIC -> {
                double adjustment = outputExtent / (scale * inputExtent);
                yield inputExtent / 2.0 * (1 - adjustment) + halfPixel;
            }
            case PYTORCH_HALF_PIXEL -> outputExtent == 1 ? 0 : halfPixel;
            case ALIGN_CORNERS -> outputExtent == 1 ? 0 : output * last / (outputExtent - 1.0);
            case ASYMMETRIC -> output / scale;
            case TF_CROP_AND_RESIZE ->
                outputExtent == 1
                        ? (roi[0] + roi[1]) / 2 * last
                        : roi[0] * last + output * (roi[1] - roi[0]) * last / (outputExtent - 1.0);
        };
    }
}
