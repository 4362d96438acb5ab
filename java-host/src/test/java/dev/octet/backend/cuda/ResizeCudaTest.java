package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.op.Resize;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cuda")
class ResizeCudaTest {
    private static final long SEED = 31;

    /** Up to 8 by 8 taps whose weights add up to at most 4, elements within 1; fp16 results may round to either neighbour. */
    private static final CudaOracle.Tolerance F32 = new CudaOracle.Tolerance(4 * 20 * 0x1p-24, 0);

    private static final CudaOracle.Tolerance F16 = new CudaOracle.Tolerance(4 * 20 * 0x1p-24 + 0x1p-24, 0x1p-10);

    private static Resize resize(Resize.Mode mode, Resize.CoordinateMode coordinates, Resize.NearestMode nearest) {
        return new Resize(
                mode,
                coordinates,
                nearest,
                Resize.AspectPolicy.STRETCH,
                false,
                mode == Resize.Mode.CUBIC,
                -0.75f,
                0,
                new long[0]);
    }

    private static List<Optional<Tensor>> to(Tensor x, long... sizes) {
        return List.of(Optional.of(x), Optional.empty(), Optional.empty(), Optional.of(Tensor.vector(sizes)));
    }

    @Test
    void nearest_eachSizeOfElement_equalsTheOracle() {
        for (DType dtype : List.of(DType.S8, DType.F16, DType.F32, DType.S64)) {
            for (Resize.NearestMode nearest : Resize.NearestMode.values()) {
                Resize op = resize(Resize.Mode.NEAREST, Resize.CoordinateMode.HALF_PIXEL, nearest);
                CudaOracle oracle = CudaOracle.of(op).constants(3);
                oracle.exact(to(numbers(dtype, 2, 5, 7, 16), 2, 11, 9, 16));
                oracle.exact(to(numbers(dtype, 2, 3, 5, 7), 2, 3, 10, 21));
                oracle.exact(to(numbers(dtype, 3, 19), 3, 6));
                oracle.exact(to(numbers(dtype, 3, 4), 3, 4));
            }
        }
    }

    private static Tensor numbers(DType dtype, long... dims) {
        return dtype.isFloat()
                ? TestTensors.uniform(dtype, Shape.of(dims), 1, SEED)
                : TestTensors.integers(dtype, Shape.of(dims), SEED);
    }

    @Test
    void interpolation_eachCoordinateMode_isWithinTolerance() {
        Resize.CoordinateMode[] modes = {
            Resize.CoordinateMode.HALF_PIXEL, Resize.CoordinateMode.ALIGN_CORNERS, Resize.CoordinateMode.ASYMMETRIC
        };
        for (Resize.CoordinateMode coordinates : modes) {
            for (Resize.Mode mode : List.of(Resize.Mode.LINEAR, Resize.Mode.CUBIC)) {
                Resize op = resize(mode, coordinates, Resize.NearestMode.FLOOR);
                CudaOracle oracle = CudaOracle.of(op).constants(3);
                oracle.within(F32, to(numbers(DType.F32, 2, 3, 5, 7), 2, 3, 11, 9));
                oracle.within(F32, to(numbers(DType.F32, 2, 6, 7, 13), 2, 4, 14, 13));
                oracle.within(F16, to(numbers(DType.F16, 1, 2, 5, 6), 1, 2, 9, 4));
            }
        }
    }

    @Test
    void kernel_distantAxes_leavesThemToTheHost() {
        Resize op = resize(Resize.Mode.LINEAR, Resize.CoordinateMode.HALF_PIXEL, Resize.NearestMode.FLOOR);
        assertThat(CudaOracle.of(op).constants(3).kernel(to(numbers(DType.F32, 2, 3, 4), 4, 3, 8)))
                .isEmpty();
    }
}
