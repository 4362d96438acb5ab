package dev.octet.testing;

import dev.octet.graph.op.SpatialWindow;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** A convolution with sizes drawn from a seed, and its sums by definition; tensors are channels-first. */
public record ConvCase(long seed, Shape x, Shape weight, long group, SpatialWindow window) {
    private static final int[] EXTENTS = {1, 3, 7, 17, 31};

    /** More than the inputs' extents: windows, and whole tiles of them, lie in padding alone. */
    private static final long WIDE_PAD = 32;

    /** Sizes of {@code rank} spatial axes; every third seed is depthwise, every third grouped, every fourth has a wide pad. */
    public static ConvCase random(long seed, int rank) {
        Random random = new Random(seed);
        long groupIn = 1L + random.nextInt(9);
        long group = seed % 3 == 0 ? 1 : 1L + random.nextInt(5);
        long groupOut = 1L + random.nextInt(seed % 2 == 0 ? 40 : 6);
        if (seed % 3 == 2) {
            group = groupIn * group;
            groupIn = 1;
            groupOut = seed % 2 == 0 ? 1 : 2;
        }
        long[] kernel = new long[rank];
        long[] strides = new long[rank];
        long[] dilations = new long[rank];
        long[] pads = new long[2 * rank];
        long[] input = new long[rank];
        for (int i = 0; i < rank; i++) {
            kernel[i] = 1L + random.nextInt(4);
            strides[i] = 1L + random.nextInt(3);
            dilations[i] = 1L + random.nextInt(2);
            pads[i] = random.nextInt(3);
            pads[rank + i] = random.nextInt(3);
            long span = (kernel[i] - 1) * dilations[i] + 1 - pads[i] - pads[rank + i];
            input[i] = Math.max(span, EXTENTS[random.nextInt(rank == 3 ? 3 : EXTENTS.length)]);
        }
        if (seed % 4 == 3) {
            pads[random.nextInt(pads.length)] += WIDE_PAD;
        }
        return new ConvCase(
                seed,
                Shape.of(join(new long[] {1 + random.nextInt(3), groupIn * group}, input)),
                Shape.of(join(new long[] {groupOut * group, groupIn}, kernel)),
                group,
                new SpatialWindow(new long[0], strides, dilations, pads, SpatialWindow.AutoPad.NOTSET));
    }

    private static long[] join(long[] front, long[] back) {
        long[] joined = Arrays.copyOf(front, front.length + back.length);
        System.arraycopy(back, 0, joined, front.length, back.length);
        return joined;
    }

    public Shape output() {
        long[] input = Arrays.copyOfRange(x.dims(), 2, x.rank());
        SpatialWindow resolved = window.resolve(input, Arrays.copyOfRange(weight.dims(), 2, weight.rank()));
        return Shape.of(join(new long[] {x.dim(0), weight.dim(0)}, resolved.outputExtents(input, false)));
    }

    /** Sums of products, or of their magnitudes, in double; {@code weightZeros} has one entry or one a channel. */
    public double[] sums(Tensor xs, int xZero, Tensor weights, int[] weightZeros, boolean magnitudes) {
        Shape output = output();
        double[] sums = new double[(int) output.elementCount()];
        int at = 0;
        for (long n = 0; n < output.dim(0); n++) {
            for (long m = 0; m < output.dim(1); m++) {
                for (long pixel = 0; pixel < output.product(2, output.rank()); pixel++) {
                    int zero = weightZeros[weightZeros.length == 1 ? 0 : (int) m];
                    double sum = 0;
                    for (long k = 0; k < weight.product(1, weight.rank()); k++) {
                        double value = value(xs, n, m, pixel, k, xZero);
                        double term = value * (weights.getDouble(m * weight.product(1, weight.rank()) + k) - zero);
                        sum += magnitudes ? Math.abs(term) : term;
                    }
                    sums[at++] = sum;
                }
            }
        }
        return sums;
    }

    private double value(Tensor xs, long n, long m, long pixel, long k, int xZero) {
        int rank = x.rank() - 2;
        Shape output = output();
        long[] position = new long[x.rank()];
        position[0] = n;
        long restPixel = pixel;
        long restTap = k;
        for (int axis = rank - 1; axis >= 0; axis--) {
            long o = restPixel % output.dim(2 + axis);
            restPixel /= output.dim(2 + axis);
            long tap = restTap % weight.dim(2 + axis);
            restTap /= weight.dim(2 + axis);
            long at = o * window.strides()[axis] - window.pads()[axis] + tap * window.dilations()[axis];
            if (at < 0 || at >= x.dim(2 + axis)) {
                return 0;
            }
            position[2 + axis] = at;
        }
        position[1] = m / (weight.dim(0) / group) * weight.dim(1) + restTap;
        return Naive.at(xs, position) - xZero;
    }

    /** Moves channels behind space, or leaves the tensor as it is. */
    public static Tensor toLayout(Tensor tensor, Layout layout) {
        return layout == Layout.CHANNELS_FIRST ? tensor : permuted(tensor, true);
    }

    public static Tensor fromLayout(Tensor tensor, Layout layout) {
        return layout == Layout.CHANNELS_FIRST ? tensor : permuted(tensor, false);
    }

    private static Tensor permuted(Tensor tensor, boolean channelsLast) {
        int rank = tensor.shape().rank();
        int from = channelsLast ? 1 : rank - 1;
        int to = channelsLast ? rank - 1 : 1;
        int[] axes = IntStream.range(0, rank).filter(axis -> axis != from).toArray();
        long[] dims = new long[rank];
        int[] order = new int[rank];
        for (int i = 0, next = 0; i < rank; i++) {
            order[i] = i == to ? from : axes[next++];
            dims[i] = tensor.shape().dim(order[i]);
        }
        return Naive.tensor(tensor.dtype(), Shape.of(dims), position -> {
            long[] source = new long[rank];
            for (int i = 0; i < rank; i++) {
                source[order[i]] = position[i];
            }
            return Naive.at(tensor, source);
        });
    }

    /** Random bytes with the corners of the type in front. */
    public static Tensor bytes(DType dtype, Shape shape, long seed) {
        Tensor tensor = TestTensors.integers(dtype, shape, seed);
        long count = shape.elementCount();
        for (long i = 0; i < Math.min(count, 4); i++) {
            tensor.setLong(i, i % 2 == 0 ? dtype.minInteger() : dtype.maxInteger());
        }
        return tensor;
    }

    @Override
    public String toString() {
        return "seed " + seed + ": x " + x + " weight " + weight + " group " + group + " strides "
                + Arrays.toString(window.strides()) + " dilations " + Arrays.toString(window.dilations()) + " pads "
                + Arrays.toString(window.pads());
    }
}
