package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.ConvTranspose;
import dev.octet.graph.op.SpatialWindow;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.Naive;
import dev.octet.testing.OneNode;
import org.junit.jupiter.api.Test;

class ConvTransposeKernelTest {
    @Test
    void convTranspose_groupsStridesDilationsPads_equalsDefinition() {
        SpatialWindow window = new SpatialWindow(
                new long[0],
                new long[] {2, 3},
                new long[] {2, 1},
                new long[] {1, 0, 0, 2},
                SpatialWindow.AutoPad.NOTSET);
        ConvTranspose op = new ConvTranspose(window, 2, new long[] {1, 0}, new long[0]);
        Tensor x = Naive.counting(DType.F32, Shape.of(2, 4, 3, 5));
        Tensor weight = Naive.counting(DType.F32, Shape.of(4, 3, 2, 3));
        Tensor bias = Naive.counting(DType.F32, Shape.of(6));

        Tensor got = OneNode.run(op, x, weight, bias);

        // 2 * (3 - 1) + 1 + (2 - 1) * 2 + 1 - 1 = 7 and 3 * (5 - 1) + (3 - 1) + 1 - 2 = 13.
        Tensor want = Naive.tensor(DType.F32, Shape.of(2, 6, 7, 13), at -> {
            double sum = Naive.at(bias, at[1]);
            for (long c = at[1] / 3 * 2; c < at[1] / 3 * 2 + 2; c++) {
                for (long i = 0; i < 3 * 5 * 2 * 3; i++) {
                    long y = i / 30;
                    long column = i / 6 % 5;
                    long ky = i / 3 % 2;
                    long kx = i % 3;
                    if (y * 2 + ky * 2 - 1 == at[2] && column * 3 + kx == at[3]) {
                        sum += Naive.at(x, at[0], c, y, column) * Naive.at(weight, c, at[1] % 3, ky, kx);
                    }
                }
            }
            return sum;
        });
        assertThat(got.contentEquals(want)).isTrue();
    }
}
