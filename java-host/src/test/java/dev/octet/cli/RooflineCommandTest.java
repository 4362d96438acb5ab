package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.octet.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RooflineCommandTest {
    /** Published for MobileNetV2 with 1000 classes, to two digits. */
    private static final double MACS = 300e6;

    private static final double PARAMETERS = 3.5e6;
    private static final double TOLERANCE = 0.01;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"T4", "A100", "H100 SXM"})
    void roofline_mobileNetV2_hasThePublishedCounts(String gpu) {
        Path model = SharedData.data().resolve("models/mobilenet_v2_1.0_224_tf.onnx");

        JsonNode json = CommandRun.of("roofline", model, "--gpu", gpu, "--json").json();

        assertThat(json.get("macs").asDouble()).isCloseTo(MACS, within(MACS * TOLERANCE));
        assertThat(json.get("parameters").asDouble()).isCloseTo(PARAMETERS, within(PARAMETERS * TOLERANCE));
        assertThat(json.get("layers")
                        .valueStream()
                        .map(layer -> layer.get("kind").asString()))
                .contains("depthwise 3x3", "1x1", "conv 3x3");
    }

    @Test
    void roofline_missingModel_isInvalidInput() {
        CommandRun run = CommandRun.of("roofline", folder.resolve("absent.onnx"), "--gpu", "T4");

        assertThat(run.code()).isEqualTo(ExitCode.INVALID_INPUT);
        assertThat(run.err()).contains("absent.onnx").hasLineCount(1);
    }

    @Test
    void roofline_product_countsEachTensorOnce() throws IOException {
        JsonNode json = CommandRun.of(
                        "roofline",
                        TinyModels.relu(folder),
                        "--gpu",
                        "A100",
                        "--precision",
                        "fp16",
                        "--batch",
                        "5",
                        "--json")
                .json();

        JsonNode product = json.get("layers").get(0);
        assertThat(product.get("kind").asString()).isEqualTo("fully connected");
        assertThat(product.get("macs").asLong()).isEqualTo(5 * 3 * 4);
        assertThat(product.get("parameters").asLong()).isEqualTo(3 * 4);
        assertThat(product.get("bytes").asLong()).isEqualTo(2 * (5 * 3 + 3 * 4 + 5 * 4));
        assertThat(product.get("bound").asString()).isEqualTo("memory");
    }

    @Test
    void roofline_quantizedModel_leavesQdqOut() throws IOException {
        JsonNode json = CommandRun.of("roofline", TinyModels.quantized(folder), "--gpu", "T4", "--json")
                .json();

        assertThat(json.get("layers").valueStream().map(layer -> layer.get("op").asString()))
                .containsExactly("MatMul", "Relu");
    }

    @Test
    void roofline_report_isOnePageWithTheChart() throws IOException {
        Path page = folder.resolve("roofline.html");

        CommandRun run = CommandRun.of("roofline", TinyModels.relu(folder), "--gpu", "T4", "--report", page);

        String html = Files.readString(page);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(html).contains("<svg", "tensor core int8", "CUDA core int8", "<title>product (fully connected)");
        assertThat(html).doesNotContain("http://", "https://", "<script", "NaN", "Infinity");
    }

    @Test
    void roofline_unusableOptions_areUsageErrors() throws IOException {
        Path model = TinyModels.relu(folder);

        assertThat(CommandRun.of("roofline", model).err()).contains("--gpu", "A100");
        assertThat(CommandRun.of("roofline", model, "--gpu", "T4", "--precision", "int3")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(CommandRun.of("roofline", model, "--gpu", "V100", "--precision", "fp8")
                        .err())
                .contains("V100", "fp8");
        assertThat(CommandRun.of("roofline", model, "--gpu", "T4", "--report", "a.pdf")
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void roofline_withAProfile_showsWhatEachLayerAchieved() throws IOException {
        Path model = TinyModels.relu(folder);
        String node = CommandRun.of("roofline", model, "--gpu", "T4", "--json")
                .json()
                .get("layers")
                .get(0)
                .get("node")
                .asString();
        Path trace = Files.writeString(folder.resolve("trace.json"), """
                {"traceEvents": [{"ph": "X", "cat": "octet_step", "name": "k", "ts": 0, "dur": 4,
                  "args": {"node": "%s", "op": "MatMul", "precision": "FP32", "provider": "cpu"}}]}
                """.formatted(node));
        Path page = folder.resolve("page.html");

        JsonNode layer = CommandRun.of(
                        "roofline", model, "--gpu", "T4", "--profile", trace, "--runs", "2", "--report", page, "--json")
                .json()
                .get("layers")
                .get(0);

        JsonNode achieved = layer.get("achieved");
        assertThat(achieved.get("seconds").asDouble()).isCloseTo(2e-6, within(1e-15));
        assertThat(achieved.get("tops").asDouble())
                .isCloseTo(2 * layer.get("macs").asDouble() / 2e-6 / 1e12, within(1e-12));
        assertThat(achieved.get("share").asDouble())
                .isCloseTo(layer.get("attainableSeconds").asDouble() / 2e-6, within(1e-9));
        assertThat(page).content().contains("class=\"gap\"", "measured us");
    }

    @Test
    void roofline_ofTheCpuInFp16_isUsage() throws IOException {
        CommandRun run = CommandRun.of("roofline", TinyModels.relu(folder), "--gpu", "cpu", "--precision", "fp16");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("measured in int8 and fp32");
    }
}
