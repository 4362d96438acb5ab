package dev.octet.graph.op;

import dev.octet.graph.ModelException;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import java.util.Arrays;

/**
 * The sizes of a pooling with everything resolved; space is always three axes, absent ones of extent 1 in front.
 *
 * @param pads in front of each axis
 * @param endPads behind each axis, without what rounding up adds
 */
public record PoolWindow(
        int batch,
        int channels,
        int[] in,
        int[] kernel,
        int[] strides,
        int[] dilations,
        int[] pads,
        int[] endPads,
        int[] out,
        Layout layout) {
    public static PoolWindow of(Shape x, Shape output, SpatialWindow window, Layout layout) {
        int rank = x.rank() - 2;
        if (rank > ConvGeometry.AXES) {
            throw ModelException.unsupported("pooling over " + rank + " spatial axes; at most 3 are supported");
        }
        int from = layout.spatialAxis();
        long[] input = Arrays.copyOfRange(x.dims(), from, from + rank);
        SpatialWindow resolved = window.resolve(input, window.kernel());
        return new PoolWindow(
                Math.toIntExact(x.dim(0)),
                Math.toIntExact(x.dim(layout.channelAxis(x.rank()))),
                ConvGeometry.axes(input, 1),
                ConvGeometry.axes(resolved.kernel(), 1),
                ConvGeometry.axes(resolved.strides(), 1),
                ConvGeometry.axes(resolved.dilations(), 1),
                ConvGeometry.axes(Arrays.copyOf(resolved.pads(), rank), 0),
                ConvGeometry.axes(Arrays.copyOfRange(resolved.pads(), rank, 2 * rank), 0),
                ConvGeometry.axes(Arrays.copyOfRange(output.dims(), from, from + rank), 1),
                layout);
    }

    public int taps() {
        return kernel[0] * kernel[1] * kernel[2];
    }

    public int outPixels() {
        return Math.toIntExact((long) out[0] * out[1] * out[2]);
    }

    public long inPixels() {
        return (long) in[0] * in[1] * in[2];
    }

    /** The index among the input's pixels under a tap of an output pixel, or -1 where padding is. */
    public long inPixel(int outPixel, int tap) {
        int x = position(2, outPixel % out[2], tap % kernel[2]);
        int y = position(1, outPixel / out[2] % out[1], tap / kernel[2] % kernel[1]);
        int z = position(0, outPixel / out[2] / out[1], tap / kernel[2] / kernel[1]);
        boolean inside = x >= 0 && x < in[2] && y >= 0 && y < in[1] && z >= 0 && z < in[0];
        return inside ? ((long) z * in[1] + y) * in[2] + x : -1;
    }

    /** The index among the input's pixels of the line under a tap of an output line, or -1 where padding is. */
    public long inLine(int outLine, int tap) {
        int y = position(1, outLine % out[1], tap / kernel[2] % kernel[1]);
        int z = position(0, outLine / out[1], tap / kernel[2] / kernel[1]);
        boolean inside = y >= 0 && y < in[1] && z >= 0 && z < in[0];
        return inside ? ((long) z * in[1] + y) * in[2] : -1;
    }

    public int position(int axis, int output, int tap) {
        return output * strides[axis] - pads[axis] + tap * dilations[axis];
    }

    /** Positions under the window, padding included but not what lies beyond it. */
    public int paddedTaps(int outPixel) {
        return countTaps(outPixel, true);
    }

    /** Positions under the window that are input. */
    public int insideTaps(int outPixel) {
        return countTaps(outPixel, false);
    }

    /** Whether every window has a position that is input. */
    public boolean coversInput() {
        for (int pixel = 0; pixel < outPixels(); pixel++) {
            if (insideTaps(pixel) == 0) {
                return false;
            }
        }
        return true;
    }

    private int countTaps(int outPixel, boolean padded) {
        int[] at = {outPixel / out[2] / out[1], outPixel / out[2] % out[1], outPixel % out[2]};
        int count = 1;
        for (int axis = 0; axis < at.length; axis++) {
            int from = padded ? Integer.MIN_VALUE : 0;
            int to = in[axis] + (padded ? endPads[axis] : 0);
            int inside = 0;
            for (int tap = 0; tap < kernel[axis]; tap++) {
                int position = position(axis, at[axis], tap);
                inside += position >= from && position < to ? 1 : 0;
            }
            count *= inside;
        }
        return count;
    }
}
