package dev.octet.cli;

import dev.octet.Model;
import dev.octet.data.NpyFile;
import dev.octet.graph.Attributes;
import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Ops;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What the launcher has the JVM watch to learn which classes a command loads and links: quantizes a small convolutional
 * network and runs both forms. Writes into the folder given as the one argument, prints nothing.
 */
final class StartTraining {
    private static final int SIZE = 32;
    private static final int CHANNELS = 16;
    private static final int CLASSES = 10;

    private final Random random = new Random(1);
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    private StartTraining() {}

    /** Throws if a command fails. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        StartTraining training = new StartTraining();
        Path model = folder.resolve("model.onnx");
        training.network().save(model);
        Path images = folder.resolve("inputs.npy");
        NpyFile.write(images, training.values(1, Shape.of(2, 3, SIZE, SIZE)));
        Path quantized = folder.resolve("int8.onnx");
        String input = "x=" + images;
        List<List<String>> commands = List.of(
                List.of("quantize", model.toString(), "-o", quantized.toString(), "--data", folder.toString()),
                List.of("inspect", quantized.toString()),
                List.of("run", model.toString(), "--input", input, "--output-dir", folder.toString()),
                List.of("run", quantized.toString(), "--input", input, "--output-dir", folder.toString()));
        for (List<String> command : commands) {
            ExitCode code = run(command);
            if (code != ExitCode.OK) {
                throw new IllegalStateException("octet " + command.get(0) + " ended with " + code);
            }
        }
    }

    private static ExitCode run(List<String> command) {
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            return new Main(new Console(nowhere, nowhere, false)).run(command.toArray(String[]::new));
        }
    }

    /** Convolutions of the usual kinds, a residual sum, pooling and a product: y f32[N,10]. */
    private Model network() {
        convolution("stem", "x", Shape.of(CHANNELS, 3, 3, 3), 1);
        clip("stem");
        convolution("depthwise", "stem6", Shape.of(CHANNELS, 1, 3, 3), CHANNELS);
        clip("depthwise");
        convolution("point", "depthwise6", Shape.of(CHANNELS, CHANNELS, 1, 1), 1);
        add("Add", Attributes.NONE, "sum", "point", "stem6");
        add("Relu", Attributes.NONE, "positive", "sum");
        add("GlobalAveragePool", Attributes.NONE, "mean", "positive");
        add("Flatten", Attributes.NONE, "flat", "mean");
        constants.put("w", values(0.1f, Shape.of(CHANNELS, CLASSES)));
        constants.put("b", values(0.1f, Shape.of(CLASSES)));
        add("Gemm", Attributes.NONE, "y", "flat", "w", "b");
        Dim size = new Dim.Known(SIZE);
        ValueInfo image =
                new ValueInfo("x", DType.F32, Optional.of(List.of(new Dim.Symbol("N"), new Dim.Known(3), size, size)));
        ValueInfo classes = new ValueInfo("y", DType.F32, Optional.empty());
        return new Model(new Graph("training", List.of(image), List.of(classes), nodes, constants));
    }

    private void convolution(String name, String input, Shape weight, int group) {
        constants.put(name + "/w", values(0.2f, weight));
        constants.put(name + "/b", values(0.1f, Shape.of(weight.dim(0))));
        long pad = weight.dim(-1) / 2;
        Attributes attributes = Attributes.builder()
                .put("group", group)
                .put("pads", new long[] {pad, pad, pad, pad})
                .build();
        add("Conv", attributes, name, input, name + "/w", name + "/b");
    }

    private void clip(String value) {
        constants.putIfAbsent("zero", Tensor.scalar(0));
        constants.putIfAbsent("six", Tensor.scalar(6));
        add("Clip", Attributes.NONE, value + "6", value, "zero", "six");
    }

    private void add(String type, Attributes attributes, String output, String... inputs) {
        Op op = Ops.find(type).orElseThrow().read().apply(attributes);
        nodes.add(new Node(output, op, List.of(inputs), List.of(output)));
    }

    private Tensor values(float largest, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (2 * random.nextFloat() - 1) * largest;
        }
        return Tensor.ofFloats(shape, values);
    }
}
