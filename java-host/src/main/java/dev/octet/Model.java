package dev.octet;

import dev.octet.calib.CalibrationData;
import dev.octet.data.Dataset;
import dev.octet.graph.Graph;
import dev.octet.graph.ShapeInference;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.OnnxReader;
import dev.octet.onnx.OnnxWriter;
import dev.octet.pass.PassRunner;
import dev.octet.pass.Pipelines;
import dev.octet.runtime.Backends;
import dev.octet.runtime.NodeEvaluator;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A network as an ONNX file holds it. Immutable. */
public final class Model {
    private final Graph graph;

    public Model(Graph graph) {
        this.graph = graph;
    }

    /**
     * Loads an ONNX file.
     *
     * @throws dev.octet.graph.ModelException if it is not ONNX, not valid or not supported; the message says where
     */
    public static Model load(Path path) {
        return new Model(OnnxReader.read(path));
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
        return new Model(PassRunner.run(Pipelines.floatGraph(evaluator()), graph));
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
        return Session.open(PassRunner.run(Pipelines.lower(evaluator()), canonical().graph), options);
    }

    /**
     * Types of all values for these input shapes.
     *
     * @throws dev.octet.graph.ModelException naming the node that does not fit
     */
    public ShapeInference.Result infer(Map<String, Shape> inputShapes) {
        return ShapeInference.infer(graph, inputShapes, evaluator());
    }

    private static NodeEvaluator evaluator() {
        return new NodeEvaluator(
                Backends.find().select(dev.octet.runtime.DeviceChoice.CPU).backend());
    }
}
