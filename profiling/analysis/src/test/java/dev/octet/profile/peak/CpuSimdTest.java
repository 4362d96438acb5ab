package dev.octet.profile.peak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CpuSimdTest {
    private static final double ROUNDING = 1e-12;

    @Test
    void peak_avx2_isClockTimesCoresTimesLanesTimesUnits() {
        Peak fp32 = CpuSimd.AVX2.peak(PeakPrecision.FP32, 4, 3.0);

        assertThat(fp32.tops()).isCloseTo(4 * 3.0 * 8 * 2 * 2 / 1e3, within(ROUNDING));
        assertThat(fp32.derivation()).isEqualTo("4 cores x 3.000 GHz x 8 lanes x 2 FMA units x 2 ops = 0.384 TFLOPS");
    }

    @Test
    void peak_vnni_hasFourTimesTheInt8RateOfAvx2() {
        double avx2 = CpuSimd.AVX2.peak(PeakPrecision.INT8, 1, 2.5).tops();
        double vnni = CpuSimd.AVX512_VNNI.peak(PeakPrecision.INT8, 1, 2.5).tops();

        assertThat(vnni).isCloseTo(4 * avx2, within(ROUNDING));
    }

    @Test
    void find_unknownSet_isEmpty() {
        assertThat(CpuSimd.find("generic")).isEmpty();
        assertThat(CpuSimd.find("avx512vnni")).contains(CpuSimd.AVX512_VNNI);
    }
}
