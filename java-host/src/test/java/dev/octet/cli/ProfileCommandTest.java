package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ProfileCommandTest {
    @TempDir
    private Path folder;

    @Test
    void names_file_printsUnitInstructionAndPrecision() throws IOException {
        Path file = Files.writeString(folder.resolve("names.txt"), "volta_h884gemm_64x64_ldg8_tt\nno_such\n");

        CommandRun run = CommandRun.of("profile", "--names", file);

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out().lines())
                .containsExactly("volta_h884gemm_64x64_ldg8_tt\tTENSOR\tHMMA 8x8x4\tFP16", "no_such\tUNKNOWN\t-\t-");
    }

    @Test
    void names_missingFile_isInvalidInput() {
        CommandRun run = CommandRun.of("profile", "--names", folder.resolve("absent"));

        assertThat(run.code()).isEqualTo(ExitCode.INVALID_INPUT);
        assertThat(run.err()).contains("does not exist");
    }

    private Path summary() throws IOException {
        return Files.writeString(folder.resolve("kernels.csv"), """
                Time (%),Total Time (ns),Instances,Name
                75,3000000,3,octet_i16832_gemm_s8_128x128x64_tn
                25,1000000,1,softmax_warp_forward
                """);
    }

    @Test
    void profile_summary_printsUnitsAndTheTensorShare() throws IOException {
        CommandRun run = CommandRun.of("profile", summary());

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("tensor-core share of GPU time 75.0%", "IMMA 16x8x32", "softmax_warp_forward", "MEMORY");
    }

    @Test
    void profile_json_hasStableFields() throws IOException {
        JsonNode json = CommandRun.of("profile", summary(), "--json").json();

        assertThat(json.get("tensorShare").asDouble()).isEqualTo(0.75);
        assertThat(json.get("totalNanos").asLong()).isEqualTo(4_000_000);
        assertThat(json.get("kernels").get(0).get("unit").asString()).isEqualTo("TENSOR");
        assertThat(json.get("kernels").get(0).get("evidence").asString()).isEqualTo("name");
        assertThat(json.get("kernels").get(0).get("calls").asLong()).isEqualTo(3);
    }

    @Test
    void profile_foreignFile_isInvalidInputInOneLine() throws IOException {
        CommandRun run = CommandRun.of("profile", Files.writeString(folder.resolve("x"), "hello"));

        assertThat(run.code()).isEqualTo(ExitCode.INVALID_INPUT);
        assertThat(run.err().lines()).singleElement().asString().contains("no known profile");
    }

    @Test
    void profile_withoutFile_isUsage() {
        assertThat(CommandRun.of("profile").code()).isEqualTo(ExitCode.USAGE);
    }

    private Path trace(String name, String kernel, int nanos) throws IOException {
        return Files.writeString(folder.resolve(name), """
                NVTX Range,Style,PID,TID,NVTX Inst,Kern Inst,Total Time (ns),Avg (ns),Med (ns),Min (ns),Max (ns),StdDev (ns),Kernel Name
                conv1,PushPop,1,1,1,1,%1$d,%1$d,%1$d,%1$d,%1$d,0,%2$s
                """.formatted(nanos, kernel));
    }

    @Test
    void profile_twoFiles_namesTheCauseAndItsFix() throws IOException {
        Path before = trace("before.csv", "ampere_h16816gemm_128x64_sliced1x2_ldg8_stages_64x6_tn", 100_000);
        Path after = trace("after.csv", "ampere_igemm_int8_128x128_ldg4_nn", 150_000);

        CommandRun run = CommandRun.of("profile", before, after);

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("0.67 times as fast", "not on tensor cores, conv1 (at most 150.0 us)", "multiples of 16");
    }

    @Test
    void profile_twoFilesAsJson_hasStableFields() throws IOException {
        Path before = trace("before.csv", "ampere_h16816gemm_128x64_sliced1x2_ldg8_stages_64x6_tn", 200_000);
        Path after = trace("after.csv", "ampere_igemm_int8_128x128_ldg4_nn", 150_000);

        JsonNode json = CommandRun.of("profile", before, after, "--runs", "2,1", "--json")
                .json();

        assertThat(json.get("beforeNanos").asLong()).isEqualTo(100_000);
        assertThat(json.get("afterNanos").asLong()).isEqualTo(150_000);
        assertThat(json.get("verdicts").get(0).get("cause").asString()).isEqualTo("not_on_tensor_cores");
        assertThat(json.get("verdicts").get(0).get("gainNanos").asLong()).isEqualTo(150_000);
    }

    @Test
    void profile_runsWithOneNumber_isUsage() throws IOException {
        Path file = trace("a.csv", "x", 1);

        CommandRun run = CommandRun.of("profile", file, file, "--runs", "3");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("expected two numbers");
    }

    @Test
    void profile_run_timesEachStepAndWritesATraceThatItReads() throws IOException {
        Path model = TinyModels.quantized(folder);
        Path trace = folder.resolve("trace.json");

        JsonNode json = CommandRun.of(
                        "profile", "--run", model, "--repeats", "3", "--trace", trace, "--device", "cpu", "--json")
                .json();

        assertThat(json.get("runs").asLong()).isEqualTo(3);
        assertThat(json.get("steps").size()).isPositive();
        assertThat(json.get("steps").get(0).get("medianNanos").asLong()).isPositive();
        CommandRun read = CommandRun.of("profile", trace, "--json");
        assertThat(read.json().get("source").asString()).isEqualTo("Octet trace");
        assertThat(read.json().get("kernels").get(0).get("unit").asString()).isEqualTo("CPU");
        assertThat(read.json().get("kernels").get(0).get("calls").asLong()).isEqualTo(3);
    }

    @Test
    void profile_runTogetherWithAFile_isUsage() throws IOException {
        CommandRun run = CommandRun.of("profile", summary(), "--run", TinyModels.quantized(folder));

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    }
}
