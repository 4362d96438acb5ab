package dev.octet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.ValueInfo;
import dev.octet.onnx.OnnxReader;
import dev.octet.onnx.OnnxWriter;
import dev.octet.onnx.TensorProtoFile;
import dev.octet.tensor.DType;
import dev.octet.tensor.Tensor;
import dev.octet.testing.OrtStart;
import dev.octet.testing.SharedData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime loads what is written and computes with it what it computes with the original. */
@ExtendWith(OrtStart.class)
class WrittenModelsTest {
    /** Sets whose models come from other exporters, in old forms. */
    private static final Set<String> SETS = Set.of("pytorch", "gen", ConformanceCases.RUNTIME_MODELS);

    private static final Map<DType, OnnxJavaType> TYPES = Map.of(
            DType.F32, OnnxJavaType.FLOAT,
            DType.F64, OnnxJavaType.DOUBLE,
            DType.F16, OnnxJavaType.FLOAT16,
            DType.S64, OnnxJavaType.INT64,
            DType.S32, OnnxJavaType.INT32,
            DType.S8, OnnxJavaType.INT8,
            DType.U8, OnnxJavaType.UINT8,
            DType.BOOL, OnnxJavaType.BOOL);

    /** Its LayerNormalization mixes two types, which ONNX Runtime allows only before ONNX had that operator. */
    private static final String MIXED_TYPES = "transform__fusion__skip_layer_norm_no_beta_with_cast";

    @TempDir
    Path folder = Path.of("");

    @Test
    void write_readModel_runsInOnnxRuntimeAsBefore() throws IOException {
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (ConformanceCase test : ConformanceCases.in(SharedData.conformance())) {
            boolean comparable = !test.name().equals(MIXED_TYPES) && !UnsupportedCases.REASONS.containsKey(test.name());
            if (SETS.contains(test.set()) && comparable) {
                Optional<Graph> graph = readIfSupported(test);
                if (graph.isPresent()
                        && graph.get().inputs().stream().allMatch(input -> TYPES.containsKey(input.dtype()))) {
                    difference(test, graph.get()).ifPresent(text -> wrong.add(test.name() + ": " + text));
                    compared++;
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(compared).isPositive();
    }

    private static Optional<Graph> readIfSupported(ConformanceCase test) {
        try {
            return Optional.of(OnnxReader.read(test.folder().resolve("model.onnx"), _ -> {}));
        } catch (ModelException _) {
            return Optional.empty();
        }
    }

    private Optional<String> difference(ConformanceCase test, Graph graph) throws IOException {
        Path copy = folder.resolve("copy.onnx");
        OnnxWriter.write(graph, copy);
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (int i = 0; i < graph.inputs().size(); i++) {
                ValueInfo input = graph.inputs().get(i);
                inputs.put(input.name(), toRuntime(environment, tensor(test, "input_" + i)));
            }
            List<byte[]> before = run(environment, test.folder().resolve("model.onnx"), inputs);
            List<byte[]> after = run(environment, copy, inputs);
            for (int i = 0; i < before.size(); i++) {
                Tensor like = tensor(test, "output_" + i);
                Optional<String> difference = TensorComparison.difference(
                        wrap(like, after.get(i)), wrap(like, before.get(i)), test.tolerance());
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        } catch (OrtException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static List<byte[]> run(OrtEnvironment environment, Path model, Map<String, OnnxTensor> inputs)
            throws OrtException {
        List<byte[]> outputs = new ArrayList<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(model.toString(), options);
                    OrtSession.Result result = session.run(inputs)) {
                for (int i = 0; i < result.size(); i++) {
                    ByteBuffer bytes = ((OnnxTensor) result.get(i)).getByteBuffer();
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    outputs.add(copy);
                }
            }
        }
        return outputs;
    }

    private static Tensor wrap(Tensor like, byte[] bytes) {
        return Tensor.wrap(like.dtype(), like.shape(), MemorySegment.ofArray(bytes));
    }

    private static Tensor tensor(ConformanceCase test, String name) {
        return TensorProtoFile.read(test.data().resolve(name + ".pb")).tensor();
    }

    private static OnnxTensor toRuntime(OrtEnvironment environment, Tensor tensor) throws OrtException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(
                        Math.toIntExact(tensor.data().byteSize()))
                .order(ByteOrder.nativeOrder());
        buffer.put(tensor.toBytes()).rewind();
        OnnxJavaType type = Optional.ofNullable(TYPES.get(tensor.dtype())).orElseThrow();
        return OnnxTensor.createTensor(environment, buffer, tensor.shape().dims(), type);
    }
}
