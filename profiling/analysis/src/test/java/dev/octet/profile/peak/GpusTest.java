package dev.octet.profile.peak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.octet.profile.DeviceData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpusTest {
    /** Vendors round to two or three digits and to whole megahertz. */
    private static final double PUBLISHED_TOLERANCE = 0.02;

    @ParameterizedTest
    @CsvSource({
        "V100 SXM2, CUDA_CORE, FP32, 15.7",
        "V100 SXM2, TENSOR_CORE, FP16, 125",
        "V100 SXM2, CUDA_CORE, INT8, 63",
        "T4, CUDA_CORE, FP32, 8.1",
        "T4, TENSOR_CORE, FP16, 65",
        "T4, TENSOR_CORE, INT8, 130",
        "RTX 2080 Ti, CUDA_CORE, FP32, 13.4",
        "RTX 2080 Ti, TENSOR_CORE, FP16_FP16_SUM, 108",
        "RTX 2080 Ti, TENSOR_CORE, FP16, 54",
        "RTX 2080 Ti, TENSOR_CORE, INT8, 215",
        "A100, CUDA_CORE, FP64, 9.7",
        "A100, CUDA_CORE, FP32, 19.5",
        "A100, TENSOR_CORE, FP64, 19.5",
        "A100, TENSOR_CORE, TF32, 156",
        "A100, TENSOR_CORE, FP16, 312",
        "A100, TENSOR_CORE, INT8, 624",
        "A100, TENSOR_CORE_SPARSE, INT8, 1248",
        "A30, CUDA_CORE, FP32, 10.3",
        "A30, TENSOR_CORE, FP16, 165",
        "A30, TENSOR_CORE, INT8, 330",
        "A10, CUDA_CORE, FP32, 31.2",
        "A10, TENSOR_CORE, FP16, 125",
        "A10, TENSOR_CORE, INT8, 250",
        "RTX 3080, CUDA_CORE, FP32, 29.8",
        "RTX 3080, TENSOR_CORE, INT8, 238",
        "RTX 3090, CUDA_CORE, FP32, 35.6",
        "RTX 3090, TENSOR_CORE, FP16, 71",
        "RTX 3090, TENSOR_CORE, INT8, 285",
        "RTX 4090, CUDA_CORE, FP32, 82.6",
        "RTX 4090, TENSOR_CORE, FP16, 165",
        "RTX 4090, TENSOR_CORE, FP8_FP16_SUM, 661",
        "RTX 4090, TENSOR_CORE, INT8, 661",
        "L4, CUDA_CORE, FP32, 30.3",
        "L4, TENSOR_CORE, FP16, 121",
        "L4, TENSOR_CORE, INT8, 242",
        "L40S, CUDA_CORE, FP32, 91.6",
        "L40S, TENSOR_CORE, FP16, 366",
        "L40S, TENSOR_CORE, FP8, 733",
        "H100 SXM, CUDA_CORE, FP32, 67",
        "H100 SXM, TENSOR_CORE, FP64, 67",
        "H100 SXM, TENSOR_CORE, FP16, 989",
        "H100 SXM, TENSOR_CORE, INT8, 1979",
        "H100 PCIe, CUDA_CORE, FP32, 51",
        "H100 PCIe, TENSOR_CORE, FP16, 756",
        "H100 PCIe, TENSOR_CORE, INT8, 1513",
        "H200, TENSOR_CORE, FP8, 1979",
        "B200, CUDA_CORE, FP32, 75",
        "B200, TENSOR_CORE, FP16, 2250",
        "B200, TENSOR_CORE, INT8, 4500",
        "RTX 5090, CUDA_CORE, FP32, 105",
        "RTX 5090, TENSOR_CORE, FP16, 210",
        "RTX 5090, TENSOR_CORE, INT8, 838",
        "AGX Xavier, CUDA_CORE, FP32, 1.4",
        "AGX Xavier, TENSOR_CORE, INT8, 22.6",
        "AGX Orin 64, CUDA_CORE, FP32, 5.3",
        "AGX Orin 64, TENSOR_CORE_SPARSE, INT8, 170"
    })
    void tops_ofTheTable_equalsThePublishedFigure(String name, PeakUnit unit, PeakPrecision precision, double tops) {
        Peak peak = Gpus.find(name).orElseThrow().peak(unit, precision).orElseThrow();

        assertThat(peak.tops()).as(peak.derivation()).isCloseTo(tops, within(tops * PUBLISHED_TOLERANCE));
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
        assertThat(gpu.peak(PeakUnit.CUDA_CORE, PeakPrecision.FP32).orElseThrow().tops())
                .as("19.2 TFLOPS published")
                .isCloseTo(19.2, within(19.2 * PUBLISHED_TOLERANCE));
    }

    @Test
    void of_variantOrUnknownArchitecture_isNoGpuOfTheTable() {
        assertThat(Gpus.of(new DeviceData("NVIDIA GeForce RTX 3080 Ti", 86, 0, 0, 0, 0))).isEmpty();
        assertThat(Gpus.of(new DeviceData("some GPU", 61, 20, 1_500_000_000L, 1, 0))).isEmpty();
        assertThat(Gpus.of(new DeviceData("NVIDIA GB10", 121, 48, 2_400_000_000L, 273_000_000_000L, 0)))
                .get()
                .extracting(Gpu::capability)
                .isEqualTo("12.0");
    }
}
