package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.BatchNormalization;
import dev.octet.graph.op.GroupNormalization;
import dev.octet.graph.op.InstanceNormalization;
import dev.octet.graph.op.LayerNormalization;
import dev.octet.graph.op.RmsNormalization;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("cuda")
class NormalizeCudaTest {
    private static final long SEED = 52;
    private static final float EPSILON = 1e-5f;

    private static Tensor values(DType type, long seed, long... dims) {
        return TestTensors.uniform(type, Shape.of(dims), 3, seed);
    }

    @ParameterizedTest
    @CsvSource({"F32,1,1", "F32,7,33", "F32,3,1027", "F16,7,33", "F16,2,1027"})
    void layerNorm_rows_isCloseToTheOracle(DType type, int rows, int length) {
        Tensor x = values(type, SEED, rows, length);

        CudaOracle.of(new LayerNormalization(-1, EPSILON, DType.F32))
                .within(
                        FloatTolerances.roundedOnce(type),
                        x,
                        values(type, SEED + 1, length),
                        values(type, SEED + 2, length));
    }

    @Test
    void layerNorm_noBiasScaleForAllThreeOutputs_isCloseToTheOracle() {
        Tensor x = values(DType.F32, SEED, 2, 3, 5, 7);

        CudaOracle.of(new LayerNormalization(2, EPSILON, DType.F32))
                .outputs(3)
                .within(
                        FloatTolerances.roundedOnce(DType.F32),
                        List.of(Optional.of(x), Optional.of(Tensor.scalar(0.7f)), Optional.empty()));
    }

    @Test
    void layerNorm_scaleOfEachRow_hasNoKernel() {
        Tensor x = values(DType.F32, SEED, 3, 5);
        Tensor scale = values(DType.F32, SEED, 3, 5);

        assertThat(CudaOracle.of(new LayerNormalization(-1, EPSILON, DType.F32)).kernel(CudaOracle.present(x, scale)))
                .isEmpty();
    }

    @Test
    void layerNorm_nanInARow_isNaNInThatRowOnly() {
        Tensor x = values(DType.F32, SEED, 2, 40);
        x.setFloat(3, Float.NaN);

        Tensor y = CudaOracle.of(new LayerNormalization(-1, EPSILON, DType.F32))
                .onDevice(CudaOracle.present(x, Tensor.scalar(1f)))
                .getFirst();

        assertThat(IntStream.range(0, 40)).allMatch(i -> Float.isNaN(y.getFloat(i)));
        assertThat(IntStream.range(40, 80)).noneMatch(i -> Float.isNaN(y.getFloat(i)));
    }

    @Test
    void rmsNorm_oddRows_isCloseToTheOracle() {
        CudaOracle.of(new RmsNormalization(-1, EPSILON, DType.F32))
                .within(
                        FloatTolerances.roundedOnce(DType.F32),
                        values(DType.F32, SEED, 5, 3, 67),
                        values(DType.F32, SEED + 1, 67));
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "6"})
    void groupNorm_groups_isCloseToTheOracle(int groups) {
        CudaOracle.of(new GroupNormalization(groups, EPSILON))
                .within(
                        FloatTolerances.roundedOnce(DType.F32),
                        values(DType.F32, SEED, 2, 6, 5, 3),
                        values(DType.F32, SEED + 1, 6),
                        values(DType.F32, SEED + 2, 6));
    }

    @Test
    void instanceNorm_longPlanes_isCloseToTheOracle() {
        CudaOracle.of(new InstanceNormalization(EPSILON))
                .within(
                        FloatTolerances.roundedOnce(DType.F32),
                        values(DType.F32, SEED, 2, 3, 37, 31),
                        values(DType.F32, SEED + 1, 3),
                        values(DType.F32, SEED + 2, 3));
    }

    @ParameterizedTest
    @CsvSource({"F32", "F16"})
    void batchNorm_oddPlanes_isCloseToTheOracle(DType type) {
        Tensor variance = values(type, SEED + 4, 5);
        for (int i = 0; i < 5; i++) {
            variance.setDouble(i, Math.abs(variance.getDouble(i)));
        }

        CudaOracle.of(new BatchNormalization(EPSILON))
                .within(
                        FloatTolerances.roundedOnce(type),
                        values(type, SEED, 3, 5, 7, 9),
                        values(type, SEED + 1, 5),
                        values(type, SEED + 2, 5),
                        values(type, SEED + 3, 5),
                        variance);
    }

    @Test
    void layerNorm_nothing_writesNothing() {
        CudaOracle.of(new LayerNormalization(-1, EPSILON, DType.F32))
                .exact(values(DType.F32, SEED, 0, 4), values(DType.F32, SEED, 4));
    }
}
