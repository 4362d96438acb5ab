package dev.octet.cli;

import dev.octet.Model;
import dev.octet.graph.Attributes;
import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.DequantizeLinear;
import dev.octet.graph.op.MatMul;
import dev.octet.graph.op.Ops;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.graph.op.Unary;
import dev.octet.graph.op.UnaryFunction;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files of models of a few nodes: x f32[N,3] times a weight is h f32[N,4], whose positive part is y. */
final class TinyModels {
    /** The step of h in {@link #quantized}. */
    static final float STEP = 0.25f;

    private static final Tensor WEIGHT =
            Tensor.ofFloats(Shape.of(3, 4), 1f, -0.5f, 0.3f, 0.7f, 0.2f, 0.9f, -0.4f, 0.1f, -0.6f, 0.8f, 0.55f, -0.35f);

    private TinyModels() {}

    static Path relu(Path folder) throws IOException {
        List<Node> nodes = List.of(product(), relu("h"));
        return save(folder.resolve("relu.onnx"), nodes, Map.of("w", WEIGHT));
    }

    /** The same with h rounded to multiples of {@link #STEP}. */
    static Path quantized(Path folder) throws IOException {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("w", WEIGHT);
        constants.put("scale", Tensor.scalar(STEP));
        constants.put("zero", Tensor.scalar(DType.S8, 0));
        List<Node> nodes = new ArrayList<>();
        nodes.add(product());
        nodes.add(new Node("quantize", QuantizeLinear.along(1), List.of("h", "scale", "zero"), List.of("hq")));
        nodes.add(new Node("dequantize", DequantizeLinear.along(1), List.of("hq", "scale", "zero"), List.of("hd")));
        nodes.add(relu("hd"));
        return save(folder.resolve("quantized.onnx"), nodes, constants);
    }

    /** Two products one after the other: x times w is h, whose positive part times v is y. */
    static Path chain(Path folder) throws IOException {
        Tensor second =
                Tensor.ofFloats(Shape.of(4, 4), 1, 0, 0, 0.5f, 0, 1, 0, -0.5f, 0, 0, 1, 0.25f, -0.125f, 0, 0, 1);
        List<Node> nodes = List.of(
                product(),
                new Node("positive", new Unary(UnaryFunction.RELU), List.of("h"), List.of("p")),
                new Node("second", new MatMul(), List.of("p", "v"), List.of("y")));
        return save(folder.resolve("chain.onnx"), nodes, Map.of("w", WEIGHT, "v", second));
    }

    /** The mean of each colour y f32[N,3,1,1] of an image x f32[N,3,8,8]. */
    static Path colours(Path folder) throws IOException {
        Op mean = Ops.find("GlobalAveragePool").orElseThrow().read().apply(Attributes.NONE);
        ValueInfo image = new ValueInfo(
                "x",
                DType.F32,
                Optional.of(List.of(new Dim.Symbol("N"), new Dim.Known(3), new Dim.Known(8), new Dim.Known(8))));
        ValueInfo means = new ValueInfo("y", DType.F32, Optional.empty());
        Path file = folder.resolve("colours.onnx");
        List<Node> nodes = List.of(new Node("mean", mean, List.of("x"), List.of("y")));
        new Model(new Graph("tiny", List.of(image), List.of(means), nodes, Map.of())).save(file);
        return file;
    }

    /** The first with an operator that ONNX does not have. */
    static Path withUnknownOperator(Path folder) throws IOException {
        String bytes = new String(Files.readAllBytes(relu(folder)), StandardCharsets.ISO_8859_1);
        return Files.write(
                folder.resolve("unknown.onnx"), bytes.replace("Relu", "Rolu").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Node product() {
        return new Node("product", new MatMul(), List.of("x", "w"), List.of("h"));
    }

    private static Node relu(String input) {
        return new Node("positive", new Unary(UnaryFunction.RELU), List.of(input), List.of("y"));
    }

    private static Path save(Path file, List<Node> nodes, Map<String, Tensor> constants) throws IOException {
        List<ValueInfo> inputs = List.of(batched("x", 3));
        new Model(new Graph("tiny", inputs, List.of(batched("y", 4)), nodes, constants)).save(file);
        return file;
    }

    private static ValueInfo batched(String name, long size) {
        return new ValueInfo(name, DType.F32, Optional.of(List.of(new Dim.Symbol("N"), new Dim.Known(size))));
    }
}
