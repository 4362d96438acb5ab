package dev.octet.profile.roofline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.octet.profile.peak.Gpus;
import dev.octet.profile.peak.PeakPrecision;
import org.junit.jupiter.api.Test;

class RooflineTest {
    private static final double ROUNDING = 1e-12;
    private final Roofline t4 = Roofline.of(Gpus.find("T4").orElseThrow(), PeakPrecision.INT8);

    @Test
    void bound_belowTheRidge_isMemory() {
        LayerCost layer = new LayerCost("thin", 320_000_000_000L, 320_000_000_000L, true);

        assertThat(t4.bound(layer)).isEqualTo(Bound.MEMORY);
        assertThat(t4.attainableSeconds(layer)).isCloseTo(1, within(ROUNDING));
        assertThat(t4.attainableTops(layer)).isCloseTo(0.32, within(ROUNDING));
    }

    @Test
    void bound_aboveTheRidge_isCompute() {
        LayerCost layer = new LayerCost("thick", 1_000_000_000_000L, 1_000_000, true);

        assertThat(t4.bound(layer)).isEqualTo(Bound.COMPUTE);
        assertThat(t4.attainableTops(layer)).isEqualTo(40 * 1.59 * 2048 / 1e3);
    }

    @Test
    void peak_layerThatTensorCoresCannotDo_isTheLowerRoof() {
        LayerCost depthwise = new LayerCost("depthwise", 1_000_000_000_000L, 1_000_000, false);

        assertThat(t4.attainableTops(depthwise)).isEqualTo(40 * 1.59 * 512 / 1e3);
    }

    @Test
    void of_gpuWithoutInt8TensorCores_hasOneRoof() {
        Roofline v100 = Roofline.of(Gpus.find("V100").orElseThrow(), PeakPrecision.INT8);

        assertThat(v100.tensorCores()).isEmpty();
        assertThat(v100.cudaCores().precision()).isEqualTo(PeakPrecision.INT8);
    }

    @Test
    void bound_reshape_isNone() {
        LayerCost reshape = new LayerCost("reshape", 0, 0, false);

        assertThat(t4.bound(reshape)).isEqualTo(Bound.NONE);
        assertThat(t4.attainableSeconds(reshape)).isZero();
    }

    @Test
    void layerCost_operationsWithoutBytes_isRefused() {
        assertThatThrownBy(() -> new LayerCost("odd", 1, 0, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("odd");
    }
}
