package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.tensor.Shape;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StridedAxesTest {
    @Test
    void broadcast_equalShapes_isOneAxis() {
        StridedAxes axes = StridedAxes.broadcast(Shape.of(2, 3, 4), Shape.of(2, 3, 4), Shape.of(2, 3, 4));

        assertThat(axes.extents()).containsExactly(24);
        assertThat(axes.strides()[0]).containsExactly(1);
    }

    @Test
    void broadcast_channelVector_mergesAllButTheChannels() {
        StridedAxes axes = StridedAxes.broadcast(Shape.of(2, 3, 1, 4), Shape.of(2, 3, 1, 4), Shape.of(4));

        assertThat(axes.extents()).containsExactly(6, 4);
        assertThat(axes.strides()[0]).containsExactly(4, 1);
        assertThat(axes.strides()[1]).containsExactly(0, 1);
    }

    @Test
    void broadcast_scalars_leavesOneAxis() {
        StridedAxes axes = StridedAxes.broadcast(Shape.SCALAR, Shape.SCALAR, Shape.SCALAR);

        assertThat(axes.extents()).containsExactly(1);
        assertThat(axes.count()).isEqualTo(1);
    }

    @Test
    void broadcast_emptyAxis_countsNothing() {
        assertThat(StridedAxes.broadcast(Shape.of(0, 3), Shape.of(0, 3)).count())
                .isZero();
    }

    @Test
    void of_backwardsAxis_isNotMerged() {
        StridedAxes axes = StridedAxes.of(new long[] {2, 4}, new long[] {4, -1}, new long[] {4, 1});

        assertThat(axes.extents()).containsExactly(2, 4);
    }

    @Test
    void inUnitsOf_partialLastUnit_roundsUpAndKeepsStillOperandsStill() {
        StridedAxes units =
                StridedAxes.broadcast(Shape.of(10), Shape.of(10), Shape.SCALAR).inUnitsOf(4);

        assertThat(units.extents()).containsExactly(3);
        assertThat(units.strides()[0]).containsExactly(4);
        assertThat(units.strides()[1]).containsExactly(0);
    }

    @Test
    void fields_layout_isTheStructures() {
        long[] fields = StridedAxes.of(new long[] {5, 7}, new long[] {9, 1}).fields();

        assertThat(fields).hasSize(18).startsWith(2, 1, 5, 7).endsWith(9, 1, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void commonWidth_distances_isTheGreatestPowerOfTwoOfAll() {
        assertThat(StridedAxes.commonWidth(16, LongStream.of(48, 0, 80))).isEqualTo(16);
        assertThat(StridedAxes.commonWidth(16, LongStream.of(48, 12))).isEqualTo(4);
        assertThat(StridedAxes.commonWidth(4, LongStream.of(0))).isEqualTo(4);
        assertThat(StridedAxes.commonWidth(8, LongStream.of(-6))).isEqualTo(2);
    }
}
