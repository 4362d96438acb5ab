package dev.octet.backend.cuda;

import dev.octet.graph.op.Concat;
import dev.octet.graph.op.DepthToSpace;
import dev.octet.graph.op.Expand;
import dev.octet.graph.op.Pad;
import dev.octet.graph.op.Reshape;
import dev.octet.graph.op.Slice;
import dev.octet.graph.op.SpaceToDepth;
import dev.octet.graph.op.Split;
import dev.octet.graph.op.Tile;
import dev.octet.graph.op.Transpose;
import dev.octet.tensor.DType;
import dev.octet.tensor.Layout;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("cuda")
class MoveCudaTest {
    private static final long SEED = 97;

    /** One type a size. */
    private static final List<DType> TYPES = List.of(DType.S8, DType.F16, DType.S32, DType.S64);

    private static Tensor numbers(DType dtype, long... dims) {
        Shape shape = Shape.of(dims);
        return dtype.isFloat()
                ? TestTensors.uniform(dtype, shape, 100, SEED)
                : TestTensors.integers(dtype, shape, SEED);
    }

    private static Tensor longs(long... values) {
        return Tensor.ofLongs(Shape.of(values.length), values);
    }

    @Test
    void transpose_anyRankAndOrder_equalsTheOracle() {
        for (DType dtype : TYPES) {
            transpose(numbers(dtype), new long[] {});
            transpose(numbers(dtype, 7), 0);
            transpose(numbers(dtype, 33, 65), 1, 0);
            transpose(numbers(dtype, 2, 3, 19, 17), 0, 2, 3, 1);
            transpose(numbers(dtype, 2, 19, 5, 64), 0, 2, 1, 3);
            transpose(numbers(dtype, 2, 20, 3, 32), 0, 2, 3, 1);
            transpose(numbers(dtype, 2, 3, 2, 3, 2, 3), 5, 3, 1, 0, 2, 4);
            transpose(numbers(dtype, 2, 1, 2, 3, 2, 1, 3, 2), 7, 6, 5, 4, 3, 2, 1, 0);
            transpose(numbers(dtype, 3, 0, 2), 2, 1, 0);
        }
    }

    private static void transpose(Tensor x, long... perm) {
        CudaOracle.of(new Transpose(perm)).exact(x);
    }

    @Test
    void slice_stepsAndNegatives_equalsTheOracle() {
        for (DType dtype : TYPES) {
            Tensor x = numbers(dtype, 9, 16, 32);
            slice(x, new long[] {1, 16}, new long[] {7, 32}, new long[] {0, 2}, new long[] {1, 1});
            slice(x, new long[] {0, 0}, new long[] {9, 16}, new long[] {0, 1}, new long[] {2, 2});
            slice(x, new long[] {-1, 30}, new long[] {-100, 3}, new long[] {0, 2}, new long[] {-2, -3});
            slice(x, new long[] {3}, new long[] {3}, new long[] {1}, new long[] {1});
        }
    }

    private static void slice(Tensor x, long[] starts, long[] ends, long[] axes, long[] steps) {
        CudaOracle.of(new Slice())
                .constants(1, 2, 3, 4)
                .exact(x, longs(starts), longs(ends), longs(axes), longs(steps));
    }

    @Test
    void concat_unevenParts_equalsTheOracle() {
        for (DType dtype : TYPES) {
            for (long[] inner : new long[][] {{64, 192}, {5, 16}, {1, 2}, {0, 3}}) {
                CudaOracle.of(new Concat(-1)).exact(numbers(dtype, 3, 7, inner[0]), numbers(dtype, 3, 7, inner[1]));
            }
            CudaOracle.of(new Concat(0)).exact(numbers(dtype, 2, 3), numbers(dtype, 1, 3), numbers(dtype, 4, 3));
        }
    }

    @Test
    void split_unevenParts_equalsTheOracle() {
        for (DType dtype : TYPES) {
            CudaOracle.of(new Split(1, 0)).constants(1).outputs(3).exact(numbers(dtype, 3, 12, 5), longs(4, 1, 7));
        }
    }

    @Test
    void expandAndTile_repeatedAxes_equalsTheOracle() {
        for (DType dtype : TYPES) {
            CudaOracle.of(new Expand()).constants(1).exact(numbers(dtype, 3, 1, 8), longs(2, 3, 5, 8));
            CudaOracle.of(new Expand()).constants(1).exact(numbers(dtype), longs(37));
            CudaOracle.of(new Tile()).constants(1).exact(numbers(dtype, 2, 3, 4), longs(2, 1, 3));
        }
    }

    @Test
    void spaceAndDepth_blocks_equalsTheOracle() {
        for (DType dtype : TYPES) {
            Tensor x = numbers(dtype, 2, 8, 4, 6);
            CudaOracle.of(new DepthToSpace(2, DepthToSpace.Order.DCR, Layout.CHANNELS_FIRST))
                    .exact(x);
            CudaOracle.of(new DepthToSpace(2, DepthToSpace.Order.CRD, Layout.CHANNELS_FIRST))
                    .exact(x);
            CudaOracle.of(new SpaceToDepth(2)).exact(x);
        }
    }

    @Test
    void reshape_sameElements_equalsTheOracle() {
        CudaOracle.of(new Reshape(false)).constants(1).exact(numbers(DType.S8, 3, 5, 7), longs(-1, 21));
        CudaOracle.of(new Reshape(true)).constants(1).exact(numbers(DType.S64, 0, 5), longs(5, 0));
    }

    @ParameterizedTest
    @EnumSource(Pad.Mode.class)
    void pad_everyMode_equalsTheOracle(Pad.Mode mode) {
        for (DType dtype : TYPES) {
            Tensor fill = Tensor.scalar(dtype, 7);
            pad(mode, numbers(dtype, 2, 5, 6), fill, 0, 3, 2, 1, 0, 4);
            pad(mode, numbers(dtype, 2, 5, 6), fill, 0, -1, 2, 1, 2, -2);
            pad(mode, numbers(dtype, 1, 4, 4, 16), fill, 0, 1, 1, 0, 0, 1, 1, 0);
            pad(mode, numbers(dtype, 1, 4, 4, 16), fill, 0, 0, 0, 8, 0, 0, 0, 8);
            pad(mode, numbers(dtype, 3), fill, 0, 0);
        }
    }

    private static void pad(Pad.Mode mode, Tensor x, Tensor fill, long... pads) {
        CudaOracle.of(new Pad(mode)).constants(1, 2).exact(x, longs(pads), fill);
    }

    @Test
    void pad_noFill_isZero() {
        CudaOracle.of(new Pad(Pad.Mode.CONSTANT)).constants(1).exact(numbers(DType.S8, 3, 5), longs(1, 1, 1, 1));
    }
}
