package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Gemm;
import dev.octet.graph.op.MatMul;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("cuda")
class FloatProductCudaTest {
    private static final long SEED = 55;

    private static Stream<Arguments> shapes() {
        return Stream.of(DType.F32, DType.F16)
                .flatMap(type -> Stream.of(
                        Arguments.of(type, Shape.of(1, 1), Shape.of(1, 1)),
                        Arguments.of(type, Shape.of(67, 1), Shape.of(1, 65)),
                        Arguments.of(type, Shape.of(65, 131), Shape.of(131, 70)),
                        Arguments.of(type, Shape.of(64, 64), Shape.of(64, 64)),
                        Arguments.of(type, Shape.of(7, 1029), Shape.of(1029, 9)),
                        Arguments.of(type, Shape.of(3, 5, 33), Shape.of(33, 17)),
                        Arguments.of(type, Shape.of(2, 1, 5, 24), Shape.of(3, 24, 16)),
                        Arguments.of(type, Shape.of(33), Shape.of(2, 33, 5)),
                        Arguments.of(type, Shape.of(4, 33), Shape.of(33))));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void matMul_wholeNumbers_equalsTheOracle(DType type, Shape a, Shape b) {
        CudaOracle.of(new MatMul())
                .exact(FloatTolerances.wholes(type, a, SEED), FloatTolerances.wholes(type, b, SEED + 1));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16"})
    void matMul_realNumbers_isCloseToTheOracle(DType type) {
        Tensor a = TestTensors.uniform(type, Shape.of(37, 301), 1, SEED);
        Tensor b = TestTensors.uniform(type, Shape.of(301, 53), 1, SEED + 1);

        CudaOracle.of(new MatMul()).within(FloatTolerances.product(type, 301, 1), a, b);
    }

    @Test
    void matMul_manyTiles_takesTheLargeTileAndEqualsTheOracle() {
        Tensor a = FloatTolerances.wholes(DType.F32, Shape.of(40, 130, 9), SEED);
        Tensor b = FloatTolerances.wholes(DType.F32, Shape.of(40, 9, 259), SEED + 1);

        CudaOracle.of(new MatMul()).exact(a, b);
    }

    @ParameterizedTest
    @CsvSource({
        "F32,false,false", "F32,true,false", "F32,false,true", "F32,true,true",
        "F16,false,false", "F16,true,false", "F16,false,true", "F16,true,true"
    })
    void gemm_transposes_equalsTheOracle(DType type, boolean transA, boolean transB) {
        for (int k : new int[] {16, 37}) {
            Tensor a = FloatTolerances.wholes(type, transA ? Shape.of(k, 72) : Shape.of(72, k), SEED);
            Tensor b = FloatTolerances.wholes(type, transB ? Shape.of(66, k) : Shape.of(k, 66), SEED + 1);

            CudaOracle.of(new Gemm(0.5f, 2, transA, transB))
                    .exact(a, b, FloatTolerances.wholes(type, Shape.of(66), SEED + 2));
        }
    }

    private static Stream<Shape> addends() {
        return Stream.of(
                Shape.SCALAR, Shape.of(1), Shape.of(9), Shape.of(1, 9), Shape.of(5, 1), Shape.of(5, 9), Shape.of(1, 1));
    }

    @ParameterizedTest
    @MethodSource("addends")
    void gemm_addendBroadcast_equalsTheOracle(Shape addend) {
        Tensor a = FloatTolerances.wholes(DType.F32, Shape.of(5, 7), SEED);
        Tensor b = FloatTolerances.wholes(DType.F32, Shape.of(7, 9), SEED + 1);

        CudaOracle.of(new Gemm(1, 3, false, false)).exact(a, b, FloatTolerances.wholes(DType.F32, addend, SEED + 2));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16"})
    void gemm_noDepth_isTheAddend(DType type) {
        CudaOracle.of(new Gemm(1, 1, false, false))
                .exact(
                        Tensor.allocate(type, Shape.of(3, 0)),
                        Tensor.allocate(type, Shape.of(0, 5)),
                        FloatTolerances.wholes(type, Shape.of(5), SEED));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16"})
    void matMul_nothing_writesNothing(DType type) {
        CudaOracle.of(new MatMul()).exact(Tensor.allocate(type, Shape.of(0, 4)), Tensor.allocate(type, Shape.of(4, 5)));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16"})
    void matMul_nanInARow_isNaNInThatRowOnly(DType type) {
        Tensor a = FloatTolerances.wholes(type, Shape.of(2, 40), SEED);
        a.setFloat(17, Float.NaN);

        Tensor y = CudaOracle.of(new MatMul())
                .onDevice(CudaOracle.present(a, FloatTolerances.wholes(type, Shape.of(40, 3), SEED)))
                .getFirst();

        assertThat(y.getFloat(0)).isNaN();
        assertThat(y.getFloat(3)).isNotNaN();
    }

    @ParameterizedTest
    @CsvSource({"75, octet_h1688_", "80, octet_h16816_", "90, octet_h16816_"})
    void nameOn_generation_isTheInstructionThatItIssues(int capability, String start) {
        Simulator.atCapability(capability, () -> {
            try (CudaDevice device = new CudaDevice(0, CudaImage.OF_THIS_BUILD::bytes)) {
                assertThat(GemmCuda.MATMUL_F16.nameOn(device)).isEqualTo(start + "gemm_f16");
                assertThat(GemmCuda.GEMM_F16.nameOn(device)).isEqualTo(start + "gemm_f16");
                assertThat(ConvCuda.F16.nameOn(device)).isEqualTo(start + "conv_f16");
            }
        });
    }
}
