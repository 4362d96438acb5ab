package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class LintCommandTest {
    @TempDir
    private Path folder;

    @Test
    void lint_pairBeforeRelu_isReportedWithItsEdit() throws IOException {
        CommandRun run = CommandRun.of("lint", TinyModels.quantized(folder));

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("warning conv-qdq-relu: node \"positive\" (Relu)", "edit: move the pair \"quantize\"")
                .endsWith("0 errors, 1 warnings, 0 notes\n");
    }

    @Test
    void lint_strict_failsOnlyWithFindings() throws IOException {
        assertThat(CommandRun.of("lint", "--strict", TinyModels.quantized(folder))
                        .code())
                .isEqualTo(ExitCode.GOAL_NOT_MET);
        assertThat(CommandRun.of("lint", "--strict", TinyModels.relu(folder)).code())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void lint_json_hasTheDocumentedFields() throws IOException {
        JsonNode json = CommandRun.of("lint", "--json", "--for", "tensorrt", TinyModels.quantized(folder))
                .json();

        assertThat(json.get("target").asString()).isEqualTo("tensorrt");
        assertThat(json.get("warnings").asInt()).isEqualTo(json.get("findings").size());
        assertThat(json.get("findings").get(0).get("rule").asString()).isEqualTo("conv-qdq-relu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"octet", "tensorrt", "onnxruntime"})
    void lint_whatQuantizeWroteForTheTarget_isInOrder(String target) throws IOException {
        String quantized = folder.resolve("quantized.onnx").toString();
        String model = SharedData.data().resolve("models/mlperf_kws_dscnn.onnx").toString();
        String data = SharedData.data().resolve("kws").toString();
        CommandRun run = CommandRun.of(
                "quantize",
                model,
                "-o",
                quantized,
                "--data",
                data,
                "--preprocess",
                "raw",
                "--limit",
                "4",
                "--for",
                target);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);

        JsonNode lint =
                CommandRun.of("lint", "--json", "--for", target, quantized).json();

        assertThat(lint.get("errors").asInt()).isZero();
        assertThat(lint.get("warnings").asInt()).isZero();
    }

    @Test
    void lint_unknownTarget_isAUsageError() throws IOException {
        CommandRun run = CommandRun.of("lint", "--for", "abacus", TinyModels.relu(folder));

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("abacus", "tensorrt");
    }
}
