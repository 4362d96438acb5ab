package dev.octet.onnx;

import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.tensor.LimitException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads ONNX models of operator sets {@value #MIN_OPSET} to {@value #MAX_OPSET}. Weights are copied to the Java heap
 * once. Nodes get the newest form of their operator, Constant nodes become constants, and model-local functions are
 * inlined. Nodes may come in any order, though ONNX asks for a topological one; a node without a name, or with one that
 * is taken, gets a name made from its operator and position.
 */
public final class OnnxReader {
    public static final int MIN_OPSET = 1;
    public static final int MAX_OPSET = 27;

    /** The highest version of the file format whose messages are known. */
    static final int MAX_IR_VERSION = 14;

    private OnnxReader() {}

    /**
     * Reads a model; what is odd but harmless is logged as a warning.
     *
     * @throws ModelException if the file is not a model that Octet can represent; the message begins with its path
     */
    public static Graph read(Path path) {
        return read(path, ReadOptions.defaults());
    }

    /** Reads a model and hands each warning to {@code warnings}. */
    public static Graph read(Path path, Consumer<String> warnings) {
        return read(path, ReadOptions.defaults().withWarnings(warnings));
    }

    /** Reads a model within limits, and hands each warning over. */
    public static Graph read(Path path, ReadOptions options) {
        String place = Names.escape(path.toString());
        LoadBudget budget = new LoadBudget(options.maxBytes());
        try (ModelFile file = ModelFile.open(path)) {
            file.requireModel();
            budget.requireFile(file.content().byteSize());
            ModelProto model = ModelProto.read(new Wire(file.content()));
            GraphProto graph = requireSupported(model);
            Consumer<String> warnings = warning -> options.warnings().accept(place + ": " + warning);
            try (ExternalData folder = new ExternalData(path, warnings)) {
                TensorReader tensors = new TensorReader(file.content(), Optional.of(folder), budget);
                return GraphBuilder.build(model, graph, tensors, warnings);
            }
        } catch (IOException e) {
            throw new ModelException(ModelException.Kind.INVALID, place + ": cannot be read: " + e, e);
        } catch (ModelException e) {
            throw e.at(place);
        } catch (LimitException e) {
            throw new ModelException(ModelException.Kind.LIMIT, place + ": " + e.getMessage(), e);
        } catch (InternalError e) {
            // What the JVM makes of a mapped page that is gone.
            throw new ModelException(ModelException.Kind.INVALID, place + ": became shorter while it was read", e);
        }
    }

    private static GraphProto requireSupported(ModelProto model) {
        GraphProto graph = model.graph().orElseThrow(() -> ModelException.invalid("the model has no graph"));
        long irVersion = model.irVersion()
                .filter(version -> version > 0)
                .orElseThrow(() -> ModelException.invalid("ir_version is missing"));
        if (irVersion > MAX_IR_VERSION) {
            throw ModelException.unsupported(
                    "ir_version " + irVersion + " is not supported, the highest supported is " + MAX_IR_VERSION);
        }
        if (model.opsets().isEmpty()) {
            throw ModelException.invalid("opset_import is missing");
        }
        requireConsistent(model.opsets());
        model.functions().forEach(function -> requireConsistent(function.opsets()));
        if (graph.outputs().isEmpty()) {
            throw ModelException.invalid("the graph has no outputs");
        }
        return graph;
    }

    private static void requireConsistent(List<ModelProto.OpsetId> opsets) {
        Map<String, Long> versions = new HashMap<>();
        for (ModelProto.OpsetId id : opsets) {
            String label = ModelProto.OpsetId.label(id.domain());
            Long earlier = versions.put(id.domain(), id.version());
            if (earlier != null && earlier != id.version()) {
                throw ModelException.invalid(
                        "opset_import lists " + label + " twice, as " + earlier + " and " + id.version());
            }
            if (id.version() < MIN_OPSET) {
                throw ModelException.invalid("opset_import of " + label + " has opset " + id.version());
            }
            if (id.domain().isEmpty() && id.version() > MAX_OPSET) {
                throw ModelException.unsupported("opset " + id.version() + " is not supported, the supported range is "
                        + MIN_OPSET + " to " + MAX_OPSET);
            }
        }
    }
}
