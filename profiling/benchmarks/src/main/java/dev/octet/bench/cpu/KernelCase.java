package dev.octet.bench.cpu;

import dev.octet.graph.Op;
import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.QBinary;
import dev.octet.graph.op.QConv;
import dev.octet.graph.op.QLookup;
import dev.octet.graph.op.QMatMul;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One operator on seeded data of one size.
 *
 * @param inputs all that there are; those of a product beyond the first are constant
 * @param bound what limits the kernel at best
 * @param work operations, or bytes read and written for a kernel that {@link Bound#MEMORY} limits
 */
public record KernelCase(Op op, List<Tensor> inputs, Bound bound, double work) {
    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final int ZERO_POINT = 131;

    /** What a kernel can reach at most. */
    public enum Bound {
        INT8,
        FP32,
        MEMORY
    }

    public KernelCase {
        inputs = List.copyOf(inputs);
    }

    /**
     * The case with this name: {@code qgemm MxKxN}, {@code fgemm MxKxN}, {@code qconv HxWxCxOUTxKERNELxSTRIDE}, likewise
     * {@code fconv}, {@code qdepthwise HxWxCxKERNELxSTRIDE}, likewise {@code fdepthwise}, {@code softmax ROWSxCOLUMNS},
     * {@code lookup N} or {@code qadd N}. Images are one, channels last.
     *
     * @throws IllegalArgumentException if there is no such case
     */
    public static KernelCase of(String name) {
        String[] words = name.split(" ", 2);
        int[] n = Arrays.stream(words[words.length - 1].split("x"))
                .mapToInt(Integer::parseInt)
                .toArray();
        Random random = new Random(1);
        return switch (words[0] + " " + n.length) {
            case "qgemm 3" -> qgemm(n, random);
            case "fgemm 3" -> fgemm(n, random);
            case "qconv 6" -> convolution(true, new Window(n[0], n[1], n[2], n[3], 1, n[4], n[5]), random);
            case "fconv 6" -> convolution(false, new Window(n[0], n[1], n[2], n[3], 1, n[4], n[5]), random);
            case "qdepthwise 5" -> convolution(true, new Window(n[0], n[1], n[2], n[2], n[2], n[3], n[4]), random);
            case "fdepthwise 5" -> convolution(false, new Window(n[0], n[1], n[2], n[2], n[2], n[3], n[4]), random);
            case "softmax 2" -> {
                Tensor x = floats(Shape.of(n[0], n[1]), random);
                yield new KernelCase(
                        new Softmax(SoftmaxFunction.SOFTMAX, -1), List.of(x), Bound.MEMORY, 8.0 * n[0] * n[1]);
            }
            case "lookup 1" -> lookup(n[0], random);
            case "qadd 1" -> sum(n[0], random);
            default -> throw new IllegalArgumentException("no benchmark of a kernel is called " + name);
        };
    }

    /** Whether an input is known when the kernel is prepared. */
    boolean isConstant(int input) {
        return input > 0 && !(op instanceof QBinary);
    }

    private static KernelCase qgemm(int[] n, Random random) {
        QMatMul op = new QMatMul(ZERO_POINT, 0, toInt8(n[1]));
        List<Tensor> inputs = List.of(
                bytes(DType.U8, Shape.of(n[0], n[1]), random),
                bytes(DType.S8, Shape.of(n[1], n[2]), random),
                Tensor.allocate(DType.S32, Shape.of(n[2])));
        return new KernelCase(op, inputs, Bound.INT8, 2.0 * n[0] * n[1] * n[2]);
    }

    private static KernelCase fgemm(int[] n, Random random) {
        List<Tensor> inputs = List.of(floats(Shape.of(n[0], n[1]), random), floats(Shape.of(n[1], n[2]), random));
        return new KernelCase(new MatMul(), inputs, Bound.FP32, 2.0 * n[0] * n[1] * n[2]);
    }

    private record Window(int height, int width, int channels, int out, int group, int kernel, int stride) {
        Shape weight() {
            return Shape.of(out, channels / group, kernel, kernel);
        }

        SpatialWindow spatial() {
            long pad = kernel / 2;
            return new SpatialWindow(
                    new long[] {kernel, kernel},
                    new long[] {stride, stride},
                    new long[] {1, 1},
                    new long[] {pad, pad, pad, pad},
                    SpatialWindow.AutoPad.NOTSET);
        }

        double operations() {
            long pixels = (long) Math.ceilDiv(height, stride) * Math.ceilDiv(width, stride);
            return 2.0 * pixels * weight().elementCount();
        }
    }

    private static KernelCase convolution(boolean integer, Window w, Random random) {
        Shape x = Shape.of(1, w.height, w.width, w.channels);
        int depth = w.kernel * w.kernel * w.channels / w.group;
        if (integer) {
            Op op = new QConv(w.spatial(), w.group, ZERO_POINT, Layout.CHANNELS_LAST, toInt8(depth));
            List<Tensor> inputs = List.of(
                    bytes(DType.U8, x, random),
                    bytes(DType.S8, w.weight(), random),
                    Tensor.allocate(DType.S32, Shape.of(w.out)));
            return new KernelCase(op, inputs, Bound.INT8, w.operations());
        }
        Op op = new FusedConv(w.spatial(), w.group, Layout.CHANNELS_LAST, 0, INFINITY);
        List<Tensor> inputs = List.of(floats(x, random), floats(w.weight(), random), floats(Shape.of(w.out), random));
        return new KernelCase(op, inputs, Bound.FP32, w.operations());
    }

    private static KernelCase lookup(int count, Random random) {
        byte[] table = new byte[256];
        random.nextBytes(table);
        Tensor x = bytes(DType.U8, Shape.of(count), random);
        return new KernelCase(new QLookup(table, DType.U8), List.of(x), Bound.MEMORY, 2.0 * count);
    }

    private static KernelCase sum(int count, Random random) {
        QBinary op = new QBinary(BinaryFunction.ADD, ZERO_POINT, 0.7f, ZERO_POINT, 0.4f, DType.U8, ZERO_POINT, 0, 255);
        List<Tensor> inputs =
                List.of(bytes(DType.U8, Shape.of(count), random), bytes(DType.U8, Shape.of(count), random));
        return new KernelCase(op, inputs, Bound.MEMORY, 3.0 * count);
    }

    /** Sums of so many products of bytes spread over the whole range. */
    private static Epilogue toInt8(int depth) {
        float multiplier = (float) (1 / (70 * Math.sqrt(depth)));
        return new Epilogue.ToInt8(DType.U8, new float[] {multiplier}, ZERO_POINT, 0, 255, Optional.empty());
    }

    private static Tensor bytes(DType dtype, Shape shape, Random random) {
        byte[] values = new byte[Math.toIntExact(shape.elementCount())];
        random.nextBytes(values);
        return Tensor.ofBytes(dtype, shape, values);
    }

    private static Tensor floats(Shape shape, Random random) {
        float[] values = new float[Math.toIntExact(shape.elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return Tensor.ofFloats(shape, values);
    }
}
