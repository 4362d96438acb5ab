package dev.octet.backend.cpu;

import dev.octet.graph.op.ConvGeometry;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One channel's input under a run of output positions, padding included, as floats: read once, then gathered once for
 * each tap of the window.
 */
final class PlaneWindow {
    private final ConvGeometry geometry;
    private float[] lines = {};
    private int first;
    private int count;
    private int firstDepth;
    private int firstRow;
    private int firstColumn;
    private int depth;
    private int height;
    private int lineLength;

    PlaneWindow(ConvGeometry geometry) {
        this.geometry = geometry;
    }

    private int span(int axis, int outputs) {
        return (outputs - 1) * geometry.strides()[axis]
                + (geometry.kernel()[axis] - 1) * geometry.dilations()[axis]
                + 1;
    }

    /**
     * Reads the input under {@code outputs} positions from {@code from} on.
     *
     * @param plane index in {@code x} of the channel's first element
     */
    void read(MemorySegment x, FloatReader reader, long plane, int from, int outputs) {
        locate(from, outputs);
        int[] in = geometry.in();
        for (int i = 0; i < depth; i++) {
            int z = geometry.position(0, firstDepth, 0) + i;
            for (int j = 0; j < height; j++) {
                int y = geometry.position(1, firstRow, 0) + j;
                int at = (i * height + j) * lineLength;
                if (z < 0 || z >= in[0] || y < 0 || y >= in[1]) {
                    Arrays.fill(lines, at, at + lineLength, 0);
                } else {
                    readLine(x, reader, plane + ((long) z * in[1] + y) * in[2], at);
                }
            }
        }
    }

    /** Finds the box of input lines and columns under the run. */
    private void locate(int from, int outputs) {
        int[] out = geometry.out();
        first = from;
        count = outputs;
        int last = from + outputs - 1;
        firstDepth = from / out[2] / out[1];
        int lastDepth = last / out[2] / out[1];
        firstRow = firstDepth == lastDepth ? from / out[2] % out[1] : 0;
        int lastRow = firstDepth == lastDepth ? last / out[2] % out[1] : out[1] - 1;
        boolean oneLine = from / out[2] == last / out[2];
        firstColumn = oneLine ? from % out[2] : 0;
        lineLength = span(2, oneLine ? outputs : out[2]);
        height = span(1, lastRow - firstRow + 1);
        depth = span(0, lastDepth - firstDepth + 1);
        int size = Math.toIntExact((long) depth * height * lineLength);
        if (lines.length < size) {
            lines = new float[size];
        }
    }

    private void readLine(MemorySegment x, FloatReader reader, long line, int at) {
        int left = geometry.position(2, firstColumn, 0);
        int from = Math.clamp(-(long) left, 0, lineLength);
        int to = Math.clamp((long) geometry.in()[2] - left, from, lineLength);
        Arrays.fill(lines, at, at + from, 0);
        reader.read(x, line + left + from, lines, at + from, to - from);
        Arrays.fill(lines, at + to, at + lineLength, 0);
    }

    /** The values under a tap of the window, one a position. */
    void gather(int tap, float[] into) {
        int[] kernel = geometry.kernel();
        int[] out = geometry.out();
        int[] strides = geometry.strides();
        int kz = tap / kernel[2] / kernel[1] * geometry.dilations()[0];
        int ky = tap / kernel[2] % kernel[1] * geometry.dilations()[1];
        int kx = tap % kernel[2] * geometry.dilations()[2];
        int column = first % out[2];
        int row = first / out[2] % out[1];
        int plane = firstDepth;
        for (int done = 0; done < count; ) {
            int length = Math.min(out[2] - column, count - done);
            int line = ((plane - firstDepth) * strides[0] + kz) * height + (row - firstRow) * strides[1] + ky;
            copy(line * lineLength + (column - firstColumn) * strides[2] + kx, strides[2], into, done, length);
            done += length;
            column = 0;
            row++;
            if (row == out[1]) {
                row = 0;
                plane++;
            }
        }
    }

    private void copy(int from, int stride, float[] into, int at, int length) {
        if (stride == 1) {
            System.arraycopy(lines, from, into, at, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            into[at + i] = lines[from + i * stride];
        }
    }
}
