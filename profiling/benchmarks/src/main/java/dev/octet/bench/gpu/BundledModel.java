package dev.octet.bench.gpu;

import dev.octet.Model;
import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Gather;
import dev.octet.io.AtomicFile;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prepares a model for gpu-bundle.sh: {@code BundledModel IN.onnx OUT.onnx}. Tables of words keep their first rows only,
 * which is all that a benchmark's tokens read and saves most of a sentence encoder's bytes. Beside the model, OUT.onnx.args
 * has the options of {@code octet bench} that give sequences of tokens their length, with BATCH for the batch.
 */
public final class BundledModel {
    private static final int KEPT_ROWS = 1024;
    private static final int TOKENS = 128;

    private BundledModel() {}

    /** Exit code 2 for wrong arguments. */
    public static void main(String... args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: BundledModel IN.onnx OUT.onnx");
            System.exit(2);
        }
        Model model = Model.load(Path.of(args[0]));
        Path out = Path.of(args[1]);
        new Model(withShortTables(model.graph())).save(out);
        AtomicFile.write(out.resolveSibling(out.getFileName() + ".args"), benchOptions(model.inputs()) + "\n");
    }

    /** The graph with tables that rows are gathered from cut to what tokens below {@value #KEPT_ROWS} read. */
    static Graph withShortTables(Graph graph) {
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        for (Node node : graph.nodes()) {
            String table = node.inputs().getFirst();
            if (node.op() instanceof Gather gather && gather.axis() == 0 && isUsedOnce(graph, table)) {
                constants.computeIfPresent(table, (_, tensor) -> firstRows(tensor));
            }
        }
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.nodes(), constants);
    }

    private static boolean isUsedOnce(Graph graph, String value) {
        long users = graph.nodes().stream()
                .flatMap(node -> node.inputs().stream())
                .filter(value::equals)
                .count();
        return users == 1;
    }

    private static Tensor firstRows(Tensor table) {
        Shape shape = table.shape();
        if (shape.rank() != 2 || shape.dim(0) <= KEPT_ROWS || !table.dtype().isFloat()) {
            return table;
        }
        Shape kept = Shape.of(KEPT_ROWS, shape.dim(1));
        long bytes = table.dtype().sizeBytes(kept.elementCount());
        return Tensor.wrap(table.dtype(), kept, table.data().asSlice(0, bytes));
    }

    /** Options that give inputs of tokens their length; none for other models. */
    static String benchOptions(List<ValueInfo> inputs) {
        return inputs.stream()
                .filter(BundledModel::isTokens)
                .map(input -> "--shape " + input.name() + "=BATCHx" + TOKENS)
                .collect(Collectors.joining(" "));
    }

    private static boolean isTokens(ValueInfo input) {
        List<Dim> dims = input.dims().orElse(List.of());
        return input.dtype() == DType.S64 && dims.size() == 2 && dims.get(1) instanceof Dim.Symbol;
    }
}
