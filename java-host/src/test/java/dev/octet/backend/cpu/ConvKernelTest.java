package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Conv;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.ConvCase;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConvKernelTest {
    /** Half a unit in the last place of fp32, relative: what each operation of a chain may add. */
    private static final double EPSILON = 0x1p-24;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23})
    void conv_randomSizes_equalsDefinition(long seed) {
        ConvCase sizes = ConvCase.random(seed, 1 + (int) (seed % 3));
        Tensor x = TestTensors.uniform(DType.F32, sizes.x(), 2, seed);
        Tensor weight = TestTensors.uniform(DType.F32, sizes.weight(), 1, seed + 100);
        Tensor bias = TestTensors.uniform(DType.F32, Shape.of(sizes.weight().dim(0)), 1, seed + 200);

        Conv conv = new Conv(sizes.window(), sizes.group());
        Tensor constant = OneNode.runConstant(conv, x, weight, bias);
        Tensor dynamic = OneNode.run(conv, x, weight, bias);

        assertThat(dynamic.contentEquals(constant)).as(sizes.toString()).isTrue();
        double[] want = sizes.sums(x, 0, weight, new int[1], false);
        double[] size = sizes.sums(x, 0, weight, new int[1], true);
        long pixels = sizes.output().product(2, sizes.output().rank());
        long terms = sizes.weight().product(1, sizes.weight().rank()) + 1;
        for (int i = 0; i < want.length; i++) {
            double added = bias.getDouble(i / pixels % sizes.weight().dim(0));
            double tolerance = 2 * EPSILON * terms * (size[i] + Math.abs(added));
            assertThat(Math.abs(constant.getDouble(i) - want[i] - added))
                    .as("%s, element %d", sizes, i)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void fusedConv_channelsLastWithResidualAndClamp_equalsDefinition(long seed) {
        ConvCase sizes = ConvCase.random(seed, 1 + (int) (seed % 3));
        Tensor x = TestTensors.uniform(DType.F32, sizes.x(), 2, seed);
        Tensor weight = TestTensors.uniform(DType.F32, sizes.weight(), 1, seed + 100);
        Tensor bias = TestTensors.uniform(DType.F32, Shape.of(sizes.weight().dim(0)), 1, seed + 200);
        Tensor residual = TestTensors.uniform(DType.F32, sizes.output(), 1, seed + 300);
        Layout layout = Layout.CHANNELS_LAST;

        FusedConv conv = new FusedConv(sizes.window(), sizes.group(), layout, 0, 1.5f);
        Tensor got = ConvCase.fromLayout(
                OneNode.runConstant(
                        conv, ConvCase.toLayout(x, layout), weight, bias, ConvCase.toLayout(residual, layout)),
                layout);

        double[] want = sizes.sums(x, 0, weight, new int[1], false);
        double[] size = sizes.sums(x, 0, weight, new int[1], true);
        long pixels = sizes.output().product(2, sizes.output().rank());
        long terms = sizes.weight().product(1, sizes.weight().rank()) + 2;
        for (int i = 0; i < want.length; i++) {
            double added = bias.getDouble(i / pixels % sizes.weight().dim(0)) + residual.getDouble(i);
            double tolerance = 2 * EPSILON * terms * (size[i] + 2);
            assertThat(Math.abs(got.getDouble(i) - Math.clamp(want[i] + added, 0, 1.5)))
                    .as("%s, element %d", sizes, i)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void fusedConv_batchOfSeven_equalsSamplesAlone(Layout layout) {
        long seed = 77;
        SpatialWindow window = new SpatialWindow(
                new long[0], new long[] {2, 1}, new long[0], new long[] {1, 1, 1, 1}, SpatialWindow.AutoPad.NOTSET);
        Shape weightShape = Shape.of(300, 5, 3, 3);
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(7, 5, 17, 31), 1, seed);
        Tensor weight = TestTensors.uniform(DType.F32, weightShape, 1, seed + 1);
        FusedConv conv = new FusedConv(window, 1, layout, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

        Tensor all = OneNode.runConstant(conv, ConvCase.toLayout(x, layout), weight);

        long sampleIn = 5 * 17 * 31;
        long sampleOut = all.elementCount() / 7;
        for (int n = 0; n < 7; n++) {
            Tensor one =
                    Tensor.wrap(DType.F32, Shape.of(1, 5, 17, 31), x.data().asSlice(n * sampleIn * 4, sampleIn * 4));
            Tensor alone = OneNode.runConstant(conv, ConvCase.toLayout(one, layout), weight);
            assertThat(alone.data().mismatch(all.data().asSlice(n * sampleOut * 4, sampleOut * 4)))
                    .as("sample %d, seed %d", n, seed)
                    .isEqualTo(-1);
        }
    }
}
