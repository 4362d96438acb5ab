package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of {@code profiling/} with stand-ins for NVIDIA's tools, which print their arguments. */
class ProfilingScriptsTest {
    @TempDir
    private Path folder;

    private String run(String script, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(List.of("sh", scripts().resolve(script).toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().merge("PATH", folder.toString(), (old, first) -> first + ":" + old);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }

    private static Path scripts() {
        Path inModule = Path.of("../profiling");
        return Files.isDirectory(inModule) ? inModule : Path.of("profiling");
    }

    private void tool(String name, String body) throws IOException {
        Path tool = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body);
        assertThat(tool.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void nsys_range_recordsOnlyItAndKernelsOfGraphs() throws Exception {
        tool("nsys", "printf '[%s]' \"$@\"; echo\n");

        String calls = run("nsys.sh", Map.of("NSYS_RANGE", "conv 1"), "out", "octet", "bench");

        assertThat(calls)
                .contains(
                        "[profile]",
                        "[--cuda-graph-trace=node]",
                        "[--capture-range=nvtx][--nvtx-capture=conv 1@*]",
                        "[octet][bench]",
                        "[export][--type=sqlite]",
                        "[--output=out.sqlite][out.nsys-rep]");
        assertThat(run("nsys.sh", Map.of(), "out", "octet")).doesNotContain("--capture-range");
    }

    @Test
    void ncu_counters_areThoseOfTheGpu() throws Exception {
        tool("ncu", """
                if [ "$1" = --query-metrics ]; then
                  echo "gpu__time_duration  Counter  nsecond  time"
                  echo "sm__pipe_tensor_cycles_active  Counter  cycle  cycles"
                  echo "sm__inst_executed_pipe_tensor_op_imma_more  Counter  inst  another one"
                else
                  printf '[%s]' "$@"
                fi
                """);

        String call = run("ncu.sh", Map.of("NCU_RANGE", "/layer/conv"), "out", "octet");

        assertThat(call)
                .contains(
                        "[--metrics][gpu__time_duration.sum,"
                                + "sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_active]",
                        "[--nvtx-include][\\/layer\\/conv/]",
                        "[--log-file][out.csv]");
    }
}
