package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.data.NpyFile;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Range tables and profiles that are damaged or made to hurt, as the user of a command meets them. */
class HostileRangesTest {
    private static final String ENTRY = "{\"format\":\"octet-ranges\",\"version\":1,\"ranges\":{\"x\":{%s}}}";

    @TempDir
    private Path folder;

    private CommandRun quantize(Path ranges) throws IOException {
        return CommandRun.of("quantize", TinyModels.relu(folder), "-o", folder.resolve("q.onnx"), "--ranges", ranges);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private void assertRefused(CommandRun run, String name) {
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.INVALID_INPUT);
        assertThat(run.err()).hasLineCount(1).contains(name).doesNotContain("internal");
        assertThat(folder.resolve("q.onnx")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"format\":\"octet-ranges\"}",
                "{\"format\":\"octet-ranges\",\"version\":2,\"ranges\":{}}",
                "{\"format\":\"octet-ranges\",\"version\":1e99,\"ranges\":{}}",
                "{\"format\":\"octet-ranges\",\"version\":1,\"ranges\":[]}",
                "{\"format\":\"octet-ranges\",\"version\":1,\"ranges\":{\"x\":3}}",
                "{\"format\":\"octet-ranges\",\"version\":1,\"ranges\":{},\"provenance\":7}",
                "{\"format\":\"octet-ranges\",\"version\":1,\"ranges\":{}} trailing",
                "{\"format\":\"octet-ranges\",\"version\":1,\"version\":1,\"ranges\":{}}"
            })
    void quantize_damagedRangeTable_isInvalidInput(String text) throws IOException {
        assertRefused(quantize(write("r.json", text)), "r.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"rangeMin\":0",
                "\"rangeMin\":1,\"rangeMax\":0",
                "\"rangeMin\":0,\"rangeMax\":1e99",
                "\"rangeMin\":-1e999999999,\"rangeMax\":1",
                "\"rangeMin\":\"NaN\",\"rangeMax\":1",
                "\"rangeMin\":NaN,\"rangeMax\":1",
                "\"rangeMin\":0,\"rangeMax\":1,\"count\":-1",
                "\"rangeMin\":0,\"rangeMax\":1,\"count\":1e400",
                "\"rangeMin\":0,\"rangeMax\":1,\"count\":1",
                "\"rangeMin\":0,\"rangeMax\":1,\"count\":1,\"amin\":2,\"amax\":1",
                "\"rangeMin\":0,\"rangeMax\":1,\"count\":1,\"amin\":0,\"amax\":1,\"channelMeans\":[1e99,0,0]",
                "\"rangeMin\":0,\"rangeMax\":1,\"count\":1,\"amin\":0,\"amax\":1,\"channelMeans\":[[]]",
                "\"rangeMin\":0,\"rangeMax\":1,\"count\":1,\"amin\":0,\"amax\":1,\"histogram\":{\"amin\":0,\"amax\":1}",
                "\"rangeMin\":0,\"rangeMax\":1,\"count\":1,\"amin\":0,\"amax\":1,"
                        + "\"histogram\":{\"amin\":0,\"amax\":1,\"counts\":[-1]}"
            })
    void quantize_faultyRangeEntry_isInvalidInput(String entry) throws IOException {
        assertRefused(quantize(write("r.json", ENTRY.formatted(entry))), "r.json");
    }

    @Test
    void quantize_deeplyNestedJson_isInvalidInput() throws IOException {
        assertRefused(quantize(write("r.json", "{\"a\":".repeat(200_000))), "r.json");
    }

    @Test
    void quantize_channelMeansOfAnotherLength_areNotUsed() throws IOException {
        String means = "\"rangeMin\":0,\"rangeMax\":1,\"count\":1,\"amin\":0,\"amax\":1,\"channelMeans\":[1,2,3,4,5]";

        CommandRun run = quantize(write("r.json", ENTRY.formatted(means)));

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRT-",
                "TRT-8501-EntropyCalibration2\nx",
                "TRT-8501-EntropyCalibration2\nx: ffffffff",
                "TRT-8501-EntropyCalibration2\nx: 7f800000",
                "TRT-8501-EntropyCalibration2\nx: 3c00",
                "TRT-8501-EntropyCalibration2\nx: 3c008912\nx: 3c008912"
            })
    void quantize_faultyTensorRtCache_isInvalidInput(String text) throws IOException {
        assertRefused(quantize(write("r.cache", text)), "r.cache");
    }

    @Test
    void quantize_rangesOfAnotherModel_areUsedWithAWarning() throws IOException {
        Path saved = folder.resolve("saved.json");
        Path model = TinyModels.relu(folder);
        NpyFile.write(folder.resolve("inputs.npy"), Tensor.ofFloats(Shape.of(2, 3), 1, -2, 3, -4, 5, 6));
        CommandRun calibrated = CommandRun.of(
                "quantize", model, "-o", folder.resolve("a.onnx"), "--data", folder, "--save-ranges", saved);
        assertThat(calibrated.code()).as(calibrated.err()).isEqualTo(ExitCode.OK);

        CommandRun same = CommandRun.of("quantize", model, "-o", folder.resolve("b.onnx"), "--ranges", saved);
        CommandRun other = CommandRun.of(
                "quantize",
                TinyModels.chain(folder),
                "--fp32",
                "second",
                "-o",
                folder.resolve("c.onnx"),
                "--ranges",
                saved);

        assertThat(same.err()).doesNotContain("another model");
        assertThat(other.code()).as(other.err()).isEqualTo(ExitCode.OK);
        assertThat(other.err()).contains("saved.json was calibrated for another model (SHA-256 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000\u0001\u0002",
                "SQLite format 3\u0000 and no more",
                "{\"traceEvents\":[{\"ph\":\"X\",\"dur\":\"x\"",
                "[{\"ph\":\"X\",\"name\":1e999999999,\"dur\":-1,\"cat\":\"kernel\"}]",
                "no table at all",
                "\"ID\",\"Kernel Name\"\n\"1",
                "Time (%),Total Time (ns),Instances,Name\n1,x,2,k",
                "Time (%),Total Time (ns),Instances,Name\n1,2e18,2,k\n1,2e18,2,k",
                "Time (%),Total Time (ns),Instances,Name\n1,2,9e18,k\n1,2,9e18,l",
                "Count,KAvg (ns),Name\n9e18,9e18,k",
                "[{\"ph\":\"X\",\"cat\":\"kernel\",\"name\":\"k\",\"ts\":9e18,\"dur\":9e18}]"
            })
    void profile_damagedFile_isInvalidInput(String text) throws IOException {
        Path file = Files.write(folder.resolve("p.txt"), text.getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(CommandRun.of("profile", file), "p.txt");
    }

    @Test
    void profile_deeplyNestedTrace_isInvalidInput() throws IOException {
        assertRefused(CommandRun.of("profile", write("p.json", "{\"traceEvents\":" + "[".repeat(200_000))), "p.json");
    }

    @Test
    void profile_namesThatAreNotText_areInvalidInput() throws IOException {
        Path file = Files.write(folder.resolve("n.txt"), new byte[] {(byte) 0xFF, (byte) 0xFE, 10});

        assertRefused(CommandRun.of("profile", "--names", file), "n.txt");
    }
}
