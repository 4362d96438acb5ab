package dev.octet.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.backend.cuda.lt.CublasLt;
import dev.octet.backend.cuda.lt.LtAlgorithm;
import dev.octet.backend.cuda.lt.LtKind;
import dev.octet.backend.cuda.lt.LtMatmul;
import dev.octet.backend.cuda.lt.LtOperands;
import dev.octet.backend.cuda.lt.LtProblem;
import dev.octet.backend.cuda.lt.LtSearch;
import dev.octet.tensor.BackendException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products of cuBLASLt on the device against their definition. */
@Tag("cuda")
class LtMatmulCudaTest {
    private static final long SEED = 4099;

    /** Rounding of fp16 results, half a unit in the last place, and what fp32 sums of 44 products may lose. */
    private static final double FP16_STEP = 0x1p-11;

    private static final double FP32_STEP = 44 * 0x1p-24;

    private final Arena arena = Arena.ofShared();
    private CudaDevice device;
    private CublasLt lt;

    @BeforeEach
    void open() {
        CudaTests.requireDevice();
        LtSearch search = LtSearch.run();
        Assumptions.assumeTrue(search.library().isPresent(), search.detail());
        device = new CudaDevice(0, CudaImage.OF_THIS_BUILD::bytes);
        lt = device.cublasLt(search.library().orElseThrow());
    }

    @AfterEach
    void close() {
        arena.close();
        if (device != null) {
            device.close();
        }
    }

    private Tensor multiply(LtProblem problem, Tensor x, Tensor w, MemorySegment factors) {
        LtMatmul matmul = LtMatmul.of(lt, problem, arena);
        LtAlgorithm algorithm = matmul.candidates(8).getFirst();
        DType type = switch (problem.kind()) {
            case S8S32 -> DType.S32;
            case S8S8 -> DType.S8;
            case F16 -> DType.F16;
            case F32 -> DType.F32;
        };
        Shape shape = Shape.of(problem.rows(), problem.strides().d());
        MemorySegment zeros = arena.allocate(type.sizeBytes(shape.elementCount()));
        MemorySegment d = device.upload(zeros, arena);
        MemorySegment workspace = device.allocate(algorithm.workspaceBytes(), arena);
        LtOperands operands =
                new LtOperands(device.upload(x.data(), arena), device.upload(w.data(), arena), d, factors, workspace);
        try (CudaLane lane = new CudaLane(device, 0, d.byteSize())) {
            matmul.enqueue(algorithm, operands, lane.stream().rawHandle());
            lane.download(d, lane.staging());
            lane.finish();
            return Tensor.wrap(type, shape, lane.staging()).copy();
        }
    }

    private static double sum(Tensor x, Tensor w, long row, long column) {
        double sum = 0;
        for (long k = 0; k < Math.min(x.shape().dim(1), w.shape().dim(1)); k++) {
            sum += x.getDouble(row * x.shape().dim(1) + k)
                    * w.getDouble(column * w.shape().dim(1) + k);
        }
        return sum;
    }

    @Test
    void enqueue_bytesToSums_areExact() {
        Tensor x = TestTensors.integers(DType.S8, Shape.of(7, 44), SEED);
        Tensor w = TestTensors.integers(DType.S8, Shape.of(12, 44), SEED + 1);

        Tensor d = multiply(LtProblem.dense(LtKind.S8S32, 7, 12, 44), x, w, MemorySegment.NULL);

        for (long i = 0; i < d.elementCount(); i++) {
            assertThat(d.getLong(i)).as("element %d, seed %d", i, SEED).isEqualTo((long) sum(x, w, i / 12, i % 12));
        }
    }

    @Test
    void enqueue_rowsFartherApart_leavesWhatLiesBetween() {
        Tensor x = TestTensors.integers(DType.S8, Shape.of(5, 20), SEED);
        Tensor w = TestTensors.integers(DType.S8, Shape.of(8, 64), SEED + 1);
        LtProblem problem = new LtProblem(LtKind.S8S32, 5, 8, 20, new LtProblem.Strides(20, 64, 16));

        Tensor d = multiply(problem, x, w, MemorySegment.NULL);

        for (long row = 0; row < 5; row++) {
            for (long column = 0; column < 16; column++) {
                long expected = column < 8 ? (long) sum(x, w, row, column) : 0;
                assertThat(d.getLong(row * 16 + column)).isEqualTo(expected);
            }
        }
    }

    @Test
    void enqueue_factorPerColumn_roundsToEvenAndSaturates() {
        Tensor x = TestTensors.integers(DType.S8, Shape.of(6, 32), SEED);
        Tensor w = TestTensors.integers(DType.S8, Shape.of(8, 32), SEED + 1);
        Tensor factors = Tensor.ofFloats(Shape.of(8), 0.5f, 0.25f, 0.001f, 0.01f, 1f, 0.003f, 0.0625f, 0.007f);
        MemorySegment onDevice = device.upload(factors.data(), arena);

        Tensor d = multiply(LtProblem.dense(LtKind.S8S8, 6, 8, 32), x, w, onDevice);

        for (long i = 0; i < d.elementCount(); i++) {
            double real = Math.rint((float) sum(x, w, i / 8, i % 8) * factors.getFloat(i % 8));
            assertThat(d.getLong(i)).isEqualTo((long) Math.clamp(real, -128, 127));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = LtKind.class,
            names = {"F16", "F32"})
    void enqueue_floats_areWithinTheirRounding(LtKind kind) {
        DType type = kind == LtKind.F16 ? DType.F16 : DType.F32;
        Tensor x = TestTensors.uniform(type, Shape.of(9, 44), 2, SEED);
        Tensor w = TestTensors.uniform(type, Shape.of(8, 44), 2, SEED + 1);

        Tensor d = multiply(LtProblem.dense(kind, 9, 8, 44), x, w, MemorySegment.NULL);

        for (long i = 0; i < d.elementCount(); i++) {
            double expected = sum(x, w, i / 8, i % 8);
            double bound = 44 * 4 * FP32_STEP + (kind == LtKind.F16 ? Math.abs(expected) * FP16_STEP : 0);
            assertThat(Math.abs(d.getDouble(i) - expected)).isLessThanOrEqualTo(bound);
        }
    }

    @Test
    void candidates_bytes_areManyAndOnTensorCores() {
        List<LtAlgorithm> candidates = LtMatmul.of(lt, LtProblem.dense(LtKind.S8S32, 64, 64, 128), arena)
                .candidates(16);

        assertThat(candidates)
                .hasSizeGreaterThanOrEqualTo(8)
                .allMatch(LtAlgorithm::usesImma)
                .allMatch(algorithm -> algorithm.workspaceBytes() <= LtMatmul.MAX_WORKSPACE_BYTES);
    }

    @Test
    void restore_bytesOfACandidate_areTheSameAlgorithm() {
        LtMatmul matmul = LtMatmul.of(lt, LtProblem.dense(LtKind.S8S32, 64, 64, 128), arena);
        LtAlgorithm last = matmul.candidates(8).getLast();

        LtAlgorithm restored = matmul.restore(last.toHex()).orElseThrow();

        assertThat(restored.toHex()).isEqualTo(last.toHex());
        assertThat(restored.workspaceBytes()).isEqualTo(last.workspaceBytes());
        assertThat(restored.usesImma()).isTrue();
    }

    @Test
    void restore_damagedBytes_areNoAlgorithm() {
        LtMatmul matmul = LtMatmul.of(lt, LtProblem.dense(LtKind.S8S32, 64, 64, 128), arena);

        assertThat(matmul.restore("00".repeat(64))).isEmpty();
        assertThat(matmul.restore("0011")).isEmpty();
        assertThat(matmul.restore("no digits")).isEmpty();
    }

    @Test
    void enqueue_smallWorkspace_isRefused() {
        LtMatmul matmul = LtMatmul.of(lt, LtProblem.dense(LtKind.S8S32, 64, 64, 128), arena);
        LtAlgorithm algorithm = matmul.candidates(8).stream()
                .filter(candidate -> candidate.workspaceBytes() > 0)
                .findFirst()
                .orElseThrow();
        MemorySegment memory = device.allocate(64 * 128 * 4, arena);
        LtOperands operands = new LtOperands(memory, memory, memory, MemorySegment.NULL, MemorySegment.NULL);

        try (CudaStream stream = new CudaStream(device)) {
            assertThatThrownBy(() -> matmul.enqueue(algorithm, operands, stream.rawHandle()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("workspace");
        }
    }

    private void requireFault(long xBytes, long dBytes, boolean xWritten) {
        Assumptions.assumeFalse(device.info().keepsTime(), "a real device does not notice");
        LtMatmul matmul = LtMatmul.of(lt, LtProblem.dense(LtKind.S8S32, 16, 16, 64), arena);
        LtAlgorithm algorithm = matmul.candidates(1).getFirst();
        MemorySegment x = xWritten ? device.upload(arena.allocate(xBytes), arena) : device.allocate(xBytes, arena);
        MemorySegment w = device.upload(arena.allocate(16 * 64), arena);
        MemorySegment workspace = device.allocate(algorithm.workspaceBytes(), arena);
        LtOperands operands = new LtOperands(x, w, device.allocate(dBytes, arena), MemorySegment.NULL, workspace);
        try (CudaStream stream = new CudaStream(device)) {
            assertThatThrownBy(() -> {
                        matmul.enqueue(algorithm, operands, stream.rawHandle());
                        stream.finish();
                    })
                    .isInstanceOf(BackendException.class);
        }
    }

    @Test
    void enqueue_operandTooSmall_isAFaultOfTheDevice() {
        requireFault(16 * 64 - 1, 16 * 16 * 4, true);
    }

    @Test
    void enqueue_resultTooSmall_isAFaultOfTheDevice() {
        requireFault(16 * 64, 16 * 16 * 4 - 4, true);
    }

    @Test
    void enqueue_operandNeverWritten_isAFaultOfTheDevice() {
        requireFault(16 * 64, 16 * 16 * 4, false);
    }

    @Test
    void operands_misaligned_areRefused() {
        MemorySegment memory = device.allocate(1024, arena);

        assertThatThrownBy(
                        () -> new LtOperands(memory.asSlice(4), memory, memory, MemorySegment.NULL, MemorySegment.NULL))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void problem_oddDepthOfBytes_isRefused() {
        assertThatThrownBy(() -> LtProblem.dense(LtKind.S8S32, 8, 8, 17))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiples of 4");
    }
}
