package dev.octet.backend.cuda;

import dev.octet.graph.op.BinaryFunction;
import dev.octet.graph.op.DynamicQuantizeLinear;
import dev.octet.graph.op.QBinary;
import dev.octet.graph.op.QLookup;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("cuda")
class QElementwiseCudaTest {
    private static final long SEED = 71;

    private static final List<List<Shape>> PAIRS = List.of(
            List.of(Shape.SCALAR, Shape.SCALAR),
            List.of(Shape.of(2, 7, 7, 16), Shape.of(2, 7, 7, 16)),
            List.of(Shape.of(3, 5, 7), Shape.of(3, 5, 7)),
            List.of(Shape.of(2, 3, 32), Shape.of(32)),
            List.of(Shape.of(2, 3, 32), Shape.of(2, 1, 1)),
            List.of(Shape.of(4, 1), Shape.of(5)),
            List.of(Shape.of(0, 16), Shape.of(16)));

    @ParameterizedTest
    @CsvSource({
        "ADD, S8, S8, S8",
        "ADD, U8, U8, U8",
        "ADD, S8, U8, S8",
        "ADD, U8, S8, U8",
        "MUL, S8, S8, S8",
        "MUL, U8, S8, U8"
    })
    void qbinary_everySign_equalsTheOracle(BinaryFunction function, DType a, DType b, DType y) {
        int qmin = (int) y.minInteger();
        int qmax = (int) y.maxInteger();
        float scale = function == BinaryFunction.ADD ? 0.37f : 0.0111f;
        QBinary op = new QBinary(function, a.isSigned() ? -3 : 128, scale, 5, 0.81f, y, qmin + 20, qmin + 1, qmax - 2);
        for (List<Shape> pair : PAIRS) {
            Tensor left = TestTensors.integers(a, pair.get(0), SEED);
            Tensor right = TestTensors.integers(b, pair.get(1), SEED + 1);

            CudaOracle.of(op).exact(left, right);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 1027})
    void qlookup_anyCount_equalsTheOracle(long count) {
        byte[] table = new byte[256];
        new Random(SEED).nextBytes(table);

        CudaOracle.of(new QLookup(table, DType.S8)).exact(TestTensors.integers(DType.U8, Shape.of(count), SEED));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 37, 4096, 20_011})
    void dynamicQuantize_anyCount_equalsTheOracle(long count) {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(count), 5, SEED);

        CudaOracle.of(new DynamicQuantizeLinear()).outputs(3).exact(x);
    }

    @Test
    void dynamicQuantize_zerosAndOneSignAndNan_equalsTheOracle() {
        CudaOracle oracle = CudaOracle.of(new DynamicQuantizeLinear()).outputs(3);

        oracle.exact(Tensor.ofFloats(Shape.of(3), 0, 0, -0f));
        oracle.exact(Tensor.ofFloats(Shape.of(3), 1, 2, 3));
        oracle.exact(Tensor.ofFloats(Shape.of(2), -1, -3));
        oracle.exact(Tensor.ofFloats(Shape.of(3), Float.NaN, 2, -1));
    }
}
