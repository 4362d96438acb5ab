package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Epilogue;
import dev.octet.graph.op.MatMulInteger;
import dev.octet.graph.op.QLinearMatMul;
import dev.octet.graph.op.QMatMul;
import dev.octet.quant.Quantizer;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.ConvCase;
import dev.octet.testing.Naive;
import dev.octet.testing.OneNode;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QMatMulKernelTest {
    private static int sum(Tensor a, int aZero, Tensor b, int bZero, long... at) {
        long k = a.shape().dim(-1);
        int sum = 0;
        for (long i = 0; i < k; i++) {
            long x = (long) Naive.at(a, at[0], at[1], i) - aZero;
            long y = (long) Naive.at(b, at[0], i, at[2]) - bZero;
            sum += (int) (x * y);
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, U8, S8",
        "1, 3, 1031, 17, S8, S8",
        "2, 7, 31, 3, U8, U8",
        "3, 1, 17, 300, S8, U8",
        "1, 131, 257, 31, U8, S8"
    })
    void qmatmul_requantized_equalsQuantizer(int batch, int m, int k, int n, DType aType, DType bType) {
        long seed = 31L * m + n;
        Tensor a = ConvCase.bytes(aType, Shape.of(batch, m, k), seed);
        Tensor b = ConvCase.bytes(bType, Shape.of(batch, k, n), seed + 1);
        Tensor bias = Tensor.allocate(DType.S32, Shape.of(n));
        float[] multipliers = new float[n];
        for (int j = 0; j < n; j++) {
            bias.setLong(j, 100 - 50L * j);
            multipliers[j] = 1e-3f / (j + 1);
        }
        Epilogue epilogue = new Epilogue.ToInt8(DType.S8, multipliers, -7, -128, 127, Optional.empty());
        QMatMul op = new QMatMul(11, bType == DType.S8 ? 0 : 128, epilogue);

        Tensor got = OneNode.runConstant(op, a, b, bias);
        Tensor dynamic = OneNode.run(op, a, b, bias);

        assertThat(dynamic.contentEquals(got)).isTrue();
        for (int i = 0; i < got.elementCount(); i++) {
            int j = i % n;
            int acc = sum(a, 11, b, op.bZeroPoint(), i / n / m, i / n % m, j) + (int) bias.getLong(j);
            assertThat(got.getLong(i))
                    .as("seed %d, element %d", seed, i)
                    .isEqualTo(Quantizer.requantize(acc, multipliers[j], -7, -128, 127));
        }
    }

    @Test
    void matMulInteger_zeroPointsPerRowAndColumn_areSubtracted() {
        long seed = 3;
        Tensor a = ConvCase.bytes(DType.U8, Shape.of(1, 7, 17), seed);
        Tensor b = ConvCase.bytes(DType.S8, Shape.of(1, 17, 3), seed + 1);
        Tensor aZeros = ConvCase.bytes(DType.U8, Shape.of(7), seed + 2);
        Tensor bZeros = ConvCase.bytes(DType.S8, Shape.of(3), seed + 3);

        Tensor got = OneNode.run(new MatMulInteger(), a, b, aZeros, bZeros);
        Tensor constant = OneNode.runConstant(new MatMulInteger(), a, b, aZeros, bZeros);

        assertThat(constant.contentEquals(got)).as("seed %d", seed).isTrue();
        for (int i = 0; i < 21; i++) {
            int want = sum(a, (int) aZeros.getLong(i / 3), b, (int) bZeros.getLong(i % 3), 0, i / 3, i % 3);
            assertThat(got.getLong(i)).as("seed %d, element %d", seed, i).isEqualTo(want);
        }
    }

    @Test
    void qlinearMatMul_scalesPerRowAndColumn_equalsQuantizer() {
        long seed = 8;
        Tensor a = ConvCase.bytes(DType.U8, Shape.of(1, 5, 31), seed);
        Tensor b = ConvCase.bytes(DType.S8, Shape.of(1, 31, 3), seed + 1);
        Tensor aScale = Tensor.ofFloats(Shape.of(5), 0.1f, 0.2f, 0.3f, 0.4f, 0.5f);
        Tensor bScale = Tensor.ofFloats(Shape.of(3), 0.01f, 0.02f, 0.03f);
        Tensor aZero = Tensor.ofBytes(DType.U8, Shape.of(5), (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 255);
        Tensor bZero = Tensor.ofBytes(DType.S8, Shape.of(3), (byte) 0, (byte) -128, (byte) 127);
        Tensor yScale = Tensor.scalar(0.77f);
        Tensor yZero = Tensor.ofBytes(DType.U8, Shape.SCALAR, (byte) 100);

        Tensor got = OneNode.run(new QLinearMatMul(), a, aScale, aZero, b, bScale, bZero, yScale, yZero);

        for (int i = 0; i < 15; i++) {
            int acc = sum(a, (int) aZero.getLong(i / 3), b, (int) bZero.getLong(i % 3), 0, i / 3, i % 3);
            float multiplier = Quantizer.multiplier(aScale.getFloat(i / 3), bScale.getFloat(i % 3), 0.77f);
            assertThat(got.getLong(i))
                    .as("seed %d, element %d", seed, i)
                    .isEqualTo(Quantizer.requantize(acc, multiplier, 100, 0, 255));
        }
    }
}
