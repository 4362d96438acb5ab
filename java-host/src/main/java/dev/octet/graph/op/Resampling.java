package dev.octet.graph.op;

import dev.octet.tensor.Shape;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A {@link Resize} along two neighbouring axes at most: of images [height, width, run] as they lie in memory, where what
 * lies outside of those axes makes several images, and what lies inside the runs.
 */
public record Resampling(long images, Axis y, Axis x, long run) {
    private static final double[] WHOLE = {0, 1};

    /**
     * How one axis is resampled: for each output the positions of its taps and their weights, tap by tap.
     *
     * @param weights empty to copy the only tap
     */
    public record Axis(int extent, int outputs, int taps, int[] positions, float[] weights) {
        /** An axis of extent 1 that stays. */
        public static Axis single(boolean weighted) {
            return new Axis(1, 1, 1, new int[1], weighted ? new float[] {1} : new float[0]);
        }
    }

    /** The resampling, unless it is along other axes or what lies outside has a value of its own. */
    public static Optional<Resampling> of(Resize op, Shape from, Optional<float[]> scales, Optional<long[]> sizes) {
        if (op.coordinates() == Resize.CoordinateMode.TF_CROP_AND_RESIZE || scales.isPresent() == sizes.isPresent()) {
            return Optional.empty();
        }
        ResizeGeometry geometry = op.geometry(from, scales, sizes);
        boolean weighted = op.mode() != Resize.Mode.NEAREST;
        int[] changed = IntStream.range(0, from.rank())
                .filter(axis -> geometry.scales()[axis] != 1
                        || from.dim(axis) != geometry.outputShape().dim(axis))
                .toArray();
        if (changed.length > 2 || (changed.length == 2 && changed[1] != changed[0] + 1)) {
            return Optional.empty();
        }
        int first = changed.length == 0 ? 0 : changed[0];
        int behind = changed.length == 0 ? 0 : changed[changed.length - 1] + 1;
        return Optional.of(new Resampling(
                from.product(0, first),
                changed.length == 0 ? Axis.single(weighted) : axis(op, geometry, first),
                changed.length < 2 ? Axis.single(weighted) : axis(op, geometry, first + 1),
                from.product(behind, from.rank())));
    }

    private static Axis axis(Resize op, ResizeGeometry geometry, int axis) {
        int extent = Math.toIntExact(geometry.inputShape().dim(axis));
        int outputs = Math.toIntExact(geometry.outputShape().dim(axis));
        if (op.mode() == Resize.Mode.NEAREST) {
            int[] positions = new int[outputs];
            for (int i = 0; i < outputs; i++) {
                double position = geometry.inputPosition(op.coordinates(), axis, i, WHOLE);
                positions[i] = Math.clamp((long) op.rounded(position), 0, extent - 1);
            }
            return new Axis(extent, outputs, 1, positions, new float[0]);
        }
        ResizeTaps taps = ResizeTaps.of(op, geometry, axis, WHOLE);
        double[] exact = taps.weights();
        float[] weights = new float[exact.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) exact[i];
        }
        return new Axis(extent, outputs, taps.count(), taps.positions(), weights);
    }
}
