package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.graph.ModelException;
import dev.octet.graph.op.Gather;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("cuda")
class GatherCudaTest {
    private static final long SEED = 61;

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"S8", "F16", "S32", "S64"})
    void gather_everyAxisAndWidth_equalsTheOracle(DType dtype) {
        Tensor indices = Tensor.ofLongs(Shape.of(2, 2), 0, 2, -1, 1);
        for (Shape shape : List.of(Shape.of(3, 5, 7), Shape.of(3, 4, 16), Shape.of(3, 3, 3))) {
            Tensor x = TestTensors.uniform(dtype, shape, 100, SEED);
            for (int axis = -2; axis < shape.rank(); axis++) {
                CudaOracle.of(new Gather(axis)).exact(x, indices);
            }
        }
    }

    @Test
    void gather_narrowScalarIndex_equalsTheOracle() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(4, 6), 100, SEED);

        CudaOracle.of(new Gather(1)).exact(x, Tensor.ofInts(Shape.SCALAR, -6));
    }

    @Test
    void gather_noIndices_givesNothing() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(4, 6), 100, SEED);

        CudaOracle.of(new Gather(0)).exact(x, Tensor.ofLongs(Shape.of(0)));
    }

    @Test
    void gather_indexOutside_failsAndNamesTheNode() {
        Tensor x = TestTensors.uniform(DType.F32, Shape.of(4, 6), 100, SEED);
        Tensor indices = Tensor.ofLongs(Shape.of(3), 0, 4, -5);

        assertThatThrownBy(() -> CudaOracle.of(new Gather(0)).onDevice(CudaOracle.present(x, indices)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("test")
                .hasMessageContaining("outside an axis of extent 4");
    }
}
