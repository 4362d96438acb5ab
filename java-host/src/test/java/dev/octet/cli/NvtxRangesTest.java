package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.backend.cuda.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Plan steps as a profiler sees them: a process of its own, because NVTX looks for its listener once. */
@Tag("cuda")
class NvtxRangesTest {
    @TempDir
    private Path folder;

    @Test
    void profile_listenedTo_namesEachStepByItsNode() throws Exception {
        Simulator.require(folder).close();
        Path recorder = Path.of(System.getenv("LD_LIBRARY_PATH")).resolve("libnvtx_recorder.so");
        assumeTrue(
                NvtxRangesTest.class.getClassLoader().getResource("native/cuda/liboctet_nvtx.so") != null,
                "this build's CUDA toolkit had no NVTX header");
        Path record = folder.resolve("ranges.txt");

        OctetProcess.Ended ended = OctetProcess.inShell(
                "NVTX_INJECTION64_PATH='" + recorder + "' OCTET_NVTX_RECORD='" + record + "' \"$@\"",
                "profile",
                "--run",
                TinyModels.quantized(folder),
                "--repeats",
                "1",
                "--device",
                "cuda",
                "--json");

        assertThat(ended.code()).as(ended.err()).isZero();
        JsonNode steps =
                new tools.jackson.databind.ObjectMapper().readTree(ended.out()).get("steps");
        List<String> lines = Files.readAllLines(record);
        assertThat(steps.valueStream().map(step -> "+" + step.get("node").asString()))
                .isNotEmpty()
                .isSubsetOf(lines);
        assertThat(lines.stream().filter("-"::equals)).hasSize(lines.size() / 2);
    }
}
