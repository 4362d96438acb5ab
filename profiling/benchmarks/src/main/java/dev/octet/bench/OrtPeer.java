package dev.octet.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.octet.graph.ModelException;
import dev.octet.graph.Names;
import dev.octet.runtime.PeerRuntime;
import dev.octet.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model loaded in ONNX Runtime. Many threads may run it at once. */
final class OrtPeer implements PeerRuntime.Peer {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<String> inputNames;
    private final List<String> outputNames;

    OrtPeer(OrtEnvironment environment, OrtSession session) {
        this.environment = environment;
        this.session = session;
        this.inputNames = List.copyOf(session.getInputNames());
        this.outputNames = List.copyOf(session.getOutputNames());
    }

    @Override
    public List<String> inputNames() {
        return inputNames;
    }

    @Override
    public List<String> outputNames() {
        return outputNames;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        try (Fed fed = prepare(inputs);
                OrtSession.Result result = session.run(fed.tensors())) {
            return outputs(result);
        } catch (OrtException e) {
            throw cannotRun(e);
        }
    }

    @Override
    public Fed prepare(Map<String, Tensor> inputs) {
        Fed fed = new Fed(session, new LinkedHashMap<>());
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                fed.tensors().put(input.getKey(), OrtTensors.toOrt(environment, input.getValue()));
            }
            return fed;
        } catch (OrtException e) {
            fed.close();
            throw cannotRun(e);
        } catch (ModelException e) {
            fed.close();
            throw e;
        }
    }

    /** Inputs in ONNX Runtime's memory. */
    record Fed(OrtSession session, Map<String, OnnxTensor> tensors) implements PeerRuntime.Prepared {
        @Override
        public void run() {
            try {
                session.run(tensors).close();
            } catch (OrtException e) {
                throw cannotRun(e);
            }
        }

        @Override
        public void close() {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private static ModelException cannotRun(OrtException e) {
        return new ModelException(
                ModelException.Kind.DATA,
                "ONNX Runtime cannot run the model: " + Names.escape(String.valueOf(e.getMessage())),
                e);
    }

    private static Map<String, Tensor> outputs(OrtSession.Result result) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
            if (!(output.getValue() instanceof OnnxTensor tensor)) {
                throw ModelException.unsupported(
                        "output \"" + Names.escape(output.getKey()) + "\" of ONNX Runtime is not a tensor");
            }
            outputs.put(output.getKey(), OrtTensors.fromOrt(tensor));
        }
        return outputs;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime cannot close its session", e);
        }
    }
}
