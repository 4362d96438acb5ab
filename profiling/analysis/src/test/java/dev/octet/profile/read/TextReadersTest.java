package dev.octet.profile.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.profile.KernelClass.Evidence;
import dev.octet.profile.KernelTotal;
import dev.octet.profile.KernelTotal.Durations;
import dev.octet.profile.KernelUnit;
import dev.octet.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextReadersTest {
    @TempDir
    private Path folder;

    private Profile read(String text) throws IOException {
        return ProfileFiles.read(Files.writeString(folder.resolve("profile"), text));
    }

    @Test
    void nsysCsv_logBeforeHeaderAndBareQuotes_areRead() throws IOException {
        Profile profile = read("""
                Generating SQLite file a.sqlite from a.nsys-rep
                Processing [a.sqlite] with [cuda_gpu_kern_sum.py]...

                Time (%),Total Time (us),Instances,Avg (us),Med (us),Min (us),Max (us),StdDev (us),Name
                75.0,1.5,3,0.5,0.4,0.3,0.8,0.1,"void k<int, float>(a, "odd"")"
                25.0,0.5,1,0.5,0.5,0.5,0.5,0.0,ampere_sgemm_128x64_tn

                Processing [a.sqlite] with [cuda_api_sum.py]...

                Time (%),Total Time (us),Num Calls,Avg (us),Med (us),Min (us),Max (us),StdDev (us),Name
                100.0,99.0,3,33.0,33.0,33.0,33.0,0.0,cudaLaunchKernel
                """);

        assertThat(profile.source()).isEqualTo(Profile.Source.NSYS_CSV);
        assertThat(profile.kernels())
                .extracting(KernelTotal::name)
                .containsExactly("void k<int, float>(a, \"odd\"\")", "ampere_sgemm_128x64_tn");
        assertThat(profile.kernels().getFirst().durations()).isEqualTo(new Durations(3, 1500, 300, 800, 400));
        assertThat(profile.totalNanos()).isEqualTo(2000);
    }

    @Test
    void nsysCsv_anyTimeUnit_isTheSameTime() throws IOException {
        for (String unit : new String[] {"ns:3000000", "us:3000", "ms:3", "s:0.003"}) {
            String[] parts = unit.split(":", 2);
            Profile profile = read("Time(%),Total Time (" + parts[0] + "),Instances,Name\n100," + parts[1] + ",1,k\n");

            assertThat(profile.totalNanos()).as(unit).isEqualTo(3_000_000);
        }
    }

    @Test
    void nsysCsv_rowCutOff_saysSo() {
        assertThatThrownBy(() -> read("Time (%),Total Time (ns),Instances,Name\n100,55"))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("truncated");
    }

    @Test
    void ncuDetails_countersOverruleTheName() throws IOException {
        Profile profile = read("""
                ==PROF== Connected to process 1
                "ID","Kernel Name","CC","Section Name","Metric Name","Metric Unit","Metric Value"
                "0","my_kernel","8.0","","gpu__time_duration.sum","usecond","1,234.50"
                "0","my_kernel","8.0","","sm__inst_executed_pipe_tensor_op_imma.sum","inst","4,096"
                "1","ampere_h16816gemm_128x64_tn","8.0","","gpu__time_duration.sum","nsecond","500"
                "1","ampere_h16816gemm_128x64_tn","8.0","","sm__inst_executed_pipe_tensor.sum","inst","0"
                """);

        KernelTotal proved = profile.kernels().getFirst();
        assertThat(profile.source()).isEqualTo(Profile.Source.NCU_CSV);
        assertThat(proved.durations().totalNanos()).isEqualTo(1_234_500);
        assertThat(proved.kernelClass().unit()).isEqualTo(KernelUnit.TENSOR);
        assertThat(proved.kernelClass().evidence()).isEqualTo(Evidence.COUNTER);
        assertThat(proved.kernelClass().precision()).contains("INT8");
        KernelTotal disproved = profile.kernels().getLast();
        assertThat(disproved.kernelClass().unit()).isEqualTo(KernelUnit.CUDA);
        assertThat(disproved.kernelClass().evidence()).isEqualTo(Evidence.COUNTER);
    }

    @Test
    void ncuRaw_unitRow_isNoKernel() throws IOException {
        Profile profile = read("""
                "ID","Kernel Name","CC","gpu__time_duration.sum","sm__inst_executed_pipe_tensor_op_imma.sum"
                "","","","us","inst"
                "0","igemm, ""x"" y","9.0","2.5","0"
                "1","octet_igmma64x128x32_gemm_s8","9.0","1.5","0"
                """);

        assertThat(profile.kernels())
                .extracting(KernelTotal::name)
                .containsExactly("igemm, \"x\" y", "octet_igmma64x128x32_gemm_s8");
        assertThat(profile.totalNanos()).isEqualTo(4000);
        assertThat(profile.kernels().getLast().kernelClass().unit())
                .as("the imma counter does not see warp-group instructions on 9.0")
                .isEqualTo(KernelUnit.TENSOR);
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
