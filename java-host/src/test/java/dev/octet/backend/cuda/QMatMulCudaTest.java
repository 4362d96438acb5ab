package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.QMatMul;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.ConvCase;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("cuda")
class QMatMulCudaTest {
    private static final int TURING = 75;

    private static float[] perColumn(int n, float low, float high, long seed) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = low + random.nextFloat() * (high - low);
        }
        return values;
    }

    private static Tensor bias(int n, long seed) {
        return TestTensors.uniform(DType.S32, Shape.of(n), 20_000, seed);
    }

    /** Bytes out, one multiplier a column, limits that cut. */
    private static Epilogue bytes(DType type, int n, long seed) {
        int zero = type == DType.U8 ? 101 : -5;
        return new Epilogue.ToInt8(
                type, perColumn(n, 1e-4f, 3e-3f, seed), zero, zero - 60, zero + 70, Optional.empty());
    }

    private static void product(int m, int k, int n, DType type, Epilogue epilogue) {
        long seed = 1000L * m + 10L * k + n;
        Tensor a = ConvCase.bytes(type, Shape.of(m, k), seed);
        Tensor b = ConvCase.bytes(DType.S8, Shape.of(k, n), seed + 1);

        CudaOracle.of(new QMatMul(type == DType.U8 ? 117 : -3, 0, epilogue))
                .constants(1, 2)
                .exact(a, b, bias(n, seed + 2));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "3, 15, 17",
        "15, 16, 1",
        "16, 16, 16",
        "17, 33, 15",
        "33, 3, 65",
        "63, 64, 127",
        "64, 65, 64",
        "65, 127, 129",
        "127, 129, 33",
        "129, 300, 3",
        "1, 640, 257",
        "70, 1, 70",
        "66, 72, 24",
        "5, 100, 20"
    })
    void qmatmul_packedOddSizes_equalsTheOracle(int m, int k, int n) {
        product(m, k, n, DType.U8, bytes(DType.U8, n, k));
        product(m, k, n, DType.S8, bytes(DType.S8, n, k));
        product(m, k, n, DType.S8, new Epilogue.ToFloat(perColumn(n, 1e-5f, 1e-3f, k), -3, 6));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "17, 33, 15", "65, 127, 129", "64, 64, 64", "129, 304, 16", "5, 100, 20"})
    void qmatmul_packedOnTuring_equalsTheOracle(int m, int k, int n) {
        Simulator.atCapability(TURING, () -> {
            product(m, k, n, DType.U8, bytes(DType.S8, n, k));
            product(m, k, n, DType.S8, new Epilogue.ToFloat(new float[] {1e-4f}, 0, 1e30f));
        });
    }

    @ParameterizedTest
    @CsvSource({"512, 64, 128", "385, 336, 129", "257, 16, 192", "500, 256, 136"})
    void qmatmul_largeTile_equalsTheOracle(int m, int k, int n) {
        product(m, k, n, DType.U8, bytes(DType.U8, n, k));
        product(m, k, n, DType.S8, new Epilogue.ToFloat(perColumn(n, 1e-5f, 1e-3f, k), -3, 6));
        residual(m, k, n, DType.S8);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, U8", "17, 33, 15, S8", "65, 127, 129, U8", "64, 64, 64, S8", "31, 50, 36, U8"})
    void qmatmul_residual_equalsTheOracle(int m, int k, int n, DType type) {
        residual(m, k, n, type);
    }

    private static void residual(int m, int k, int n, DType type) {
        long seed = m + k + n;
        Tensor a = ConvCase.bytes(DType.U8, Shape.of(m, k), seed);
        Tensor b = ConvCase.bytes(DType.S8, Shape.of(k, n), seed + 1);
        Tensor added = ConvCase.bytes(type, Shape.of(m, n), seed + 2);
        Epilogue.Residual how = new Epilogue.Residual(type, 0.37f, type == DType.U8 ? 130 : 3);
        Epilogue epilogue =
                new Epilogue.ToInt8(DType.S8, perColumn(n, 1e-4f, 1e-3f, seed), -5, -128, 127, Optional.of(how));

        CudaOracle.of(new QMatMul(9, 0, epilogue)).constants(1, 2).exact(a, b, bias(n, seed + 3), added);
    }

    @Test
    void qmatmul_noBiasOneMultiplierLeadingAxes_equalsTheOracle() {
        Tensor a = ConvCase.bytes(DType.S8, Shape.of(2, 3, 5, 40), 1);
        Tensor b = ConvCase.bytes(DType.S8, Shape.of(40, 12), 2);
        Epilogue epilogue = new Epilogue.ToInt8(DType.U8, new float[] {2e-3f}, 128, 0, 255, Optional.empty());

        CudaOracle.of(new QMatMul(0, 0, epilogue)).constants(1).exact(a, b);
    }

    private static void corners(int k, Epilogue epilogue) {
        Tensor a = Tensor.allocate(DType.U8, Shape.of(2, k));
        a.data().fill((byte) 255);
        Tensor b = Tensor.allocate(DType.S8, Shape.of(k, 3));
        for (int i = 0; i < k; i++) {
            b.setLong(3L * i, -128);
            b.setLong(3L * i + 1, 127);
        }

        CudaOracle.of(new QMatMul(0, 0, epilogue)).constants(1).exact(a, b);
    }

    @Test
    void qmatmul_nearlyOverflowing_equalsTheOracle() {
        corners(65_000, new Epilogue.ToFloat(new float[] {1}, -3e38f, 3e38f));
    }

    @ParameterizedTest
    @ValueSource(floats = {1f, 1e-7f, 3e38f, Float.POSITIVE_INFINITY, 0f})
    void qmatmul_saturatingCorners_equalsTheOracle(float multiplier) {
        corners(260, new Epilogue.ToInt8(DType.S8, new float[] {multiplier}, -9, -128, 127, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, U8, S8",
        "2, 7, 31, 3, U8, U8",
        "3, 1, 17, 130, S8, U8",
        "1, 131, 257, 31, S8, S8",
        "4, 65, 32, 65, U8, U8",
        "2, 16, 64, 64, S8, S8",
        "2, 19, 128, 36, U8, S8"
    })
    void qmatmul_bothAtRunTime_equalsTheOracle(int batch, int m, int k, int n, DType aType, DType bType) {
        pair(batch, m, k, n, aType, bType);
    }

    @ParameterizedTest
    @CsvSource({"2, 7, 31, 3, U8, U8", "1, 65, 129, 66, S8, U8", "1, 16, 64, 64, U8, S8"})
    void qmatmul_bothAtRunTimeOnTuring_equalsTheOracle(int batch, int m, int k, int n, DType aType, DType bType) {
        Simulator.atCapability(TURING, () -> pair(batch, m, k, n, aType, bType));
    }

    private static void pair(int batch, int m, int k, int n, DType aType, DType bType) {
        long seed = 31L * m + n;
        Tensor a = ConvCase.bytes(aType, Shape.of(batch, m, k), seed);
        Tensor b = ConvCase.bytes(bType, Shape.of(batch, k, n), seed + 1);
        for (int zero : new int[] {0, 77}) {
            CudaOracle.of(new QMatMul(zero == 0 ? 0 : 11, zero, bytes(DType.S8, n, seed)))
                    .exact(a, b, bias(n, seed));
            CudaOracle.of(new QMatMul(zero == 0 ? -128 : 255, zero, new Epilogue.ToFloat(new float[] {0.01f}, -90, 90)))
                    .exact(a, b);
        }
    }

    @Test
    void qmatmul_broadcastBatches_equalsTheOracle() {
        Tensor a = ConvCase.bytes(DType.U8, Shape.of(2, 1, 9, 20), 1);
        Tensor b = ConvCase.bytes(DType.S8, Shape.of(3, 20, 12), 2);

        CudaOracle.of(new QMatMul(4, -1, bytes(DType.U8, 12, 3))).exact(a, b);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void qmatmul_vectors_equalsTheOracle(boolean constant) {
        Tensor a = ConvCase.bytes(DType.U8, Shape.of(70), 1);
        Tensor b = ConvCase.bytes(DType.S8, Shape.of(70), 2);
        QMatMul op = new QMatMul(4, 0, new Epilogue.ToFloat(new float[] {0.5f}, -1e9f, 1e9f));

        if (constant) {
            CudaOracle.of(op).constants(1).exact(a, b);
        } else {
            CudaOracle.of(op).exact(a, b);
        }
    }

    @Test
    void qmatmul_nothing_writesNothing() {
        Epilogue epilogue = new Epilogue.ToFloat(new float[] {0.5f}, -1e9f, 1e9f);
        Tensor none = Tensor.allocate(DType.U8, Shape.of(0, 5));
        Tensor b = ConvCase.bytes(DType.S8, Shape.of(5, 3), 2);
        CudaOracle.of(new QMatMul(4, 0, epilogue)).constants(1).exact(none, b);

        Tensor shallow = Tensor.allocate(DType.U8, Shape.of(4, 0));
        Tensor flat = Tensor.allocate(DType.S8, Shape.of(0, 3));
        CudaOracle.of(new QMatMul(4, 0, epilogue)).constants(1).exact(shallow, flat);
        CudaOracle.of(new QMatMul(4, 0, epilogue)).exact(shallow, flat);
    }

    @Test
    void qmatmul_moreTermsThanSumsHold_isLeftToTheCpu() {
        Tensor a = Tensor.allocate(DType.U8, Shape.of(1, 40_000));
        Tensor b = Tensor.allocate(DType.U8, Shape.of(40_000, 1));
        QMatMul op = new QMatMul(0, 3, new Epilogue.ToFloat(new float[] {1}, 0, 1));

        assertThat(CudaOracle.of(op).kernel(List.of(Optional.of(a), Optional.of(b))))
                .isEmpty();
    }
}
