package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.MatMul;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.Naive;
import dev.octet.testing.OneNode;
import dev.octet.testing.TestTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatMulKernelTest {
    private static final double EPSILON = 0x1p-24;

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 7, 17", "1, 1031, 300", "131, 31, 3", "50, 257, 513"})
    void matmul_f32_equalsDefinition(int m, int k, int n) {
        long seed = m + 3L * k + n;
        Tensor a = TestTensors.uniform(DType.F32, Shape.of(m, k), 1, seed);
        Tensor b = TestTensors.uniform(DType.F32, Shape.of(k, n), 1, seed + 1);

        Tensor got = OneNode.runConstant(new MatMul(), a, b);

        assertThat(OneNode.run(new MatMul(), a, b).contentEquals(got)).isTrue();
        for (int i = 0; i < m * n; i++) {
            double want = 0;
            double size = 0;
            for (int j = 0; j < k; j++) {
                double term = Naive.at(a, i / n, j) * Naive.at(b, j, i % n);
                want += term;
                size += Math.abs(term);
            }
            assertThat(Math.abs(got.getDouble(i) - want))
                    .as("seed %d, element %d", seed, i)
                    .isLessThanOrEqualTo(2 * EPSILON * (k + 1) * size);
        }
    }

    @Test
    void matmul_broadcastBatch_takesTheRightMatrices() {
        Tensor a = Naive.counting(DType.F32, Shape.of(3, 1, 2, 4));
        Tensor b = Naive.counting(DType.F32, Shape.of(1, 2, 4, 3));

        Tensor got = OneNode.run(new MatMul(), a, b);
        Tensor want = Naive.tensor(DType.F32, Shape.of(3, 2, 2, 3), at -> {
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                sum += Naive.at(a, at[0], 0, at[2], k) * Naive.at(b, 0, at[1], k, at[3]);
            }
            return sum;
        });

        assertThat(got.contentEquals(want)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"F32, false, false", "F32, true, true", "F64, true, false", "S32, false, true", "F32, false, true"})
    void gemm_transposedOperands_equalDefinition(DType dtype, boolean transA, boolean transB) {
        Tensor a = Naive.counting(dtype, transA ? Shape.of(5, 3) : Shape.of(3, 5));
        Tensor b = Naive.counting(dtype, transB ? Shape.of(7, 5) : Shape.of(5, 7));
        Tensor c = Naive.counting(dtype, Shape.of(3, 1));

        Tensor got = OneNode.run(new Gemm(2, 3, transA, transB), a, b, c);
        Tensor want = Naive.tensor(dtype, Shape.of(3, 7), at -> {
            double sum = 0;
            for (int k = 0; k < 5; k++) {
                double x = transA ? Naive.at(a, k, at[0]) : Naive.at(a, at[0], k);
                double y = transB ? Naive.at(b, at[1], k) : Naive.at(b, k, at[1]);
                sum += x * y;
            }
            return 2 * sum + 3 * Naive.at(c, at[0], 0);
        });

        assertThat(got.contentEquals(want)).isTrue();
    }

    @Test
    void matmul_rowInLargerBatch_hasTheSameBits() {
        long seed = 12;
        Tensor a = TestTensors.uniform(DType.F32, Shape.of(101, 300), 1, seed);
        Tensor b = TestTensors.uniform(DType.F32, Shape.of(300, 270), 1, seed + 1);

        Tensor all = OneNode.run(new MatMul(), a, b);

        for (int row : new int[] {0, 50, 100}) {
            Tensor one = Tensor.wrap(DType.F32, Shape.of(1, 300), a.data().asSlice(row * 1200L, 1200));
            Tensor alone = OneNode.run(new MatMul(), one, b);
            assertThat(alone.data().mismatch(all.data().asSlice(row * 1080L, 1080)))
                    .as("row %d, seed %d", row, seed)
                    .isEqualTo(-1);
        }
    }
}
