package dev.octet.graph.op;

import dev.octet.graph.ModelException;

/** The input positions and weights that make each output position of one axis of a linear or cubic Resize. */
public final class ResizeTaps {
    /*
     * Without antialias the linear filter is the triangle 1 - |d| and the cubic one Keys' kernel with coefficient a,
     * both of the distance d to the sampled position. Antialias stretches the filter by 1/scale when shrinking and
     * normalizes. Positions outside repeat the outermost element, or weigh nothing with exclude_outside.
     */
    private final int count;
    private final int[] positions;
    private final double[] weights;
    private final boolean[] outside;

    private ResizeTaps(int outputs, int count) {
        this.count = count;
        this.positions = new int[tableSize((long) outputs * count)];
        this.weights = new double[positions.length];
        this.outside = new boolean[outputs];
    }

    /** Whether an output element takes the extrapolation value. */
    public static boolean isOutside(Resize.CoordinateMode mode, double position, long extent) {
        return mode == Resize.CoordinateMode.TF_CROP_AND_RESIZE && !(position >= 0 && position <= extent - 1);
    }

    public static ResizeTaps of(Resize op, ResizeGeometry geometry, int axis, double[] region) {
        long extent = geometry.inputShape().dim(axis);
        int outputs = tableSize(geometry.outputShape().dim(axis));
        double filterScale = op.antialias() ? Math.min(geometry.scales()[axis], 1) : 1;
        double reach = (op.mode() == Resize.Mode.LINEAR ? 1 : 2) / filterScale;
        ResizeTaps taps = new ResizeTaps(outputs, tableSize((long) Math.ceil(2 * reach) + 1));
        for (int i = 0; i < outputs; i++) {
            double center = geometry.inputPosition(op.coordinates(), axis, i, region);
            taps.outside[i] = isOutside(op.coordinates(), center, extent);
            if (!taps.outside[i]) {
                taps.fill(op, i, center, new double[] {filterScale, reach, extent});
            }
        }
        return taps;
    }

    private void fill(Resize op, int output, double center, double[] filter) {
        long last = (long) filter[2] - 1;
        long first = (long) Math.floor(center - filter[1]) + 1;
        double sum = 0;
        for (int i = 0; i < count; i++) {
            long position = first + i;
            double distance = Math.abs(position - center) * filter[0];
            double weight = op.mode() == Resize.Mode.LINEAR
                    ? Math.max(0, 1 - distance)
                    : cubic(distance, op.cubicCoefficient());
            if (op.excludeOutside() && (position < 0 || position > last)) {
                weight = 0;
            }
            positions[output * count + i] = (int) Math.clamp(position, 0, last);
            weights[output * count + i] = weight;
            sum += weight;
        }
        if ((op.antialias() || op.excludeOutside()) && sum != 0) {
            for (int i = output * count; i < (output + 1) * count; i++) {
                weights[i] /= sum;
            }
        }
    }

    private static double cubic(double d, double a) {
        if (d <= 1) {
            return ((a + 2) * d - (a + 3)) * d * d + 1;
        }
        return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }

    /** Taps an output position. */
    public int count() {
        return count;
    }

    /** The input positions of each output position's taps. */
    public int[] positions() {
        return positions.clone();
    }

    /** The taps' weights. */
    public double[] weights() {
        return weights.clone();
    }

    /** Whether an output position lies outside, where it has the extrapolation value. */
    public boolean isOutside(int output) {
        return outside[output];
    }

    private static int tableSize(long entries) {
        if (entries > Integer.MAX_VALUE - 8) {
            throw ModelException.limit("a resize to " + entries + " positions of an axis is too large");
        }
        return (int) entries;
    }
}
