package dev.octet.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class CpuPeaksTest {
    @Test
    void measure_oneThread_ratesAreThoseOfAProcessor() {
        InstructionSet best = bestSet();

        CpuPeaks peaks = CpuPeaks.measure(1);

        // No processor does more than 256 int8 multiply-adds x 3 ports a cycle at 10 GHz: a higher rate means that the
        // compiler removed the loop.
        assertThat(peaks.int8Gops()).isBetween(0.1, 15_360.0);
        assertThat(peaks.fp32Gflops()).isBetween(0.1, 3_840.0);
        assertThat(peaks.copyGBs()).isBetween(0.1, 2_000.0);
        assertThat(peaks.threads()).isOne();
        assertThat(peaks.instructionSet()).isEqualTo(best.label());
    }

    private static InstructionSet bestSet() {
        try {
            return NativeLibrary.load(Optional.empty()).set();
        } catch (NativeLoadException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    @Test
    void measure_noThread_isRefused() {
        assertThatThrownBy(() -> CpuPeaks.measure(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
