package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.octet.data.NpyFile;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CompareCommandTest {
    private static final int SAMPLES = 40;
    private static final long SEED = 7;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void writeData() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        Random random = new Random(SEED);
        float[] values = new float[SAMPLES * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        NpyFile.write(data.resolve("inputs.npy"), Tensor.ofFloats(Shape.of(SAMPLES, 3), values));
    }

    @Test
    void compare_modelWithItself_isExact() throws IOException {
        Path model = TinyModels.relu(folder);

        CommandRun run = CommandRun.of("compare", model, model, "--data", data, "--layers", "--json");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        JsonNode json = run.json();
        assertThat(json.get("count").asInt()).isEqualTo(SAMPLES);
        assertThat(json.get("agreement").asDouble()).isEqualTo(1);
        assertThat(json.get("outputs").size()).isEqualTo(1);
        JsonNode output = json.get("outputs").get(0);
        assertThat(output.get("name").asString()).isEqualTo("y");
        assertThat(output.get("sqnrDb").asDouble()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(output.get("maxAbsError").asDouble()).isZero();
        assertThat(json.get("layers").size()).isEqualTo(2);
    }

    @Test
    void compare_roundedModel_errsByAtMostHalfAStep() throws IOException {
        Path model = TinyModels.relu(folder);
        Path rounded = TinyModels.quantized(folder);

        CommandRun run = CommandRun.of("compare", model, rounded, "--data", data, "--json");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        JsonNode output = run.json().get("outputs").get(0);
        assertThat(output.get("maxAbsError").asDouble()).isBetween(TinyModels.STEP / 4.0, TinyModels.STEP / 2 + 1e-6);
        assertThat(output.get("sqnrDb").asDouble()).isBetween(10.0, 40.0);
        assertThat(output.get("cosine").asDouble()).isBetween(0.9, 0.99999);
        assertThat(run.json().get("agreement").asDouble()).isBetween(0.5, 1.0);
    }

    @Test
    void compare_layersOfRoundedModel_haveErrorsInSteps() throws IOException {
        CommandRun run = CommandRun.of(
                "compare", TinyModels.relu(folder), TinyModels.quantized(folder), "--data", data, "--layers", "--json");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        JsonNode layers = run.json().get("layers");
        JsonNode product = layers.get(0);
        assertThat(product.get("node").asString()).isEqualTo("product");
        assertThat(product.get("op").asString()).isEqualTo("MatMul");
        assertThat(product.get("maxErrorSteps").asDouble())
                .isCloseTo(product.get("maxAbsError").asDouble() / TinyModels.STEP, within(1e-9));
        assertThat(layers.get(1).has("maxErrorSteps")).as("y is not quantized").isFalse();
    }

    @Test
    void compare_text_showsOutputsAndWorstLayers() throws IOException {
        CommandRun run = CommandRun.of(
                "compare", TinyModels.relu(folder), TinyModels.quantized(folder), "--data", data, "--layers");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("40 samples", "SQNR", "product (MatMul)", "2 common tensors");
    }

    @Test
    void compare_peerWithoutItsJar_saysHowToGetIt() throws IOException {
        Path model = TinyModels.relu(folder);

        CommandRun run = CommandRun.of("compare", "ort:" + model, model, "--data", data);

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("ONNX Runtime", "profiling/benchmarks");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void compare_missingModel_isInvalidInput() throws IOException {
        CommandRun run = CommandRun.of(
                "compare", TinyModels.relu(folder), folder.resolve("absent.onnx"), "--data", data, "--json");

        assertThat(run.code()).isEqualTo(ExitCode.INVALID_INPUT);
        assertThat(run.err()).contains("absent.onnx");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void compare_withoutData_isUsage() throws IOException {
        Path model = TinyModels.relu(folder);

        CommandRun run = CommandRun.of("compare", model, model);

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--data");
    }
}
