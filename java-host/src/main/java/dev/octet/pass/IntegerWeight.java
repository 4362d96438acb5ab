package dev.octet.pass;

import dev.octet.graph.Graph;
import dev.octet.graph.GraphEdit;
import dev.octet.quant.QuantParams;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * A constant weight as s8 with zero point 0.
 *
 * @param name the constant's name in the graph
 * @param unchanged whether that constant holds these very values
 * @param scales one, or one an index of the axis asked for
 */
record IntegerWeight(String name, Tensor values, boolean unchanged, float[] scales) {
    private static final int MIDDLE = 128;

    /**
     * The weight behind a DequantizeLinear: s8 with zero point 0, or u8 with zero point 128, which is the same less 128.
     *
     * @param axis where scales may lie if there are several
     */
    static Optional<IntegerWeight> of(Graph graph, String dequantized, int axis) {
        Optional<Qdq.Dequantized> source = Qdq.source(graph, dequantized);
        Optional<Tensor> values = source.flatMap(s -> graph.constant(s.value()));
        if (values.isEmpty() || !Qdq.isByte(values.get().dtype())) {
            return Optional.empty();
        }
        int expected = values.get().dtype() == DType.S8 ? 0 : MIDDLE;
        float[] scales;
        int[] zeroPoints;
        switch (source.get().params()) {
            case QuantParams.PerTensor tensor -> {
                scales = new float[] {tensor.scale()};
                zeroPoints = new int[] {tensor.zeroPoint()};
            }
            case QuantParams.PerAxis along -> {
                if (values.get().shape().axis(along.axis()) != axis) {
                    return Optional.empty();
                }
                scales = along.scales();
                zeroPoints = along.zeroPoints();
            }
            case QuantParams.PerBlock _ -> {
                return Optional.empty();
            }
        }
        if (Arrays.stream(zeroPoints).anyMatch(zeroPoint -> zeroPoint != expected)) {
            return Optional.empty();
        }
        Tensor signed = expected == 0 ? values.get() : lessMiddle(values.get());
        return Optional.of(new IntegerWeight(source.get().value(), signed, expected == 0, scales));
    }

    private static Tensor lessMiddle(Tensor unsigned) {
        Tensor signed = Tensor.allocate(DType.S8, unsigned.shape());
        for (long i = 0; i < signed.elementCount(); i++) {
            signed.setLong(i, unsigned.getLong(i) - MIDDLE);
        }
        return signed;
    }

    /** The name of a constant that holds the values, added where the graph has none. */
    String constant(GraphEdit edit) {
        return unchanged ? name : edit.addConstant(name + "/signed", values);
    }

    /** The transposed matrix. */
    IntegerWeight transposed() {
        long rows = values.shape().dim(0);
        long columns = values.shape().dim(1);
        Tensor result = Tensor.allocate(DType.S8, Shape.of(columns, rows));
        for (long i = 0; i < rows; i++) {
            for (long j = 0; j < columns; j++) {
                result.setLong(j * rows + i, values.getLong(i * columns + j));
            }
        }
        return new IntegerWeight(name, result, false, scales);
    }

    /** The same integers worth {@code factor} times as much. */
    IntegerWeight scaledBy(float factor) {
        float[] scaled = scales.clone();
        for (int c = 0; c < scaled.length; c++) {
            scaled[c] *= factor;
        }
        return new IntegerWeight(name, values, unchanged, scaled);
    }

    /**
     * The largest size of an accumulator, for each output channel.
     *
     * @param outputAxis of the weight
     * @param inputMax largest {@code |x - zeroPoint|}
     */
    long[] accumulatorBounds(int outputAxis, int inputMax) {
        Shape shape = values.shape();
        int channels = Math.toIntExact(shape.dim(outputAxis));
        long inner = shape.product(outputAxis + 1, shape.rank());
        long[] bounds = new long[channels];
        long[] sums = new long[channels];
        long perSlice = inner * channels;
        for (long i = 0; i < values.elementCount(); i++) {
            sums[(int) (i / inner % channels)] += Math.abs(values.getLong(i)) * inputMax;
            // A stack of matrices adds up each matrix apart; for other weights all leading axes are summed.
            if (outputAxis == shape.rank() - 1 && shape.rank() > 2 && (i + 1) % (perSlice * shape.dim(-2)) == 0) {
                keepLarger(bounds, sums);
            }
        }
        keepLarger(bounds, sums);
        return bounds;
    }

    private static void keepLarger(long[] bounds, long[] sums) {
        for (int c = 0; c < bounds.length; c++) {
            bounds[c] = Math.max(bounds[c], sums[c]);
            sums[c] = 0;
        }
    }
}
