package dev.octet.backend.cuda;

import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("cuda")
class QuantizeCudaTest {
    private static final long SEED = 41;

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"S8", "U8"})
    void quantize_oneScaleOddCount_equalsTheOracle(DType type) {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(3, 7, 11), 3, SEED);

        CudaOracle.of(QuantizeLinear.along(1)).constants(1, 2).exact(x, Tensor.scalar(0.017f), Tensor.scalar(type, 5));
    }

    @Test
    void quantize_fp16_roundsTheQuotientToFp16() {
        Tensor x = TestTensors.uniform(DType.F16, Shape.of(3, 77), 3, SEED);

        CudaOracle.of(QuantizeLinear.along(1))
                .constants(1, 2)
                .exact(x, Tensor.scalar(DType.F16, 0.017), Tensor.scalar(DType.S8, 5));
    }

    @Test
    void quantize_tiesAndLimits_equalsTheOracle() {
        Tensor x = Tensor.ofFloats(
                Shape.of(13),
                0.5f,
                1.5f,
                2.5f,
                -0.5f,
                -1.5f,
                126.5f,
                127.5f,
                -128.5f,
                1e30f,
                -1e30f,
                3e9f,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY);

        CudaOracle.of(QuantizeLinear.along(0)).constants(1, 2).exact(x, Tensor.scalar(1f), Tensor.scalar(DType.S8, 0));
    }

    @Test
    void quantize_scalePerChannel_equalsTheOracle() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(2, 5, 3, 7), 4, SEED);
        Tensor scales = Tensor.ofFloats(Shape.of(5), 0.01f, 0.02f, 0.5f, 0.003f, 1f);
        Tensor zeros = Tensor.ofBytes(DType.S8, Shape.of(5), (byte) 0, (byte) 3, (byte) -7, (byte) 127, (byte) -128);

        CudaOracle.of(QuantizeLinear.along(1)).constants(1, 2).exact(x, scales, zeros);
    }

    @Test
    void quantize_noZeroPointComputedScale_equalsTheOracle() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(129), 4, SEED);

        CudaOracle.of(QuantizeLinear.along(0))
                .exact(List.of(Optional.of(x), Optional.of(Tensor.scalar(0.03f)), Optional.empty()));
    }

    @Test
    void quantize_nothing_writesNothing() {
        Tensor x = Tensor.allocate(DType.F32, Shape.of(0, 3));

        CudaOracle.of(QuantizeLinear.along(1)).constants(1, 2).exact(x, Tensor.scalar(1f), Tensor.scalar(DType.U8, 0));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"S8", "U8"})
    void dequantize_everyValue_equalsTheOracle(DType type) {
        Tensor q = Tensor.allocate(type, Shape.of(257));
        for (int i = 0; i < 257; i++) {
            q.setLong(i, i);
        }

        CudaOracle.of(DequantizeLinear.along(0))
                .constants(1, 2)
                .exact(q, Tensor.scalar(0.0173f), Tensor.scalar(type, 9));
    }

    @Test
    void dequantize_sums_equalsTheOracle() {
        Tensor q = TestTensors.integers(DType.S32, Shape.of(5, 3), SEED);

        CudaOracle.of(DequantizeLinear.along(0))
                .constants(1)
                .exact(List.of(Optional.of(q), Optional.of(Tensor.scalar(0.25f)), Optional.empty()));
    }

    @Test
    void dequantize_scalePerLastAxis_equalsTheOracle() {
        Tensor q = TestTensors.integers(DType.S8, Shape.of(5, 3), SEED);
        Tensor scales = Tensor.ofFloats(Shape.of(3), 0.01f, 0.2f, 3f);
        Tensor zeros = Tensor.ofBytes(DType.S8, Shape.of(3), (byte) 0, (byte) -5, (byte) 6);

        CudaOracle.of(DequantizeLinear.along(-1)).constants(1, 2).exact(q, scales, zeros);
    }
}
