package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.backend.cuda.CudaOracle.Tolerance;
import dev.octet.graph.op.Softmax;
import dev.octet.graph.op.SoftmaxFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("cuda")
class SoftmaxCudaTest {
    private static final long SEED = 51;
    private static final double RANGE = 4;

    /** The exponential of a distance d is off by (d + 8) * 2^-24 (octet_elements.h); the quotient rounds twice more. */
    private static final Tolerance F32 = new Tolerance(0, (2 * RANGE + 10) * FloatTolerances.EPSILON_F32);

    private static final Tolerance F16 =
            new Tolerance(0x1p-24, 2 * FloatTolerances.EPSILON_F16 + (2 * RANGE + 10) * FloatTolerances.EPSILON_F32);

    /** A logarithm is below 2 * RANGE + ln(elements) in size and off by as many units, and by those of the sum. */
    private static final Tolerance LOG_F32 = new Tolerance(40 * FloatTolerances.EPSILON_F32, 0);

    @ParameterizedTest
    @CsvSource({"1,1", "7,3", "1,31", "7,33", "3,1025", "1,4099"})
    void softmax_lastAxis_isCloseToTheOracle(int rows, int length) {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(rows, length), RANGE, SEED);

        CudaOracle.of(new Softmax(SoftmaxFunction.SOFTMAX, -1)).within(F32, x);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void softmax_anyAxis_isCloseToTheOracle(int axis) {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(5, 9, 3), RANGE, SEED);

        CudaOracle.of(new Softmax(SoftmaxFunction.SOFTMAX, axis)).within(F32, x);
    }

    @ParameterizedTest
    @CsvSource({"0,5", "1,5", "1,1031"})
    void softmax_fp16_isCloseToTheOracle(int axis, int length) {
        Tensor x = TestTensors.uniform(DType.F16, Shape.of(3, length), RANGE, SEED);

        CudaOracle.of(new Softmax(SoftmaxFunction.SOFTMAX, axis)).within(F16, x);
    }

    @ParameterizedTest
    @CsvSource({"0,5", "1,5", "1,1031"})
    void logSoftmax_anyTeam_isCloseToTheOracle(int axis, int length) {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(3, length), RANGE, SEED);

        CudaOracle.of(new Softmax(SoftmaxFunction.LOG_SOFTMAX, axis)).within(LOG_F32, x);
    }

    @Test
    void softmax_minusInfinityInRow_isZeroThere() {
        float none = Float.NEGATIVE_INFINITY;
        Tensor x = Tensor.ofFloats(Shape.of(2, 3), 1, none, 2, none, none, 0);

        CudaOracle.of(new Softmax(SoftmaxFunction.SOFTMAX, -1)).within(F32, x);
    }

    @ParameterizedTest
    @EnumSource(SpoiledRow.class)
    void softmax_spoiledRow_isNaNInThatRowOnly(SpoiledRow spoiled) {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(2, 65), RANGE, SEED);
        spoiled.spoil(x);

        Tensor y = CudaOracle.of(new Softmax(SoftmaxFunction.SOFTMAX, -1))
                .onDevice(CudaOracle.present(x))
                .getFirst();

        assertThat(IntStream.range(0, 65)).allMatch(i -> Float.isNaN(y.getFloat(i)));
        assertThat(IntStream.range(65, 130)).noneMatch(i -> Float.isNaN(y.getFloat(i)));
    }

    /** Rows whose softmax is undefined. */
    enum SpoiledRow {
        NAN,
        INFINITY,
        ALL_MINUS_INFINITY;

        void spoil(Tensor x) {
            switch (this) {
                case NAN -> x.setFloat(64, Float.NaN);
                case INFINITY -> x.setFloat(1, Float.POSITIVE_INFINITY);
                case ALL_MINUS_INFINITY -> IntStream.range(0, 65).forEach(i -> x.setFloat(i, Float.NEGATIVE_INFINITY));
            }
        }
    }

    @Test
    void softmax_nothing_writesNothing() {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(0, 3));

        CudaOracle.of(new Softmax(SoftmaxFunction.SOFTMAX, -1)).exact(x);
    }
}
