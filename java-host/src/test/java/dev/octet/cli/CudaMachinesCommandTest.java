package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.backend.cuda.SimulatorPerTest;
import dev.octet.data.NpyFile;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import dev.octet.testing.TestTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every command that takes {@code --device}, on machines with and without devices, libraries and sound kernels. */
@Tag("cuda")
class CudaMachinesCommandTest {
    private static final String GEMM = "octet.cuda.gemm";
    private static final String CUBLASLT = "octet.cublaslt";
    private static final int SAMPLES = 12;

    @TempDir
    private Path folder;

    @RegisterExtension
    private final SimulatorPerTest simulator = new SimulatorPerTest();

    @BeforeEach
    void writeData() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        NpyFile.write(data.resolve("inputs.npy"), TestTensors.uniform(DType.F32, Shape.of(SAMPLES, 3), 2, 5));
        long[] labels = new long[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            labels[i] = i % 4;
        }
        NpyFile.write(data.resolve("labels.npy"), Tensor.ofLongs(Shape.of(SAMPLES), labels));
    }

    @AfterEach
    void clearProperties() {
        System.clearProperty(GEMM);
        System.clearProperty(CUBLASLT);
    }

    private Path data() {
        return folder.resolve("data");
    }

    private static CommandRun ok(Object... args) {
        CommandRun run = CommandRun.of(args);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        return run;
    }

    /** A model with two integer products. */
    private Path int8Model() throws IOException {
        Path model = folder.resolve("chain.int8.onnx");
        ok("quantize", TinyModels.chain(folder), "-o", model, "--data", data(), "--device", "cpu");
        return model;
    }

    private Tensor output(Path model, Object... options) throws IOException {
        Path x = folder.resolve("x.npy");
        Path out = folder.resolve("out");
        NpyFile.write(x, TestTensors.uniform(DType.F32, Shape.of(5, 3), 2, 6));
        List<Object> args = new ArrayList<>(List.of("run", model, "--input", "x=" + x, "--output-dir", out));
        args.addAll(List.of(options));
        ok(args.toArray());
        return NpyFile.read(out.resolve("y.npy"));
    }

    private static void assertOneLine(CommandRun run) {
        assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "auto", "cuda:1"})
    void eval_device_countsWhatTheCpuCounts(String device) throws IOException {
        simulator.get().set("DEVICES", "2");
        Path model = int8Model();
        JsonNode expected =
                ok("eval", model, "--data", data(), "--device", "cpu", "--json").json();

        JsonNode json = ok("eval", model, "--data", data(), "--device", device, "--json")
                .json();

        assertThat(json.get("count").asInt()).isEqualTo(SAMPLES);
        assertThat(json.get("top1")).isEqualTo(expected.get("top1"));
        assertThat(simulator.get().leaks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "auto", "cuda:1"})
    void compare_device_findsWhatTheCpuFinds(String device) throws IOException {
        simulator.get().set("DEVICES", "2");
        Path model = int8Model();
        Object[] same = {"compare", TinyModels.chain(folder), model, "--data", data(), "--json", "--device"};
        JsonNode expected = ok(with(same, "cpu")).json();

        JsonNode json = ok(with(same, device)).json();

        assertThat(json.get("agreement")).isEqualTo(expected.get("agreement"));
        double ours = json.get("outputs").get(0).get("sqnrDb").asDouble();
        assertThat(ours).isCloseTo(expected.get("outputs").get(0).get("sqnrDb").asDouble(), within());
    }

    private static org.assertj.core.data.Offset<Double> within() {
        // The float side's sums may round in another order.
        return org.assertj.core.api.Assertions.within(0.01);
    }

    private static Object[] with(Object[] args, Object last) {
        Object[] all = java.util.Arrays.copyOf(args, args.length + 1);
        all[args.length] = last;
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "auto"})
    void quantize_device_writesAModelThatRuns(String device) throws IOException {
        Path target = folder.resolve("target.onnx");

        ok("quantize", TinyModels.chain(folder), "-o", target, "--data", data(), "--device", device, "--json");

        assertThat(output(target, "--device", "cuda").contentEquals(output(target, "--device", "cpu")))
                .isTrue();
        assertThat(simulator.get().leaks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda:0", "cuda:1"})
    void bench_device_isNamed(String device) throws IOException {
        simulator.get().set("DEVICES", "2");

        CommandRun run = ok("bench", int8Model(), "--device", device, "--iterations", 3, "--threads", 1, "--json");

        assertThat(run.json().get("runs").get(0).get("device").asString()).isEqualTo(device);
    }

    @ParameterizedTest
    @CsvSource({"run, cuda:5", "eval, cuda:2", "bench, cuda:9", "compare, cuda:3", "quantize, cuda:4"})
    void command_unknownDevice_isUsageInOneLine(String command, String device) throws IOException {
        simulator.get().set("DEVICES", "2");

        CommandRun run = CommandRun.of(arguments(command, device));

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.USAGE);
        assertOneLine(run);
        assertThat(run.err()).contains("there is no device " + device + "; this machine has 2");
    }

    private Object[] arguments(String command, String device) throws IOException {
        Path model = TinyModels.chain(folder);
        Path x = folder.resolve("x.npy");
        NpyFile.write(x, TestTensors.uniform(DType.F32, Shape.of(5, 3), 2, 6));
        return switch (command) {
            case "run" ->
                new Object[] {command, model, "--input", "x=" + x, "--output-dir", folder, "--device", device};
            case "eval" -> new Object[] {command, model, "--data", data(), "--device", device};
            case "bench" -> new Object[] {command, model, "--iterations", 2, "--device", device};
            case "compare" -> new Object[] {command, model, model, "--data", data(), "--device", device};
            default ->
                new Object[] {command, model, "-o", folder.resolve("q.onnx"), "--data", data(), "--device", device};
        };
    }

    @ParameterizedTest
    @CsvSource({"DEVICES, 0", "INIT, 803", "LOST_AT, 1", "LOAD, 222", "LOAD, 209"})
    void command_faultyMachine_failsInOneLineAndAutoFallsBack(String setting, String value) throws IOException {
        simulator.get().set(setting, value);

        for (String command : List.of("run", "eval", "bench", "compare", "quantize")) {
            CommandRun run = CommandRun.of(arguments(command, "cuda"));
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DEVICE);
            assertOneLine(run);
            CommandRun fallback = ok(arguments(command, "auto"));
            assertThat(fallback.err()).as(command).contains("running on cpu: no cuda: ");
        }
        assertThat(simulator.get().leaks()).isEmpty();
    }

    @Test
    void run_driverTooOldForTheKernels_saysWhatToDo() throws IOException {
        simulator.get().set("LOAD", "222");
        simulator.get().set("DRIVER", "12020");

        CommandRun run = CommandRun.of(arguments("run", "cuda"));
        simulator.get().set("DRIVER", "13000");

        assertThat(run.err())
                .contains(
                        "CUDA_ERROR_UNSUPPORTED_PTX_VERSION (222)",
                        "the driver is for CUDA 12.2: update NVIDIA's driver");
    }

    @ParameterizedTest
    @CsvSource({"DEVICES, 0", "INIT, 803", "LOST_AT, 1", "LOST_AT, 3", "LOST_AT, 6"})
    void doctor_faultyMachine_saysWhyAndSucceeds(String setting, String value) {
        simulator.get().set(setting, value);

        JsonNode json = ok("doctor", "--json").json();

        JsonNode cuda = json.get("devices")
                .valueStream()
                .filter(device -> device.get("name").asString().startsWith("cuda"))
                .findFirst()
                .orElseThrow();
        assertThat(cuda.get("works").asBoolean()).isFalse();
        assertThat(cuda.get("why").asString()).isNotBlank().doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "cublaslt", "auto"})
    void run_everyWayToMultiply_writesWhatTheCpuWrites(String mode) throws IOException {
        Path model = int8Model();
        Tensor expected = output(model, "--device", "cpu");
        System.setProperty(GEMM, mode);

        assertThat(output(model, "--device", "cuda", "--strict").contentEquals(expected))
                .isTrue();
        assertThat(simulator.get().leaks()).isEmpty();
    }

    @Test
    void run_unknownWayToMultiply_isUsage() throws IOException {
        System.setProperty(GEMM, "fastest");

        CommandRun run = CommandRun.of(arguments("run", "cuda"));

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertOneLine(run);
        assertThat(run.err()).contains("OCTET_CUDA_GEMM is \"fastest\"; it must be one of own, ");
    }

    @Test
    void run_withoutCublasLt_usesOwnKernelsUnlessItIsDemanded() throws IOException {
        Path model = int8Model();
        Tensor expected = output(model, "--device", "cpu");
        System.setProperty(
                CUBLASLT, Files.createDirectory(folder.resolve("empty")).toString());

        assertThat(output(model, "--device", "cuda").contentEquals(expected)).isTrue();
        JsonNode library = ok("doctor", "--json")
                .json()
                .get("libraries")
                .valueStream()
                .filter(one -> one.get("name").asString().equals("cuBLASLt"))
                .findFirst()
                .orElseThrow();
        assertThat(library.get("found").asBoolean()).isFalse();
        assertThat(library.get("why").asString()).contains("does not lead to cuBLASLt");
        System.setProperty(GEMM, "cublaslt");
        CommandRun demanded = CommandRun.of("bench", model, "--iterations", 1, "--device", "cuda");
        assertThat(demanded.code()).as(demanded.err()).isEqualTo(ExitCode.DEVICE);
        assertOneLine(demanded);
    }

    @Test
    void commands_damagedKernels_fallBackOrFailInOneLine() throws IOException, InterruptedException {
        Path overlay = folder.resolve("overlay");
        Path kernels = overlay.resolve("native/cuda/octet_kernels.fatbin");
        Files.createDirectories(kernels.getParent());
        Files.writeString(kernels, "damaged");

        OctetProcess.Ended demanded = OctetProcess.withClasses(overlay, arguments("run", "cuda"));
        OctetProcess.Ended auto = OctetProcess.withClasses(overlay, arguments("run", "auto"));
        OctetProcess.Ended doctor = OctetProcess.withClasses(overlay, "doctor");

        assertThat(demanded.code()).as(demanded.err()).isEqualTo(ExitCode.DEVICE.code());
        assertThat(demanded.err().strip().lines()).hasSize(1).allMatch(line -> line.contains("is damaged"));
        assertThat(auto.code()).as(auto.err()).isEqualTo(0);
        assertThat(auto.err()).contains("running on cpu: no cuda: ");
        assertThat(doctor.code()).as(doctor.err()).isEqualTo(0);
        assertThat(doctor.out()).contains("does not begin as a fatbin");
    }
}
