package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.Arrays;

/**
 * The sizes of a convolution with everything resolved; space is always three axes, absent ones of extent 1 in front.
 *
 * @param pads in front of each axis
 */
public record ConvGeometry(
        int batch,
        int channels,
        int outChannels,
        int group,
        int[] in,
        int[] kernel,
        int[] strides,
        int[] dilations,
        int[] pads,
        int[] out,
        Layout layout) {
    /** The number of spatial axes that kernels can take. */
    public static final int AXES = 3;

    public static ConvGeometry of(Shape x, Shape weight, SpatialWindow window, long group, Layout layout) {
        int rank = x.rank() - 2;
        if (rank > AXES) {
            throw ModelException.unsupported("a convolution over " + rank + " spatial axes; at most 3 are supported");
        }
        long[] input = Arrays.copyOfRange(x.dims(), layout.spatialAxis(), layout.spatialAxis() + rank);
        long[] extents = Arrays.copyOfRange(weight.dims(), 2, weight.rank());
        SpatialWindow resolved = window.resolve(input, extents);
        ConvGeometry geometry = new ConvGeometry(
                Math.toIntExact(x.dim(0)),
                Math.toIntExact(x.dim(layout.channelAxis(x.rank()))),
                Math.toIntExact(weight.dim(0)),
                Math.toIntExact(group),
                axes(input, 1),
                axes(extents, 1),
                axes(resolved.strides(), 1),
                axes(resolved.dilations(), 1),
                axes(Arrays.copyOf(resolved.pads(), rank), 0),
                axes(resolved.outputExtents(input, false), 1),
                layout);
        return geometry.isPointwise() ? geometry.flattened() : geometry;
    }

    static int[] axes(long[] values, int absent) {
        int[] axes = new int[AXES];
        Arrays.fill(axes, absent);
        for (int i = 0; i < values.length; i++) {
            axes[AXES - values.length + i] = Math.toIntExact(values[i]);
        }
        return axes;
    }

    /** Whether each output position depends on the same input position alone. */
    public boolean isPointwise() {
        return taps() == 1 && Arrays.equals(in, out) && product(strides) == 1 && Arrays.equals(pads, new int[AXES]);
    }

    private ConvGeometry flattened() {
        int[] flat = {1, 1, pixels()};
        int[] ones = {1, 1, 1};
        return new ConvGeometry(
                batch, channels, outChannels, group, flat, ones, ones, ones, new int[AXES], flat, layout);
    }

    private static int product(int[] values) {
        return Math.toIntExact(Math.multiplyExact((long) values[0] * values[1], values[2]));
    }

    /** Positions under the window. */
    public int taps() {
        return product(kernel);
    }

    public int pixels() {
        return product(out);
    }

    public long inPixels() {
        return (long) in[0] * in[1] * in[2];
    }

    public int groupChannels() {
        return channels / group;
    }

    public int groupOutChannels() {
        return outChannels / group;
    }

    /** Products a sum has. */
    public int depth() {
        return Math.multiplyExact(groupChannels(), taps());
    }

    /** Whether every channel is convolved alone into one output channel. */
    public boolean isDepthwise() {
        return group == channels && outChannels == channels;
    }

    /** The input position of an output position and a tap along an axis; outside the input where padding is. */
    public int position(int axis, int output, int tap) {
        return output * strides[axis] - pads[axis] + tap * dilations[axis];
    }
}
