package dev.octet.cli;

import dev.octet.graph.Dim;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.MatMul;
import dev.octet.onnx.OnnxReader;
import dev.octet.onnx.OnnxWriter;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process that writes models with weights beside them under one name until it is killed. */
final class EndlessWriter {
    private static final int SIZE = 64;

    private EndlessWriter() {}

    public static void main(String[] args) throws IOException {
        Path model = Path.of(args[0]);
        for (int version = 1; ; version++) {
            OnnxWriter.write(graph(version), model, OnnxWriter.Weights.BESIDE);
            if (version == 1) {
                System.out.println("written");
            }
        }
    }

    /** The version is in the model, as its name, and in every weight. */
    private static Graph graph(int version) {
        Tensor weight = Tensor.allocate(DType.F32, Shape.of(SIZE, SIZE));
        for (int i = 0; i < SIZE * SIZE; i++) {
            weight.setFloat(i, version);
        }
        List<Dim> dims = List.of(new Dim.Known(1), new Dim.Known(SIZE));
        return new Graph(
                "version " + version,
                List.of(new ValueInfo("x", DType.F32, Optional.of(dims))),
                List.of(new ValueInfo("y", DType.F32, Optional.of(dims))),
                List.of(new Node("product", new MatMul(), List.of("x", "w"), List.of("y"))),
                Map.of("w", weight));
    }

    /** Whether model and weights are there and of one version. */
    static boolean isWhole(Path model) {
        Graph graph = OnnxReader.read(model);
        int version = Integer.parseInt(graph.name().substring("version ".length()));
        Tensor weight = Optional.ofNullable(graph.constants().get("w")).orElseThrow();
        return weight.contentEquals(
                Optional.ofNullable(graph(version).constants().get("w")).orElseThrow());
    }
}
