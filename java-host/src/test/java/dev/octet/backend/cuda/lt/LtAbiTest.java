package dev.octet.backend.cuda.lt;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout.PathElement;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LtAbiTest {
    @Test
    void heuristicResult_layout_isThatOfTheHeader() {
        assertThat(LtAbi.RESULT.byteSize()).isEqualTo(96);
        assertThat(LtAbi.RESULT.byteOffset(PathElement.groupElement("algorithm")))
                .isZero();
        assertThat(LtAbi.RESULT_WORKSPACE_BYTES).isEqualTo(64);
        assertThat(LtAbi.RESULT_STATE).isEqualTo(72);
        assertThat(LtAbi.RESULT.byteOffset(PathElement.groupElement("waves"))).isEqualTo(76);
        assertThat(LtAbi.RESULT.byteOffset(PathElement.groupElement("reserved")))
                .isEqualTo(80);
        assertThat(LtAbi.ALGORITHM.byteSize()).isEqualTo(64);
    }
}
