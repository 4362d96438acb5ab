package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PeaksCommandTest {
    @Test
    void peaks_a100_derivesEachFigure() {
        CommandRun run = CommandRun.of("peaks", "--gpu", "A100");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("108 SMs x 1.410 GHz x 4096 ops/clk/SM = 623.7 TOPS", "= 9.7 TFLOPS");
    }

    @Test
    void peaks_json_ridgePointIsPeakOverBandwidth() {
        JsonNode json = CommandRun.of("peaks", "--gpu", "T4", "--json").json();

        for (JsonNode peak : json.get("peaks")) {
            double ridge = peak.get("tops").asDouble() * 1000 / 320;
            assertThat(peak.get("ridgePoint").asDouble()).isCloseTo(ridge, within(1e-9));
        }
        assertThat(json.get("peaks").size()).isPositive();
    }

    @Test
    void peaks_unknownGpu_listsTheKnownOnes() {
        CommandRun run = CommandRun.of("peaks", "--gpu", "Voodoo 2");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("Voodoo 2", "A100 40GB", "RTX 5090");
    }

    @Test
    void peaks_measure_givesMeasuredFiguresOfThisMachine() {
        CommandRun run = CommandRun.of("peaks", "--measure", "--threads", "1", "--json");
        assumeTrue(run.code() == ExitCode.OK, run.err());

        JsonNode json = run.json();
        assertThat(json.get("bandwidthGBs").asDouble()).isPositive();
        assertThat(json.get("peaks")
                        .valueStream()
                        .map(peak -> peak.get("derivation").asString()))
                .anyMatch(text -> text.startsWith("measured: "));
        for (JsonNode peak : json.get("peaks")) {
            assertThat(peak.get("unit").asString()).isEqualTo("SIMD");
            assertThat(peak.get("tops").asDouble()).isPositive();
        }
    }

    @Test
    void peaks_withoutSubject_isUsage() {
        CommandRun run = CommandRun.of("peaks");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--measure or --gpu NAME", "A100 40GB");
    }
}
