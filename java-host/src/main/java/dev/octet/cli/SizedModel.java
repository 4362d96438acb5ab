package dev.octet.cli;

import dev.octet.Model;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.Shape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.cli.Option;

/** A model with the shapes that follow from one value for every free extent. */
record SizedModel(Model model, long batch, ShapeInference.Result types) {
    private static final long LARGEST_BATCH = 1 << 20;

    static Option batchOption() {
        return RunOptions.valued("batch", "N", "value of every free extent; default 1");
    }

    static SizedModel load(Invocation invocation, Path path) {
        long batch = invocation.integer("batch", 1, 1, LARGEST_BATCH);
        Model model = RunOptions.load(invocation, path);
        return new SizedModel(model, batch, model.infer(inputShapes(model.graph(), batch)));
    }

    /** Shapes of all inputs with every free extent set to {@code size}. */
    static Map<String, Shape> inputShapes(Graph graph, long size) {
        Map<String, Shape> shapes = new HashMap<>();
        for (ValueInfo input : graph.inputs()) {
            shapes.put(
                    input.name(),
                    input.withSymbols(size)
                            .orElseThrow(() -> ModelException.unsupported("input \"" + Names.escape(input.name())
                                    + "\" does not declare its number of axes, so shapes cannot be inferred")));
        }
        return shapes;
    }
}
