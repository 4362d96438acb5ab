package dev.octet.backend.cuda.lt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.backend.cuda.CudaBackend;
import dev.octet.backend.cuda.CudaTests;
import dev.octet.runtime.Device;
import dev.octet.tensor.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The simulated library is as strict as NVIDIA's. */
@Tag("cuda")
@NullMarked
class LtSimulatedLibraryTest extends LtLibraryTest {
    private static final int NOT_INITIALIZED = 1;
    private static final int NOT_SUPPORTED = 15;

    private static LtLibrary found() {
        return LtSearch.run().library().orElseThrow();
    }

    @Test
    void create_withoutContext_isNotInitialized() {
        // A thread that never made a context current.
        int status = CompletableFuture.supplyAsync(
                        () -> {
                            try (Arena scratch = Arena.ofConfined()) {
                                return found().status("cublasLtCreate", scratch.allocate(ADDRESS));
                            }
                        },
                        task -> Thread.ofPlatform().start(task))
                .join();

        assertThat(status).isEqualTo(NOT_INITIALIZED);
    }

    @Test
    void heuristic_bytesNotTransposed_areNotSupported() {
        CudaTests.requireDevice();
        try (Device _ = new CudaBackend().open(0).orElseThrow();
                CublasLt lt = CublasLt.open(found());
                Arena arena = Arena.ofConfined()) {
            LtObjects objects = new LtObjects(found(), arena);
            MemorySegment square = objects.layout(LtAbi.TYPE_S8, 64, 64, 64);
            MemorySegment sums = objects.layout(LtAbi.TYPE_S32, 64, 64, 64);
            MemorySegment returned = arena.allocate(JAVA_INT);

            int status = found().status(
                            "cublasLtMatmulAlgoGetHeuristic",
                            lt.handle(),
                            objects.matmul(LtKind.S8S32),
                            square,
                            square,
                            sums,
                            sums,
                            objects.preference(),
                            8,
                            arena.allocate(LtAbi.RESULT, 8),
                            returned);

            assertThat(status).isEqualTo(NOT_SUPPORTED);
            assertThat(returned.get(JAVA_INT, 0)).isZero();
        }
    }

    @Test
    void call_thatFails_namesFunctionLibraryAndStatus() {
        MemorySegment nothing = MemorySegment.NULL;

        assertThatThrownBy(() -> found().call("cublasLtMatmulDescSetAttribute", nothing, 0, nothing, 4L))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("cublasLtMatmulDescSetAttribute")
                .hasMessageContaining("CUBLAS_STATUS_INVALID_VALUE")
                .hasMessageContaining("octet doctor");
    }
}
