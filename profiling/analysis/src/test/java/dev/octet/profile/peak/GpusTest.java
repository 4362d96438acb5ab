package dev.octet.profile.peak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.octet.profile.DeviceData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpusTest {
    /** Vendors round to two or three digits and to whole megahertz. */
    private static final double PUBLISHED_TOLERANCE = 0.02;

    @Test
    void tops_ofTheTable_equalsThePublishedFigure() throws IOException {
        List<String> lines;
        try (InputStream stream = Objects.requireNonNull(GpusTest.class.getResourceAsStream("published-peaks.tsv"));
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            lines = reader.lines().filter(line -> !line.startsWith("#")).toList();
        }

        Set<String> published = new HashSet<>();
        for (String line : lines) {
            String[] columns = line.split("\t", -1);
            Gpu gpu = Gpus.find(columns[0]).orElseThrow();
            Peak peak = gpu.peak(PeakUnit.valueOf(columns[1]), PeakPrecision.valueOf(columns[2]))
                    .orElseThrow();
            double tops = Double.parseDouble(columns[3]);
            assertThat(peak.tops())
                    .as(line + ": " + peak.derivation())
                    .isCloseTo(tops, within(tops * PUBLISHED_TOLERANCE));
            published.add(gpu.name());
        }
        assertThat(Gpus.ALL)
                .extracting(Gpu::name)
                .filteredOn(name -> !name.equals("A100 80GB"))
                .as("all but the A100 with more memory, whose arithmetic is the same")
                .containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void derivation_a100Int8_showsEveryFactor() {
        Peak peak = Gpus.find("A100")
                .orElseThrow()
                .peak(PeakUnit.TENSOR_CORE, PeakPrecision.INT8)
                .orElseThrow();

        assertThat(peak.derivation()).isEqualTo("108 SMs x 1.410 GHz x 4096 ops/clk/SM = 623.7 TOPS");
    }

    @Test
    void find_vendorSpelling_isTheSameGpu() {
        assertThat(Gpus.find("NVIDIA GeForce RTX-4090").orElseThrow().name()).isEqualTo("RTX 4090");
        assertThat(Gpus.find("h100 pcie").orElseThrow().name()).isEqualTo("H100 PCIe");
        assertThat(Gpus.find("RTX 9999")).isEmpty();
        assertThat(Gpus.find("")).isEmpty();
    }

    @Test
    void peak_unitThatTheGpuLacks_isEmpty() {
        Gpu volta = Gpus.find("V100").orElseThrow();

        assertThat(volta.peak(PeakUnit.TENSOR_CORE, PeakPrecision.INT8)).isEmpty();
        assertThat(volta.peak(PeakUnit.TENSOR_CORE_SPARSE, PeakPrecision.FP16)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "NVIDIA A100-SXM4-80GB, A100 80GB",
        "A100-PCIE-40GB, A100 40GB",
        "Tesla V100-SXM2-16GB, V100 SXM2",
        "Tesla T4, T4",
        "NVIDIA GeForce RTX 3090, RTX 3090",
        "NVIDIA H100 80GB HBM3, H100 SXM",
        "NVIDIA H100 PCIe, H100 PCIe",
        "NVIDIA L4, L4"
    })
    void of_driversName_isTheGpuOfTheTable(String driver, String name) {
        assertThat(Gpus.of(new DeviceData(driver, 0, 0, 0, 0, 0)))
                .get()
                .extracting(Gpu::name)
                .isEqualTo(name);
    }

    @Test
    void of_unknownName_derivesFromTheDevicesData() {
        DeviceData device = new DeviceData("NVIDIA RTX A4000", 86, 48, 1_560_000_000L, 448_000_000_000L, 0);

        Gpu gpu = Gpus.of(device).orElseThrow();

        assertThat(gpu.capability()).isEqualTo("8.6");
        assertThat(gpu.bandwidthGBs()).isEqualTo(448);
        assertThat(gpu.peak(PeakUnit.CUDA_CORE, PeakPrecision.FP32)
                        .orElseThrow()
                        .tops())
                .as("19.2 TFLOPS published")
                .isCloseTo(19.2, within(19.2 * PUBLISHED_TOLERANCE));
    }

    @Test
    void of_variantOrUnknownArchitecture_isNoGpuOfTheTable() {
        assertThat(Gpus.of(new DeviceData("NVIDIA GeForce RTX 3080 Ti", 86, 0, 0, 0, 0)))
                .isEmpty();
        assertThat(Gpus.of(new DeviceData("some GPU", 61, 20, 1_500_000_000L, 1, 0)))
                .isEmpty();
        assertThat(Gpus.of(new DeviceData("NVIDIA GB10", 121, 48, 2_400_000_000L, 273_000_000_000L, 0)))
                .get()
                .extracting(Gpu::capability)
                .isEqualTo("12.0");
    }
}
