package dev.octet.backend.cuda.lt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the library found on this machine answers without a device: sizes of attributes and statuses. */
@NullMarked
class LtLibraryTest {
    private static final int INVALID_VALUE = 7;

    private final Arena arena = Arena.ofAuto();
    private LtSearch search = new LtSearch(java.util.Optional.empty(), "not searched");

    @BeforeEach
    void find() {
        search = LtSearch.run();
        Assumptions.assumeTrue(search.library().isPresent(), search.detail());
    }

    private LtLibrary library() {
        return search.library().orElseThrow();
    }

    private MemorySegment made(String function, Object... arguments) {
        MemorySegment out = arena.allocate(ADDRESS);
        Object[] all = new Object[arguments.length + 1];
        all[0] = out;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        library().call(function, all);
        return out.get(ADDRESS, 0);
    }

    @Test
    void version_anyLibrary_is12OrLater() {
        assertThat(library().version()).isGreaterThanOrEqualTo(120_000);
        assertThat(search.detail()).contains(library().versionText());
    }

    @Test
    void matmulAttributes_sizes_areTheLibrarys() {
        MemorySegment matmul = made("cublasLtMatmulDescCreate", LtAbi.COMPUTE_S32, LtAbi.TYPE_S32);

        for (int attribute :
                new int[] {LtAbi.MATMUL_POINTER_MODE, LtAbi.MATMUL_TRANSPOSE_A, LtAbi.MATMUL_TRANSPOSE_B}) {
            assertThat(set("cublasLtMatmulDescSetAttribute", matmul, attribute, Integer.BYTES))
                    .as("attribute %d", attribute)
                    .isEqualTo(LtAbi.STATUS_OK);
            assertThat(set("cublasLtMatmulDescSetAttribute", matmul, attribute, Long.BYTES + Long.BYTES))
                    .as("attribute %d with a wrong size", attribute)
                    .isEqualTo(INVALID_VALUE);
        }
        library().call("cublasLtMatmulDescDestroy", matmul);
    }

    @Test
    void preferenceAttributes_sizes_areTheLibrarys() {
        MemorySegment preference = made("cublasLtMatmulPreferenceCreate");
        String function = "cublasLtMatmulPreferenceSetAttribute";

        assertThat(set(function, preference, LtAbi.PREFERENCE_WORKSPACE_BYTES, Long.BYTES))
                .isEqualTo(LtAbi.STATUS_OK);
        assertThat(set(function, preference, LtAbi.PREFERENCE_WORKSPACE_BYTES, Integer.BYTES))
                .isEqualTo(INVALID_VALUE);
        for (int operand = 0; operand < 4; operand++) {
            int attribute = LtAbi.PREFERENCE_MIN_ALIGNMENT + operand;
            assertThat(set(function, preference, attribute, Integer.BYTES)).isEqualTo(LtAbi.STATUS_OK);
            assertThat(set(function, preference, attribute, Long.BYTES)).isEqualTo(INVALID_VALUE);
        }
        library().call("cublasLtMatmulPreferenceDestroy", preference);
    }

    @Test
    void layout_attributes_areThoseGiven() {
        MemorySegment layout = made("cublasLtMatrixLayoutCreate", LtAbi.TYPE_S8, 64L, 48L, 64L);
        MemorySegment value = arena.allocate(JAVA_LONG);
        MemorySegment written = arena.allocate(JAVA_LONG);

        long[] expected = {LtAbi.TYPE_S8, 0, 64, 48, 64};
        for (int attribute = 0; attribute < expected.length; attribute++) {
            value.fill((byte) 0);
            long sizeBytes = attribute < 2 ? Integer.BYTES : Long.BYTES;
            library().call("cublasLtMatrixLayoutGetAttribute", layout, attribute, value, sizeBytes, written);
            assertThat(written.get(JAVA_LONG, 0)).isEqualTo(sizeBytes);
            assertThat(value.get(JAVA_LONG, 0)).as("attribute %d", attribute).isEqualTo(expected[attribute]);
        }
        library().call("cublasLtMatrixLayoutDestroy", layout);
    }

    @Test
    void numericalFlags_ofNoAlgorithm_areRefusedWithAWrongSize() {
        MemorySegment algorithm = arena.allocate(LtAbi.ALGORITHM);
        MemorySegment flags = arena.allocate(JAVA_INT);
        MemorySegment written = arena.allocate(JAVA_LONG);

        int status = library()
                .status(
                        "cublasLtMatmulAlgoCapGetAttribute",
                        algorithm,
                        LtAbi.CAPABILITY_NUMERICAL_FLAGS,
                        flags,
                        4L,
                        written);

        assertThat(status).isNotEqualTo(LtAbi.STATUS_OK);
    }

    private int set(String function, MemorySegment object, int attribute, long sizeBytes) {
        return library().status(function, object, attribute, arena.allocate(16), sizeBytes);
    }
}
