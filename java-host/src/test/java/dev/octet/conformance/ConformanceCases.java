package dev.octet.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Finds the tests of a folder: its node tests, and the models that ONNX Runtime tests with. */
final class ConformanceCases {
    static final String RUNTIME_MODELS = "ort-models";
    static final String LIGHT = "light";

    private static final List<String> NODE_SETS = List.of("core", "lowbit", "other", "pytorch", "gen", LIGHT);

    /** Results of such tests depend on chance, on training, or on whom one asks. */
    private static final Set<String> NOT_COMPARABLE = Set.of("contested", "random", "training");

    /** What the other models of that set have. */
    private static final double QUANTIZED_ATOL = 1e-5;

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Entry(boolean required, boolean comparable) {}

    private ConformanceCases() {}

    /**
     * Lists the tests.
     *
     * @param root a folder with {@code onnx-node} and {@code ort-models}, or one in the layout of {@code onnx-node}
     */
    static List<ConformanceCase> in(Path root) throws IOException {
        Path nodeTests = Files.isDirectory(root.resolve("onnx-node")) ? root.resolve("onnx-node") : root;
        Map<String, Entry> index = index(nodeTests.resolve("INDEX.tsv"));
        List<ConformanceCase> cases = new ArrayList<>();
        for (String set : NODE_SETS) {
            addAll(cases, set, nodeTests.resolve(set), index);
        }
        addAll(cases, RUNTIME_MODELS, root.resolve(RUNTIME_MODELS), Map.of());
        return cases;
    }

    private static void addAll(List<ConformanceCase> cases, String set, Path folder, Map<String, Entry> index)
            throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> folders;
        try (Stream<Path> entries = Files.list(folder)) {
            folders = entries.filter(path -> Files.exists(path.resolve("model.onnx")))
                    .sorted()
                    .toList();
        }
        for (Path test : folders) {
            String name = test.getFileName().toString();
            Entry entry = index.getOrDefault(name, new Entry(true, true));
            if (entry.comparable) {
                boolean required = entry.required && !set.equals("other");
                cases.add(new ConformanceCase(set, name, test, required, tolerance(test)));
            }
        }
    }

    private static ConformanceCase.Tolerance tolerance(Path test) throws IOException {
        for (String file : List.of("data.json", "meta.json")) {
            if (Files.exists(test.resolve(file))) {
                JsonNode json = JSON.readTree(Files.readString(test.resolve(file)));
                if (json.has("rtol")) {
                    return new ConformanceCase.Tolerance(json.get("rtol").asDouble(), absolute(json));
                }
            }
        }
        return ConformanceCase.Tolerance.DEFAULT;
    }

    /**
     * Models with quantized values have no {@code atol}: where a value lies between two steps is up to the rounding
     * before. They may be off by as much as the reference's own optimized run is.
     */
    private static double absolute(JsonNode json) {
        if (!json.get("atol").isNull()) {
            return json.get("atol").asDouble();
        }
        return Math.max(QUANTIZED_ATOL, json.path("delta_ort_optimized").asDouble(0));
    }

    private static Map<String, Entry> index(Path file) throws IOException {
        Map<String, Entry> index = new HashMap<>();
        if (!Files.exists(file)) {
            return index;
        }
        List<String> lines = Files.readAllLines(file);
        List<String> columns = List.of(lines.get(0).split("\t", -1));
        int name = columns.indexOf("name");
        int tier = columns.indexOf("tier");
        int flags = columns.indexOf("flags");
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            boolean comparable = Stream.of(cells[flags].split(" ", -1)).noneMatch(NOT_COMPARABLE::contains);
            index.put(cells[name], new Entry(cells[tier].equals("1"), comparable));
        }
        return index;
    }
}
