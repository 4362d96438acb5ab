package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.QGlobalAveragePool;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.graph.op.SpatialWindow.AutoPad;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("cuda")
class PoolCudaTest {
    private static final long SEED = 54;
    private static final SpatialWindow ODD = window(longs(3, 2), longs(2, 1), longs(1, 3), longs(1, 0, 1, 2));

    private static long[] longs(long... values) {
        return values;
    }

    private static SpatialWindow window(long[] kernel, long[] strides, long[] dilations, long[] pads) {
        return new SpatialWindow(kernel, strides, dilations, pads, AutoPad.NOTSET);
    }

    private static Tensor input(DType type, Shape shape) {
        return type.isFloat() ? TestTensors.uniform(type, shape, 3, SEED) : TestTensors.integers(type, shape, SEED);
    }

    @ParameterizedTest
    @CsvSource({
        "F32,CHANNELS_LAST,1",
        "F32,CHANNELS_FIRST,7",
        "F16,CHANNELS_LAST,1",
        "S8,CHANNELS_LAST,7",
        "U8,CHANNELS_LAST,1",
        "U8,CHANNELS_FIRST,3",
        "S8,CHANNELS_FIRST,1"
    })
    void maxPool_oddWindow_equalsTheOracle(DType type, Layout layout, int batch) {
        MaxPool op = new MaxPool(ODD, true, false, layout);

        CudaOracle.of(op).exact(input(type, Shape.of(batch, 9, 11, 7)));
        CudaOracle.of(op).exact(input(type, Shape.of(batch, 9, 11, 12)));
    }

    @Test
    void maxPool_oneAxis_equalsTheOracle() {
        SpatialWindow line = window(longs(4), longs(3), longs(2), longs(2, 1));

        CudaOracle.of(new MaxPool(line, false, false, Layout.CHANNELS_FIRST))
                .exact(input(DType.F32, Shape.of(2, 5, 31)));
    }

    @Test
    void maxPool_threeAxes_equalsTheOracle() {
        SpatialWindow box = window(longs(2, 3, 2), longs(1, 2, 2), longs(2, 1, 1), longs(1, 0, 1, 0, 1, 1));

        CudaOracle.of(new MaxPool(box, false, false, Layout.CHANNELS_FIRST))
                .exact(input(DType.F32, Shape.of(2, 3, 5, 6, 7)));
    }

    @Test
    void maxPool_nanUnderWindow_isPassedOver() {
        Tensor x = input(DType.F32, Shape.of(1, 5, 5, 3));
        x.setFloat(30, Float.NaN);
        SpatialWindow square = window(longs(2, 2), longs(1, 1), longs(1, 1), longs(0, 0, 0, 0));

        CudaOracle.of(new MaxPool(square, false, false, Layout.CHANNELS_LAST)).exact(x);
    }

    @Test
    void maxPool_indicesWanted_hasNoKernel() {
        assertThat(CudaOracle.of(new MaxPool(ODD, false, false, Layout.CHANNELS_FIRST))
                        .outputs(2)
                        .kernel(CudaOracle.present(input(DType.F32, Shape.of(1, 2, 9, 9)))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "F32,CHANNELS_LAST,true,1",
        "F32,CHANNELS_FIRST,false,7",
        "F16,CHANNELS_LAST,false,1",
        "F16,CHANNELS_FIRST,true,3"
    })
    void averagePool_oddWindow_equalsTheOracle(DType type, Layout layout, boolean countPadding, int batch) {
        CudaOracle.of(new AveragePool(ODD, true, countPadding, layout)).exact(input(type, Shape.of(batch, 9, 11, 7)));
    }

    @ParameterizedTest
    @CsvSource({"S8,CHANNELS_LAST,1", "U8,CHANNELS_LAST,7", "S8,CHANNELS_FIRST,7", "U8,CHANNELS_FIRST,1"})
    void qGlobalAverage_oddSizes_equalsTheOracle(DType type, Layout layout, int batch) {
        Tensor x = input(type, Shape.of(batch, 7, 9, 37));

        CudaOracle.of(new QGlobalAveragePool(11, 0.03f, 0.017f, DType.U8, 7, layout))
                .exact(x);
        CudaOracle.of(new QGlobalAveragePool(-5, 0.03f, 0.0007f, DType.S8, -3, layout))
                .exact(x);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void pooling_nothing_writesNothing(Layout layout) {
        Tensor x = Tensor.allocate(DType.U8, Shape.of(0, 9, 9, 9));

        CudaOracle.of(new MaxPool(ODD, false, false, layout)).exact(x);
        CudaOracle.of(new QGlobalAveragePool(0, 1, 1, DType.U8, 0, layout)).exact(x);
    }
}
