package dev.octet.profile.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.octet.profile.DeviceTime;
import dev.octet.profile.KernelUnit;
import dev.octet.profile.Profile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonReadersTest {
    @TempDir
    private Path folder;

    private Profile read(String text) throws IOException {
        return ProfileFiles.read(Files.writeString(folder.resolve("profile"), text));
    }

    @Test
    void kinetoTrace_kernels_carryTheirOperator() throws IOException {
        Profile profile = read("""
                {"schemaVersion": 1, "deviceProperties": [{"id": 0, "name": "x"}], "traceEvents": [
                 {"ph": "X", "cat": "cpu_op", "name": "aten::mm", "ts": 1, "dur": 9, "args": {"External id": 5}},
                 {"ph": "X", "cat": "kernel", "name": "ampere_sgemm_128x64_tn", "ts": 3, "dur": 4.5,
                  "args": {"External id": 5, "grid": [1, 2, 3]}},
                 {"ph": "X", "cat": "gpu_memcpy", "name": "Memcpy HtoD (Pageable -> Device)", "ts": 1, "dur": 1}]}
                """);

        assertThat(profile.kernels().getFirst().range()).isEqualTo(Optional.of("aten::mm"));
        assertThat(profile.kernels().getFirst().durations().totalNanos()).isEqualTo(4500);
        assertThat(profile.unitNanos(KernelUnit.COPY)).isEqualTo(1000);
    }

    @Test
    void kinetoTrace_packedWithSeveralGpus_sharesTheTimeByGpu() throws IOException {
        Path file = folder.resolve("trace.json.gz");
        String trace = """
                {"schemaVersion": 1, "deviceProperties": [
                  {"id": 0, "name": "NVIDIA H100 80GB HBM3", "computeMajor": 9, "computeMinor": 0, "numSms": 132},
                  {"id": 1, "name": "NVIDIA H100 80GB HBM3", "computeMajor": 9, "computeMinor": 0, "numSms": 132}],
                 "traceEvents": [
                 {"ph": "X", "cat": "kernel", "name": "nvjet_hsh_256x128_64x4_1x2_h_bz_coopA_NNT", "ts": 3, "dur": 4,
                  "args": {"device": 1, "stream": 7}},
                 {"ph": "X", "cat": "kernel", "name": "vectorized_elementwise_kernel", "ts": 9, "dur": 1,
                  "args": {"device": 0}}]}
                """;
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(trace.getBytes(StandardCharsets.UTF_8));
        }

        Profile profile = ProfileFiles.read(file);

        assertThat(profile.devices())
                .extracting(device -> device.data().architecture(), DeviceTime::totalNanos, DeviceTime::tensorNanos)
                .containsExactly(tuple(90, 1000L, 0L), tuple(90, 4000L, 4000L));
        byte[] packed = Files.readAllBytes(file);
        Path cut = Files.write(folder.resolve("cut.json.gz"), Arrays.copyOf(packed, packed.length / 2));
        assertThatThrownBy(() -> ProfileFiles.read(cut))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("truncated");
    }

    @Test
    void kinetoTrace_firstVersions_useOtherCategories() throws IOException {
        Profile profile = read("""
                {"schemaVersion": 1, "traceEvents": [
                 {"ph": "X", "cat": "Operator", "name": "aten::conv2d", "ts": 1, "dur": 9, "args": {"External id": "5"}},
                 {"ph": "X", "cat": "Kernel", "name": "volta_sgemm_128x64_nn", "ts": 3, "dur": 4,
                  "args": {"External id": "5", "device": 0}},
                 {"ph": "X", "cat": "Memcpy", "name": "Memcpy HtoD (Pinned -> Device)", "ts": 1, "dur": 1}]}
                """);

        assertThat(profile.source()).isEqualTo(Profile.Source.CHROME_TRACE);
        assertThat(profile.kernels().getFirst().range()).contains("aten::conv2d");
    }

    @Test
    void onnxRuntimeProfile_gpuKernels_standForTheirNodes() throws IOException {
        Profile profile = read("""
                [{"cat": "Session", "ph": "X", "name": "model_run", "ts": 1, "dur": 90, "args": {}},
                 {"cat": "Node", "ph": "X", "name": "conv1_kernel_time", "ts": 5, "dur": 40,
                  "args": {"op_name": "Conv", "provider": "CUDAExecutionProvider"}},
                 {"cat": "Kernel", "ph": "X", "name": "ampere_scudnn_128x64_relu_medium_nn_v1", "ts": 9, "dur": 30,
                  "args": {"stream": "7", "op_name": "Conv", "parent_name": "conv1_kernel_time"}}]
                """);

        assertThat(profile.source()).isEqualTo(Profile.Source.ORT_PROFILE);
        assertThat(profile.kernels()).hasSize(1);
        assertThat(profile.kernels().getFirst().range()).contains("conv1");
        assertThat(profile.unitNanos(KernelUnit.CUDA)).isEqualTo(30_000);
    }

    @Test
    void onnxRuntimeProfile_nodes_areRanges() throws IOException {
        Profile profile = read("""
                [{"cat": "Session", "ph": "X", "name": "model_run", "ts": 1, "dur": 90, "args": {}},
                 {"cat": "Node", "ph": "X", "name": "conv1_kernel_time", "ts": 5, "dur": 40,
                  "args": {"op_name": "Conv", "provider": "CPUExecutionProvider", "input_type_shape": [{"float": [1]}]}}]
                """);

        assertThat(profile.source()).isEqualTo(Profile.Source.ORT_PROFILE);
        assertThat(profile.kernels().getFirst().name()).isEqualTo("Conv");
        assertThat(profile.kernels().getFirst().range()).contains("conv1");
        assertThat(profile.kernels().getFirst().kernelClass().unit()).isEqualTo(KernelUnit.CPU);
    }

    @Test
    void octetTrace_steps_areKernelsInTheirNode() throws IOException {
        Profile profile = read("""
                {"traceEvents": [
                 {"ph": "X", "cat": "octet_step", "name": "avx2_qconv", "ts": 2, "dur": 3,
                  "args": {"node": "conv1", "op": "QConv", "precision": "INT8", "provider": "cpu"}},
                 {"ph": "X", "cat": "octet_step", "name": "octet_i16832_qgemm_u8s8s8_128x128x64", "ts": 10, "dur": 4,
                  "args": {"node": "fc", "op": "QMatMul", "precision": "INT8", "provider": "cuda"}}]}
                """);

        assertThat(profile.source()).isEqualTo(Profile.Source.OCTET_TRACE);
        assertThat(profile.spanNanos()).hasValue(12_000);
        assertThat(profile.unitNanos(KernelUnit.TENSOR)).isEqualTo(4000);
        assertThat(profile.kernels().getLast()).satisfies(step -> {
            assertThat(step.range()).contains("conv1");
            assertThat(step.kernelClass().unit()).isEqualTo(KernelUnit.CPU);
            assertThat(step.kernelClass().precision()).contains("INT8");
        });
    }

    @Test
    void json_truncatedOrForeign_saysSo() {
        assertThatThrownBy(() -> read("{\"traceEvents\": [{\"ph\": \"X\", \"ca"))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("truncated");
        assertThatThrownBy(() -> read("{\"a\": 1}"))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("no events");
    }
}
