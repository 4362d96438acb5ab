package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.Model;
import dev.octet.backend.cuda.SimulatorPerTest;
import dev.octet.data.NpyFile;
import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.CumSum;
import dev.octet.onnx.HostileEffort;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the commands do with {@code --device} on the simulated device, sound and faulty. */
@Tag("cuda")
class CudaCommandsTest {
    @TempDir
    private Path folder;

    @RegisterExtension
    private final SimulatorPerTest simulator = new SimulatorPerTest();

    private CommandRun run(Path model, String... options) throws IOException {
        Path input = folder.resolve("x.npy");
        NpyFile.write(input, Tensor.ofFloats(Shape.of(2, 3), 1, -2, 3, -4, 5, -6));
        String[] args = new String[options.length + 6];
        String[] first = {
            "run",
            model.toString(),
            "--input",
            "x=" + input,
            "--output-dir",
            folder.resolve("out").toString()
        };
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(options, 0, args, first.length, options.length);
        return CommandRun.of((Object[]) args);
    }

    private Tensor output() throws IOException {
        return NpyFile.read(folder.resolve("out/y.npy"));
    }

    /** The weight takes 2 MiB on the host and as much on the device, and packed again there. */
    @Test
    void run_deviceMemoryBeyondTheLimit_isRefused() throws IOException {
        Path model = HostileEffort.weight(folder, 256, 2048);
        Path input = folder.resolve("row.npy");
        NpyFile.write(input, Tensor.allocate(DType.F32, Shape.of(4, 256)));

        CommandRun refused =
                CommandRun.of("run", model, "--input", "x=" + input, "--device", "cuda", "--memory-limit", 3);

        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.LIMIT);
        assertThat(refused.err())
                .hasLineCount(1)
                .contains("memory of cuda:0 needs 2097152 bytes", "the memory limit is 3145728 bytes");
        assertThat(simulator.get().leaks()).isEmpty();
    }

    @Test
    void run_moreThanTheDeviceHasFree_isRefusedBeforeAllocating() throws IOException {
        simulator.get().set("MEMORY", "1048576");
        try {
            Path model = HostileEffort.weight(folder, 256, 2048);
            Path input = folder.resolve("row.npy");
            NpyFile.write(input, Tensor.allocate(DType.F32, Shape.of(4, 256)));

            CommandRun refused = CommandRun.of("run", model, "--input", "x=" + input, "--device", "cuda");

            assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.LIMIT);
            assertThat(refused.err())
                    .hasLineCount(1)
                    .contains("needs 2097152 bytes of cuda:0", "of whose 1048576 bytes", "use a smaller batch");
            assertThat(simulator.get().leaks()).isEmpty();
        } finally {
            simulator.get().set("MEMORY", Long.toString(4L << 30));
        }
    }

    @ParameterizedTest
    @CsvSource({"cuda", "cuda:0", "auto"})
    void run_device_writesWhatTheCpuWrites(String device) throws IOException {
        Path model = TinyModels.quantized(folder);
        assertThat(run(model, "--device", "cpu").code()).isEqualTo(ExitCode.OK);
        Tensor expected = output();
        Files.delete(folder.resolve("out/y.npy"));

        CommandRun run = run(model, "--device", device, "--strict");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(output().contentEquals(expected)).isTrue();
        assertThat(simulator.get().leaks()).isEmpty();
    }

    @Test
    void bench_cuda_namesTheDevice() throws IOException {
        CommandRun run = CommandRun.of(
                "bench", TinyModels.relu(folder), "--device", "cuda", "--iterations", 5, "--threads", 1, "--json");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.json().get("runs").get(0).get("device").asString()).isEqualTo("cuda:0");
    }

    @Test
    void doctor_twoDevices_listsBoth() {
        simulator.get().set("DEVICES", "2");

        CommandRun run = CommandRun.of("doctor", "--json");

        List<JsonNode> gpus = run.json()
                .get("devices")
                .valueStream()
                .filter(device -> device.has("gpu"))
                .toList();
        assertThat(gpus).extracting(gpu -> gpu.get("name").asString()).containsExactly("cuda:0", "cuda:1");
        assertThat(gpus).allSatisfy(gpu -> {
            assertThat(gpu.get("works").asBoolean()).isTrue();
            assertThat(gpu.get("gpu").get("computeCapability").asString()).isEqualTo("8.0");
            assertThat(gpu.get("gpu").get("driver").asString()).isEqualTo("13.0");
            assertThat(gpu.get("gpu").get("memoryBytes").asLong()).isEqualTo(4L << 30);
        });
    }

    @ParameterizedTest
    @CsvSource({"DEVICES, 0", "INIT, 803", "FAIL_ALLOCATION, 1+", "FAIL_LAUNCH, 1", "FAIL_COPY, 1", "LOST_AT, 9"})
    void run_faultyDevice_isDeviceFailureInOneLine(String setting, String value) throws IOException {
        Path model = TinyModels.quantized(folder);
        simulator.get().set(setting, value);

        CommandRun run = run(model, "--device", "cuda");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DEVICE);
        assertThat(run.err().strip().lines())
                .hasSize(1)
                .allMatch(line -> line.contains("CUDA") || line.contains("cuda"));
        assertThat(folder.resolve("out/y.npy")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"DEVICES, 0", "INIT, 803", "LOST_AT, 9"})
    void run_autoWithADeviceThatCannotBeOpened_runsOnTheCpuAndSaysWhy(String setting, String value) throws IOException {
        Path model = TinyModels.quantized(folder);
        simulator.get().set(setting, value);

        CommandRun run = run(model, "--device", "auto");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).contains("running on cpu: no cuda: ");
    }

    @Test
    void run_noSuchDevice_isUsage() throws IOException {
        CommandRun run = run(TinyModels.relu(folder), "--device", "cuda:7");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("there is no device cuda:7; this machine has 1");
    }

    @Test
    void run_operatorWithoutKernel_runsOnTheCpuAndIsRefusedByStrict() throws IOException {
        Node node = new Node("sum", new CumSum(false, false), List.of("x", "axis"), List.of("y"));
        ValueInfo x = new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("N"), new Dim.Known(3))));
        ValueInfo y = new ValueInfo("y", DType.F32, Optional.of(List.of(new Dim.Symbol("N"), new Dim.Known(3))));
        Map<String, Tensor> axis = Map.of("axis", Tensor.scalar(DType.S64, 1));
        Path model = folder.resolve("sum.onnx");
        new Model(new Graph("sum", List.of(x), List.of(y), List.of(node), axis)).save(model);

        CommandRun lenient = run(model, "--device", "cuda");
        Tensor sums = output();
        CommandRun strict = run(model, "--device", "cuda", "--strict");

        assertThat(lenient.code()).as(lenient.err()).isEqualTo(ExitCode.OK);
        assertThat(sums.toFloats()).containsExactly(1, -1, 2, -4, 1, -5);
        assertThat(strict.code()).isEqualTo(ExitCode.UNSUPPORTED);
        assertThat(strict.err()).contains("node \"sum\" (CumSum) does not run as declared", "runs on the CPU");
    }
}
