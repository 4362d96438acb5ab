package dev.octet.backend.cpu;

import dev.octet.tensor.Shape;

/**
 * Ends a Gemm: {@code alpha * sum + addend}.
 *
 * @param n columns of the output
 */
record GemmSink(FloatWriter writer, int n, float alpha, Addend addend) implements RowSink {
    /**
     * {@code beta * c} with the distances, 0 or more, from one row and one column to the next.
     *
     * @param values empty if there is no c
     */
    record Addend(float[] values, int rowStride, int columnStride) {
        private static final float[] NO_VALUES = {};

        static final Addend NONE = new Addend(NO_VALUES, 0, 0);

        /** The addend of a tensor of a shape that broadcasts to {@code output} [M, N]. */
        static Addend of(float[] values, Shape shape, Shape output) {
            boolean columns = shape.rank() > 0 && shape.dim(-1) == output.dim(1);
            boolean rows = shape.rank() > 1 && shape.dim(-2) == output.dim(0);
            int width = shape.rank() > 0 ? Math.toIntExact(shape.dim(-1)) : 1;
            return new Addend(values, rows ? width : 0, columns ? 1 : 0);
        }
    }

    @Override
    public void store(RowAccumulator row, long outIndex, int channel, int channelStep) {
        float[] sums = row.floats();
        int width = row.width();
        if (alpha != 1) {
            for (int j = 0; j < width; j++) {
                sums[j] *= alpha;
            }
        }
        if (addend.values().length > 0) {
            int at = (int) (outIndex / n) * addend.rowStride() + channel * addend.columnStride();
            for (int j = 0; j < width; j++) {
                sums[j] += addend.values()[at + j * addend.columnStride()];
            }
        }
        writer.write(sums, 0, outIndex, width);
    }
}
