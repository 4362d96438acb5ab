package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Conv;
import dev.octet.graph.op.FusedConv;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.SpatialWindow.AutoPad;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("cuda")
class FloatConvCudaTest {
    private static final long SEED = 56;
    private static final long[] NO_KERNEL = {};

    private static SpatialWindow window(int stride, int dilation, int pad) {
        return new SpatialWindow(
                NO_KERNEL,
                new long[] {stride, 1},
                new long[] {1, dilation},
                new long[] {pad, 0, 1, pad},
                AutoPad.NOTSET);
    }

    private static Shape image(Layout layout, int batch, int channels, int height, int width) {
        return layout == Layout.CHANNELS_LAST
                ? Shape.of(batch, height, width, channels)
                : Shape.of(batch, channels, height, width);
    }

    /** Channels, outputs, group, kernel height and width. */
    @ParameterizedTest
    @CsvSource({
        "F32,CHANNELS_LAST,3,70,1,3,3", "F32,CHANNELS_LAST,16,24,1,1,1", "F32,CHANNELS_LAST,12,8,2,3,2",
        "F32,CHANNELS_LAST,6,9,3,2,3", "F32,CHANNELS_FIRST,3,70,1,3,3", "F32,CHANNELS_FIRST,16,24,1,1,1",
        "F32,CHANNELS_FIRST,12,8,2,3,2", "F16,CHANNELS_LAST,3,70,1,3,3", "F16,CHANNELS_LAST,16,24,1,1,1",
        "F16,CHANNELS_LAST,16,8,2,3,2", "F16,CHANNELS_LAST,6,9,3,2,3", "F16,CHANNELS_FIRST,3,70,1,3,3",
        "F16,CHANNELS_FIRST,16,24,2,1,1"
    })
    void conv_geometries_equalsTheOracle(
            DType type, Layout layout, int channels, int outputs, int group, int height, int width) {
        for (int batch : new int[] {1, 7}) {
            Tensor x = FloatTolerances.wholes(type, image(layout, batch, channels, 9, 7), SEED);
            Tensor weight = FloatTolerances.wholes(type, Shape.of(outputs, channels / group, height, width), SEED + 1);
            Tensor bias = FloatTolerances.wholes(type, Shape.of(outputs), SEED + 2);

            CudaOracle.of(new FusedConv(window(2, 2, 1), group, layout, -20, 25))
                    .constants(1, 2)
                    .exact(x, weight, bias);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F32,CHANNELS_LAST,12,1", "F32,CHANNELS_LAST,7,1", "F32,CHANNELS_LAST,5,3", "F32,CHANNELS_LAST,1,64",
        "F32,CHANNELS_FIRST,5,2", "F16,CHANNELS_LAST,12,1", "F16,CHANNELS_LAST,7,1", "F16,CHANNELS_FIRST,4,1"
    })
    void depthwise_geometries_equalsTheOracle(DType type, Layout layout, int channels, int multiplier) {
        for (int batch : new int[] {1, 7}) {
            Tensor x = FloatTolerances.wholes(type, image(layout, batch, channels, 9, 7), SEED);
            Tensor weight = FloatTolerances.wholes(type, Shape.of(channels * multiplier, 1, 3, 2), SEED + 1);
            Tensor bias = FloatTolerances.wholes(type, Shape.of(channels * multiplier), SEED + 2);

            CudaOracle.of(new FusedConv(window(2, 2, 1), channels, layout, 0, 30))
                    .constants(1, 2)
                    .exact(x, weight, bias);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F32,CHANNELS_LAST,8",
        "F32,CHANNELS_FIRST,8",
        "F16,CHANNELS_LAST,8",
        "F16,CHANNELS_FIRST,8",
        "F32,CHANNELS_LAST,1",
        "F16,CHANNELS_LAST,1"
    })
    void conv_residualNoBias_equalsTheOracle(DType type, Layout layout, int groupChannels) {
        Tensor x = FloatTolerances.wholes(type, image(layout, 2, 8, 5, 5), SEED);
        Tensor weight = FloatTolerances.wholes(type, Shape.of(8, groupChannels, 1, 1), SEED + 1);
        Tensor residual = FloatTolerances.wholes(type, image(layout, 2, 8, 5, 5), SEED + 2);
        SpatialWindow point = new SpatialWindow(NO_KERNEL, NO_KERNEL, NO_KERNEL, NO_KERNEL, AutoPad.NOTSET);

        CudaOracle.of(new FusedConv(point, 8 / groupChannels, layout, 0, Float.POSITIVE_INFINITY))
                .constants(1)
                .exact(List.of(Optional.of(x), Optional.of(weight), Optional.empty(), Optional.of(residual)));
    }

    @ParameterizedTest
    @CsvSource({"F32", "F16"})
    void conv_realNumbers_isCloseToTheOracle(DType type) {
        Tensor x = TestTensors.uniform(type, Shape.of(1, 8, 9, 40), 1, SEED);
        Tensor weight = TestTensors.uniform(type, Shape.of(17, 40, 3, 3), 1, SEED + 1);

        CudaOracle.of(new FusedConv(
                        window(1, 1, 1), 1, Layout.CHANNELS_LAST, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY))
                .constants(1)
                .within(FloatTolerances.product(type, 360, 1), x, weight);
    }

    @Test
    void conv_oneAndThreeAxes_equalsTheOracle() {
        SpatialWindow same = new SpatialWindow(NO_KERNEL, NO_KERNEL, NO_KERNEL, NO_KERNEL, AutoPad.SAME_UPPER);

        CudaOracle.of(new Conv(same, 1))
                .constants(1)
                .exact(
                        FloatTolerances.wholes(DType.F32, Shape.of(2, 3, 19), SEED),
                        FloatTolerances.wholes(DType.F32, Shape.of(5, 3, 4), SEED));
        CudaOracle.of(new Conv(same, 1))
                .constants(1)
                .exact(
                        FloatTolerances.wholes(DType.F32, Shape.of(2, 3, 4, 5, 6), SEED),
                        FloatTolerances.wholes(DType.F32, Shape.of(5, 3, 2, 3, 2), SEED));
    }

    @Test
    void conv_computedWeights_hasNoKernel() {
        Tensor x = FloatTolerances.wholes(DType.F32, Shape.of(1, 3, 5, 5), SEED);
        Tensor weight = FloatTolerances.wholes(DType.F32, Shape.of(2, 3, 1, 1), SEED);

        assertThat(CudaOracle.of(new Conv(window(1, 1, 0), 1)).kernel(CudaOracle.present(x, weight)))
                .isEmpty();
    }

    @Test
    void conv_nothing_writesNothing() {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(0, 9, 9, 4));
        Tensor weight = FloatTolerances.wholes(DType.F32, Shape.of(6, 4, 3, 3), SEED);

        CudaOracle.of(new FusedConv(window(1, 1, 0), 1, Layout.CHANNELS_LAST, 0, 6))
                .constants(1)
                .exact(x, weight);
    }
}
