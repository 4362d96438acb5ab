package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.Model;
import dev.octet.data.NpyFile;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs that cannot be written: one line that says so, the code for it, and what was there before is still there. */
class OutputFaultsTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;

    @BeforeEach
    void writeInputs() throws IOException {
        model = TinyModels.relu(folder);
        data = Files.createDirectory(folder.resolve("data"));
        Tensor samples = Tensor.allocate(DType.F32, Shape.of(8, 3));
        for (int i = 0; i < 24; i++) {
            samples.setFloat(i, i % 7 - 3);
        }
        NpyFile.write(data.resolve("inputs.npy"), samples);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertFault(CommandRun run, ExitCode code, String... words) {
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.err().lines().filter(line -> !line.startsWith("octet: running on")))
                .hasSize(1)
                .first()
                .asString()
                .contains(words);
    }

    @Test
    void quantize_ontoItsInput_replacesItWhole() {
        CommandRun run = CommandRun.of("quantize", model, "-o", model, "--data", data);

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(Model.load(model).graph().nodes())
                .anyMatch(node -> node.op().type().name().equals("QuantizeLinear"));
    }

    @Test
    void quantize_reportCannotBeWritten_leavesTheModelAndSaysItBeforeCalibrating() throws IOException {
        Path target = Files.writeString(folder.resolve("out.onnx"), "old");
        Path report = folder.resolve("absent/report.md");

        CommandRun run = CommandRun.of("quantize", model, "-o", target, "--data", data, "--report", report);

        assertFault(run, ExitCode.USAGE, report.toString(), "there is no folder");
        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("data", "out.onnx", "relu.onnx");
    }

    @Test
    void quantize_unknownKindOfReport_leavesTheModel() throws IOException {
        Path target = Files.writeString(folder.resolve("out.onnx"), "old");

        CommandRun run =
                CommandRun.of("quantize", model, "-o", target, "--data", data, "--report", folder.resolve("r.pdf"));

        assertFault(run, ExitCode.USAGE, "r.pdf", ".html, .md or .json");
        assertThat(target).hasContent("old");
    }

    @Test
    void quantize_twoOutputsOfOneName_leavesTheOldFile() throws IOException {
        Path target = Files.writeString(folder.resolve("out.json"), "old");

        CommandRun run = CommandRun.of("quantize", model, "-o", target, "--data", data, "--save-ranges", target);

        assertFault(run, ExitCode.USAGE, target.toString(), "two outputs");
        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("data", "out.json", "relu.onnx");
    }

    @Test
    void quantize_ontoAFolder_isUsage() {
        assertFault(
                CommandRun.of("quantize", model, "-o", folder, "--data", data),
                ExitCode.USAGE,
                folder.toString(),
                "it is a folder");
    }

    @Test
    void run_outputFolderIsAFile_isUsage() throws IOException {
        NpyFile.write(folder.resolve("x.npy"), Tensor.allocate(DType.F32, Shape.of(1, 3)));

        CommandRun run = CommandRun.of("run", model, "--input", "x=" + folder.resolve("x.npy"), "--output-dir", model);

        assertFault(run, ExitCode.USAGE, model.toString(), "is a file");
    }

    @Test
    void quantize_fullDevice_isALimit() {
        Path device = Path.of("/dev/full");
        assumeTrue(Files.exists(device), "no /dev/full on this system");

        assertFault(CommandRun.of("quantize", model, "-o", device, "--data", data), ExitCode.LIMIT, "/dev/full");
    }

    @Test
    void quantize_storageIsFull_keepsTheOldFile() throws Exception {
        Path target = Files.writeString(folder.resolve("out.onnx"), "old");

        OctetProcess.Ended ended = OctetProcess.inShell(
                "ulimit -f 0; \"$@\"", "quantize", model, "-o", target, "--data", data, "--device", "cpu");

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.LIMIT.code());
        assertThat(ended.err().lines().filter(line -> line.startsWith("octet: ")))
                .as("beside the warning that native kernels in a jar cannot be unpacked")
                .singleElement()
                .asString()
                .contains("cannot write " + target);
        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("data", "out.onnx", "relu.onnx");
    }

    @Test
    void inspect_readerOfThePipeIsGone_endsQuietly() throws Exception {
        OctetProcess.Ended ended = OctetProcess.inShell("\"$@\" | true; exit ${PIPESTATUS[0]}", "inspect", model);

        assertThat(ended.code()).isEqualTo(ExitCode.CLOSED_PIPE.code());
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void inspect_standardOutputIsFull_isALimit() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "no /dev/full on this system");

        OctetProcess.Ended ended = OctetProcess.inShell("\"$@\" > /dev/full", "inspect", model);

        assertThat(ended.code()).isEqualTo(ExitCode.LIMIT.code());
        assertThat(ended.err()).hasLineCount(1).contains("cannot write to standard output");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--save-ranges", "--report"})
    void quantize_anotherOutputOntoTheModel_isUsage(String option) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), model);
        byte[] before = Files.readAllBytes(model);

        CommandRun run = CommandRun.of("quantize", model, "-o", folder.resolve("q"), "--data", data, option, link);

        assertFault(run, ExitCode.USAGE, "link.json: it is an input of this command");
        assertThat(model).hasBinaryContent(before);
    }

    @Test
    void run_outputNamedLikeItsInput_isUsage() throws IOException {
        Path input = folder.resolve("y.npy");
        NpyFile.write(input, Tensor.ofFloats(Shape.of(1, 3), 1, 2, 3));
        byte[] before = Files.readAllBytes(input);

        CommandRun run = CommandRun.of("run", model, "--input", "x=" + input, "--output-dir", folder);

        assertFault(run, ExitCode.USAGE, "y.npy: it is an input of this command");
        assertThat(input).hasBinaryContent(before);
    }
}
