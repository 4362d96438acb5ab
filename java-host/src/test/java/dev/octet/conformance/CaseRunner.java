package dev.octet.conformance;

import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.OnnxReader;
import dev.octet.onnx.TensorProtoFile;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Runs one test. */
final class CaseRunner {
    /** The sets' reference results carry the rounding of another summation order: relative to the largest logit. */
    private static final double LIGHT_TOLERANCE = 1e-4;

    /**
     * ONNX Runtime's CPU keeps float16 values as float32 between nodes, where ONNX (and its reference evaluator, whose
     * results ours equal) rounds each result to 11 bits: a chain of four roundings, relative to the largest output.
     */
    private static final double HALF_STEPS = 4 * 0x1p-11;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SessionOptions options;

    CaseRunner(SessionOptions options) {
        this.options = options;
    }

    Outcome run(ConformanceCase test) {
        try {
            Optional<String> difference =
                    test.set().equals(ConformanceCases.LIGHT) ? runLight(test.folder()) : runData(test);
            return difference.<Outcome>map(Outcome.Failed::new).orElseGet(Outcome.Passed::new);
        } catch (ModelException e) {
            String message = String.valueOf(e.getMessage());
            return e.kind() == ModelException.Kind.UNSUPPORTED
                    ? new Outcome.Unsupported(message)
                    : new Outcome.Failed(e.kind() + " " + message);
        } catch (IOException | RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            return new Outcome.Failed(e + (trace.length > 0 ? " at " + trace[0] : ""));
        }
    }

    private Optional<String> runData(ConformanceCase test) {
        Graph graph = OnnxReader.read(test.folder().resolve("model.onnx"), _ -> {});
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (int i = 0; i < graph.inputs().size(); i++) {
            inputs.put(graph.inputs().get(i).name(), tensor(test.data().resolve("input_" + i + ".pb")));
        }
        List<ValueInfo> outputs = graph.outputs();
        if (Files.exists(test.data().resolve("output_" + outputs.size() + ".pb"))) {
            return Optional.of("more outputs are expected than the " + outputs.size() + " of the graph");
        }
        boolean halves = test.set().equals(ConformanceCases.RUNTIME_MODELS) && computesHalves(graph);
        try (Session session = Session.open(graph, options)) {
            Map<String, Tensor> results = session.run(inputs);
            for (int i = 0; i < outputs.size(); i++) {
                String name = outputs.get(i).name();
                Tensor want = tensor(test.data().resolve("output_" + i + ".pb"));
                Tensor got = Optional.ofNullable(results.get(name)).orElseThrow();
                ConformanceCase.Tolerance tolerance = halves ? withHalves(test.tolerance(), want) : test.tolerance();
                Optional<String> difference = TensorComparison.difference(got, want, tolerance);
                if (difference.isPresent()) {
                    return Optional.of("output " + i + ": " + difference.get());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean computesHalves(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node -> node.outputs().stream())
                .anyMatch(value -> !value.isEmpty() && graph.dtype(value) == DType.F16);
    }

    private static ConformanceCase.Tolerance withHalves(ConformanceCase.Tolerance tolerance, Tensor want) {
        double largest = 0;
        for (long i = 0; want.dtype().isFloat() && i < want.elementCount(); i++) {
            largest = Math.max(largest, Math.abs(want.getDouble(i)));
        }
        return new ConformanceCase.Tolerance(tolerance.rtol(), tolerance.atol() + HALF_STEPS * largest);
    }

    private static Tensor tensor(Path path) {
        return TensorProtoFile.read(path).tensor();
    }

    private Optional<String> runLight(Path folder) throws IOException {
        JsonNode meta = JSON.readTree(Files.readString(folder.resolve("meta.json")));
        String logits = meta.get("logits").asString();
        double largest = meta.get("max_abs_logit").asDouble();
        Graph graph = LightModel.read(folder, logits);
        Map<String, Tensor> inputs = Map.of(graph.inputs().get(0).name(), LightModel.input(Shape.of(1, 3, 224, 224)));
        Map<String, Tensor> expected = Map.of(
                logits,
                tensor(folder.resolve("expected/seeded_logits.pb")),
                graph.outputs().get(0).name(),
                tensor(folder.resolve("expected/seeded_output_0.pb")));
        ConformanceCase.Tolerance tolerance = new ConformanceCase.Tolerance(0, LIGHT_TOLERANCE * largest);
        try (Session session = Session.open(graph, options)) {
            Map<String, Tensor> results = session.run(inputs);
            for (Map.Entry<String, Tensor> want : expected.entrySet()) {
                Tensor got = Optional.ofNullable(results.get(want.getKey())).orElseThrow();
                Optional<String> difference = TensorComparison.difference(got, want.getValue(), tolerance);
                if (difference.isPresent()) {
                    return Optional.of(want.getKey() + ": " + difference.get());
                }
            }
        }
        return Optional.empty();
    }
}
