package dev.octet;

import dev.octet.calib.CalibrationData;
import dev.octet.data.Dataset;
import dev.octet.graph.Evaluator;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.OnnxReader;
import dev.octet.onnx.OnnxWriter;
import dev.octet.onnx.ReadOptions;
import dev.octet.pass.PassRunner;
import dev.octet.pass.Pipelines;
import dev.octet.runtime.Backend;
import dev.octet.runtime.Backends;
import dev.octet.runtime.NodeEvaluator;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A network as an ONNX file holds it. Immutable. What goes wrong with a model that was loaded names its file, here and in
 * the sessions it opens.
 */
public final class Model {
    private static final long TABLE_VALUES = 256;

    private final Graph graph;
    private final Optional<String> place;

    public Model(Graph graph) {
        this(graph, Optional.empty());
    }

    private Model(Graph graph, Optional<String> place) {
        this.graph = graph;
        this.place = place;
    }

    /**
     * Loads an ONNX file.
     *
     * @throws dev.octet.graph.ModelException if it is not ONNX, not valid or not supported; the message says where
     */
    public static Model load(Path path) {
        return new Model(OnnxReader.read(path), place(path));
    }

    /** Loads an ONNX file within other limits than the usual ones. */
    public static Model load(Path path, ReadOptions options) {
        return new Model(OnnxReader.read(path, options), place(path));
    }

    private static Optional<String> place(Path path) {
        return Optional.of(Names.escape(path.toString()));
    }

    /** The same file's model with another graph. */
    Model with(Graph other) {
        return new Model(other, place);
    }

    /** What {@code work} returns; a fault names the file. */
    <T> T placed(Supplier<T> work) {
        try {
            return work.get();
        } catch (ModelException e) {
            throw place.map(e::at).orElse(e);
        } catch (LimitException e) {
            throw new LimitException(place.map(file -> file + ": ").orElse("") + e.getMessage(), e);
        }
    }

    /** Writes an ONNX file, whole or not at all. */
    public void save(Path path) throws IOException {
        OnnxWriter.write(graph, path);
    }

    public Graph graph() {
        return graph;
    }

    public List<ValueInfo> inputs() {
        return graph.inputs();
    }

    public List<ValueInfo> outputs() {
        return graph.outputs();
    }

    /** The same network with constants and batch normalizations folded: what is calibrated, quantized and written. */
    public Model canonical() {
        return with(placed(() -> PassRunner.run(Pipelines.floatGraph(evaluator()), graph)));
    }

    /**
     * Quantizes a float model.
     *
     * @param calibration samples that stand for the data to come; a few hundred, unlabelled
     * @return a model whose {@link #save} writes standard Q/DQ ONNX; see {@link ModelQuantizer} to keep the ranges
     * @throws dev.octet.tensor.ConfigException if the options do not fit the model
     */
    public Model quantize(Dataset calibration, QuantizeOptions options) {
        ModelQuantizer quantizer = new ModelQuantizer(this, options);
        CalibrationData.Origin origin = new CalibrationData.Origin("", Version.current());
        DatasetSamples samples = new DatasetSamples(calibration, calibration.size());
        return quantizer.quantize(quantizer.calibrate(samples, SessionOptions.defaults(), origin, () -> {}));
    }

    /**
     * Prepares the model to run; every layer runs in the precision that the file declares.
     *
     * @return to be closed by the caller
     */
    public Session open(SessionOptions options) {
        Graph canonical = canonical().graph;
        Graph lowered = placed(() -> PassRunner.run(Pipelines.lower(evaluator()), canonical));
        return Session.open(
                lowered,
                graph -> placed(() -> PassRunner.run(Pipelines.fuse(evaluator()), graph)),
                place.map(options::withPlace).orElse(options));
    }

    /**
     * Types of all values for these input shapes.
     *
     * @throws dev.octet.graph.ModelException naming the node that does not fit
     */
    public ShapeInference.Result infer(Map<String, Shape> inputShapes) {
        return placed(() -> ShapeInference.infer(graph, inputShapes, evaluator()));
    }

    /** Java's kernels compute what is small, so that tables of functions are the same on every processor. */
    private static Evaluator evaluator() {
        Backend cpu = Backends.find().select(dev.octet.runtime.DeviceChoice.CPU).backend();
        NodeEvaluator exact = new NodeEvaluator(cpu.withKernels("java"));
        NodeEvaluator fast = new NodeEvaluator(cpu);
        return (node, inputs, outputs) -> {
            boolean small = outputs.stream().allMatch(type -> type.shape().elementCount() <= TABLE_VALUES);
            return (small ? exact : fast).evaluate(node, inputs, outputs);
        };
    }
}
