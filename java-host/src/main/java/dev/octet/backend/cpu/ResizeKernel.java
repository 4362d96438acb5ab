package dev.octet.backend.cpu;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.Resize;
import dev.octet.graph.op.ResizeGeometry;
import dev.octet.graph.op.ResizeTaps;
import dev.octet.runtime.Kernel;
import dev.octet.runtime.KernelArgs;
import dev.octet.runtime.KernelFactory;
import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * {@link Resize}: nearest for elements of any width; linear and cubic in fp64, one axis after another, rounded once at
 * the end (integers to nearest even, saturating).
 */
final class ResizeKernel implements Kernel {
    static final KernelFactory FACTORY = KernelFactory.of(
            "java_resize", spec -> new ResizeKernel((Resize) spec.node().op()));

    private final Resize op;

    private ResizeKernel(Resize op) {
        this.op = op;
    }

    @Override
    public void run(KernelArgs args, Workers workers) {
        Tensor x = args.in(0);
        Tensor y = args.out(0);
        if (y.elementCount() == 0) {
            return;
        }
        ResizeGeometry geometry = op.geometry(
                x.shape(),
                args.has(2) ? Optional.of(args.in(2).toFloats()) : Optional.empty(),
                args.has(3) ? Optional.of(args.in(3).toLongs()) : Optional.empty());
        double[][] regions = regions(args, x.shape().rank());
        if (op.mode() == Resize.Mode.NEAREST) {
            nearest(x, y, geometry, regions, workers);
        } else {
            interpolate(x, y, geometry, regions, workers);
        }
    }

    /** Start and end of the region of interest on each axis. */
    private double[][] regions(KernelArgs args, int rank) {
        double[][] regions = new double[rank][];
        for (int axis = 0; axis < rank; axis++) {
            regions[axis] = new double[] {0, 1};
        }
        if (op.coordinates() != Resize.CoordinateMode.TF_CROP_AND_RESIZE) {
            return regions;
        }
        int[] axes = op.affectedAxes(rank);
        if (!args.has(1) || args.in(1).elementCount() != 2L * axes.length) {
            throw ModelException.data("roi must have " + 2 * axes.length + " entries");
        }
        for (int i = 0; i < axes.length; i++) {
            regions[axes[i]] = new double[] {args.in(1).getDouble(i), args.in(1).getDouble(axes.length + i)};
        }
        return regions;
    }

    private void nearest(Tensor x, Tensor y, ResizeGeometry geometry, double[][] regions, Workers workers) {
        long[][] maps = new long[y.shape().rank()][];
        for (int axis = 0; axis < maps.length; axis++) {
            long extent = x.shape().dim(axis);
            maps[axis] = new long[Math.toIntExact(y.shape().dim(axis))];
            for (int i = 0; i < maps[axis].length; i++) {
                double position = geometry.inputPosition(op.coordinates(), axis, i, regions[axis]);
                maps[axis][i] = ResizeTaps.isOutside(op.coordinates(), position, extent)
                        ? -1
                        : Math.clamp((long) op.rounded(position), 0, extent - 1);
            }
        }
        Tensor fill = Tensor.scalar(x.dtype(), op.extrapolationValue());
        new AxisMapCopy(x.shape(), maps).run(x, y, fill, workers);
    }

    private void interpolate(Tensor x, Tensor y, ResizeGeometry geometry, double[][] regions, Workers workers) {
        double[] values = load(x, workers);
        long[] dims = x.shape().dims();
        for (int axis = 0; axis < dims.length; axis++) {
            boolean changes = geometry.scales()[axis] != 1
                    || y.shape().dim(axis) != dims[axis]
                    || op.coordinates() == Resize.CoordinateMode.TF_CROP_AND_RESIZE;
            if (changes) {
                ResizeTaps taps = ResizeTaps.of(op, geometry, axis, regions[axis]);
                Shape before = Shape.of(dims);
                values = resampled(values, before, axis, taps, workers);
                dims[axis] = y.shape().dim(axis);
            }
        }
        store(values, y, workers);
    }

    private static double[] load(Tensor x, Workers workers) {
        double[] values = new double[count(x.elementCount())];
        Chunks.forEach(workers, values.length, (from, to) -> {
            for (int i = (int) from; i < to; i++) {
                values[i] = x.getDouble(i);
            }
        });
        return values;
    }

    /** Checks that a buffer can be a Java array. */
    static int count(long elements) {
        if (elements > Integer.MAX_VALUE - 8) {
            throw ModelException.limit("a resize over " + elements + " elements is too large");
        }
        return (int) elements;
    }

    private static void store(double[] values, Tensor y, Workers workers) {
        DType dtype = y.dtype();
        boolean integer = dtype.isInteger();
        double least = integer ? dtype.minInteger() : 0;
        double most = dtype == DType.U64 ? 0x1p64 : integer ? dtype.maxInteger() : 0;
        Chunks.forEach(workers, values.length, (from, to) -> {
            for (int i = (int) from; i < to; i++) {
                y.setDouble(i, integer ? Math.clamp(Math.rint(values[i]), least, most) : values[i]);
            }
        });
    }

    /** Resamples an axis of dense values of a shape. */
    private double[] resampled(double[] values, Shape shape, int axis, ResizeTaps taps, Workers workers) {
        int extent = (int) shape.dim(axis);
        int inner = (int) shape.product(axis + 1, shape.rank());
        long outer = shape.product(0, axis);
        int count = taps.count();
        int[] positions = taps.positions();
        double[] weights = taps.weights();
        int outputs = positions.length / count;
        double[] result = new double[count(outer * outputs * inner)];
        Chunks.forEachRow(workers, outer * outputs, (long) inner * count, row -> {
            int output = (int) (row % outputs);
            int to = (int) (row * inner);
            int from = (int) (row / outputs * extent * inner);
            if (taps.isOutside(output)) {
                Arrays.fill(result, to, to + inner, op.extrapolationValue());
                return;
            }
            for (int tap = output * count; tap < (output + 1) * count; tap++) {
                double weight = weights[tap];
                int at = from + positions[tap] * inner;
                for (int i = 0; weight != 0 && i < inner; i++) {
                    result[to + i] += weight * values[at + i];
                }
            }
        });
        return result;
    }
}
