package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.AveragePool;
import dev.octet.graph.op.GlobalAveragePool;
import dev.octet.graph.op.GlobalMaxPool;
import dev.octet.graph.op.MaxPool;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.ConvCase;
import dev.octet.testing.Naive;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PoolKernelTest {
    private static SpatialWindow window(long[] kernel, long[] strides, long[] dilations, long[] pads) {
        return new SpatialWindow(kernel, strides, dilations, pads, SpatialWindow.AutoPad.NOTSET);
    }

    private static final SpatialWindow UNEVEN =
            window(new long[] {3, 2}, new long[] {2, 1}, new long[] {1, 2}, new long[] {1, 0, 2, 1});

    @ParameterizedTest
    @CsvSource({"F32, false", "F32, true", "U8, true", "S8, false", "F16, true"})
    void maxPool_everyLayout_equalsDefinition(DType dtype, boolean ceil) {
        long seed = 6;
        Tensor x = TestTensors.uniform(dtype, Shape.of(2, 5, 7, 17), 120, seed);
        MaxPool first = new MaxPool(UNEVEN, ceil, false, Layout.CHANNELS_FIRST);
        MaxPool last = new MaxPool(UNEVEN, ceil, false, Layout.CHANNELS_LAST);

        Tensor got = OneNode.run(first, x);
        Tensor gotLast = OneNode.run(last, ConvCase.toLayout(x, Layout.CHANNELS_LAST));

        Tensor want = Naive.tensor(dtype, got.shape(), at -> {
            double result = Double.NEGATIVE_INFINITY;
            for (int ky = 0; ky < 3; ky++) {
                for (int kx = 0; kx < 2; kx++) {
                    long y = at[2] * 2 - 1 + ky;
                    long column = at[3] + 2L * kx;
                    if (y >= 0 && y < 7 && column < 17) {
                        result = Math.max(result, Naive.at(x, at[0], at[1], y, column));
                    }
                }
            }
            return result;
        });
        assertThat(got.contentEquals(want)).as("seed %d", seed).isTrue();
        assertThat(ConvCase.fromLayout(gotLast, Layout.CHANNELS_LAST).contentEquals(want))
                .as("seed %d", seed)
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"false, 5", "true, 4"})
    void maxPool_indices_countInStorageOrder(boolean columnMajor, long want) {
        // The largest value stands at row 1, column 1 of 3 rows and 4 columns.
        Tensor x = Tensor.ofFloats(Shape.of(1, 1, 3, 4), 0, 1, 2, 3, 4, 9, 6, 7, 8, 5, 1, 2);

        MaxPool pool = new MaxPool(
                window(new long[] {3, 4}, new long[0], new long[0], new long[0]),
                false,
                columnMajor,
                Layout.CHANNELS_FIRST);
        List<Tensor> outputs = OneNode.run(pool, 2, OneNode.Known.NOTHING, OneNode.present(x));

        assertThat(outputs.get(0).getDouble(0)).isEqualTo(9);
        assertThat(outputs.get(1).getLong(0)).isEqualTo(want);
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void averagePool_everyLayout_countsAsAsked(boolean ceil, boolean countPadding) {
        long seed = 9;
        Tensor x = Naive.counting(DType.F32, Shape.of(2, 3, 7, 8));
        AveragePool first = new AveragePool(UNEVEN, ceil, countPadding, Layout.CHANNELS_FIRST);
        AveragePool last = new AveragePool(UNEVEN, ceil, countPadding, Layout.CHANNELS_LAST);

        Tensor got = OneNode.run(first, x);
        Tensor gotLast = OneNode.run(last, ConvCase.toLayout(x, Layout.CHANNELS_LAST));

        Tensor want = Naive.tensor(DType.F32, got.shape(), at -> {
            double sum = 0;
            int count = 0;
            for (int ky = 0; ky < 3; ky++) {
                for (int kx = 0; kx < 2; kx++) {
                    long y = at[2] * 2 - 1 + ky;
                    long column = at[3] + 2L * kx;
                    boolean inside = y >= 0 && y < 7 && column < 8;
                    boolean padded = y < 7 + 2 && column < 8 + 1;
                    sum += inside ? Naive.at(x, at[0], at[1], y, column) : 0;
                    count += (countPadding ? padded : inside) ? 1 : 0;
                }
            }
            return (float) sum / (float) count;
        });
        assertThat(got.contentEquals(want)).as("seed %d", seed).isTrue();
        assertThat(ConvCase.fromLayout(gotLast, Layout.CHANNELS_LAST).contentEquals(want))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void globalPools_eachLayout_reduceSpace(Layout layout) {
        Tensor x = Naive.counting(DType.F32, Shape.of(2, 3, 5, 7));

        Tensor placed = ConvCase.toLayout(x, layout);
        Tensor mean = ConvCase.fromLayout(OneNode.run(new GlobalAveragePool(layout), placed), layout);
        Tensor largest = ConvCase.fromLayout(OneNode.run(new GlobalMaxPool(layout), placed), layout);

        assertThat(mean.toFloats()).containsExactly(17, 52, 87, 122, 157, 192);
        assertThat(largest.toFloats()).containsExactly(34, 69, 104, 139, 174, 209);
    }

    @Test
    void maxPool_f64WithNegativeValues_keepsThem() {
        Tensor x = Tensor.allocate(DType.F64, Shape.of(1, 1, 4));
        for (int i = 0; i < 4; i++) {
            x.setDouble(i, -1 - i - 0x1p-40);
        }

        MaxPool pool = new MaxPool(
                window(new long[] {2}, new long[] {2}, new long[0], new long[0]), false, false, Layout.CHANNELS_FIRST);
        Tensor got = OneNode.run(pool, x);

        assertThat(got.getDouble(0)).isEqualTo(-1 - 0x1p-40);
        assertThat(got.getDouble(1)).isEqualTo(-3 - 0x1p-40);
    }
}
