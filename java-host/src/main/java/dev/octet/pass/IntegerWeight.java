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
        int rows = Math.toIntExact(values.shape().dim(0));
        int columns = Math.toIntExact(values.shape().dim(1));
        byte[] bytes = values.toBytes();
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result[j * rows + i] = bytes[i * columns + j];
            }
        }
        return new IntegerWeight(name, Tensor.ofBytes(DType.S8, Shape.of(columns, rows), result), false, scales);
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
     * @param outputAxis the first axis, or the last one of a stack of matrices of which each is summed apart
     * @param inputMax largest {@code |x - zeroPoint|}
     */
    long[] accumulatorBounds(int outputAxis, int inputMax) {
        Shape shape = values.shape();
        byte[] bytes = values.toBytes();
        int channels = Math.toIntExact(shape.dim(outputAxis));
        long[] bounds = new long[channels];
        if (bytes.length == 0) {
            return bounds;
        }
        int inner = bytes.length / channels;
        for (int start = 0; outputAxis == 0 && start < bytes.length; start += inner) {
            for (int i = start; i < start + inner; i++) {
                bounds[start / inner] += (long) Math.abs(bytes[i]) * inputMax;
            }
        }
        int matrix = outputAxis == 0 ? bytes.length : Math.toIntExact(shape.dim(-1) * shape.dim(-2));
        for (int start = 0; outputAxis > 0 && start < bytes.length; start += matrix) {
            long[] sums = new long[channels];
            for (int row = start; row < start + matrix; row += channels) {
                for (int c = 0; c < channels; c++) {
                    sums[c] += (long) Math.abs(bytes[row + c]) * inputMax;
                }
            }
            for (int c = 0; c < channels; c++) {
                bounds[c] = Math.max(bounds[c], sums[c]);
            }
        }
        return bounds;
    }
}
