package dev.octet.pass;

import dev.octet.graph.Attributes;
import dev.octet.graph.Graph;
import dev.octet.graph.Node;
import dev.octet.graph.Op;
import dev.octet.graph.ValueInfo;
import dev.octet.graph.op.Ops;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Builds small graphs: every method names the value it makes and returns that name. */
final class TestGraph {
    private final List<ValueInfo> inputs = new ArrayList<>();
    private final List<ValueInfo> outputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    String input(String name, long... dims) {
        inputs.add(ValueInfo.of(name, DType.F32, dims));
        return name;
    }

    String constant(String name, Tensor tensor) {
        constants.put(name, tensor);
        return name;
    }

    /** A float constant with normally distributed elements. */
    String random(String name, Random random, long... dims) {
        return constant(name, randomTensor(random, dims));
    }

    static Tensor randomTensor(Random random, long... dims) {
        Tensor tensor = Tensor.allocate(DType.F32, Shape.of(dims));
        for (long i = 0; i < tensor.elementCount(); i++) {
            tensor.setFloat(i, (float) random.nextGaussian());
        }
        return tensor;
    }

    /** A node named after its output. */
    String node(String output, Op op, String... inputNames) {
        nodes.add(new Node(output + ".node", op, List.of(inputNames), List.of(output)));
        return output;
    }

    /** A node of an ONNX operator by name. */
    String node(String output, String type, Attributes attributes, String... inputNames) {
        return node(output, Ops.find(type).orElseThrow().read().apply(attributes), inputNames);
    }

    String node(String output, String type, String... inputNames) {
        return node(output, type, Attributes.NONE, inputNames);
    }

    TestGraph add(Node node) {
        nodes.add(node);
        return this;
    }

    Graph output(String... names) {
        for (String name : names) {
            outputs.add(new ValueInfo(name, DType.F32, java.util.Optional.empty()));
        }
        return new Graph("test", inputs, outputs, nodes, constants);
    }
}
