package dev.octet.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.graph.Graph;
import dev.octet.onnx.OnnxReader;
import dev.octet.onnx.TensorProtoFile;
import dev.octet.tensor.Tensor;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Q/DQ models that ONNX Runtime wrote: lowered within contract, and close to what it computes. */
class ForeignQdqTest {
    /**
     * ONNX Runtime's own results differ by up to 2.8 steps of 255 between its fused and unfused execution of such models
     * (measured); twice that, of the largest value.
     */
    private static final double FIVE_STEPS = 5.6 / 255;

    static List<String> models() throws IOException {
        Path root = SharedData.conformance().resolve("ref-quant");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.getFileName().toString().startsWith("model.qdq."))
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, Tensor> inputs(Graph graph, Path set) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (int i = 0; i < graph.inputs().size(); i++) {
            inputs.put(
                    graph.inputs().get(i).name(),
                    TensorProtoFile.read(set.resolve("input_" + i + ".pb")).tensor());
        }
        return inputs;
    }

    @ParameterizedTest
    @MethodSource("models")
    void lower_modelOfOnnxRuntime_isWithinOneStepNodeByNode(String name) {
        Path file = SharedData.conformance().resolve("ref-quant").resolve(name);
        Graph graph = OnnxReader.read(file);

        LoweringContract.check(graph, inputs(graph, file.resolveSibling("test").resolve("set_0")), name);
    }

    @ParameterizedTest
    @MethodSource("models")
    void lower_modelOfOnnxRuntime_agreesWithItsResults(String name) {
        Path file = SharedData.conformance().resolve("ref-quant").resolve(name);
        Graph graph = OnnxReader.read(file);
        Graph lowered = PassRunner.run(Pipelines.lower(GraphRun.EVALUATOR), graph);
        String variant = Objects.requireNonNull(file.getFileName()).toString();

        for (String set : new String[] {"set_0", "set_1", "set_2"}) {
            Path folder = file.resolveSibling("test").resolve(set);
            Map<String, Tensor> outputs = GraphRun.outputs(lowered, inputs(graph, folder));
            for (int i = 0; i < graph.outputs().size(); i++) {
                String expected = "output_" + i + variant.substring("model".length()).replace(".onnx", ".pb");
                Tensor output = outputs.get(graph.outputs().get(i).name());
                assertThat(output).isNotNull();
                LoweringContract.assertClose(
                        output,
                        TensorProtoFile.read(folder.resolve(expected)).tensor(),
                        FIVE_STEPS,
                        name + ", " + set + ", output " + i);
            }
        }
    }
}
