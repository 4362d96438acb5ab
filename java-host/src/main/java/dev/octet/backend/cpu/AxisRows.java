package dev.octet.backend.cpu;

import dev.octet.runtime.Workers;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/**
 * The rows of a tensor along one axis: row r starts at {@link #start} and its elements lie {@link #stride} apart. The
 * arithmetic on rows is fp64 whatever the tensor's type.
 */
record AxisRows(long rows, int length, long stride) {
    /**
     * The rows along an axis.
     *
     * @param axis in [0, rank)
     */
    static AxisRows along(Shape shape, int axis) {
        long outer = shape.product(0, axis);
        long inner = shape.product(axis + 1, shape.rank());
        return new AxisRows(outer * inner, Math.toIntExact(shape.dim(axis)), inner);
    }

    /** The rows made of all axes from {@code axis} on, contiguous. */
    static AxisRows trailing(Shape shape, int axis) {
        return new AxisRows(shape.product(0, axis), Math.toIntExact(shape.product(axis, shape.rank())), 1);
    }

    long start(long row) {
        return row / stride * stride * length + row % stride;
    }

    double[] load(Tensor x, long row) {
        double[] values = new double[length];
        long start = start(row);
        if (x.dtype() == DType.F32) {
            MemorySegment data = x.data();
            for (int i = 0; i < values.length; i++) {
                values[i] = data.get(Tensor.F32_LAYOUT, (start + i * stride) * Float.BYTES);
            }
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = x.getDouble(start + i * stride);
            }
        }
        return values;
    }

    void store(Tensor y, long row, double[] values) {
        long start = start(row);
        if (y.dtype() == DType.F32) {
            MemorySegment data = y.data();
            for (int i = 0; i < values.length; i++) {
                data.set(Tensor.F32_LAYOUT, (start + i * stride) * Float.BYTES, (float) values[i]);
            }
        } else {
            for (int i = 0; i < values.length; i++) {
                y.setDouble(start + i * stride, values[i]);
            }
        }
    }

    void forEach(Workers workers, LongConsumer body) {
        if (length > 0) {
            Chunks.forEachRow(workers, rows, length, body);
        }
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** Mean of the squared distances from {@code center}. */
    static double meanSquare(double[] values, double center) {
        double sum = 0;
        for (double value : values) {
            sum += (value - center) * (value - center);
        }
        return sum / values.length;
    }
}
